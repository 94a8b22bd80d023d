//! A struct that a macro writes: the names of its fields and types have the hygiene of that macro.
use typedview::{Element, field};

macro_rules! record {
    ($name:ident, $field:ident: $by_ident:ident, $second:ident: $by_type:ty) => {
        #[derive(Clone, Copy, Element)]
        #[repr(C)]
        struct $name {
            $field: $by_ident,
            $second: $by_type,
            own: u16,
        }
    };
}

record!(Made, first: u32, second: [i8; 2]);

fn main() {
    let text = "record{uint32 first, (2)int8 second, uint16 own}";
    assert_eq!(Made::format().to_string(), text);
    assert_eq!(field!(Made, own).offset(), 6);
    assert_eq!(Made { first: 1, second: [2; 2], own: 3 }.second, [2; 2]);
}
