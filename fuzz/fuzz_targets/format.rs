//! Any bytes as a PEP 3118 format: read or refused, and what is read keeps its promises.
//! Those are the ones that the tests hold formats to.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/typedview/tests/format/promises.rs"]
mod promises;

fuzz_target!(|text: &[u8]| {
    // The last byte is an itemsize, too: one that has to do with the text as often as not.
    let itemsize = text.last().copied().unwrap_or_default().into();
    promises::is_read_or_refused(text, itemsize);
    let _ = typedview::Format::parse(text).map_err(|error| error.to_string());
});
