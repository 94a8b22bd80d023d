//! Packing: returns the elements of a view as one contiguous block, and copies them only if they are not contiguous.

/// A contiguous block of elements: the viewed memory itself if it is contiguous, or else a packed copy.
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
    /// The viewed memory.
    Borrowed(View<'a, T, L>),
    /// A packed copy.
    Copied(Owned<T, L>),
}

impl<T: Element, L: Layout> Packed<'_, T, L> {
    /// Returns a view of the block.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::View;
    ///
    /// let packed = View::from(&[1, 2, 3]).to_c_contiguous();
    /// assert_eq!(packed.view().as_slice(), Some(&[1, 2, 3][..]));
    /// ```
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        match self {
            Self::Borrowed(view) => view.clone(),
            Self::Copied(owned) => owned.view(),
        }
    }
}

impl<'a, T: Element, const N: usize, L: Layout<PerAxis<usize> = [usize; N]>> View<'a, T, L> {
    fallible! {
        /// Returns the elements as one block in C order. They are copied only if they are not such a block already.
        fails "If a copy is needed and cannot be allocated."
        /// See [`Packed`] for an example.
        #[must_use]
        pub fn to_c_contiguous / try_to_c_contiguous ([self: &self],) -> Packed<'a, T, C<N>> {
            match self.is_contiguous(Order::C).then(|| self.try_to_layout()) {
                Some(Ok(view)) => Ok(Packed::Borrowed(view)),
                _ => self.try_to_owned().map(Packed::Copied),
            }
        }

        /// Returns the elements as one block in Fortran order. They are copied only if they are not such a block
        /// already.
        fails "If a copy is needed and cannot be allocated."
        /// # Examples
        ///
        /// ```
        /// use typedview::{Packed, View};
        ///
        /// let view = View::from(&[[1, 2], [3, 4]]);
        /// assert!(matches!(view.transpose().to_f_contiguous(), Packed::Borrowed(_)));
        /// let packed = view.to_f_contiguous();
        /// assert_eq!(packed.view().transpose().as_slice(), Some(&[1, 3, 2, 4][..]));
        /// ```
        #[must_use]
        pub fn to_f_contiguous / try_to_f_contiguous ([self: &self],) -> Packed<'a, T, F<N>> {
            match self.is_contiguous(Order::F).then(|| self.try_to_layout()) {
                Some(Ok(view)) => Ok(Packed::Borrowed(view)),
                _ => self.try_to_owned_f().map(Packed::Copied),
            }
        }
    }
}

/// Implements for a view the operations that copy its elements into new memory.
macro_rules! copies {
    ($view:ident, $self:ident) => {
        impl<T: Element, const N: usize, L: Layout<PerAxis<usize> = [usize; N]>> $view<'_, T, L> {
            fallible! {
                /// Returns a copy of the elements as one block in C order.
                fails "If the copy cannot be allocated."
                /// # Examples
                ///
                /// ```
                /// use typedview::{ErrorKind, View, s};
                ///
                /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
                /// let copy = view.slice(s![.., ..;2]).to_owned();
                /// assert_eq!(copy.view().as_slice(), Some(&[1, 3, 4, 6][..]));
                ///
                /// // One number, repeated to 8 TiB.
                /// let repeated = View::from(&[1.0]).broadcast_to([1 << 40]);
                /// let error = repeated.try_to_owned().unwrap_err();
                /// assert_eq!(error.to_string(), "cannot allocate 8796093022208 bytes");
                /// assert_eq!(error.kind(), ErrorKind::Memory);
                /// ```
                #[must_use]
                pub fn to_owned / try_to_owned ([$self: &$self],) -> Owned<T, C<N>> {
                    Ok(Owned::of_elements($self.try_to_vec()?, $self.raw.layout().extents()))
                }

                /// Returns a copy of the elements as one block in Fortran order.
                fails "If the copy cannot be allocated."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let copy = View::from(&[[1, 2, 3], [4, 5, 6]]).to_owned_f();
                /// assert_eq!(copy.view().transpose().as_slice(), Some(&[1, 4, 2, 5, 3, 6][..]));
                /// ```
                #[must_use]
                pub fn to_owned_f / try_to_owned_f ([$self: &$self],) -> Owned<T, F<N>> {
                    let mut shape = $self.raw.layout().extents();
                    shape.reverse();
                    let mut copy = Owned::try_zeroed(shape)?.transpose();
                    copy.view_mut().into_cells().try_copy_from(&CellView::from_raw($self.raw.clone()))?;
                    Ok(copy)
                }
            }
        }

        impl<T: Element> $view<'_, T, Dyn> {
            fallible! {
                /// Returns a copy of the elements as one block in C order.
                fails "If the copy cannot be allocated."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let copy = View::from(&[[1, 2], [3, 4]]).to_dyn().transpose().to_owned();
                /// assert_eq!(copy.view().as_slice(), Some(&[1, 3, 2, 4][..]));
                /// ```
                #[must_use]
                pub fn to_owned / try_to_owned ([$self: &$self],) -> Owned<T, Dyn> {
                    Ok(Owned::of_dense($self.try_to_vec()?, $self.shape()))
                }

                /// Returns a copy of the elements as one block in Fortran order.
                fails "If the copy cannot be allocated."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let copy = View::from(&[[1, 2, 3], [4, 5, 6]]).to_dyn().to_owned_f();
                /// assert_eq!(copy.view().transpose().as_slice(), Some(&[1, 4, 2, 5, 3, 6][..]));
                /// ```
                #[must_use]
                pub fn to_owned_f / try_to_owned_f ([$self: &$self],) -> Owned<T, Dyn> {
                    let transposed = CellView::from_raw($self.raw.transpose());
                    Ok(Owned::of_dense(transposed.try_to_vec()?, transposed.shape()).transpose())
                }
            }
        }
    };
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::error::fallible;
use crate::layout::{C, Dyn, F, Layout, Ndim, Order};
use crate::owner::Owned;

copies!(View, self);
copies!(ViewMut, self);
copies!(CellView, self);
copies!(CellViewMut, self);
