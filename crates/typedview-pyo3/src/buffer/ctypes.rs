//! The types of ctypes: where their fields are, which the formats of ctypes do not say of all of them.

use crate::acquire::AcquireError;
use crate::attached::attached;
use crate::loaded::loaded;
use pyo3::exceptions::PyException;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyModule, PyTuple, PyType};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use typedview::{Dtype, Element, ErrorKind, Field, Format, Kind, MAX_DEPTH, MAX_NDIM};

/// Types of ctypes while one is read.
struct Ctypes<'py> {
    /// The module that has the base classes of all of them.
    module: Bound<'py, PyModule>,
    /// What has been read already, by the address of its type: types of types may be few, and the ways to them many.
    seen: RefCell<HashMap<usize, Format>>,
}

/// A type whose objects have been seen; its fields are where they are from then on.
struct Seen {
    kind: Py<PyType>,
    format: Format,
}

/// How many types are kept; a new one takes the place of the oldest.
const PLACES: usize = 32;

attached!(static TYPES: RefCell<VecDeque<Seen>> = const { RefCell::new(VecDeque::new()) });

/// The elements of an object of ctypes, which calls them `text` and says that each has `itemsize` bytes, or `None` where it
/// is none.
pub(super) fn format(
    object: &Bound<'_, PyAny>,
    text: &[u8],
    itemsize: usize,
) -> Result<Option<Format>, AcquireError> {
    let (py, kind) = (object.py(), object.get_type());
    let known = |seen: &Seen| (seen.kind.is(&kind)).then(|| seen.format.clone());
    let known = TYPES.with(py, |types| types.borrow().iter().find_map(known));
    let format = match known {
        Some(format) => Some(format),
        None => format_of_type(&kind).map_err(unreadable(py))?.inspect(|format| know(&kind, format)),
    };
    let Some(format) = format.filter(|format| format.itemsize() == itemsize) else { return Ok(None) };
    // The list of fields is the user's own, and may have changed since ctypes read it.
    match Format::parse(text) {
        Ok(said) if !may_be_called(&format, &said) => {
            Err(refused(format!("its type lists {format}, but its format says {said}")))
        }
        _ => Ok(Some(format)),
    }
}

/// What a type raises that does not tell its fields, in our words; what is no error of the type is left as it is.
fn unreadable(py: Python<'_>) -> impl FnOnce(AcquireError) -> AcquireError {
    move |refusal| match refusal {
        AcquireError::Raised(exception) if exception.is_instance_of::<PyException>(py) => {
            refused(format!("its type does not tell its fields: {exception}"))
        }
        refusal => refusal,
    }
}

/// Whether ctypes may call elements `said`: without the fields of a base class, and a byte where it has no code.
fn may_be_called(format: &Format, said: &Format) -> bool {
    if let (Some(fields), Some(said)) = (format.fields(), said.fields()) {
        let pairs = fields.iter().rev().zip(said.iter().rev());
        return fields.len() >= said.len()
            && pairs.into_iter().all(|(field, said)| {
                field.name() == said.name() && may_be_called(field.format(), said.format())
            });
    }
    if let (Some((shape, item)), Some((said_shape, said))) = (format.subarray(), said.subarray()) {
        return shape == said_shape && may_be_called(item, said);
    }
    match format.dtype().kind() {
        Kind::Record | Kind::Void => said.as_scalar() == u8::format().as_scalar(),
        // A `wchar_t` has 2 bytes to PEP 3118.
        Kind::Text => said.dtype().kind() == Kind::Text,
        _ => format == said,
    }
}

fn know(kind: &Bound<'_, PyType>, format: &Format) {
    let seen = Seen { kind: kind.clone().unbind(), format: format.clone() };
    let replaced = TYPES.with(kind.py(), |types| {
        let mut types = types.borrow_mut();
        types.push_front(seen);
        if types.len() > PLACES { types.pop_back() } else { None }
    });
    // Out here, since it may run code of others.
    drop(replaced);
}

/// The items of a type of ctypes, whose own axes are those of the view, or `None` of another type.
fn format_of_type(kind: &Bound<'_, PyType>) -> Result<Option<Format>, AcquireError> {
    let Some(Ok(module)) = loaded(kind.py(), "_ctypes")?.map(Bound::cast_into::<PyModule>) else {
        return Ok(None);
    };
    let (ctypes, mut kind) = (Ctypes { module, seen: RefCell::default() }, kind.clone());
    for _ in 0..=MAX_NDIM {
        if !ctypes.is(&kind, "Array")? {
            return ctypes.is_any(&kind)?.then(|| ctypes.format(&kind, MAX_DEPTH)).transpose();
        }
        kind = ctypes.item(&kind)?;
    }
    Ok(None)
}

impl<'py> Ctypes<'py> {
    fn is(&self, kind: &Bound<'py, PyType>, base: &str) -> PyResult<bool> {
        kind.is_subclass(&self.module.getattr(base)?)
    }

    fn is_any(&self, kind: &Bound<'py, PyType>) -> PyResult<bool> {
        let bases = ["Structure", "Union", "_SimpleCData", "_Pointer", "CFuncPtr"];
        bases.into_iter().try_fold(false, |any, base| Ok(any || self.is(kind, base)?))
    }

    fn size(&self, kind: &Bound<'py, PyType>) -> PyResult<usize> {
        self.module.call_method1("sizeof", (kind,))?.extract()
    }

    /// The type of the items of an array.
    fn item(&self, array: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyType>> {
        Ok(array.getattr("_type_")?.cast_into()?)
    }

    fn format(&self, kind: &Bound<'py, PyType>, depth: usize) -> Result<Format, AcquireError> {
        if let Some(seen) = self.seen.borrow().get(&kind.as_ptr().addr()) {
            return Ok(seen.clone());
        }
        let format = self.read(kind, depth)?;
        self.seen.borrow_mut().insert(kind.as_ptr().addr(), format.clone());
        Ok(format)
    }

    fn read(&self, kind: &Bound<'py, PyType>, depth: usize) -> Result<Format, AcquireError> {
        let size = self.size(kind)?;
        let Some(depth) = depth.checked_sub(1) else {
            return Err(refused(format!("its type is more than {MAX_DEPTH} levels deep")));
        };
        if self.is(kind, "Structure")? {
            return self.record(kind, size, depth);
        }
        if self.is(kind, "Array")? {
            let length = kind.getattr("_length_")?.extract()?;
            return Ok(Format::array(&[length], self.format(&self.item(kind)?, depth)?)?);
        }
        if self.is(kind, "_SimpleCData")? {
            return number(kind, size);
        }
        // Which field of a union is there, nobody knows.
        let kind = if self.is(kind, "Union")? { Kind::Void } else { Kind::Pointer };
        Ok(Dtype::new(kind, size).into())
    }

    fn record(&self, kind: &Bound<'py, PyType>, size: usize, depth: usize) -> Result<Format, AcquireError> {
        let (mut fields, mut bases) = (Vec::new(), vec![kind.clone()]);
        while let Some(base) = base_of(&bases[bases.len() - 1])
            && self.is(&base, "Structure")?
        {
            bases.push(base);
        }
        // The fields of a base class come first.
        for base in bases.iter().rev() {
            let own = base.getattr("__dict__")?;
            let Ok(listed) = own.get_item("_fields_") else { continue };
            for field in listed.try_iter()? {
                let field = field?.cast_into::<PyTuple>().map_err(PyErr::from)?;
                let name = field.get_item(0)?.extract::<String>()?;
                if field.len() > 2 {
                    return Err(refused(format!("field {name} has bits, not bytes")));
                }
                let offset = own.get_item(&name)?.getattr("offset")?.extract()?;
                let kind = field.get_item(1)?.cast_into::<PyType>().map_err(PyErr::from)?;
                fields.push(Field::new(Some(&name), offset, self.format(&kind, depth)?));
            }
        }
        Ok(Format::record(fields, size)?)
    }
}

/// The class that a class derives from first.
fn base_of<'py>(kind: &Bound<'py, PyType>) -> Option<Bound<'py, PyType>> {
    // SAFETY: the type is alive, and every type has this slot: null, or a type that it keeps alive.
    let base = unsafe { ffi::PyType_GetSlot(kind.as_type_ptr(), ffi::Py_tp_base) };
    // SAFETY: as above.
    let base = unsafe { Bound::from_borrowed_ptr_or_opt(kind.py(), base.cast()) };
    base.and_then(|base| base.cast_into().ok())
}

/// A type with a code of its own: that of `struct`, but for pointers to text and code.
fn number(kind: &Bound<'_, PyType>, size: usize) -> Result<Format, AcquireError> {
    let code = kind.getattr("_type_")?.extract::<String>()?;
    let (native, swapped) = if cfg!(target_endian = "little") {
        ("__ctype_le__", (">", "__ctype_be__"))
    } else {
        ("__ctype_be__", ("<", "__ctype_le__"))
    };
    let is_that_of = |order| kind.getattr_opt(order).map(|order| order.is_some_and(|order| order.is(kind)));
    let mark = if is_that_of(swapped.1)? && !is_that_of(native)? { swapped.0 } else { "" };
    let code = match (code.as_str(), size) {
        ("z" | "Z" | "P" | "X", _) => return Ok(Dtype::new(Kind::Pointer, size).into()),
        // Windows' `VARIANT_BOOL`.
        ("v", _) => "h",
        // A mark asks for the size of the standard, which C's long need not have.
        ("l", 8) => "q",
        ("L", 8) => "Q",
        (code, _) => code,
    };
    Ok(Format::parse_sized(format!("{mark}{code}").as_bytes(), size)?)
}

fn refused(reason: String) -> AcquireError {
    AcquireError::Told { kind: ErrorKind::Format, reason }
}
