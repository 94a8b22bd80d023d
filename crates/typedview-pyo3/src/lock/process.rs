//! The table of the process: the one that all extensions share, whoever built them and in whichever interpreter they run.
//!
//! The first extension that needs it publishes a [`Table`] in a capsule, in the dictionary that the main interpreter has for
//! extensions; the others find it there. An extension that is used in a subinterpreter goes to the main one for it.

use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use std::ffi::CStr;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use typedview_claims::Table;

/// The name of the capsule, and its key in the dictionary.
const NAME: &CStr = c"typedview.claims";

/// The table, once it has been found.
static FOUND: AtomicPtr<Table> = AtomicPtr::new(ptr::null_mut());

/// The table that all extensions of this process share.
#[inline]
pub(super) fn table(py: Python<'_>) -> PyResult<&'static Table> {
    // SAFETY: null, or a table that has been published whole and lives as long as the process (K4).
    match unsafe { FOUND.load(Ordering::Acquire).as_ref() } {
        Some(table) => Ok(table),
        None => find_or_publish(py),
    }
}

/// The same, for those who have had it.
///
/// # Safety
///
/// [`table`] has given it before.
#[inline(always)]
pub(super) unsafe fn known_table() -> &'static Table {
    // SAFETY: the caller has had it, and it lives as long as the process (K4).
    unsafe { &*FOUND.load(Ordering::Acquire) }
}

#[cold]
fn find_or_publish(py: Python<'_>) -> PyResult<&'static Table> {
    // SAFETY: this thread is attached.
    let interpreter = unsafe { ffi::PyInterpreterState_Get() };
    // SAFETY: the interpreter is alive.
    let is_main = unsafe { ffi::PyInterpreterState_GetID(interpreter) } == 0;
    let (found, is_own) = if is_main { find_or_publish_here(py)? } else { in_main_interpreter(py)? };
    if found.version() == 0 {
        return Err(PyImportError::new_err("typedview: the table of claims of this process has no version"));
    }
    FOUND.store(ptr::from_ref(found).cast_mut(), Ordering::Release);
    #[cfg(unix)]
    if is_own {
        super::fork::watch(found);
    }
    Ok(found)
}

/// The table that this interpreter has, and whether it has just been made.
fn find_or_publish_here(py: Python<'_>) -> PyResult<(&'static Table, bool)> {
    let own = Table::leak(cfg!(Py_GIL_DISABLED));
    // SAFETY: the table lives as long as the process.
    let capsule = unsafe { PyCapsule::new_with_pointer(py, ptr::NonNull::from(own).cast(), NAME) }?;
    // One step, so that of two extensions at once only one publishes. The other table is for nothing.
    let shared = interpreter_dictionary(py)?.call_method1("setdefault", (NAME, capsule))?;
    let found = shared.cast_into::<PyCapsule>()?.pointer_checked(Some(NAME))?.cast::<Table>();
    // SAFETY: whatever has this name is a table that lives as long as the process (K4).
    let found = unsafe { found.as_ref() };
    Ok((found, ptr::eq(found, own)))
}

/// As [`find_or_publish_here`], in the main interpreter.
fn in_main_interpreter(py: Python<'_>) -> PyResult<(&'static Table, bool)> {
    let main = main_interpreter(py)?;
    // SAFETY: the main interpreter lives until the end.
    let state = unsafe { ffi::PyThreadState_New(main) };
    // SAFETY: this thread is attached, and the new state is its own.
    let here = unsafe { ffi::PyThreadState_Swap(state) };
    // What is made there stays there, the exception too.
    let found = find_or_publish_here(py).map_err(|exception| exception.to_string());
    // SAFETY: the state is that of this thread, which is attached by it.
    unsafe { ffi::PyThreadState_Clear(state) };
    // SAFETY: this thread was attached by the state that it had before.
    unsafe { ffi::PyThreadState_Swap(here) };
    // SAFETY: nobody has the state any more.
    unsafe { ffi::PyThreadState_Delete(state) };
    found.map_err(PyImportError::new_err)
}

/// The main interpreter.
// `PyInterpreterState_Main` is in every CPython, but not in the stable ABI that an extension may be linked to.
fn main_interpreter(py: Python<'_>) -> PyResult<*mut ffi::PyInterpreterState> {
    let ctypes = py.import("ctypes")?;
    let function = ctypes.getattr("pythonapi")?.getattr("PyInterpreterState_Main")?;
    let address = ctypes.call_method1("cast", (function, ctypes.getattr("c_void_p")?))?;
    let address = ptr::with_exposed_provenance::<()>(address.getattr("value")?.extract()?);
    type Main = unsafe extern "C" fn() -> *mut ffi::PyInterpreterState;
    // SAFETY: CPython's own header declares the function so.
    let function = unsafe { std::mem::transmute::<*const (), Main>(address) };
    // SAFETY: it may always be called.
    Ok(unsafe { function() })
}

/// The dictionary that this interpreter has for its extensions.
pub(crate) fn interpreter_dictionary(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    // SAFETY: this thread is attached.
    let interpreter = unsafe { ffi::PyInterpreterState_Get() };
    // SAFETY: the interpreter is alive; it gives a borrowed reference, or null.
    let dictionary = unsafe { ffi::PyInterpreterState_GetDict(interpreter) };
    // SAFETY: a borrowed reference, or null.
    let dictionary = unsafe { Bound::from_borrowed_ptr_or_opt(py, dictionary) }
        .ok_or_else(|| PyImportError::new_err("the interpreter has no dictionary for extensions"))?;
    Ok(dictionary.cast_into::<PyDict>()?)
}
