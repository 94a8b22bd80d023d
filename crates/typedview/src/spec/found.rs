//! Found memory: a description of what an exporter offers, which is checked against a spec and shown to users.
//! It is apart from the spec because it borrows a description that others own, and every `repr` is made from it.

use super::axis::{Axis, AxisAccess};
use super::show::write_axes;
use crate::element::Element;
use crate::error::Tuple;
use crate::format::Format;
use crate::layout::{Layout, Order, is_contiguous, size_of_shape};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// The memory that an exporter offers.
///
/// # Examples
///
/// ```
/// use typedview::{Format, Found, Order, Spec};
///
/// let format = Format::parse(b"d")?;
/// let found = Found { format: &format, shape: &[4, 3], strides: &[24, 8], suboffsets: &[], readonly: true };
/// assert!(found.is_contiguous(Order::C) && !found.is_contiguous(Order::F));
/// assert_eq!(found.nbytes(), Some(96));
/// assert!(Spec::parse("const double[:, ::1]")?.accepts(&found) && !Spec::parse("double[:, ::1]")?.accepts(&found));
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The element and its byte order.
    pub format: &'a Format,
    /// The number of indices on each axis.
    pub shape: &'a [usize],
    /// The number of bytes from an index to the next, on each axis.
    pub strides: &'a [isize],
    /// The number of bytes to add after following the pointer, on each axis. It is negative on an axis without
    /// pointers. The list is empty when no axis holds pointers.
    pub suboffsets: &'a [isize],
    /// Whether the exporter forbids writing.
    pub readonly: bool,
}

impl Found<'_> {
    /// Returns whether the elements fill one block in `order`; always true for [`Order::Strided`].
    ///
    /// Axes of length 1 do not count.
    ///
    /// See [`Found`] for an example.
    #[must_use]
    pub fn is_contiguous(&self, order: Order) -> bool {
        let itemsize = self.format.itemsize();
        (order == Order::Strided || !self.is_indirect() || self.shape.contains(&0))
            && is_contiguous(order, self.shape, self.strides, itemsize)
    }

    /// Returns the number of bytes of all elements, or `None` when `isize` cannot count them.
    ///
    /// See [`Found`] for an example.
    #[must_use]
    pub fn nbytes(&self) -> Option<usize> {
        let itemsize = self.format.itemsize();
        size_of_shape(self.shape, itemsize).ok()?.checked_mul(itemsize)
    }

    /// Returns a summary in the notation of `repr`, such as `double[4, 3], C, readonly`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Format, Found};
    ///
    /// let format = Format::parse(b"d")?;
    /// let found = Found { format: &format, shape: &[4, 3], strides: &[8, 32], suboffsets: &[], readonly: true };
    /// assert_eq!(found.summary(), "double[4, 3], F, readonly");
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    pub fn summary(&self) -> String {
        let order = match [Order::C, Order::F].map(|order| self.is_contiguous(order)) {
            [true, _] => "C",
            [_, true] => "F",
            _ if self.is_indirect() => "indirect",
            _ => "strided",
        };
        let readonly = if self.readonly { ", readonly" } else { "" };
        let shape = Tuple(self.shape).to_string();
        let extents = shape.trim_matches(['(', ')', ',']);
        format!("{}[{extents}], {order}{readonly}", self.format)
    }

    /// Returns whether `axis` holds pointers.
    pub(super) fn holds_pointers(&self, axis: usize) -> bool {
        self.suboffsets.get(axis).is_some_and(|suboffset| *suboffset >= 0)
    }

    fn is_indirect(&self) -> bool {
        (0..self.shape.len()).any(|axis| self.holds_pointers(axis))
    }

    /// Returns the axes that a spec has to ask for so that it accepts this memory with any strides.
    pub(super) fn axes(&self) -> Vec<Axis> {
        let access_of =
            |axis| if self.holds_pointers(axis) { AxisAccess::Indirect } else { AxisAccess::Direct };
        (0..self.shape.len()).map(|axis| Axis { access: access_of(axis), ..Axis::STRIDED }).collect()
    }
}

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.readonly {
            f.write_str("const ")?;
        }
        write!(f, "{}[", self.format)?;
        write_axes(f, &self.axes())?;
        write!(f, "] with shape {}, strides {}", Tuple(self.shape), Tuple(self.strides))?;
        if self.is_indirect() {
            write!(f, ", suboffsets {}", Tuple(self.suboffsets))?;
        }
        Ok(())
    }
}

/// Writes a type name and a summary of the layout with elements `T`, such as `View(double[4, 3], C)`.
pub(crate) fn fmt_view<T: Element, L: Layout>(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    layout: &L,
) -> fmt::Result {
    let strides = layout.strides(size_of::<T>());
    let (format, shape, strides) = (&T::format(), layout.shape(), strides.as_ref());
    let found = Found { format, shape, strides, suboffsets: layout.suboffsets(), readonly: false };
    write!(f, "{name}({})", found.summary())
}
