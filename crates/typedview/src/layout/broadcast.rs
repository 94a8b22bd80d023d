//! Broadcasting: the layout that repeats axes of length 1, and axes missing in front, by giving them stride 0.

use super::{Direct, Strided, size_of_shape};
use crate::error::{Error, LayoutError};

/// Returns the layout of the same elements repeated to `shape`.
///
/// The rule is NumPy's: the two shapes are compared from the last axis backwards.
pub(crate) fn broadcast<L: Direct, const M: usize>(
    layout: &L,
    shape: [usize; M],
    itemsize: usize,
) -> Result<Strided<M>, Error> {
    let refuse = || LayoutError::NotBroadcast { from: layout.shape().into(), to: shape.into() };
    let missing = M.checked_sub(layout.ndim()).ok_or_else(refuse)?;
    size_of_shape(&shape, itemsize)?;
    let mut strides = [0; M];
    for (axis, &extent) in layout.shape().iter().enumerate() {
        let target = axis.wrapping_add(missing);
        if extent == shape[target] {
            strides[target] = layout.stride(axis, itemsize);
        } else if extent != 1 {
            return Err(refuse().into());
        }
    }
    // Every offset of the result is an offset of the source, so it fits (L2).
    Ok(Strided::from_arrays(shape, strides))
}
