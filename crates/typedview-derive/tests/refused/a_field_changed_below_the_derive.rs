use typedview::Element;

#[derive(Clone, Copy, Element)]
#[hostile_macros::replace_by(#[repr(C)] struct Flag { is_open: bool })]
#[repr(C)]
struct Flag {
    is_open: u8,
}

fn main() {}
