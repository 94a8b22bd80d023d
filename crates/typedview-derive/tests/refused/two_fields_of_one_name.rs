use typedview::Element;

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Trade {
    count: u32,
    #[element(name = "count")]
    number: u32,
}

fn main() {}
