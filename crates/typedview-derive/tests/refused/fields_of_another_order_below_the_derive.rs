use typedview::Element;

#[derive(Clone, Copy, Element)]
#[hostile_macros::replace_by(#[repr(C)] struct Pair { second: u8, first: u8 })]
#[repr(C)]
struct Pair {
    first: u8,
    second: u8,
}

fn main() {}
