use typedview::Element;

#[derive(Clone, Copy, Element)]
#[repr(C)]
#[element(name = "my trade")]
struct Trade {
    price: f64,
}

fn main() {}
