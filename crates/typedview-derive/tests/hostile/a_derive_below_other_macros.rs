//! A derive that sees another struct than the final one: what it generates must hold for the final struct.

use typedview::Element;

#[derive(Clone, Copy, Element)]
#[hostile_macros::replace_by(#[repr(C)] struct Padded { flag: u8, price: f64 })]
#[repr(C, packed)]
struct Padded {
    flag: u8,
    price: f64,
}

fn main() {
    assert_eq!(Padded::DTYPE.itemsize(), 16);
    assert!(<Padded as Element>::PADDED);
    let padded = Padded { flag: 1, price: 2.0 };
    assert_eq!((padded.flag, padded.price), (1, 2.0));
}
