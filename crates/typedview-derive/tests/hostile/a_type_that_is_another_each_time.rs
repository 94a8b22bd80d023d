//! A macro that expands to another type at each call: every `field!` must use one type throughout.
use typedview::{FieldOf, field};

#[repr(C)]
struct A {
    price: f64,
    count: u64,
}

#[allow(dead_code)]
#[repr(C)]
struct B {
    count: u64,
    price: f64,
}

fn main() {
    let first: FieldOf<A, f64> = field!(hostile_macros::a_then_b!(), price);
    let second: FieldOf<B, f64> = field!(hostile_macros::a_then_b!(), price);
    assert_eq!((first.offset(), second.offset()), (0, 8));
    assert_eq!(field!(A, count).offset(), 8);
}
