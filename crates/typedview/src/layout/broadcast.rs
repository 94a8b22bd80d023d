//! Broadcasting: an axis of length 1, or one that is missing in front, repeated with stride 0.

use super::{Layout, Strided, size_of_shape};
use crate::error::{Error, LayoutError};

/// The layout of the same elements repeated to `shape`.
///
/// The rule is NumPy's: shapes are held against each other from the last axis on.
pub(crate) fn broadcast<L: Layout, const M: usize>(
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
    // L2: the offsets are those of the source.
    Ok(Strided::from_arrays(shape, strides))
}
