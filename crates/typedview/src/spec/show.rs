//! Showing specs: writes the one canonical text of a spec, which can be parsed again.
//! It is apart from parsing because messages, `repr` and documentation show specs that no user has written.

use super::axis::{Axis, AxisAccess, Packing, block};
use super::{Access, Spec, WantedElement};
use core::fmt;

/// Writes the canonical text, with the names of [`Dtype`](crate::Dtype), and with `::1` wherever that can be used.
impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.access == Access::Read {
            f.write_str("const ")?;
        }
        write_list(f, &self.elements, " | ")?;
        f.write_str("[")?;
        match self.axes() {
            Some(axes) => write_axes(f, axes)?,
            None => f.write_str("...")?,
        }
        f.write_str("]")
    }
}

impl fmt::Display for WantedElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(format) => format.fmt(f),
            Self::Record(name, _) => f.write_str(name),
        }
    }
}

/// Writes the items, separated by `between`.
pub(super) fn write_list<X: fmt::Display>(
    f: &mut impl fmt::Write,
    items: &[X],
    between: &str,
) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if i > 0 { between } else { "" })?;
    }
    Ok(())
}

/// Writes the axes as the text between the brackets.
pub(super) fn write_axes(f: &mut fmt::Formatter<'_>, axes: &[Axis]) -> fmt::Result {
    let in_block = block(axes).is_some();
    for (i, axis) in axes.iter().enumerate() {
        f.write_str(if i > 0 { ", " } else { "" })?;
        if let Some(extent) = axis.extent {
            write!(f, "{extent}")?;
        }
        f.write_str(match (axis.access, axis.packing) {
            (AxisAccess::Direct, Packing::Contiguous) if in_block => "::1",
            (AxisAccess::Direct, Packing::Contiguous) => "::contiguous",
            (AxisAccess::Direct, _) if axis.extent.is_some() => "",
            (AxisAccess::Direct, _) => ":",
            (AxisAccess::Indirect, Packing::Contiguous) => "::indirect_contiguous",
            (AxisAccess::Indirect, _) => "::indirect",
            (AxisAccess::Generic, _) => "::generic",
        })?;
    }
    Ok(())
}
