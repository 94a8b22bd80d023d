use typedview::Element;

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Trade {
    #[element(name = "bid:ask")]
    price: f64,
}

fn main() {}
