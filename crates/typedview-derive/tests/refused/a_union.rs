use typedview::Element;

#[derive(Clone, Copy, Element)]
#[repr(C)]
union Either {
    whole: u64,
    part: f64,
}

fn main() {}
