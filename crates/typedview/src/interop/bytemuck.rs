//! Interop with `bytemuck`: views of its records as rows of bytes, and blocks of bytes as slices of its records.
//! This file has no unsafe code: the traits of `bytemuck` decide what may be reinterpreted.

#![forbid(unsafe_code)]

use crate::error::{Error, LayoutError, fallible};
use crate::layout::{C, Layout};
use crate::view::{View, ViewMut};
use bytemuck::{AnyBitPattern, NoUninit, Pod, PodCastError};

/// Rejects bytes whose last axis is not a whole number of records.
fn whole_records<const N: usize>(layout: &C<N>, itemsize: usize) -> Result<(), Error> {
    let nbytes = layout.shape().last().copied().unwrap_or(1);
    if nbytes.checked_rem(itemsize).is_none_or(|rest| rest != 0) {
        return Err(LayoutError::NotWhole { nbytes, itemsize }.into());
    }
    Ok(())
}

/// Returns a function that turns a failed cast into the error about alignment.
///
/// The bytes are already known to be a whole number of records, so alignment is the only cause that is left.
#[cold]
fn misaligned<P>(address: usize) -> impl FnOnce(PodCastError) -> Error {
    move |_| LayoutError::Misaligned { align: align_of::<P>(), address }.into()
}

impl<'a> View<'a, u8, C<2>> {
    /// Makes a view of the bytes of `records`: one row for each record, one column for each of its bytes.
    ///
    /// # Panics
    ///
    /// If the records have no bytes and are more than `isize` can count.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::View;
    ///
    /// let bytes = View::from_records(&[0x0102_u16, 0x0304]);
    /// assert_eq!(bytes.shape(), [2, 2]);
    /// assert_eq!(bytes.row(1).to_vec(), 0x0304_u16.to_ne_bytes());
    /// ```
    #[must_use]
    pub fn from_records<P: NoUninit>(records: &'a [P]) -> Self {
        Self::from_slice(bytemuck::cast_slice(records), [records.len(), size_of::<P>()])
    }
}

impl<'a> ViewMut<'a, u8, C<2>> {
    /// Makes a view of the bytes of `records`: one row for each record, one column for each of its bytes.
    ///
    /// # Panics
    ///
    /// If the records have no bytes and are more than `isize` can count.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::ViewMut;
    ///
    /// let mut records = [[1u16, 2], [3, 4]];
    /// ViewMut::from_records(&mut records).row(0).fill(0);
    /// assert_eq!(records, [[0, 0], [3, 4]]);
    /// ```
    #[must_use]
    pub fn from_records<P: Pod>(records: &'a mut [P]) -> Self {
        let shape = [records.len(), size_of::<P>()];
        Self::from_slice(bytemuck::cast_slice_mut(records), shape)
    }
}

impl<'a, const N: usize> View<'a, u8, C<N>> {
    fallible! {
        /// Returns the same bytes as records, in index order.
        fails "If the bytes of the last axis are not a whole number of records, or the memory is not aligned for the records."
        /// # Examples
        ///
        /// ```
        /// use typedview::View;
        ///
        /// let numbers = [1.5f32, 2.5, 3.5];
        /// let bytes = View::from_records(&numbers);
        /// assert_eq!(bytes.as_records::<f32>(), numbers);
        /// assert_eq!(
        ///     bytes.try_as_records::<[u8; 3]>().unwrap_err().to_string(),
        ///     "4 bytes on the last axis are no whole number of elements of 3 bytes",
        /// );
        /// ```
        #[must_use]
        pub fn as_records / try_as_records [P: AnyBitPattern] ([self: &self],) -> &'a [P] {
            whole_records(self.layout(), size_of::<P>())?;
            if self.is_empty() {
                // An empty view may be at an odd address, so its alignment is not checked.
                return Ok(&[]);
            }
            bytemuck::try_cast_slice(self.try_as_slice()?).map_err(misaligned::<P>(self.as_ptr().addr()))
        }
    }
}

impl<'a, const N: usize> ViewMut<'a, u8, C<N>> {
    fallible! {
        /// Returns the same bytes as records, in index order.
        fails "If the bytes of the last axis are not a whole number of records, or the memory is not aligned for the records."
        /// # Examples
        ///
        /// ```
        /// use typedview::ViewMut;
        ///
        /// let mut numbers = [1u32, 2, 3];
        /// let mut bytes = ViewMut::from_records(&mut numbers);
        /// bytes.as_mut_records::<u32>()[1] = 20;
        /// assert_eq!(numbers, [1, 20, 3]);
        /// ```
        #[must_use]
        pub fn as_mut_records / try_as_mut_records [P: Pod] ([self: &mut self],) -> &mut [P] {
            self.reborrow().try_into_mut_records()
        }

        /// Returns the same bytes as records, in index order, for as long as the memory lives.
        fails "If the bytes of the last axis are not a whole number of records, or the memory is not aligned for the records."
        /// # Examples
        ///
        /// ```
        /// use typedview::ViewMut;
        ///
        /// let mut numbers = [1_u32, 2, 3];
        /// let records: &mut [u32] = ViewMut::from_records(&mut numbers).into_mut_records();
        /// records[2] = 30;
        /// assert_eq!(numbers, [1, 2, 30]);
        /// ```
        #[must_use]
        pub fn into_mut_records / try_into_mut_records [P: Pod] ([self: self],) -> &'a mut [P] {
            whole_records(self.layout(), size_of::<P>())?;
            if self.is_empty() {
                // An empty view may be at an odd address, so its alignment is not checked.
                return Ok(&mut []);
            }
            let address = self.as_ptr().addr();
            bytemuck::try_cast_slice_mut(self.try_into_mut_slice()?).map_err(misaligned::<P>(address))
        }
    }
}
