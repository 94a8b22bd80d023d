use typedview::Element;

#[derive(Clone, Copy, Element)]
struct Trade {
    count: u8,
    price: f64,
}

fn main() {}
