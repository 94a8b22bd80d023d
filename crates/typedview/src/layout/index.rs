//! Indices of single elements: one number for each axis, counted from 0.
//! An index is checked here, once. The byte offset of an index that passes the check is inside the reach.

use super::sealed::Index;
use super::{Dyn, Layout};
use crate::error::{Error, IndexError};

/// An index of one element of a layout: `[i, j]`, or just `i` for one axis.
///
/// # Rationale
///
/// The trait is sealed, because the numbers of an index are read twice: once to check them and once to use them. Both
/// reads must return the same numbers.
///
/// # Examples
///
/// ```
/// use typedview::{ElementIndex, Layout, View};
///
/// /// The element at `index`, or 0 outside.
/// fn or_zero<L: Layout>(x: View<'_, i32, L>, index: impl ElementIndex<L>) -> i32 {
///     x.get(index).unwrap_or(0)
/// }
///
/// assert_eq!(or_zero(View::from(&[[1, 2], [3, 4]]), [1, 0]), 3);
/// assert_eq!(or_zero(View::from(&[1, 2]), 5), 0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an index of one element of a `{L}`",
    label = "expected one `usize` for each axis",
    note = "a view with two axes is indexed by `x[[i, j]]` or `x.at([i, j])`, one with one axis by `x[i]` or `x.at(i)`, and one with `Dyn` by an array or a `&[usize]`",
    note = "convert other integers, `i as usize`; `x.slice(s![..])` takes negative indices and ranges"
)]
pub trait ElementIndex<L: Layout>: Copy + Index {
    /// One number for each axis.
    #[doc(hidden)]
    fn axes(&self) -> &[usize];
}

impl<const N: usize> Index for [usize; N] {}
impl Index for &[usize] {}
impl Index for usize {}

#[diagnostic::do_not_recommend]
impl<const N: usize, L> ElementIndex<L> for [usize; N]
where
    L: Layout<PerAxis<usize> = [usize; N]>,
{
    #[inline]
    fn axes(&self) -> &[usize] {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> ElementIndex<Dyn> for [usize; N] {
    #[inline]
    fn axes(&self) -> &[usize] {
        self
    }
}

#[diagnostic::do_not_recommend]
impl ElementIndex<Dyn> for &[usize] {
    #[inline]
    fn axes(&self) -> &[usize] {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<L> ElementIndex<L> for usize
where
    L: Layout<PerAxis<usize> = [usize; 1]>,
{
    #[inline]
    fn axes(&self) -> &[usize] {
        core::slice::from_ref(self)
    }
}

/// Returns whether `index` has one number for each axis, and every number is inside the shape.
#[inline]
pub(crate) fn contains<L: Layout>(layout: &L, index: &[usize]) -> bool {
    let shape = layout.shape();
    // If the type of the layout knows the ndim, the type of the index already has the same number of axes.
    if L::NDIM.is_none() && index.len() != shape.len() {
        return false;
    }
    let mut axes = index.iter().zip(shape);
    // With a branch for each axis, the compiler moves the checks of the outer axes out of a loop over the last one, and
    // vectorises the loop. With four and more axes it does not, and one branch for all axes takes half the time (measured
    // with the stencil and the scatter of `bench/kernels`).
    if L::NDIM.is_some_and(|ndim| ndim > 3) {
        axes.fold(true, |inside, (i, extent)| inside & (i < extent))
    } else {
        axes.all(|(i, extent)| i < extent)
    }
}

/// Returns the error for an index that is not inside the shape.
///
/// The layout is passed by value. A reference to it, even on this cold path, would force the view into memory. A loop could
/// then not keep it in registers, and would do every bounds check in each iteration (measured with hillshade of
/// `bench/kernels`: 3.9 times the time). The index is passed number by number: a loop that passes it as an array is
/// not vectorised (measured with the stencil of `bench/kernels`: 2.5 times the time).
#[inline(always)]
pub(crate) fn out_of_bounds<L: Layout>(layout: L, index: impl ElementIndex<L>) -> Error {
    let axes = index.axes();
    if L::NDIM.is_some_and(|ndim| ndim <= 4) {
        let [i, j, k, l] = core::array::from_fn(|axis| axes.get(axis).copied().unwrap_or_default());
        return outside_of_few_axes(layout, i, j, k, l);
    }
    outside_of_axes(layout, index)
}

#[cold]
#[inline(never)]
fn outside_of_few_axes<L: Layout>(layout: L, i: usize, j: usize, k: usize, l: usize) -> Error {
    let index = [i, j, k, l];
    outside(layout.shape(), index.get(..layout.ndim()).unwrap_or_default())
}

#[cold]
#[inline(never)]
fn outside_of_axes<L: Layout>(layout: L, index: impl ElementIndex<L>) -> Error {
    outside(layout.shape(), index.axes())
}

fn outside(shape: &[usize], index: &[usize]) -> Error {
    if shape.len() != index.len() {
        return IndexError::Count { found: index.len(), ndim: shape.len() }.into();
    }
    let axis = shape.iter().zip(index).position(|(extent, i)| i >= extent).unwrap_or_default();
    let length = shape.get(axis).copied().unwrap_or_default();
    let index = index.get(axis).copied().unwrap_or_default();
    IndexError::TooFar { axis, index, length }.into()
}

/// Returns the error for an index that has another number of axes than the layout.
#[cold]
pub(crate) fn wrong_count(found: usize, ndim: usize) -> Error {
    IndexError::Count { found, ndim }.into()
}
