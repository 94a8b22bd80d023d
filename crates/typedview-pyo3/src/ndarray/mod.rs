//! NumPy's own struct: an exact `numpy.ndarray` is read directly, without a request for a buffer.
//!
//! `fields` defines the struct, which NumPy has kept since version 1. `array_type` recognises arrays without importing NumPy.
//! `fast_path` reads arrays of numbers, and of records whose dtype is in `dtype_cache`. `references` finds out whether an
//! array owns the Python objects in its memory, and `base` finds the object that owns the memory of an array. Other elements
//! are described by the buffer protocol, and dates by `__array_interface__`. In free-threaded interpreters no array is read
//! directly, because another thread may change the shape of an array while this one reads it; `disabled` has the functions
//! for them.

mod array_type;
mod base;
#[cfg(Py_GIL_DISABLED)]
mod disabled;
#[cfg(not(Py_GIL_DISABLED))]
mod dtype_cache;
#[cfg(not(Py_GIL_DISABLED))]
mod fast_path;
#[cfg_attr(Py_GIL_DISABLED, expect(dead_code, reason = "only the size of the struct is needed"))]
mod fields;
#[cfg(not(Py_GIL_DISABLED))]
mod references;
#[cfg(feature = "rust-numpy-locks")]
mod stand_in;

#[cfg(feature = "rust-numpy-locks")]
pub(crate) use array_type::is_a;
pub(crate) use array_type::is_instance;
pub(crate) use base::owner_of_memory;
#[cfg(Py_GIL_DISABLED)]
pub(crate) use disabled::{
    element_key, exact_base, fast_path, is_known_dtype, is_remembered, remember, remember_dtype,
    to_description,
};
#[cfg(not(Py_GIL_DISABLED))]
pub(crate) use fast_path::{
    element_key, fast_path, is_known_dtype, is_remembered, remember, remember_dtype, to_description,
};
pub(crate) use fields::WRITEABLE;
#[cfg(not(Py_GIL_DISABLED))]
pub(crate) use references::{exact_base, owns_references};
#[cfg(feature = "rust-numpy-locks")]
pub(crate) use stand_in::{Bytes, Root, StandIn};
