//! Broadcasting: the layout that repeats axes of length 1, and axes missing in front, by giving them stride 0.

use super::sealed::Token;
use super::{Direct, Shape, size_of_shape};
use crate::error::{Error, LayoutError};

/// Returns the layout of the same elements repeated to `shape`.
///
/// The rule is NumPy's: the two shapes are compared from the last axis backwards.
pub(crate) fn broadcast<L: Direct, S: Shape>(
    layout: &L,
    shape: S,
    itemsize: usize,
) -> Result<S::Strided, Error> {
    let wanted = shape.as_ref();
    let refuse = || LayoutError::NotBroadcast { from: layout.shape().into(), to: wanted.into() };
    let mut strides = shape.strides(0)?;
    let missing = wanted.len().checked_sub(layout.ndim()).ok_or_else(refuse)?;
    size_of_shape(wanted, itemsize)?;
    for (axis, &extent) in layout.shape().iter().enumerate() {
        let target = axis.wrapping_add(missing);
        if extent == wanted[target] {
            strides.as_mut()[target] = layout.stride(axis, itemsize);
        } else if extent != 1 {
            return Err(refuse().into());
        }
    }
    // Every offset of the result is an offset of the source, so it fits (L2).
    Ok(shape.strided(Token(()), strides))
}
