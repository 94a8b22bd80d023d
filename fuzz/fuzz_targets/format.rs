//! Fuzz target for PEP 3118 formats: any bytes are either parsed or refused, and a parsed format keeps its promises.
//! The tests check the same promises, in `promises.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/typedview/tests/format/promises.rs"]
mod promises;

fuzz_target!(|text: &[u8]| {
    // The last byte of the text is also used as the itemsize, so the itemsize is often related to the text.
    let itemsize = text.last().copied().unwrap_or_default().into();
    promises::is_read_or_refused(text, itemsize);
    let _ = typedview::Format::parse(text).map_err(|error| error.to_string());
});
