//! Inspection: the types that a generated stub gives arguments and results.
//! Apart because it is the same for all of them: memory that speaks the buffer protocol.

use pyo3::FromPyObject;
use pyo3::buffer::PyBuffer;
use pyo3::inspect::PyStaticExpr;

/// `collections.abc.Buffer`, and that of `typing_extensions` where Python may be older than 3.12.
///
/// What PyO3 says of its own buffers. Element, order and ndim are not in it: there is no type that would tell them. A
/// result says the same, since its class belongs to no module that could be imported.
pub(crate) const BUFFER: PyStaticExpr = <PyBuffer<u8> as FromPyObject<'_, '_>>::INPUT_TYPE;
