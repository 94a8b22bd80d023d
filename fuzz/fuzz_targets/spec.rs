//! Any text as a spec: read or refused, and what is shown of it reads back.
//! Refusals are shown, since the mark under the text is the harder half.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typedview::Spec;

fuzz_target!(|text: &str| {
    match Spec::parse(text) {
        Ok(spec) => assert_eq!(Spec::parse(&spec.to_string()), Ok(spec)),
        Err(error) => assert!(error.to_string().lines().count() == 3, "{error}"),
    }
});
