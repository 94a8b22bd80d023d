//! The types of ctypes: reads the positions of fields from a ctypes type.
//! The format texts of ctypes do not give these positions for all types.

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

/// The state that is kept while one ctypes type is read.
struct Ctypes<'py> {
    /// The module that defines the base classes of all ctypes types.
    module: Bound<'py, PyModule>,
    /// The formats of the types that have been read already, by the address of the type. A few types
    /// may contain each other along many paths, and without this map a type would be read once for each path.
    seen: RefCell<HashMap<usize, Format>>,
}

/// A type whose objects have arrived before. Its fields no longer move after that, so its format can be cached.
struct Seen {
    kind: Py<PyType>,
    format: Format,
}

/// The number of cached types; a new type replaces the oldest one.
const PLACES: usize = 32;

attached!(static TYPES: RefCell<VecDeque<Seen>> = const { RefCell::new(VecDeque::new()) });

/// Returns the format of the elements of a ctypes object, or `None` when `object` is not a ctypes object or its
/// elements do not have `itemsize` bytes. `text` is the format text that ctypes gives for the elements.
///
/// # Errors
///
/// Fails when the type does not tell its fields, or when its fields contradict `text`.
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
    // The list `_fields_` belongs to the user, and may have changed since ctypes read it.
    match Format::parse(text) {
        Ok(said) if !may_be_called(&format, &said) => {
            Err(refused(format!("its type lists {format}, but its format says {said}")))
        }
        _ => Ok(Some(format)),
    }
}

/// Returns a function that turns an `Exception` raised by a type into an error text about the type. Other exceptions,
/// such as `KeyboardInterrupt`, and other errors are passed on unchanged.
fn unreadable(py: Python<'_>) -> impl FnOnce(AcquireError) -> AcquireError {
    move |refusal| match refusal {
        AcquireError::Raised(exception) if exception.is_instance_of::<PyException>(py) => {
            refused(format!("its type does not tell its fields: {exception}"))
        }
        refusal => refusal,
    }
}

/// Returns whether ctypes may describe elements of `format` by `said`. The text of ctypes leaves out the fields of base
/// classes, and gives a byte where ctypes has no type code.
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
        // PEP 3118 gives a `wchar_t` 2 bytes, so the sizes may differ.
        Kind::Text => said.dtype().kind() == Kind::Text,
        _ => format == said,
    }
}

/// Adds a type and its format to the cache.
fn know(kind: &Bound<'_, PyType>, format: &Format) {
    let seen = Seen { kind: kind.clone().unbind(), format: format.clone() };
    let replaced = TYPES.with(kind.py(), |types| {
        let mut types = types.borrow_mut();
        types.push_front(seen);
        if types.len() > PLACES { types.pop_back() } else { None }
    });
    // The replaced entry is dropped outside the borrow of the cache, because dropping a type may run arbitrary Python
    // code.
    drop(replaced);
}

/// Returns the format of the items of a ctypes type, or `None` for a type that is not of ctypes. For an array type
/// these are the innermost items, because the axes of the array become the axes of the view.
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
    /// Returns whether `kind` is a subclass of the ctypes class named `base`.
    fn is(&self, kind: &Bound<'py, PyType>, base: &str) -> PyResult<bool> {
        kind.is_subclass(&self.module.getattr(base)?)
    }

    /// Returns whether `kind` is a ctypes type other than an array.
    fn is_any(&self, kind: &Bound<'py, PyType>) -> PyResult<bool> {
        let bases = ["Structure", "Union", "_SimpleCData", "_Pointer", "CFuncPtr"];
        bases.into_iter().try_fold(false, |any, base| Ok(any || self.is(kind, base)?))
    }

    /// Returns the number of bytes of an object of this type.
    fn size(&self, kind: &Bound<'py, PyType>) -> PyResult<usize> {
        self.module.call_method1("sizeof", (kind,))?.extract()
    }

    /// Returns the type of the items of an array type.
    fn item(&self, array: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyType>> {
        Ok(array.getattr("_type_")?.cast_into()?)
    }

    /// Returns the format of a type, from the cache of this read when the type has been read already.
    fn format(&self, kind: &Bound<'py, PyType>, depth: usize) -> Result<Format, AcquireError> {
        if let Some(seen) = self.seen.borrow().get(&kind.as_ptr().addr()) {
            return Ok(seen.clone());
        }
        let format = self.read(kind, depth)?;
        self.seen.borrow_mut().insert(kind.as_ptr().addr(), format.clone());
        Ok(format)
    }

    /// Reads the format of a type. `depth` is the number of levels that may still be nested.
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
        // Nothing tells which field of a union is in use, so a union becomes bytes without a meaning.
        let kind = if self.is(kind, "Union")? { Kind::Void } else { Kind::Pointer };
        Ok(Dtype::new(kind, size).into())
    }

    /// Reads the fields of a structure and of its base classes.
    fn record(&self, kind: &Bound<'py, PyType>, size: usize, depth: usize) -> Result<Format, AcquireError> {
        let (mut fields, mut bases) = (Vec::new(), vec![kind.clone()]);
        while let Some(base) = base_of(&bases[bases.len() - 1])
            && self.is(&base, "Structure")?
        {
            bases.push(base);
        }
        // The fields of a base class come before those of the derived class.
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

/// Returns the base class in the slot `tp_base` of a class, which is `__base__` in Python.
fn base_of<'py>(kind: &Bound<'py, PyType>) -> Option<Bound<'py, PyType>> {
    // SAFETY: the type is alive, and every type has this slot, which holds null or a type.
    let base = unsafe { ffi::PyType_GetSlot(kind.as_type_ptr(), ffi::Py_tp_base) };
    // SAFETY: the slot holds null or a type that `kind` keeps alive, so a reference can be borrowed from it.
    let base = unsafe { Bound::from_borrowed_ptr_or_opt(kind.py(), base.cast()) };
    base.and_then(|base| base.cast_into().ok())
}

/// Returns the format of a simple ctypes type from its type code. The code is that of the `struct` module, except for
/// the types that are pointers, such as pointers to text.
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
        // `v` is `VARIANT_BOOL` on Windows.
        ("v", _) => "h",
        // With a byte order mark, a code has its standard size, and C's `long` may have another size. These codes have
        // 8 bytes.
        ("l", 8) => "q",
        ("L", 8) => "Q",
        (code, _) => code,
    };
    Ok(Format::parse_sized(format!("{mark}{code}").as_bytes(), size)?)
}

fn refused(reason: String) -> AcquireError {
    AcquireError::Told { kind: ErrorKind::Format, reason }
}
