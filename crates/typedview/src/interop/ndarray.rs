//! `ndarray`: views to and from its array views, the same memory, nothing copied.
//! Apart because strides are counted in elements there and in bytes here, and elements are aligned there.
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
use crate::error::{Error, LayoutError, or_refuse};
use crate::layout::{Direct, Dyn, Layout, PerAxis, Strided, lendable};
use crate::owner::{Owned, initialised};
use crate::raw::reject_padding;
use crate::view::{View, ViewMut};
use ndarray::{
    Array, ArrayD, ArrayView, ArrayViewD, ArrayViewMut, ArrayViewMutD, Axis, Dim, Dimension, ShapeBuilder,
    StrideShape,
};

/// Shape and strides of a layout as `ndarray` wants them at first: in elements, none of them negative.
///
/// # Errors
///
/// A stride between two elements is no multiple of the itemsize; more indices than `ndarray` counts.
fn strides_in_elements<D: Dimension>(layout: &impl Direct, itemsize: usize) -> Result<StrideShape<D>, Error> {
    let extents = layout.shape();
    // ndarray: the product of the lengths that are not 0 must fit `isize`, in an empty array too.
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
        // Other strides mean nothing and may be anything.
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

/// Where the element with the lowest address is, when `ndarray` can refer to it.
///
/// # Errors
///
/// It is not aligned.
fn lowest<T: Element>(first: *const T, layout: &impl Direct) -> Result<*const T, Error> {
    if layout.is_empty() || size_of::<T>() == 0 {
        // An empty exporter may be at an odd address, and so may the other elements be when they have no bytes.
        return Ok(core::ptr::dangling());
    }
    // The others are whole elements away from it, so it speaks for all.
    if !first.is_aligned() {
        return Err(LayoutError::Misaligned { align: align_of::<T>(), address: first.addr() }.into());
    }
    Ok(first.wrapping_byte_offset(layout.reach(size_of::<T>()).lowest))
}

/// The axes that are walked towards lower addresses.
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
    // SAFETY: V1 to V3: alive, initialised, written by nobody for 'a. The strides are those of the layout made positive,
    // so from the lowest element they reach what the layout reaches (L2, R1); all elements are aligned.
    let mut array = unsafe { ArrayView::from_shape_ptr(shape, lowest) };
    backwards(view.layout(), size_of::<T>()).for_each(|axis| array.invert_axis(axis));
    Ok(array)
}

fn try_to_array_mut<'a, T: Element, D: Dimension>(
    view: &mut ViewMut<'a, T, impl Direct>,
) -> Result<ArrayViewMut<'a, T, D>, Error> {
    reject_padding::<T>()?;
    // ndarray allows an array to be written under the same rule: axes that do not interleave.
    lendable(view.layout(), size_of::<T>())?;
    let shape = strides_in_elements(view.layout(), size_of::<T>())?;
    let lowest = lowest(view.as_ptr(), view.layout())?.cast_mut();
    // SAFETY: V1, V2, V4: alive, initialised, touched by nobody else for 'a, no element twice; the callers use up the view.
    // The strides are those of the layout made positive, so from the lowest element they reach what the layout reaches
    // (L2, R1); all elements are aligned.
    let mut array = unsafe { ArrayViewMut::from_shape_ptr(shape, lowest) };
    backwards(view.layout(), size_of::<T>()).for_each(|axis| array.invert_axis(axis));
    Ok(array)
}

/// The layout of an array of such elements.
fn layout_of<L: Layout>(shape: &[usize], strides: &[isize], itemsize: usize) -> Result<L, Error> {
    // ndarray bounds the products by `isize`, but on axes of length 0 and 1, whose strides mean nothing.
    let strides: PerAxis<isize> =
        strides.iter().map(|stride| stride.wrapping_mul(itemsize.cast_signed())).collect();
    L::from_strides(shape, &strides, itemsize)
}

fn try_from_array<'a, T: Element, D: Dimension, L: Direct>(
    array: &ArrayView<'a, T, D>,
) -> Result<View<'a, T, L>, Error> {
    let layout = layout_of(array.shape(), array.strides(), size_of::<T>())?;
    // SAFETY: an array view borrows its elements for 'a, as `&[T]` does, and its strides stay inside one allocation.
    Ok(unsafe { View::from_raw_parts(array.as_ptr(), layout) })
}

fn try_from_array_mut<'a, T: Element, D: Dimension, L: Direct>(
    mut array: ArrayViewMut<'a, T, D>,
) -> Result<ViewMut<'a, T, L>, Error> {
    let layout = layout_of(array.shape(), array.strides(), size_of::<T>())?;
    // SAFETY: an array view to be written borrows its elements for 'a, as `&mut [T]` does, and is used up; its strides stay
    // inside one allocation and give no element twice.
    Ok(unsafe { ViewMut::from_raw_parts_unchecked(array.as_mut_ptr(), layout) })
}

fn try_from_owned_array<T: Element, D: Dimension, L: Direct>(
    array: Array<T, D>,
) -> Result<Owned<T, L>, Error> {
    let layout = layout_of(array.shape(), array.strides(), size_of::<T>())?;
    // The first index need not be at the start of the allocation: a slice, or an axis walked backwards.
    let (elements, offset) = array.into_raw_vec_and_offset();
    let (start, memory) = initialised(elements);
    let first = start.wrapping_add(offset.unwrap_or(0));
    // SAFETY: an array owns the vector that its elements are in, and has initialised them; nobody else has the vector.
    unsafe { Owned::try_from_raw_parts(first, layout, memory) }
}

/// The same elements, with strides counted in elements.
///
/// # Errors
///
/// The stride of an axis is no multiple of the itemsize; the memory is not aligned.
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
    L: Direct<Extents = [usize; N]>,
    Dim<[usize; N]>: Dimension,
{
    type Error = Error;

    fn try_from(view: View<'a, T, L>) -> Result<Self, Error> {
        try_to_array(&view)
    }
}

/// The same elements, with strides counted in elements.
///
/// # Errors
///
/// The stride of an axis is no multiple of the itemsize; the memory is not aligned.
impl<'a, T: Element, L: Direct> TryFrom<View<'a, T, L>> for ArrayViewD<'a, T> {
    type Error = Error;

    fn try_from(view: View<'a, T, L>) -> Result<Self, Error> {
        try_to_array(&view)
    }
}

/// The same elements, with strides counted in elements.
///
/// # Errors
///
/// The stride of an axis is no multiple of the itemsize; the memory is not aligned; axes interleave, which `ndarray`
/// takes for elements that overlap; they have padding.
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
    L: Direct<Extents = [usize; N]>,
    Dim<[usize; N]>: Dimension,
{
    type Error = Error;

    fn try_from(mut view: ViewMut<'a, T, L>) -> Result<Self, Error> {
        try_to_array_mut(&mut view)
    }
}

/// The same elements, with strides counted in elements.
///
/// # Errors
///
/// The stride of an axis is no multiple of the itemsize; the memory is not aligned; axes interleave, which `ndarray`
/// takes for elements that overlap; they have padding.
impl<'a, T: Element, L: Direct> TryFrom<ViewMut<'a, T, L>> for ArrayViewMutD<'a, T> {
    type Error = Error;

    fn try_from(mut view: ViewMut<'a, T, L>) -> Result<Self, Error> {
        try_to_array_mut(&mut view)
    }
}

/// The same elements, with strides counted in bytes; [`View::try_to_layout`] makes a `C` of them where they are one.
///
/// # Panics
///
/// The array repeats its elements to more bytes than `isize` can count.
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
        or_refuse(try_from_array(&array))
    }
}

/// The same elements, with strides counted in bytes.
///
/// # Errors
///
/// There are more than 64 axes; the array repeats its elements to more bytes than `isize` can count.
impl<'a, T: Element> TryFrom<ArrayViewD<'a, T>> for View<'a, T, Dyn> {
    type Error = Error;

    fn try_from(array: ArrayViewD<'a, T>) -> Result<Self, Error> {
        try_from_array(&array)
    }
}

/// The same elements, with strides counted in bytes.
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
        // No element twice inside one allocation: the layout is never refused.
        or_refuse(try_from_array_mut(array))
    }
}

/// The same elements, with strides counted in bytes.
///
/// # Errors
///
/// There are more than 64 axes.
impl<'a, T: Element> TryFrom<ArrayViewMutD<'a, T>> for ViewMut<'a, T, Dyn> {
    type Error = Error;

    fn try_from(array: ArrayViewMutD<'a, T>) -> Result<Self, Error> {
        try_from_array_mut(array)
    }
}

/// The memory of the array, with strides counted in bytes; nothing is copied, in whatever order the elements are.
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
        // No element twice inside one allocation: the layout is never refused.
        or_refuse(try_from_owned_array(array))
    }
}

/// The memory of the array, with strides counted in bytes; nothing is copied, in whatever order the elements are.
///
/// # Errors
///
/// There are more than 64 axes.
impl<T: Element> TryFrom<ArrayD<T>> for Owned<T, Dyn> {
    type Error = Error;

    fn try_from(array: ArrayD<T>) -> Result<Self, Error> {
        try_from_owned_array(array)
    }
}
