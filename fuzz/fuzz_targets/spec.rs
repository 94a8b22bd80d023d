//! Fuzz target for specs: any text is either parsed or refused. A parsed spec is written as text and parsed again, and
//! must be the same spec. An error is written as text, too, because the mark under the wrong part is the harder half.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typedview::Spec;

fuzz_target!(|text: &str| {
    match Spec::parse(text) {
        Ok(spec) => assert_eq!(Spec::parse(&spec.to_string()), Ok(spec)),
        Err(error) => assert!(error.to_string().lines().count() == 3, "{error}"),
    }
});
