//! Limits: the largest number of axes, and the largest number of levels of nesting.
//! They have one file, so that layouts, formats, protocols and messages agree.

/// The largest number of axes that memory can have. It is PEP 3118's `PyBUF_MAX_NDIM`, and also NumPy's limit.
pub const MAX_NDIM: usize = 64;

/// The largest number of levels of records in records, or of lists in lists. It is more than anybody nests, and a stack
/// has room for this many levels of recursion.
pub const MAX_DEPTH: usize = 64;
