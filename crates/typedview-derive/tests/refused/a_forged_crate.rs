//! A forged crate with the real trait, whose helpers declare 7 bytes of padding to be a number.

mod forged {
    pub use typedview::Element;

    pub mod derived {
        pub use typedview::derived::{ByteOrder, Dtype, Format, Single, core};
        use std::marker::PhantomData;

        pub struct Part;
        pub struct Fields<R>(PhantomData<R>);
        pub enum Meaning {
            Named(&'static str),
        }

        impl Part {
            pub const fn new<R, T>(_: *const R, _: *const T, _: Meaning) -> Self {
                Self
            }
        }

        impl<R> Fields<R> {
            pub const fn record(_: &str, _: &[Part]) -> Self {
                Self(PhantomData)
            }
            pub const fn dtype(self) -> Dtype {
                Dtype::new(typedview::Kind::Uint, 16)
            }
            pub const fn is_padded(self) -> bool {
                false
            }
        }
    }
}

#[derive(Clone, Copy, typedview::Element)]
#[element(crate = crate::forged)]
#[repr(C)]
struct Padded {
    flag: u8,
    price: f64,
}

fn main() {}
