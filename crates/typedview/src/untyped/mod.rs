//! Untyped views: memory whose element is known at run time only, by its [`Format`].
//! Slicing, copying and comparing are compiled once here, and not once for each element type.
//!
//! - [`subviews`] selects elements and rearranges axes;
//! - [`copies`] copies, converts and repeats elements;
//! - [`compare`] finds out whether two views have equal elements, and [`alike`] whether two elements are that are no plain numbers;
//! - [`numbers`] reads and writes the numbers of any dtype, a block at a time, for the two above;
//! - [`half`] decodes and encodes floats of two bytes;
//! - [`item`] moves the bytes of one element while other threads may do the same.

mod alike;
mod compare;
mod copies;
mod half;
mod item;
mod numbers;
mod subviews;

pub use half::{bfloat_to_f64, f64_to_bfloat, f64_to_half, half_to_f64};
pub use item::{load, store};

use crate::error::Error;
use crate::format::Format;
use crate::layout::{Direct, DynIndirect, Layout, Order, PerAxis, Reach};
use crate::spec::Found;
use core::fmt;
use core::ptr::NonNull;

/// A view of elements whose type is known at run time only: a pointer, a layout of any ndim, and a format.
///
/// It is a plain value without a lifetime. Its safe methods select elements and describe them, and access no element. The
/// unsafe ones access memory, which their caller keeps alive. Pointers on the axes of indirect memory are followed by the
/// safe methods, too, so the constructor asks for them to stay alive.
///
/// - I1. For every offset that the layout gives to an index inside its shape, `ptr + offset` is inside one allocation, or one past
///   its end, as long as the memory is alive. If the layout is empty, the only promise is that the pointer is not null.
/// - I2. If an axis holds pointers, nobody writes them, and I1 holds for the memory that each of them, moved by the
///   suboffset, points to.
///
/// # Examples
///
/// ```
/// use typedview::{Format, Order, SliceItem, Untyped};
///
/// let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
/// let first = table.as_ptr().cast::<u8>().cast_mut();
/// // SAFETY: the array has these elements, and it lives longer than the view.
/// let view = unsafe { Untyped::new(first, Format::parse(b"d")?, &[2, 3], &[24, 8], &[]) }?;
/// let column = view.select(&[SliceItem::Ellipsis, SliceItem::Index(-1)])?;
/// assert_eq!((column.shape(), column.strides()), (&[2][..], &[24][..]));
/// // SAFETY: the array is alive, and nobody writes it.
/// let bytes = unsafe { column.try_to_bytes(Order::C) }?;
/// assert_eq!(bytes, [3.0_f64, 6.0].map(f64::to_ne_bytes).concat());
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone)]
pub struct Untyped {
    ptr: NonNull<u8>,
    layout: DynIndirect,
    format: Format,
}

// SAFETY: the pointer is only followed by callers of unsafe methods, which answer for their access, and the pointers on axes are
// not written by anybody (I2).
unsafe impl Send for Untyped {}
// SAFETY: as for `Send`: a shared reference gives safe code no access to the elements.
unsafe impl Sync for Untyped {}

impl Untyped {
    /// Returns the view of the elements that start at `first`, with these strides and suboffsets, all in bytes. The list of suboffsets
    /// may be empty.
    ///
    /// # Errors
    ///
    /// Fails when the lists have different lengths, when there are too many axes, or when sizes or offsets do not fit `isize`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that every offset stays inside one allocation (I1) and that the pointers on axes stay alive and are not written (I2),
    /// for as long as this view and the views that are made from it are used.
    ///
    /// See [`Untyped`] for an example.
    pub unsafe fn new(
        first: *mut u8,
        format: Format,
        shape: &[usize],
        strides: &[isize],
        suboffsets: &[isize],
    ) -> Result<Self, Error> {
        let layout = DynIndirect::from_parts(shape, strides, suboffsets, format.itemsize())?;
        Ok(Self { ptr: NonNull::new(first).unwrap_or(NonNull::dangling()), layout, format })
    }

    /// Returns the view of elements whose layout is known.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`new`](Self::new) requires. `layout` must be a layout of elements with the size of `format`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Element, Untyped, View};
    ///
    /// let numbers = [1.0, 2.0];
    /// let typed = View::from(&numbers);
    /// // SAFETY: the array has these elements, and it lives longer than the view.
    /// let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// assert_eq!(format!("{view:?}"), "Untyped(double[2], C)");
    /// ```
    #[inline]
    #[must_use]
    pub unsafe fn of_layout<L: Direct>(first: *mut u8, format: Format, layout: &L) -> Self {
        let layout = crate::layout::Dyn::of_layout(layout, format.itemsize()).into();
        Self { ptr: NonNull::new(first).unwrap_or(NonNull::dangling()), layout, format }
    }

    /// The address of the first element.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn as_ptr(&self) -> *mut u8 {
        self.ptr.as_ptr()
    }

    /// The format of an element.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// The number of bytes of an element.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn itemsize(&self) -> usize {
        self.format.itemsize()
    }

    /// The number of axes.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn ndim(&self) -> usize {
        self.layout.shape().len()
    }

    /// The number of indices on each axis.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// # use typedview::{Format, Order, Reach};
    /// // The elements of `view` are [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].
    /// assert_eq!((view.shape(), view.strides(), view.suboffsets()), (&[2, 3][..], &[24, 8][..], &[][..]));
    /// assert_eq!((view.ndim(), view.size(), view.itemsize(), view.nbytes()), (2, 6, 8, 48));
    /// assert_eq!((view.as_ptr().cast_const().cast(), view.format()), (table.as_ptr(), &Format::parse(b"d")?));
    /// assert!(view.is_contiguous(Order::C) && !view.is_contiguous(Order::F) && view.as_direct().is_some());
    /// assert_eq!(view.reach(), Some(Reach { lowest: 0, highest: 48 }));
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        self.layout.shape()
    }

    /// The number of bytes from an index to the next, on each axis.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn strides(&self) -> &[isize] {
        self.layout.strides_of_axes()
    }

    /// The number of bytes to add after following the pointer, on each axis. It is negative on an axis without pointers. The list is
    /// empty when no axis holds pointers.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn suboffsets(&self) -> &[isize] {
        self.layout.suboffsets()
    }

    /// The number of elements.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn size(&self) -> usize {
        self.layout.size()
    }

    /// The number of bytes of all elements.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn nbytes(&self) -> usize {
        // The product fits `isize` (L1), or it is 0.
        self.size().wrapping_mul(self.itemsize())
    }

    /// Whether the elements fill one block without gaps in `order`, or, with [`Order::Pitched`], whether each row has no gaps.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn is_contiguous(&self, order: Order) -> bool {
        self.layout.is_contiguous(order, self.itemsize())
    }

    /// The bytes that the elements reach, as offsets from the first one, or `None` if axes hold pointers.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[must_use]
    pub fn reach(&self) -> Option<Reach> {
        Some(self.layout.as_direct()?.reach(self.itemsize()))
    }

    /// The layout without its format, if no axis holds pointers.
    ///
    /// See [`shape`](Self::shape) for an example.
    #[inline]
    #[must_use]
    pub fn as_direct(&self) -> Option<&crate::layout::Dyn> {
        self.layout.as_direct()
    }

    /// The same facts as what an exporter offers, for comparison with a [`Spec`](crate::Spec).
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// # use typedview::Spec;
    /// assert!(Spec::parse("const double[:, ::1]")?.accepts(&view.found(true)));
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    pub fn found(&self, readonly: bool) -> Found<'_> {
        let (format, shape, strides) = (&self.format, self.shape(), self.strides());
        Found { format, shape, strides, suboffsets: self.suboffsets(), readonly }
    }

    /// One index for each axis, all of which are 0.
    fn origin(&self) -> PerAxis<usize> {
        self.layout.origin()
    }
}

/// In the notation of `repr`: `Untyped(double[4, 3], C)`.
impl fmt::Debug for Untyped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Untyped({})", self.found(false).summary())
    }
}
