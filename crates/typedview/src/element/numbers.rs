//! Numbers: Rust's own integers and floats, in native byte order.

use super::{Dtype, Element, Kind, Single};

macro_rules! elements {
    ($($element:ty: $kind:ident),* $(,)?) => {$(
        // The message about a type that is not an element names the numbers itself, and the compiler lists other elements.
        #[diagnostic::do_not_recommend]
        // SAFETY: every bit pattern of a primitive number is a value (E1), and it has no padding (E2). The dtype
        // takes the size of the type from `size_of` (E3).
        unsafe impl Element for $element {
            const DTYPE: Dtype = Dtype { kind: Kind::$kind, itemsize: size_of::<$element>() };
        }

        #[diagnostic::do_not_recommend]
        impl Single for $element {}
    )*};
}

elements! {
    i8: Int, i16: Int, i32: Int, i64: Int, isize: Int,
    u8: Uint, u16: Uint, u32: Uint, u64: Uint, usize: Uint,
    f32: Float, f64: Float,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn names_are_those_of_the_spec_notation() {
        let names = [
            (f64::DTYPE, "double"),
            (f32::DTYPE, "float"),
            (i16::DTYPE, "int16"),
            (u8::DTYPE, "uint8"),
            (u64::DTYPE, "uint64"),
        ];
        for (dtype, name) in names {
            assert_eq!(dtype.to_string(), name);
        }
    }
}
