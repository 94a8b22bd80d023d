//! `#[derive(Element)]`: structs of Rust as the records that views hold.
//!
//! A part of `typedview`, where the derive stands beside its trait behind the feature `derive`, and of `typedview-pyo3`.
//! The guide of `typedview` says how records are used.
//!
//! The struct says its layout: `#[repr(C)]`, `#[repr(C, packed)]`, `#[repr(transparent)]`. Its fields are elements, and
//! it is `Copy`. Attributes:
//!
//! | on | attribute | meaning |
//! |---|---|---|
//! | the struct | `#[element(name = "quote")]` | what messages call the record; else its name in Rust |
//! | the struct | `#[element(crate = path::to::typedview)]` | where the crate is, when it has another name |
//! | a field | `#[element(name = "class")]` | what the format calls the field; else its name in Rust, of a tuple none |
//! | a field | `#[element(padding)]` | bytes without a meaning: left out of the format |
//!
//! A struct that is `#[repr(transparent)]` is what its one field is, a number or a record, under another type.
//!
//! ```
//! use typedview::Element;
//!
//! #[derive(Clone, Copy, Element)]
//! #[repr(C)]
//! struct Trade {
//!     count: u8,
//!     price: f64,
//! }
//!
//! assert_eq!(Trade::format().to_string(), "record{uint8 count, double price}");
//! ```
//!
//! # What is refused
//!
//! Each mistake is pointed at, with what to do: see `tests/refused`. What only the compiler can know, it says itself.
//! Fields are elements:
//!
//! ```compile_fail,E0277
//! #[derive(Clone, Copy, typedview::Element)]
//! #[repr(C)]
//! struct Trade {
//!     is_open: bool,
//! }
//! ```
//!
//! and so are no references:
//!
//! ```compile_fail,E0277
//! #[derive(Clone, Copy, typedview::Element)]
//! #[repr(C)]
//! struct Trade {
//!     name: &'static str,
//! }
//! ```
//!
//! Elements are copied:
//!
//! ```compile_fail,E0277
//! #[derive(typedview::Element)]
//! #[repr(C)]
//! struct Trade {
//!     price: f64,
//! }
//! ```
//!
//! A field is of the type that it has, and of the record that it is in:
//!
//! ```compile_fail,E0308
//! use typedview::{FieldOf, field};
//!
//! #[derive(Clone, Copy, typedview::Element)]
//! #[repr(C)]
//! struct Trade {
//!     price: f64,
//! }
//!
//! const PRICE: FieldOf<Trade, u64> = field!(Trade, price);
//! ```
//!
//! Nothing else can name one:
//!
//! ```compile_fail,E0133
//! use typedview::FieldOf;
//!
//! const PRICE: FieldOf<[f64; 2], f64> = FieldOf::new(12, |pair| pair[1]);
//! ```

mod attribute;
mod record;
mod repr;
mod write;

use proc_macro::TokenStream;
use record::Record;
use syn::{DeriveInput, parse_macro_input, parse_quote};

/// Implements `typedview::Element` for a struct.
#[proc_macro_derive(Element, attributes(element))]
pub fn element(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), parse_quote!(::typedview))
}

/// The same for crates that have `typedview` by way of `typedview-pyo3`, where it is called `Element`.
#[proc_macro_derive(PyElement, attributes(element))]
pub fn py_element(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), parse_quote!(::typedview_pyo3))
}

/// `root` is where the crate is, unless the struct says otherwise.
fn derive(input: DeriveInput, root: syn::Path) -> TokenStream {
    match Record::read(input) {
        Ok(record) => write::implementation(&record, root).into(),
        Err(refusal) => refusal.into_compile_error().into(),
    }
}
