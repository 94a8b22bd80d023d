//! Found memory: what an exporter offers, to hold against a spec and to show.
//! Apart from the spec because it borrows what somebody else describes, and every `repr` is made of it.

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

/// What an exporter offers.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The element and its byte order.
    pub format: &'a Format,
    /// The number of indices on each axis.
    pub shape: &'a [usize],
    /// Bytes from an index to the next, on each axis.
    pub strides: &'a [isize],
    /// Bytes to add after following the pointer on each axis, negative where it holds none; empty where none does.
    pub suboffsets: &'a [isize],
    /// Whether the exporter forbids writing.
    pub readonly: bool,
}

impl Found<'_> {
    /// Whether the elements fill one block in `order`, axes of length 1 aside.
    #[must_use]
    pub fn is_contiguous(&self, order: Order) -> bool {
        let itemsize = self.format.itemsize();
        (order == Order::Strided || !self.is_indirect() || self.shape.contains(&0))
            && is_contiguous(order, self.shape, self.strides, itemsize)
    }

    /// The number of bytes of all elements, or `None` where they cannot be counted.
    #[must_use]
    pub fn nbytes(&self) -> Option<usize> {
        let itemsize = self.format.itemsize();
        size_of_shape(self.shape, itemsize).ok()?.checked_mul(itemsize)
    }

    /// What is there, in the notation of `repr`: `double[4, 3], C, readonly`.
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

    /// Whether `axis` holds pointers.
    pub(super) fn holds_pointers(&self, axis: usize) -> bool {
        self.suboffsets.get(axis).is_some_and(|suboffset| *suboffset >= 0)
    }

    fn is_indirect(&self) -> bool {
        (0..self.shape.len()).any(|axis| self.holds_pointers(axis))
    }

    /// The axes that a spec has to ask for to take this memory whatever its strides.
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

/// Writes what a layout of elements `T` is: `View(double[4, 3], C)`.
pub(crate) fn describe<T: Element, L: Layout>(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    layout: &L,
) -> fmt::Result {
    let strides = layout.strides(size_of::<T>());
    let (format, shape, strides) = (&T::format(), layout.shape(), strides.as_ref());
    let found = Found { format, shape, strides, suboffsets: layout.suboffsets(), readonly: false };
    write!(f, "{name}({})", found.summary())
}
