//! Roots: finds the last array in the chain of bases. Arrays with one root share an entry in rust-numpy's table.
//! rust-numpy compares arrays by the last object of the chain, which need not be an array. So two roots over one foreign object
//! still conflict there.

use super::rust_numpy::RustNumpy;
use pyo3::intern;
use pyo3::prelude::*;

impl RustNumpy {
    /// Returns the last array in the chain of bases of `array`.
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

    /// Returns the bytes of `root` as an array to which no other code has a reference.
    ///
    /// When rust-numpy releases an array, it reads the shape, strides and dtype again, and they must be those that it
    /// read when it acquired the array. Python code may change the shape of `root` meanwhile, so a private array is
    /// used.
    ///
    /// The array has bytes as its elements, because rust-numpy treats elements as points whose distances are the
    /// strides. With the elements of `root` it would not see that the imaginary parts of an array, or a field of its
    /// records, are inside them.
    pub(super) fn private_bytes<'py>(&self, root: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (py, view) = (root.py(), self.view.bind(root.py()));
        let array = view.call1((root, &self.array))?;
        let elements = array.get_item((py.Ellipsis(), py.None()))?;
        // NumPy does not view memory with Python objects in it as bytes, so the array keeps its own elements in that
        // case.
        view.call1((elements, &self.byte)).or(Ok(array))
    }
}
