use typedview::Element;

#[derive(Clone, Copy, Element)]
#[hostile_macros::replace_by(#[repr(C)] struct Pair { first: u8, second: bool })]
#[repr(C)]
struct Pair {
    first: u8,
}

fn main() {}
