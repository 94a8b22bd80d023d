//! Roots: the array at the end of the chain of bases, which stands for every view of its memory.
//! rust-numpy compares those arrays alone whose chains have the same end, and views of a root lie within it.

use super::found::Found;
use pyo3::intern;
use pyo3::prelude::*;

impl Found {
    /// The last array of the chain of bases of `array`.
    pub(super) fn root<'py>(&self, array: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = array.py();
        let mut root = array.clone();
        loop {
            let base = if root.get_type().is(&self.array) {
                root.getattr(intern!(py, "base"))?
            } else {
                self.base.bind(py).call_method1(intern!(py, "__get__"), (&root,))?
            };
            if !self.is_array(&base) {
                return Ok(root);
            }
            root = base;
        }
    }

    /// The bytes of `root`, as an array that nobody else has.
    ///
    /// What rust-numpy looks at to release it must be what it has looked at to acquire it, whatever Python does with the
    /// shape of `root` meanwhile. Bytes, because rust-numpy takes elements for points as far apart as the strides: of the
    /// imaginary parts of an array, and of a field of its records, it would not see that they are inside.
    pub(super) fn private_bytes<'py>(&self, root: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (py, view) = (root.py(), self.view.bind(root.py()));
        let array = view.call1((root, &self.array))?;
        let elements = array.get_item((py.Ellipsis(), py.None()))?;
        // Memory with objects in it has no bytes for NumPy.
        view.call1((elements, &self.byte)).or(Ok(array))
    }
}
