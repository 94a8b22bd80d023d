//! Names of elements: C's, NumPy's and Rust's for the same few dtypes.
//! A table, apart from the grammar; whatever name a message shows can be read back.

use crate::element::{Dtype, Kind};
use alloc::string::ToString;
use core::ffi::{c_int, c_long, c_longlong, c_short};

const POINTER: usize = size_of::<usize>();

/// The names with a size of their own, words one space apart.
const NAMES: [(&str, Kind, usize); 65] = [
    // C's and Cython's.
    ("char", Kind::Int, 1),
    ("signed char", Kind::Int, 1),
    ("short", Kind::Int, size_of::<c_short>()),
    ("int", Kind::Int, size_of::<c_int>()),
    ("long", Kind::Int, size_of::<c_long>()),
    ("long long", Kind::Int, size_of::<c_longlong>()),
    ("ssize_t", Kind::Int, POINTER),
    ("Py_ssize_t", Kind::Int, POINTER),
    ("unsigned char", Kind::Uint, 1),
    ("unsigned short", Kind::Uint, size_of::<c_short>()),
    ("unsigned int", Kind::Uint, size_of::<c_int>()),
    ("unsigned", Kind::Uint, size_of::<c_int>()),
    ("unsigned long", Kind::Uint, size_of::<c_long>()),
    ("unsigned long long", Kind::Uint, size_of::<c_longlong>()),
    ("size_t", Kind::Uint, POINTER),
    ("half", Kind::Float, 2),
    ("float", Kind::Float, 4),
    ("double", Kind::Float, 8),
    ("long double", Kind::Float, 16),
    ("float complex", Kind::Complex, 8),
    ("double complex", Kind::Complex, 16),
    ("long double complex", Kind::Complex, 32),
    ("bint", Kind::Bool, 1),
    ("bool", Kind::Bool, 1),
    ("object", Kind::Object, POINTER),
    ("pointer", Kind::Pointer, POINTER),
    // <stdint.h>.
    ("int8_t", Kind::Int, 1),
    ("int16_t", Kind::Int, 2),
    ("int32_t", Kind::Int, 4),
    ("int64_t", Kind::Int, 8),
    ("intptr_t", Kind::Int, POINTER),
    ("uint8_t", Kind::Uint, 1),
    ("uint16_t", Kind::Uint, 2),
    ("uint32_t", Kind::Uint, 4),
    ("uint64_t", Kind::Uint, 8),
    ("uintptr_t", Kind::Uint, POINTER),
    // NumPy's.
    ("int8", Kind::Int, 1),
    ("int16", Kind::Int, 2),
    ("int32", Kind::Int, 4),
    ("int64", Kind::Int, 8),
    ("intp", Kind::Int, POINTER),
    ("uint8", Kind::Uint, 1),
    ("uint16", Kind::Uint, 2),
    ("uint32", Kind::Uint, 4),
    ("uint64", Kind::Uint, 8),
    ("uintp", Kind::Uint, POINTER),
    ("float16", Kind::Float, 2),
    ("float32", Kind::Float, 4),
    ("float64", Kind::Float, 8),
    ("complex64", Kind::Complex, 8),
    ("complex128", Kind::Complex, 16),
    ("bool_", Kind::Bool, 1),
    // Rust's.
    ("i8", Kind::Int, 1),
    ("i16", Kind::Int, 2),
    ("i32", Kind::Int, 4),
    ("i64", Kind::Int, 8),
    ("isize", Kind::Int, POINTER),
    ("u8", Kind::Uint, 1),
    ("u16", Kind::Uint, 2),
    ("u32", Kind::Uint, 4),
    ("u64", Kind::Uint, 8),
    ("usize", Kind::Uint, POINTER),
    ("f16", Kind::Float, 2),
    ("f32", Kind::Float, 4),
    ("f64", Kind::Float, 8),
];

/// The names that end with a number of bytes.
const SIZED: [(&str, Kind); 3] = [("bytes", Kind::Bytes), ("text", Kind::Text), ("void", Kind::Void)];

/// The dtype with this name; words may have any white space between them.
pub(super) fn find(name: &str) -> Option<Dtype> {
    let same = |known: &str| known.split(' ').eq(name.split_whitespace());
    if let Some(&(_, kind, itemsize)) = NAMES.iter().find(|(known, ..)| same(known)) {
        return Some(Dtype { kind, itemsize });
    }
    let (kind, digits) = SIZED.iter().find_map(|&(known, kind)| Some((kind, name.strip_prefix(known)?)))?;
    let dtype = Dtype { kind, itemsize: digits.parse().ok()? };
    // Not `bytes+3` or `bytes03`, which no message shows.
    (dtype.to_string() == name).then_some(dtype)
}
