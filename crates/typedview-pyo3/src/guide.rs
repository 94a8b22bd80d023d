//! The guide: pages to read from top to bottom, whose examples are compiled as tests.
//! It has nothing to call. It is separate from the reference, because its pages are ordered for a reader, not by type.

/// From Cython: what each declaration of a typed memoryview becomes.
pub mod porting {
    #![doc = include_str!("../docs/porting.md")]
}
