use typedview::Element;

#[derive(Clone, Copy, Element)]
#[hostile_macros::replace_by(#[repr(C)] union Whole { whole: u64, part: u8 })]
#[repr(C)]
struct Whole {
    whole: u64,
}

fn main() {}
