//! How many axes and levels there may be: one place, so that layouts, formats, protocols and messages agree.

/// The most axes that memory can have: PEP 3118's `PyBUF_MAX_NDIM`, and what NumPy allows.
pub const MAX_NDIM: usize = 64;

/// The most levels of records in records, or lists in lists: more than anybody nests, and a stack holds them.
pub const MAX_DEPTH: usize = 64;
