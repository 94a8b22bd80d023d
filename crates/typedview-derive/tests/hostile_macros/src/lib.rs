//! Macros that lie to `#[derive(Element)]` and to `field!`.

use proc_macro::TokenStream;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Another struct in the place of the one below it, which a derive above has read.
#[proc_macro_attribute]
pub fn replace_by(other: TokenStream, _item: TokenStream) -> TokenStream {
    other
}

/// A type that is `A` and `B` by turns.
#[proc_macro]
pub fn a_then_b(_input: TokenStream) -> TokenStream {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let name = if CALLS.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) { "A" } else { "B" };
    name.parse().expect("a name is tokens")
}
