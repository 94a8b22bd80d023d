//! A forged helper that passes a `bool` off as a byte to the real types, whose constructors are unsafe to call.

mod forged {
    pub use typedview::Element;

    pub mod derived {
        pub use typedview::derived::{ByteOrder, Dtype, Fields, Format, Meaning, Single, core};

        pub struct Part;

        impl Part {
            pub const fn new<R>(
                record: *const R,
                field: *const bool,
                meaning: Meaning,
            ) -> typedview::derived::Part<R> {
                typedview::derived::Part::new(record, field.cast::<u8>(), meaning)
            }
        }
    }
}

#[derive(Clone, Copy, typedview::Element)]
#[element(crate = crate::forged)]
#[repr(C)]
struct Flag {
    is_open: bool,
}

fn main() {}
