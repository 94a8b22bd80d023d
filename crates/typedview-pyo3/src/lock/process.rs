//! The table of the process: the table of claims that all extensions share, no matter who built them and in which
//! interpreter they run.
//!
//! The first extension that needs the table publishes a [`Table`] in a capsule, in the dictionary that the main
//! interpreter keeps for extensions. The others find it there. An extension that is used in a subinterpreter switches
//! to the main interpreter to get the table.

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

/// Returns the table that all extensions of this process share.
#[inline]
pub(super) fn table(py: Python<'_>) -> PyResult<&'static Table> {
    // SAFETY: the pointer is null or points to a table that was complete when it was published and lives as long as the
    // process (K4).
    match unsafe { FOUND.load(Ordering::Acquire).as_ref() } {
        Some(table) => Ok(table),
        None => find_or_publish(py),
    }
}

/// Returns the same table as [`table`], to callers for which that has already found it.
///
/// # Safety
///
/// The caller must ensure that [`table`] has returned the table before.
#[inline(always)]
pub(super) unsafe fn known_table() -> &'static Table {
    // SAFETY: the caller guarantees that the table has been found, and it lives as long as the process (K4).
    unsafe { &*FOUND.load(Ordering::Acquire) }
}

/// Finds or publishes the table, and keeps it for later calls of [`table`].
#[cold]
fn find_or_publish(py: Python<'_>) -> PyResult<&'static Table> {
    // SAFETY: `py` proves that this thread is attached to an interpreter.
    let interpreter = unsafe { ffi::PyInterpreterState_Get() };
    // SAFETY: the interpreter is alive, because this thread is attached to it.
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
    // Without processes that fork, nobody needs to know.
    #[cfg(not(unix))]
    let _ = is_own;
    Ok(found)
}

/// Returns the table that this interpreter has, and whether this call has published it.
fn find_or_publish_here(py: Python<'_>) -> PyResult<(&'static Table, bool)> {
    let own = Table::leak(cfg!(Py_GIL_DISABLED));
    // SAFETY: a capsule with this name points to a table that lives as long as the process (K4).
    let found = unsafe { shared(py, NAME, own) }?;
    Ok((found, ptr::eq(found, own)))
}

/// Does the same as [`find_or_publish_here`] in the main interpreter.
fn in_main_interpreter(py: Python<'_>) -> PyResult<(&'static Table, bool)> {
    let main = main_interpreter(py)?;
    // SAFETY: the main interpreter is alive, because it outlives all other interpreters.
    let state = unsafe { ffi::PyThreadState_New(main) };
    // SAFETY: this thread is attached to an interpreter, and no other thread has the new thread state.
    let here = unsafe { ffi::PyThreadState_Swap(state) };
    // Objects of the main interpreter must stay there, and so must an exception. Only the text of the exception is
    // kept.
    let found = find_or_publish_here(py).map_err(|exception| exception.to_string());
    // SAFETY: `state` belongs to this thread, which is attached through it.
    unsafe { ffi::PyThreadState_Clear(state) };
    // SAFETY: `here` is the thread state through which this thread was attached before.
    unsafe { ffi::PyThreadState_Swap(here) };
    // SAFETY: `state` has been cleared and detached, and nobody else has it.
    unsafe { ffi::PyThreadState_Delete(state) };
    found.map_err(PyImportError::new_err)
}

/// Returns the main interpreter.
// `PyInterpreterState_Main` is in every CPython, but not in the stable ABI, for which an extension may be built. It is
// therefore looked up at run time.
fn main_interpreter(py: Python<'_>) -> PyResult<*mut ffi::PyInterpreterState> {
    let ctypes = py.import("ctypes")?;
    let function = ctypes.getattr("pythonapi")?.getattr("PyInterpreterState_Main")?;
    let address = ctypes.call_method1("cast", (function, ctypes.getattr("c_void_p")?))?;
    let address = ptr::with_exposed_provenance::<()>(address.getattr("value")?.extract()?);
    type Main = unsafe extern "C" fn() -> *mut ffi::PyInterpreterState;
    // SAFETY: the headers of CPython declare the function with this signature.
    let function = unsafe { std::mem::transmute::<*const (), Main>(address) };
    // SAFETY: `PyInterpreterState_Main` may be called at any time and has no arguments.
    Ok(unsafe { function() })
}

/// Returns what the extensions of this interpreter share under `name`: `own`, unless another extension was earlier.
///
/// # Safety
///
/// The caller must ensure that every extension that shares something under this name shares an `X` that lives as long as the process.
pub(crate) unsafe fn shared<X: Sync>(
    py: Python<'_>,
    name: &'static CStr,
    own: &'static X,
) -> PyResult<&'static X> {
    // SAFETY: `own` lives as long as the process, so the pointer in the capsule stays valid.
    let capsule = unsafe { PyCapsule::new_with_pointer(py, ptr::NonNull::from(own).cast(), name) }?;
    // `setdefault` is one step, so when two extensions do this at once, only one of them publishes what it has. The other one
    // is not used.
    let shared = interpreter_dictionary(py)?.call_method1("setdefault", (name, capsule))?;
    let found = shared.cast_into::<PyCapsule>()?.pointer_checked(Some(name))?.cast::<X>();
    // SAFETY: the caller guarantees that a capsule with this name points to an `X` that lives as long as the process.
    Ok(unsafe { found.as_ref() })
}

/// Returns the dictionary that this interpreter keeps for its extensions.
fn interpreter_dictionary(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    // SAFETY: `py` proves that this thread is attached to an interpreter.
    let interpreter = unsafe { ffi::PyInterpreterState_Get() };
    // SAFETY: the interpreter is alive, because this thread is attached to it.
    let dictionary = unsafe { ffi::PyInterpreterState_GetDict(interpreter) };
    // SAFETY: `PyInterpreterState_GetDict` returns a borrowed reference or null.
    let dictionary = unsafe { Bound::from_borrowed_ptr_or_opt(py, dictionary) }
        .ok_or_else(|| PyImportError::new_err("the interpreter has no dictionary for extensions"))?;
    Ok(dictionary.cast_into::<PyDict>()?)
}
