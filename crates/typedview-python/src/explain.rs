//! `explain`: what memory an object has, in words, and whether a spec would accept it.

use pyo3::prelude::*;
use std::fmt::Write;
use typedview::{Order, Spec, Tuple};
use typedview_pyo3::{OrRaise, ViewObject};

/// What memory an object exports, in words: its elements, shape, strides, order and owner. With a spec, also whether the spec accepts it,
/// and if not, why.
///
/// TypeError if the object exports no memory, ValueError if the spec cannot be read.
///
/// >>> import array
/// >>> from typedview import explain
/// >>> print(explain(array.array("f", [1, 2]), "double[:]"))
/// element   float (4 bytes, format 'f')
/// shape     (2,): 2 elements, 8 bytes
/// strides   (4,) bytes
/// order     contiguous in C order and in Fortran order
/// access    read and write
/// owner     array.array
/// spec      double[:] is refused: expected double[:], got float[:] with shape (2,), strides (4,) from array.array: float is not double
#[pyfunction]
#[pyo3(signature = (object, spec=None))]
pub(crate) fn explain(object: &Bound<'_, PyAny>, spec: Option<&str>) -> PyResult<String> {
    let py = object.py();
    let spec = spec.map(Spec::parse).transpose().or_raise()?;
    let view = py.get_type::<ViewObject>().call1((object,))?.cast_into::<ViewObject>()?;
    let (elements, readonly) = (view.get().elements(), view.get().is_readonly());
    let name =
        |object: &Bound<'_, PyAny>| object.get_type().fully_qualified_name().map(|name| name.to_string());
    let owner = match view.getattr("obj")? {
        owner if owner.is_none() => "not named".to_owned(),
        owner => name(&owner)?,
    };
    let order = match [Order::C, Order::F].map(|order| elements.is_contiguous(order)) {
        [true, true] => "contiguous in C order and in Fortran order",
        [true, false] => "contiguous in C order",
        [false, true] => "contiguous in Fortran order",
        [false, false] if !elements.suboffsets().is_empty() => "rows behind pointers",
        [false, false] if elements.is_contiguous(Order::Pitched) => {
            "rows without gaps, with a distance between them"
        }
        [false, false] => "strided, not contiguous",
    };
    let format = view.getattr("format")?;
    let mut text = String::new();
    let mut line = |name: &str, fact: &dyn std::fmt::Display| _ = writeln!(text, "{name:<9} {fact}");
    let (itemsize, size, nbytes) = (elements.itemsize(), elements.size(), elements.nbytes());
    let bytes = |count: usize| if count == 1 { "byte" } else { "bytes" };
    let count = if size == 1 { "element" } else { "elements" };
    line(
        "element",
        &format_args!("{} ({itemsize} {}, format {})", elements.format(), bytes(itemsize), format.repr()?),
    );
    line("shape", &format_args!("{}: {size} {count}, {nbytes} {}", Tuple(elements.shape()), bytes(nbytes)));
    line("strides", &format_args!("{} bytes", Tuple(elements.strides())));
    if !elements.suboffsets().is_empty() {
        line("pointers", &format_args!("suboffsets {}", Tuple(elements.suboffsets())));
    }
    line("order", &order);
    line("access", &if readonly { "read only" } else { "read and write" });
    line("owner", &owner);
    if let Some(spec) = spec {
        match spec.check(&elements.found(readonly), &name(object)?) {
            Ok(()) => line("spec", &format_args!("{spec} is accepted")),
            Err(mismatch) => line("spec", &format_args!("{spec} is refused: {mismatch}")),
        }
    }
    text.truncate(text.trim_end().len());
    Ok(text)
}
