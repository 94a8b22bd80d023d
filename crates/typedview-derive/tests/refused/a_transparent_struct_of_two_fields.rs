use typedview::Element;

#[derive(Clone, Copy, Element)]
#[repr(transparent)]
struct Metres(f64, ());

fn main() {}
