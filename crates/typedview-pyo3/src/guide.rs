//! The guide: pages to read from top to bottom, whose examples are compiled as tests.
//! It has nothing to call. It is separate from the reference, because its pages are ordered for a reader, not by type.

/// From Cython: what each declaration of a typed memoryview becomes.
pub mod porting {
    #![doc = include_str!("../docs/porting.md")]
}

/// From rust-numpy: what each of its types and functions becomes, and how one extension uses both.
pub mod from_rust_numpy {
    #![doc = include_str!("../docs/from_rust_numpy.md")]
}

/// From PyO3's `PyBuffer`: what each of its methods becomes.
pub mod from_pybuffer {
    #![doc = include_str!("../docs/from_pybuffer.md")]
}
