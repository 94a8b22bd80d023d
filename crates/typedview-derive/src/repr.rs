//! `#[repr(...)]`: finds out whether Rust guarantees the layout of a struct.

use syn::{Attribute, Error, Ident, Result};

/// A layout that Rust guarantees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repr {
    /// The fields in the order of the struct, with padding between them or packed.
    C,
    /// The layout of the one field.
    Transparent,
}

/// Returns the layout that the attributes of a struct ask for.
pub(crate) fn read(name: &Ident, attributes: &[Attribute]) -> Result<Repr> {
    let mut repr = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        attribute.parse_nested_meta(|word| {
            if word.path.is_ident("C") {
                repr = Some(Repr::C);
            } else if word.path.is_ident("transparent") {
                repr = Some(Repr::Transparent);
            } else if !word.input.is_empty() && word.input.peek(syn::token::Paren) {
                // `packed(2)` and `align(8)` change where the fields are. The compiler computes the offsets of the
                // fields in the generated code, so the number is not needed here.
                let inside;
                syn::parenthesized!(inside in word.input);
                inside.parse::<syn::LitInt>()?;
            }
            Ok(())
        })?;
    }
    repr.ok_or_else(|| {
        let text = "Rust may put the fields of this struct in any order: \
                    add `#[repr(C)]`, or `#[repr(C, packed)]` where nothing is between them";
        Error::new(name.span(), text)
    })
}
