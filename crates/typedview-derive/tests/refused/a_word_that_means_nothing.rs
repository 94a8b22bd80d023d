use typedview::Element;

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Trade {
    #[element(offset = 8)]
    price: f64,
}

fn main() {}
