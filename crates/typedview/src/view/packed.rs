//! Packing: the elements as one block, copied only when they are not one already.

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::error::{Error, or_refuse};
use crate::layout::{C, Dyn, F, Layout, Order};
use crate::owner::Owned;
use crate::raw::Raw;

/// A block of elements: the memory that was viewed when it is one already, else a packed copy.
///
/// # Examples
///
/// ```
/// use typedview::{Packed, View};
///
/// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
/// assert!(matches!(view.to_c_contiguous(), Packed::Borrowed(_)));
/// let transposed = view.transpose();
/// let packed = transposed.to_c_contiguous();
/// assert!(matches!(packed, Packed::Copied(_)));
/// assert_eq!(packed.view().as_slice(), Some(&[1, 4, 2, 5, 3, 6][..]));
/// ```
#[derive(Debug)]
pub enum Packed<'a, T: Element, L: Layout> {
    /// The memory that was viewed.
    Borrowed(View<'a, T, L>),
    /// A copy.
    Copied(Owned<T, L>),
}

impl<T: Element, L: Layout> Packed<'_, T, L> {
    /// The block, to read.
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        match self {
            Self::Borrowed(view) => view.clone(),
            Self::Copied(owned) => owned.view(),
        }
    }
}

impl<'a, T: Element, const N: usize, L: Layout<Extents = [usize; N]>> View<'a, T, L> {
    /// The elements as one block in C order.
    ///
    /// # Errors
    ///
    /// There is no memory for a copy.
    pub fn try_to_c_contiguous(&self) -> Result<Packed<'a, T, C<N>>, Error> {
        match self.is_contiguous(Order::C).then(|| self.try_to_layout()) {
            Some(Ok(view)) => Ok(Packed::Borrowed(view)),
            _ => self.try_to_owned().map(Packed::Copied),
        }
    }

    /// The elements as one block in C order.
    ///
    /// # Panics
    ///
    /// There is no memory for a copy.
    #[must_use]
    #[track_caller]
    pub fn to_c_contiguous(&self) -> Packed<'a, T, C<N>> {
        or_refuse(self.try_to_c_contiguous())
    }

    /// The elements as one block in Fortran order.
    ///
    /// # Errors
    ///
    /// There is no memory for a copy.
    pub fn try_to_f_contiguous(&self) -> Result<Packed<'a, T, F<N>>, Error> {
        match self.is_contiguous(Order::F).then(|| self.try_to_layout()) {
            Some(Ok(view)) => Ok(Packed::Borrowed(view)),
            _ => self.try_to_owned_f().map(Packed::Copied),
        }
    }

    /// The elements as one block in Fortran order.
    ///
    /// # Panics
    ///
    /// There is no memory for a copy.
    #[must_use]
    #[track_caller]
    pub fn to_f_contiguous(&self) -> Packed<'a, T, F<N>> {
        or_refuse(self.try_to_f_contiguous())
    }
}

/// Gives a view its copies.
macro_rules! copies {
    ($($view:ident),*) => {$(
        impl<T: Element, const N: usize, L: Layout<Extents = [usize; N]>> $view<'_, T, L> {
            /// A copy of the elements as one block in C order.
            ///
            /// # Errors
            ///
            /// There is no memory for it.
            ///
            /// # Examples
            ///
            /// One number, repeated to 8 TiB:
            ///
            /// ```
            /// use typedview::{ErrorKind, View};
            ///
            /// let repeated = View::from(&[1.0]).broadcast_to([1 << 40]);
            /// let error = repeated.try_to_owned().unwrap_err();
            /// assert_eq!(error.to_string(), "cannot allocate 8796093022208 bytes");
            /// assert_eq!(error.kind(), ErrorKind::Memory);
            /// ```
            pub fn try_to_owned(&self) -> Result<Owned<T, C<N>>, Error> {
                Ok(Owned::of_elements(self.try_to_vec()?, extents(&self.raw)))
            }

            /// A copy of the elements as one block in C order.
            ///
            /// # Panics
            ///
            /// There is no memory for it.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{View, s};
            ///
            /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
            /// let copy = view.slice(s![.., ..;2]).to_owned();
            /// assert_eq!(copy.view().as_slice(), Some(&[1, 3, 4, 6][..]));
            /// ```
            #[must_use]
            #[track_caller]
            pub fn to_owned(&self) -> Owned<T, C<N>> {
                or_refuse(self.try_to_owned())
            }

            /// A copy of the elements as one block in Fortran order.
            ///
            /// # Errors
            ///
            /// There is no memory for it.
            pub fn try_to_owned_f(&self) -> Result<Owned<T, F<N>>, Error> {
                let mut shape = extents(&self.raw);
                shape.reverse();
                let mut copy = Owned::try_zeroed(shape)?.transpose();
                copy.view_mut().into_cells().try_copy_from(&CellView::from_raw(self.raw.clone()))?;
                Ok(copy)
            }

            /// A copy of the elements as one block in Fortran order.
            ///
            /// # Panics
            ///
            /// There is no memory for it.
            #[must_use]
            #[track_caller]
            pub fn to_owned_f(&self) -> Owned<T, F<N>> {
                or_refuse(self.try_to_owned_f())
            }
        }

        impl<T: Element> $view<'_, T, Dyn> {
            /// A copy of the elements as one block in C order.
            ///
            /// # Errors
            ///
            /// There is no memory for it.
            pub fn try_to_owned(&self) -> Result<Owned<T, Dyn>, Error> {
                Ok(Owned::of_dense(self.try_to_vec()?, self.shape()))
            }

            /// A copy of the elements as one block in C order.
            ///
            /// # Panics
            ///
            /// There is no memory for it.
            #[must_use]
            #[track_caller]
            pub fn to_owned(&self) -> Owned<T, Dyn> {
                or_refuse(self.try_to_owned())
            }
        }
    )*};
}

copies!(View, ViewMut, CellView, CellViewMut);

fn extents<T: Element, L: Layout, const N: usize>(raw: &Raw<T, L>) -> [usize; N] {
    core::array::from_fn(|axis| raw.layout().shape()[axis])
}
