//! Inspection: the type that generated stubs give to arguments and results.
//! It has its own file because all arguments and results have the same type: an object that supports the buffer
//! protocol.

use pyo3::FromPyObject;
use pyo3::buffer::PyBuffer;
use pyo3::inspect::PyStaticExpr;

/// `collections.abc.Buffer`, or the `Buffer` of `typing_extensions` where Python may be older than 3.12.
///
/// PyO3 gives the same type to its own buffers. The type does not contain element, order and ndim, because no Python
/// type expresses them. Results have this type, too, because their class belongs to no module from which it could be
/// imported.
pub(crate) const BUFFER: PyStaticExpr = <PyBuffer<u8> as FromPyObject<'_, '_>>::INPUT_TYPE;
