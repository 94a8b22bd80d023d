//! Specs held to their notation: what is read, how it is shown, what is refused, and where.
//! The whole text of every refusal stands here once.

mod checks;
mod notation;
mod refusals;
mod written;

use typedview::Spec;

/// The canonical text of a spec, or why there is none.
fn shown(text: &str) -> String {
    Spec::parse(text).map_or_else(|error| error.to_string(), |spec| spec.to_string())
}
