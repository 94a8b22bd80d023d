//! `#[derive(Element)]`: turns Rust structs into records that views can hold.
//!
//! This crate is a part of `typedview`, which exports the derive together with its trait behind the feature `derive`,
//! and of `typedview-pyo3`. The guide of `typedview` explains how records are used.
//!
//! The struct must declare its layout with `#[repr(C)]`, `#[repr(C, packed)]` or `#[repr(transparent)]`. Its fields
//! must be elements, and it must be `Copy`. These are the attributes:
//!
//! | on | attribute | meaning |
//! |---|---|---|
//! | the struct | `#[element(name = "quote")]` | the name of the record in messages; the default is its name in Rust |
//! | the struct | `#[element(crate = path::to::typedview)]` | the path of the crate, if it has another name |
//! | a field | `#[element(name = "class")]` | the name in the format; the default is its name in Rust, if any |
//! | a field | `#[element(padding)]` | the field is bytes without a meaning, which the format leaves out |
//!
//! A struct with `#[repr(transparent)]` is the same element as its one field, a number or a record, under another type.
//!
//! Each mistake is reported where it is, with what to do about it. The examples are those of `typedview`, because tests of
//! this crate's package cannot use a crate that depends on it.

#[cfg(feature = "derive")]
mod attribute;
#[cfg(feature = "derive")]
mod record;
#[cfg(feature = "derive")]
mod repr;
#[cfg(feature = "derive")]
mod write;

use proc_macro::TokenStream;

/// Implements `typedview::Element` for a struct. `typedview` exports this derive beside its trait.
#[cfg(feature = "derive")]
#[proc_macro_derive(Element, attributes(element))]
pub fn element(input: TokenStream) -> TokenStream {
    derive(input, "::typedview")
}

/// Implements `typedview::Element` for a struct, in crates that use `typedview` through `typedview-pyo3`.
///
/// `typedview-pyo3` exports this derive under the name `Element`. See [the crate](crate) for examples.
#[proc_macro_derive(PyElement, attributes(element))]
pub fn py_element(input: TokenStream) -> TokenStream {
    derive(input, "::typedview_pyo3")
}

/// Generates the implementation; `root` is the path of the crate, unless the struct gives another one.
#[cfg(feature = "derive")]
fn derive(input: TokenStream, root: &str) -> TokenStream {
    let implementation = || {
        let record = record::Record::read(syn::parse(input)?)?;
        Ok(write::implementation(&record, syn::parse_str(root)?))
    };
    implementation().unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Says which feature is missing. Without a macro of this name, the compiler would say that it finds only a trait, and this is no help to
/// those who have written the derive as the documentation shows it.
#[cfg(not(feature = "derive"))]
fn derive(_input: TokenStream, _root: &str) -> TokenStream {
    let text = "`#[derive(Element)]` needs the feature `derive`: in Cargo.toml, \
                write `typedview-pyo3 = { version = \"...\", features = [\"derive\"] }`";
    format!("::core::compile_error!({text:?});").parse().unwrap_or_default()
}
