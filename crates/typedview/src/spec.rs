//! Specs: what a consumer asks for, shown in Cython's notation, and checked against what was found.
//! One description drives the check, the message and the `repr`, so that they cannot disagree.

#![forbid(unsafe_code)]

use crate::element::{Dtype, Element};
use crate::error::{Error, ErrorKind, Mismatch, Tuple};
use crate::format::{ByteOrder, Format};
use crate::layout::{Layout, Order, is_contiguous, size_of_shape};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

/// What a consumer asks for: element, ndim, order, access.
///
/// # Examples
///
/// ```
/// use typedview::{Access, C, Spec, Strided};
///
/// assert_eq!(Spec::of::<f64, C<2>>(Access::Read).to_string(), "const double[:, ::1]");
/// assert_eq!(Spec::of::<i16, Strided<1>>(Access::Write).to_string(), "int16[:]");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    dtype: Dtype,
    ndim: Option<usize>,
    order: Order,
    access: Access,
}

/// What a consumer means to do with the elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Read them: `const double[:]`; readonly memory will do.
    Read,
    /// Read and write them: `double[:]`.
    Write,
}

/// What an exporter offers.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The element and its byte order.
    pub format: Format,
    /// The number of indices on each axis.
    pub shape: &'a [usize],
    /// Bytes from an index to the next, on each axis.
    pub strides: &'a [isize],
    /// Whether the exporter forbids writing.
    pub readonly: bool,
}

impl Spec {
    /// What a view of elements `T` with layout `L` asks for.
    #[must_use]
    pub fn of<T: Element, L: Layout>(access: Access) -> Self {
        Self { dtype: T::DTYPE, ndim: L::NDIM, order: L::ORDER, access }
    }

    /// What the consumer means to do with the elements.
    #[must_use]
    pub const fn access(&self) -> Access {
        self.access
    }

    /// Checks what `exporter` offers, in the order element, ndim, access, order.
    ///
    /// # Errors
    ///
    /// The first thing that differs, with what to do about it.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Access, C, Format, Found, Spec};
    ///
    /// let spec = Spec::of::<f64, C<2>>(Access::Read);
    /// let format = Format::parse(b"d")?;
    /// let found = Found { format, shape: &[4, 3], strides: &[8, 32], readonly: false };
    /// assert_eq!(
    ///     spec.check(&found, "numpy.ndarray").unwrap_err().to_string(),
    ///     "expected const double[:, ::1], got double[:, :] with shape (4, 3), strides (8, 32) from \
    ///      numpy.ndarray: Fortran order; take const double[::1, :] or pass a C-contiguous copy",
    /// );
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn check(&self, found: &Found<'_>, exporter: &str) -> Result<(), Error> {
        let Some((kind, reason, advice)) = self.difference(found) else {
            return Ok(());
        };
        Err(Mismatch {
            kind,
            wanted: self.to_string(),
            found: found.to_string(),
            exporter: exporter.to_string(),
            reason,
            advice,
        }
        .into())
    }

    fn difference(&self, found: &Found<'_>) -> Option<(ErrorKind, String, Option<String>)> {
        let Found { format, shape, strides, readonly } = *found;
        if format.dtype() != self.dtype {
            let reason = format!("{} is not {}", format.dtype(), self.dtype);
            return Some((ErrorKind::Dtype, reason, None));
        }
        if format.byte_order() == ByteOrder::Swapped {
            let advice = "pass a copy in native byte order".to_string();
            return Some((ErrorKind::Dtype, "foreign byte order".to_string(), Some(advice)));
        }
        if let Some(ndim) = self.ndim.filter(|ndim| *ndim != shape.len()) {
            let reason = format!("ndim {} is not {ndim}", shape.len());
            return Some((ErrorKind::Layout, reason, None));
        }
        if readonly && self.access == Access::Write {
            let wider = Self { access: Access::Read, ..*self };
            let advice = format!("take {wider} or pass writable memory");
            return Some((ErrorKind::Readonly, "readonly".to_string(), Some(advice)));
        }
        let itemsize = format.dtype().itemsize();
        if is_contiguous(self.order, shape, strides, itemsize) {
            return None;
        }
        let other = if self.order == Order::C { Order::F } else { Order::C };
        let (reason, wider) = if is_contiguous(other, shape, strides, itemsize) {
            (format!("{other} order"), other)
        } else {
            (format!("not {}-contiguous", self.order), Order::Strided)
        };
        let wider = Self { order: wider, ..*self };
        let advice = format!("take {wider} or pass a {}-contiguous copy", self.order);
        Some((ErrorKind::Layout, reason, Some(advice)))
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.access == Access::Read {
            f.write_str("const ")?;
        }
        write!(f, "{}[", self.dtype)?;
        match self.ndim {
            Some(ndim) => write_axes(f, ndim, self.order)?,
            None => f.write_str("...")?,
        }
        f.write_str("]")
    }
}

impl Found<'_> {
    /// Whether the elements fill one block in `order`, axes of length 1 aside.
    #[must_use]
    pub fn is_contiguous(&self, order: Order) -> bool {
        is_contiguous(order, self.shape, self.strides, self.format.dtype().itemsize())
    }

    /// The number of bytes of all elements, or `None` where they cannot be counted.
    #[must_use]
    pub fn nbytes(&self) -> Option<usize> {
        let itemsize = self.format.dtype().itemsize();
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
    /// let found = Found { format, shape: &[4, 3], strides: &[8, 32], readonly: true };
    /// assert_eq!(found.summary(), "double[4, 3], F, readonly");
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    pub fn summary(&self) -> String {
        let order = match [Order::C, Order::F].map(|order| self.is_contiguous(order)) {
            [true, _] => "C",
            [_, true] => "F",
            _ => "strided",
        };
        let readonly = if self.readonly { ", readonly" } else { "" };
        let shape = Tuple(self.shape).to_string();
        let extents = shape.trim_matches(['(', ')', ',']);
        format!("{}[{extents}], {order}{readonly}", self.format)
    }
}

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.readonly {
            f.write_str("const ")?;
        }
        write!(f, "{}[", self.format)?;
        write_axes(f, self.shape.len(), Order::Strided)?;
        write!(f, "] with shape {}, strides {}", Tuple(self.shape), Tuple(self.strides))
    }
}

/// Writes what a layout of elements `T` is: `View(double[4, 3], C)`.
pub(crate) fn describe<T: Element, L: Layout>(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    layout: &L,
) -> fmt::Result {
    let strides = layout.strides(size_of::<T>());
    let format = Format::native::<T>();
    let found = Found { format, shape: layout.shape(), strides: strides.as_ref(), readonly: false };
    write!(f, "{name}({})", found.summary())
}

fn write_axes(f: &mut fmt::Formatter<'_>, ndim: usize, order: Order) -> fmt::Result {
    let unit = match order {
        Order::C => ndim.checked_sub(1),
        Order::F => Some(0),
        Order::Strided => None,
    };
    for axis in 0..ndim {
        f.write_str(if axis > 0 { ", " } else { "" })?;
        f.write_str(if Some(axis) == unit { "::1" } else { ":" })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{C, F, Strided};

    fn refusal<T: Element, L: Layout>(
        access: Access,
        format: &str,
        found: (&[usize], &[isize], bool),
    ) -> String {
        let (shape, strides, readonly) = found;
        let format = Format::parse(format.as_bytes()).unwrap();
        let found = Found { format, shape, strides, readonly };
        Spec::of::<T, L>(access).check(&found, "exporter").unwrap_err().to_string()
    }

    #[test]
    fn every_layout_has_its_notation() {
        let shown = [
            (Spec::of::<f64, C<1>>(Access::Write), "double[::1]"),
            (Spec::of::<f64, C<3>>(Access::Write), "double[:, :, ::1]"),
            (Spec::of::<f32, F<2>>(Access::Read), "const float[::1, :]"),
            (Spec::of::<u8, Strided<2>>(Access::Read), "const uint8[:, :]"),
            (Spec::of::<i64, Strided<0>>(Access::Read), "const int64[]"),
        ];
        for (spec, text) in shown {
            assert_eq!(spec.to_string(), text);
        }
    }

    #[test]
    fn each_difference_has_its_sentence() {
        assert_eq!(
            refusal::<f64, C<1>>(Access::Read, "f", (&[3], &[4], false)),
            "expected const double[::1], got float[:] with shape (3,), strides (4,) from exporter: \
             float is not double"
        );
        assert_eq!(
            refusal::<f64, Strided<1>>(Access::Write, "d", (&[3], &[8], true)),
            "expected double[:], got const double[:] with shape (3,), strides (8,) from exporter: \
             readonly; take const double[:] or pass writable memory"
        );
        assert_eq!(
            refusal::<f64, Strided<2>>(Access::Read, "d", (&[3], &[8], true)),
            "expected const double[:, :], got const double[:] with shape (3,), strides (8,) from exporter: \
             ndim 1 is not 2"
        );
        assert_eq!(
            refusal::<f64, F<2>>(Access::Read, "d", (&[4, 3], &[24, 8], false)),
            "expected const double[::1, :], got double[:, :] with shape (4, 3), strides (24, 8) from exporter: \
             C order; take const double[:, ::1] or pass a Fortran-contiguous copy"
        );
        assert_eq!(
            refusal::<f64, C<1>>(Access::Read, "d", (&[4], &[16], false)),
            "expected const double[::1], got double[:] with shape (4,), strides (16,) from exporter: \
             not C-contiguous; take const double[:] or pass a C-contiguous copy"
        );
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn a_foreign_byte_order_has_its_sentence() {
        assert_eq!(
            refusal::<f64, Strided<1>>(Access::Read, ">d", (&[3], &[8], false)),
            "expected const double[:], got big-endian double[:] with shape (3,), strides (8,) from exporter: \
             foreign byte order; pass a copy in native byte order"
        );
    }
}
