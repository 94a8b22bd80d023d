//! `#[repr(...)]`: whether the fields are where the struct says.

use syn::{Attribute, Error, Ident, Result};

/// A layout that Rust keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repr {
    /// The fields in their order, with padding or packed.
    C,
    /// The one field.
    Transparent,
}

/// The layout that the attributes of a struct ask for.
pub(crate) fn read(name: &Ident, attributes: &[Attribute]) -> Result<Repr> {
    let mut repr = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        attribute.parse_nested_meta(|word| {
            if word.path.is_ident("C") {
                repr = Some(Repr::C);
            } else if word.path.is_ident("transparent") {
                repr = Some(Repr::Transparent);
            } else if !word.input.is_empty() && word.input.peek(syn::token::Paren) {
                // `packed(2)`, `align(8)`: where that puts the fields is asked of the compiler.
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
