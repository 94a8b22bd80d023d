//! Constants and types with the names that the derive's output uses.
#![allow(dead_code, non_camel_case_types)]

use typedview::{Element, field};

const ITEMSIZE: usize = 3;
const PARTS: usize = 1;
const PADDED: usize = 2;
const FIELDS: usize = 5;
const record: usize = 9;

struct bool;
struct u8;
struct str;
struct Option;
struct Some;
struct None;

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Bars {
    first: [i8; ITEMSIZE],
    second: [i8; PARTS],
    third: [i8; PADDED],
    fourth: [u16; FIELDS],
}

fn main() {
    let text = "record{(3)int8 first, (1)int8 second, (2)int8 third, (5)uint16 fourth}";
    assert_eq!(Bars::format().to_string(), text);
    assert_eq!((field!(Bars, second).offset(), field!(Bars, fourth).offset()), (3, 6));
    assert!(!<Bars as Element>::PADDED);
}
