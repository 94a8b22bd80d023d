use typedview::{FieldOf, field};

#[repr(C)]
struct Padded {
    flag: u8,
    price: f64,
}

const CAST: FieldOf<Padded, u64> = field!(Padded, flag as *const u64);

#[repr(C)]
struct Bytes {
    bytes: [u8; 4],
}

const INDEXED: FieldOf<Bytes, u8> =
    field!(Bytes, bytes[std::mem::transmute::<[u8; 8], usize>([1, 0, 0, 0, 0, 0, 0, 0])]);

fn main() {}
