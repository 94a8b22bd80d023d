//! Packing: the elements as one block, copied only when they are not one already.

use super::{CellView, CellViewMut, View, ViewMut};
use crate::copy;
use crate::element::Element;
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
    #[must_use]
    pub fn to_c_contiguous(&self) -> Packed<'a, T, C<N>> {
        match self.is_contiguous(Order::C).then(|| self.try_to_layout()) {
            Some(Ok(view)) => Packed::Borrowed(view),
            _ => Packed::Copied(self.to_owned()),
        }
    }

    /// The elements as one block in Fortran order.
    #[must_use]
    pub fn to_f_contiguous(&self) -> Packed<'a, T, F<N>> {
        match self.is_contiguous(Order::F).then(|| self.try_to_layout()) {
            Some(Ok(view)) => Packed::Borrowed(view),
            _ => Packed::Copied(self.to_owned_f()),
        }
    }
}

/// Gives a view its copies.
macro_rules! copies {
    ($($view:ident),*) => {$(
        impl<T: Element, const N: usize, L: Layout<Extents = [usize; N]>> $view<'_, T, L> {
            /// A copy of the elements as one block in C order.
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
            pub fn to_owned(&self) -> Owned<T, C<N>> {
                // SAFETY: V2, and V3 to V5.
                let elements = unsafe { copy::to_vec(&self.raw) };
                Owned::of_elements(elements, extents(&self.raw))
            }

            /// A copy of the elements as one block in Fortran order.
            #[must_use]
            pub fn to_owned_f(&self) -> Owned<T, F<N>> {
                let mut shape = extents(&self.raw);
                shape.reverse();
                // L1: memory for as many elements could be addressed before.
                let mut copy = Owned::zeroed(shape).transpose();
                copy.view_mut().into_cells().copy_from(&CellView::from_raw(self.raw.clone()));
                copy
            }
        }

        impl<T: Element> $view<'_, T, Dyn> {
            /// A copy of the elements as one block in C order.
            #[must_use]
            pub fn to_owned(&self) -> Owned<T, Dyn> {
                // SAFETY: V2, and V3 to V5.
                let elements = unsafe { copy::to_vec(&self.raw) };
                Owned::of_dense(elements, self.shape())
            }
        }
    )*};
}

copies!(View, ViewMut, CellView, CellViewMut);

fn extents<T: Element, L: Layout, const N: usize>(raw: &Raw<T, L>) -> [usize; N] {
    core::array::from_fn(|axis| raw.layout().shape()[axis])
}
