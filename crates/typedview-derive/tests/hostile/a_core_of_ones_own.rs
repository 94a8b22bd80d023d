//! A crate that names itself `core`, whose `offset_of!` gives 0 for every field.
#![allow(dead_code, unused_macros)]

extern crate self as core;

pub mod mem {
    #[macro_export]
    macro_rules! zero {
        ($($anything:tt)*) => {
            0
        };
    }
    pub use zero as offset_of;

    pub const fn size_of<T>() -> usize {
        1
    }
}

use typedview::{Element, field};

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Padded {
    flag: u8,
    price: f64,
}

fn main() {
    assert_eq!(Padded::DTYPE.itemsize(), 16);
    assert!(<Padded as Element>::PADDED);
    assert_eq!(field!(Padded, price).offset(), 8);
}
