//! Macros that lie to `#[derive(Element)]` and to `field!`.

use proc_macro::TokenStream;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Replaces the struct below it by another one, after a derive above has read the first.
#[proc_macro_attribute]
pub fn replace_by(other: TokenStream, _item: TokenStream) -> TokenStream {
    other
}

/// Expands to the type `A` and to the type `B` by turns.
#[proc_macro]
pub fn a_then_b(_input: TokenStream) -> TokenStream {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let name = if CALLS.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) { "A" } else { "B" };
    name.parse().expect("a name is tokens")
}
