//! Specs and their notation: what is read, how it is shown, what is refused, and at which position.
//! The whole text of every refusal is in these files once.

mod checks;
mod notation;
mod refusals;
mod written;

use typedview::Spec;

/// Returns the canonical text of a spec, or the message why the text is not a spec.
fn shown(text: &str) -> String {
    Spec::parse(text).map_or_else(|error| error.to_string(), |spec| spec.to_string())
}
