//! Interop with `ndarray`: conversions between views and its arrays, over the same memory, without a copy.
//! They are apart because `ndarray` counts strides in elements and requires aligned elements, while views count strides
//! in bytes and require no alignment.
//!
//! | from | to | by |
//! |---|---|---|
//! | `View`, `ViewMut` of N axes | `ArrayView`, `ArrayViewMut` of N axes, up to 6 | `TryFrom` |
//! | the same of any ndim | `ArrayViewD`, `ArrayViewMutD` | `TryFrom` |
//! | `ArrayView`, `ArrayViewMut` of N axes | `View`, `ViewMut` with `Strided<N>` | `From` |
//! | `ArrayViewD`, `ArrayViewMutD` | `View`, `ViewMut` with `Dyn` | `TryFrom` |
//! | `Array` of N axes, in any order | `Owned` with `Strided<N>` | `From` |
//! | `ArrayD` | `Owned` with `Dyn` | `TryFrom` |

use crate::element::Element;
use crate::error::{Error, LayoutError, or_panic};
use crate::layout::{Direct, Dyn, Layout, PerAxis, Strided, lendable};
use crate::owner::{Owned, initialised};
use crate::raw::reject_padding;
use crate::view::{View, ViewMut};
use ndarray::{
    Array, ArrayD, ArrayView, ArrayViewD, ArrayViewMut, ArrayViewMutD, Axis, Dim, Dimension, ShapeBuilder,
    StrideShape,
};

/// Returns the shape and strides of a layout in the form that `ndarray` requires when an array is made: strides are
/// counted in elements, and none of them is negative.
///
/// # Errors
///
/// Fails when the stride between two elements is not a multiple of the itemsize, or when there are more indices than
/// `ndarray` can count.
fn strides_in_elements<D: Dimension>(layout: &impl Direct, itemsize: usize) -> Result<StrideShape<D>, Error> {
    let extents = layout.shape();
    // `ndarray` requires that the product of all lengths other than 0 fits `isize`, even in an empty array.
    let some = extents.iter().filter(|&&extent| extent != 0);
    let count = some.copied().try_fold(1usize, usize::checked_mul);
    if count.is_none_or(|count| isize::try_from(count).is_err()) {
        return Err(LayoutError::TooLarge { shape: extents.into(), itemsize }.into());
    }
    let mut shape = D::zeros(extents.len());
    let mut strides = D::zeros(extents.len());
    let nothing_to_reach = layout.is_empty() || itemsize == 0;
    for (axis, &extent) in extents.iter().enumerate() {
        shape[axis] = extent;
        // The strides of other axes have no meaning and may be any number, so they are not checked.
        if extent > 1 && !nothing_to_reach {
            let stride = layout.stride(axis, itemsize);
            if !stride.unsigned_abs().is_multiple_of(itemsize) {
                return Err(LayoutError::BetweenElements { axis, stride, itemsize }.into());
            }
            strides[axis] = stride.unsigned_abs() / itemsize;
        }
    }
    Ok(if nothing_to_reach { shape.into() } else { shape.strides(strides) })
}

/// Returns a pointer to the element with the lowest address, if `ndarray` can refer to it.
///
/// # Errors
///
/// Fails when the elements are not aligned.
fn lowest<T: Element>(first: *const T, layout: &impl Direct) -> Result<*const T, Error> {
    if layout.is_empty() || size_of::<T>() == 0 {
        // An empty exporter may be at an odd address, and elements without bytes may be at odd addresses too, so a
        // dangling pointer is used instead.
        return Ok(core::ptr::dangling());
    }
    // All other elements are a multiple of the itemsize away from the first one, so all are aligned if it is.
    if !first.is_aligned() {
        return Err(LayoutError::Misaligned { align: align_of::<T>(), address: first.addr() }.into());
    }
    Ok(first.wrapping_byte_offset(layout.reach(size_of::<T>()).lowest))
}

/// Returns the axes that are walked towards lower addresses, because their stride is negative.
fn backwards(layout: &impl Direct, itemsize: usize) -> impl Iterator<Item = Axis> {
    let shape = layout.shape().iter().enumerate();
    shape
        .filter(move |(axis, extent)| **extent > 1 && layout.stride(*axis, itemsize) < 0)
        .map(|(i, _)| Axis(i))
}

fn try_to_array<'a, T: Element, D: Dimension>(
    view: &View<'a, T, impl Direct>,
) -> Result<ArrayView<'a, T, D>, Error> {
    let shape = strides_in_elements(view.layout(), size_of::<T>())?;
    let lowest = lowest(view.as_ptr(), view.layout())?;
    // SAFETY: the elements are alive, initialised and written by nobody during `'a` (V1 to V3). The strides are those
    // of the layout made positive, so from the lowest element they reach what the layout reaches, inside one allocation
    // (L2, R1). All elements are aligned.
    let mut array = unsafe { ArrayView::from_shape_ptr(shape, lowest) };
    backwards(view.layout(), size_of::<T>()).for_each(|axis| array.invert_axis(axis));
    Ok(array)
}

fn try_to_array_mut<'a, T: Element, D: Dimension>(
    view: &mut ViewMut<'a, T, impl Direct>,
) -> Result<ArrayViewMut<'a, T, D>, Error> {
    reject_padding::<T>()?;
    // `ndarray` has the same rule for arrays that may be written: their axes must not interleave.
    lendable(view.layout(), size_of::<T>())?;
    let shape = strides_in_elements(view.layout(), size_of::<T>())?;
    let lowest = lowest(view.as_ptr(), view.layout())?.cast_mut();
    // SAFETY: the elements are alive, initialised and touched by nobody else during `'a`, and no two of them overlap
    // (V1, V2, V4); the callers use up the view. The strides are those of the layout made positive, so from the lowest
    // element they reach what the layout reaches, inside one allocation (L2, R1). All elements are aligned.
    let mut array = unsafe { ArrayViewMut::from_shape_ptr(shape, lowest) };
    backwards(view.layout(), size_of::<T>()).for_each(|axis| array.invert_axis(axis));
    Ok(array)
}

/// Returns the layout of an array whose `strides` are counted in elements of `itemsize` bytes.
fn layout_of<L: Layout>(shape: &[usize], strides: &[isize], itemsize: usize) -> Result<L, Error> {
    // `ndarray` guarantees that the products fit `isize`, except on axes of length 0 and 1. The strides of those axes
    // have no meaning, so the product may wrap.
    let strides: PerAxis<isize> =
        strides.iter().map(|stride| stride.wrapping_mul(itemsize.cast_signed())).collect();
    L::from_strides(shape, &strides, itemsize)
}

fn try_from_array<'a, T: Element, D: Dimension, L: Direct>(
    array: &ArrayView<'a, T, D>,
) -> Result<View<'a, T, L>, Error> {
    let layout = layout_of(array.shape(), array.strides(), size_of::<T>())?;
    // SAFETY: an array view borrows its elements during `'a`, as `&[T]` does, and its strides stay inside one
    // allocation.
    Ok(unsafe { View::from_raw_parts(array.as_ptr(), layout) })
}

fn try_from_array_mut<'a, T: Element, D: Dimension, L: Direct>(
    mut array: ArrayViewMut<'a, T, D>,
) -> Result<ViewMut<'a, T, L>, Error> {
    let layout = layout_of(array.shape(), array.strides(), size_of::<T>())?;
    // SAFETY: a mutable array view borrows its elements during `'a`, as `&mut [T]` does, and is used up here. Its
    // strides stay inside one allocation, and no two indices have the same element.
    Ok(unsafe { ViewMut::from_raw_parts_unchecked(array.as_mut_ptr(), layout) })
}

fn try_from_owned_array<T: Element, D: Dimension, L: Direct>(
    array: Array<T, D>,
) -> Result<Owned<T, L>, Error> {
    let layout = layout_of(array.shape(), array.strides(), size_of::<T>())?;
    // The element at the first index need not be at the start of the allocation: the array may be a slice, or an axis
    // may be walked backwards.
    let (elements, offset) = array.into_raw_vec_and_offset();
    let (start, memory) = initialised(elements);
    let first = start.wrapping_add(offset.unwrap_or(0));
    // SAFETY: an array owns the vector that contains its elements, and has initialised them. Nobody else has the
    // vector.
    unsafe { Owned::try_from_raw_parts(first, layout, memory) }
}

/// Converts a view into an array view of the same elements, with strides counted in elements.
///
/// # Errors
///
/// Fails when the stride of an axis is not a multiple of the itemsize, when the memory is not aligned for the elements,
/// or when there are more indices than `ndarray` can count.
///
/// # Examples
///
/// ```
/// use ndarray::ArrayView2;
/// use typedview::View;
///
/// let table = View::from(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// let array = ArrayView2::try_from(table.flip(1))?;
/// assert_eq!(array, ndarray::array![[3.0, 2.0, 1.0], [6.0, 5.0, 4.0]]);
/// # Ok::<(), typedview::Error>(())
/// ```
impl<'a, T, L, const N: usize> TryFrom<View<'a, T, L>> for ArrayView<'a, T, Dim<[usize; N]>>
where
    T: Element,
    L: Direct<PerAxis<usize> = [usize; N]>,
    Dim<[usize; N]>: Dimension,
{
    type Error = Error;

    fn try_from(view: View<'a, T, L>) -> Result<Self, Error> {
        try_to_array(&view)
    }
}

/// Converts a view into an array view of the same elements, with strides counted in elements.
///
/// # Errors
///
/// Fails when the stride of an axis is not a multiple of the itemsize, when the memory is not aligned for the elements,
/// or when there are more indices than `ndarray` can count.
impl<'a, T: Element, L: Direct> TryFrom<View<'a, T, L>> for ArrayViewD<'a, T> {
    type Error = Error;

    fn try_from(view: View<'a, T, L>) -> Result<Self, Error> {
        try_to_array(&view)
    }
}

/// Converts a view into an array view of the same elements, with strides counted in elements.
///
/// # Errors
///
/// Fails when the stride of an axis is not a multiple of the itemsize, when the memory is not aligned for the elements,
/// or when there are more indices than `ndarray` can count. Fails when axes interleave, because `ndarray` treats such
/// elements as overlapping, or when the elements have padding.
///
/// # Examples
///
/// ```
/// use ndarray::ArrayViewMut1;
/// use typedview::ViewMut;
///
/// let mut data = [1, 2, 3, 4];
/// let every_second = ViewMut::from(&mut data).slice_axis(0, typedview::Slice::from(..).step_by(2));
/// let mut array = ArrayViewMut1::try_from(every_second)?;
/// array += 10;
/// assert_eq!(data, [11, 2, 13, 4]);
/// # Ok::<(), typedview::Error>(())
/// ```
impl<'a, T, L, const N: usize> TryFrom<ViewMut<'a, T, L>> for ArrayViewMut<'a, T, Dim<[usize; N]>>
where
    T: Element,
    L: Direct<PerAxis<usize> = [usize; N]>,
    Dim<[usize; N]>: Dimension,
{
    type Error = Error;

    fn try_from(mut view: ViewMut<'a, T, L>) -> Result<Self, Error> {
        try_to_array_mut(&mut view)
    }
}

/// Converts a view into an array view of the same elements, with strides counted in elements.
///
/// # Errors
///
/// Fails when the stride of an axis is not a multiple of the itemsize, when the memory is not aligned for the elements,
/// or when there are more indices than `ndarray` can count. Fails when axes interleave, because `ndarray` treats such
/// elements as overlapping, or when the elements have padding.
impl<'a, T: Element, L: Direct> TryFrom<ViewMut<'a, T, L>> for ArrayViewMutD<'a, T> {
    type Error = Error;

    fn try_from(mut view: ViewMut<'a, T, L>) -> Result<Self, Error> {
        try_to_array_mut(&mut view)
    }
}

/// Converts an array view into a view of the same elements, with strides counted in bytes.
///
/// [`View::try_to_layout`] turns the result into a view with layout `C` if the elements are contiguous in C order.
///
/// # Panics
///
/// If the array repeats its elements so often that they are more bytes than `isize` can count.
///
/// # Examples
///
/// ```
/// use typedview::View;
///
/// let array = ndarray::array![[1u16, 2, 3], [4, 5, 6]];
/// let view = View::from(array.t());
/// assert_eq!(view.strides(), [2, 6]);
/// assert_eq!(view.at([2, 1]), 6);
/// ```
impl<'a, T, const N: usize> From<ArrayView<'a, T, Dim<[usize; N]>>> for View<'a, T, Strided<N>>
where
    T: Element,
    Dim<[usize; N]>: Dimension,
{
    #[track_caller]
    fn from(array: ArrayView<'a, T, Dim<[usize; N]>>) -> Self {
        or_panic(try_from_array(&array))
    }
}

/// Converts an array view into a view of the same elements, with strides counted in bytes.
///
/// # Errors
///
/// Fails when there are more than 64 axes, or when the array repeats its elements so often that they are more bytes
/// than `isize` can count.
impl<'a, T: Element> TryFrom<ArrayViewD<'a, T>> for View<'a, T, Dyn> {
    type Error = Error;

    fn try_from(array: ArrayViewD<'a, T>) -> Result<Self, Error> {
        try_from_array(&array)
    }
}

/// Converts an array view into a view of the same elements, with strides counted in bytes.
///
/// # Examples
///
/// ```
/// use typedview::ViewMut;
///
/// let mut array = ndarray::array![[1, 2], [3, 4]];
/// ViewMut::from(array.view_mut()).row(1).fill(0);
/// assert_eq!(array, ndarray::array![[1, 2], [0, 0]]);
/// ```
impl<'a, T, const N: usize> From<ArrayViewMut<'a, T, Dim<[usize; N]>>> for ViewMut<'a, T, Strided<N>>
where
    T: Element,
    Dim<[usize; N]>: Dimension,
{
    #[track_caller]
    fn from(array: ArrayViewMut<'a, T, Dim<[usize; N]>>) -> Self {
        // No two indices have the same element, and all are inside one allocation, so the layout is never rejected.
        or_panic(try_from_array_mut(array))
    }
}

/// Converts an array view into a view of the same elements, with strides counted in bytes.
///
/// # Errors
///
/// Fails when there are more than 64 axes.
impl<'a, T: Element> TryFrom<ArrayViewMutD<'a, T>> for ViewMut<'a, T, Dyn> {
    type Error = Error;

    fn try_from(array: ArrayViewMutD<'a, T>) -> Result<Self, Error> {
        try_from_array_mut(array)
    }
}

/// Takes the memory of an array, with strides counted in bytes.
///
/// Nothing is copied, whatever the order of the elements is.
///
/// # Examples
///
/// ```
/// use typedview::Owned;
///
/// let array = ndarray::array![[1u16, 2, 3], [4, 5, 6]];
/// let address = array.as_ptr();
/// let owned = Owned::from(array.reversed_axes());
/// assert_eq!(owned.view().as_ptr(), address);
/// assert_eq!(owned.view().strides(), [2, 6]);
/// ```
impl<T, const N: usize> From<Array<T, Dim<[usize; N]>>> for Owned<T, Strided<N>>
where
    T: Element,
    Dim<[usize; N]>: Dimension,
{
    #[track_caller]
    fn from(array: Array<T, Dim<[usize; N]>>) -> Self {
        // No two indices have the same element, and all are inside one allocation, so the layout is never rejected.
        or_panic(try_from_owned_array(array))
    }
}

/// Takes the memory of an array, with strides counted in bytes.
///
/// Nothing is copied, whatever the order of the elements is.
///
/// # Errors
///
/// Fails when there are more than 64 axes.
impl<T: Element> TryFrom<ArrayD<T>> for Owned<T, Dyn> {
    type Error = Error;

    fn try_from(array: ArrayD<T>) -> Result<Self, Error> {
        try_from_owned_array(array)
    }
}
