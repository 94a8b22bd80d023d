//! Checking a spec: finds the first difference between a spec and the memory that was found, and what to do about it.
//! The check runs only to explain an error, or when no Rust type corresponds to the spec. It builds no text unless
//! something differs.

use super::axis::{Axis, AxisAccess, Block, Packing, block, contiguous_axis, pack};
use super::show::write_list;
use super::{Access, Found, Spec, WantedElement};
use crate::element::Kind;
use crate::error::{Error, ErrorKind, Mismatch};
use crate::format::{ByteOrder, Format};
use crate::layout::{Order, is_contiguous};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The kind of the error, the reason, and the advice, if there is any.
type Difference = (ErrorKind, String, Option<String>);

impl Spec {
    /// Checks whether the memory that `exporter` offers meets this spec.
    ///
    /// The check goes through the element, ndim, access, lengths and axes, in this order. The strides of axes of length
    /// 1 do not matter. Without elements no strides and no pointers matter.
    ///
    /// # Errors
    ///
    /// Fails when the memory does not meet the spec. The error names the first difference and, where there is one, a
    /// way to resolve it.
    ///
    /// # Limitations
    ///
    /// A format does not contain the name of the record that it describes. So a spec that has only the name of a record
    /// rejects all records.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Format, Found, Spec};
    ///
    /// let spec = Spec::parse("const double[:, ::1]")?;
    /// let format = Format::parse(b"d")?;
    /// let found = Found { format: &format, shape: &[4, 3], strides: &[8, 32], suboffsets: &[], readonly: false };
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

    /// Returns whether the memory meets this spec, as [`check`](Self::check) says it.
    ///
    /// See [`Found`] for an example.
    #[must_use]
    pub fn accepts(&self, found: &Found<'_>) -> bool {
        self.difference(found).is_none()
    }

    fn difference(&self, found: &Found<'_>) -> Option<Difference> {
        let Found { format, shape, .. } = *found;
        if let Some((reason, advice)) = self.other_element(format) {
            return Some((ErrorKind::Dtype, reason, advice));
        }
        if let Some(axes) = self.axes().filter(|axes| axes.len() != shape.len()) {
            let reason = format!("ndim {} is not {}", shape.len(), axes.len());
            return Some((ErrorKind::Layout, reason, None));
        }
        if found.readonly && self.access == Access::Write {
            let wider = Self { access: Access::Read, ..self.clone() };
            let advice = format!("take {wider} or pass writable memory");
            return Some((ErrorKind::Readonly, "readonly".to_string(), Some(advice)));
        }
        let (reason, advice) = self.other_lengths(found).or_else(|| {
            // As in Cython, strides and pointers are not checked when there are no elements to reach.
            if shape.contains(&0) {
                return None;
            }
            self.other_pointers(found)
                .or_else(|| self.other_strides(found))
                .or_else(|| self.other_order(found))
        })?;
        Some((ErrorKind::Layout, reason, advice))
    }

    fn other_element(&self, found: &Format) -> Option<(String, Option<String>)> {
        let wanted = || self.elements.iter().filter_map(WantedElement::format);
        if wanted().any(|wanted| found.difference(wanted).is_none()) {
            return None;
        }
        if found.byte_order() == ByteOrder::Swapped
            && wanted().any(|wanted| is_same_except_byte_order(found, wanted))
        {
            let advice = "pass a copy in native byte order".to_string();
            return Some(("foreign byte order".to_string(), Some(advice)));
        }
        match &*self.elements {
            // Both are records, so the reason names the field that differs.
            [WantedElement::Record(_, Some(wanted))] if found.fields().is_some() => {
                Some((found.difference(wanted)?.to_string(), None))
            }
            elements => Some((not_among(&name_of(found), elements), None)),
        }
    }

    fn other_lengths(&self, found: &Found<'_>) -> Option<(String, Option<String>)> {
        let axes = self.axes()?.iter().zip(found.shape).enumerate();
        let mut wrong = axes.filter_map(|(i, (axis, length))| {
            let wanted = axis.extent.filter(|extent| extent != length)?;
            Some(format!("axis {i}: length {length} is not {wanted}"))
        });
        Some((wrong.next()?, None))
    }

    fn other_pointers(&self, found: &Found<'_>) -> Option<(String, Option<String>)> {
        let asked =
            |axis: usize| self.axes().and_then(|axes| axes.get(axis)).copied().unwrap_or(Axis::STRIDED);
        let differs = |axis: &usize| match asked(*axis).access {
            AxisAccess::Direct => found.holds_pointers(*axis),
            AxisAccess::Indirect => !found.holds_pointers(*axis),
            AxisAccess::Generic => false,
        };
        let axis = (0..found.shape.len()).find(differs)?;
        let no = if found.holds_pointers(axis) { "" } else { "no " };
        let mut axes = found.axes();
        axes.iter_mut().enumerate().for_each(|(i, axis)| axis.extent = asked(i).extent);
        let advice = format!("take {}{}", self.with_axes(axes), self.or_copy());
        Some((format!("axis {axis} holds {no}pointers"), Some(advice)))
    }

    /// Checks the contiguous axes outside a block. The axes of a block are checked by `other_order`.
    fn other_strides(&self, found: &Found<'_>) -> Option<(String, Option<String>)> {
        let axes = self.axes()?;
        let alone = block(axes).map_or(axes.len(), |block| block.first);
        let steps = axes[..alone].iter().zip(found.shape.iter().zip(found.strides)).enumerate();
        for (i, (axis, (&length, &stride))) in steps {
            let (unit, what) = match axis.access {
                AxisAccess::Direct => (found.format.itemsize(), "the itemsize"),
                AxisAccess::Indirect | AxisAccess::Generic => (size_of::<usize>(), "the size of a pointer"),
            };
            if axis.packing == Packing::Contiguous && length > 1 && stride != unit.cast_signed() {
                let mut axes = axes.to_vec();
                axes[i].packing = Packing::Strided;
                let advice = format!("take {}{}", self.with_axes(axes), self.or_copy());
                return Some((format!("axis {i}: stride {stride} is not {what}, {unit}"), Some(advice)));
            }
        }
        None
    }

    fn other_order(&self, found: &Found<'_>) -> Option<(String, Option<String>)> {
        let Block { first, order } = block(self.axes()?)?;
        let itemsize = found.format.itemsize();
        let (shape, strides) = (found.shape.get(first..)?, found.strides.get(first..)?);
        if is_contiguous(order, shape, strides, itemsize) {
            return None;
        }
        let other = if order == Order::C { Order::F } else { Order::C };
        let (reason, nearer) = if is_contiguous(other, shape, strides, itemsize) {
            (format!("{other} order"), other)
        } else if order == Order::C && strides.len() > 1 && strides.last() == Some(&itemsize.cast_signed()) {
            (format!("not {order}-contiguous"), Order::Pitched)
        } else {
            (format!("not {order}-contiguous"), Order::Strided)
        };
        let place = if first > 0 { format!(" from axis {first} on") } else { String::new() };
        let mut axes = self.axes()?.to_vec();
        pack(&mut axes[first..], nearer);
        let advice = format!("take {}{}", self.with_axes(axes), self.or_copy());
        Some((reason + &place, Some(advice)))
    }

    fn with_axes(&self, axes: Vec<Axis>) -> Self {
        Self { elements: self.elements.clone(), axes: Some(axes), access: self.access }
    }

    /// Returns the second half of an advice: the copy that would meet the spec, or nothing if there is no such copy.
    fn or_copy(&self) -> String {
        let axes = self.axes().unwrap_or_default();
        let order = match contiguous_axis(axes) {
            // A copy that is easy to make does not hold pointers.
            _ if axes.iter().any(|axis| axis.access == AxisAccess::Indirect) => return String::new(),
            Some(unit) if unit + 1 < axes.len() && unit > 0 => return String::new(),
            Some(0) if axes.len() > 1 => Order::F,
            _ => Order::C,
        };
        format!(" or pass a {order}-contiguous copy")
    }
}

/// Returns the name of the element.
///
/// The name of a scalar leaves out the byte order, because another byte order is reported as a difference of its own.
fn name_of(format: &Format) -> String {
    match format.dtype().kind() {
        Kind::Record | Kind::Array => format.to_string(),
        _ => format.dtype().to_string(),
    }
}

/// Returns whether two elements are the same, whatever their byte orders.
fn is_same_except_byte_order(found: &Format, wanted: &Format) -> bool {
    match (found.subarray(), wanted.subarray()) {
        (Some((shape, item)), Some((wanted_shape, wanted))) => {
            shape == wanted_shape && item.dtype() == wanted.dtype()
        }
        _ => found.dtype() == wanted.dtype(),
    }
}

/// Returns a reason such as `int32 is neither float nor double`.
fn not_among(found: &str, elements: &[WantedElement]) -> String {
    let listed = |elements: &[WantedElement]| {
        let mut list = String::new();
        // Writing to a `String` does not fail, so the result is ignored.
        let _ = write_list(&mut list, elements, ", ");
        list
    };
    match elements {
        [others @ .., last] if !others.is_empty() => {
            format!("{found} is neither {} nor {last}", listed(others))
        }
        one => format!("{found} is not {}", listed(one)),
    }
}
