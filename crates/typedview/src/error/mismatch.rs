//! The error about memory that does not meet a spec.
//! All such errors are one sentence: what was expected, what was found, from which exporter, why, and what to do.

use super::ErrorKind;
use alloc::string::String;
use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) kind: ErrorKind,
    pub(crate) wanted: String,
    pub(crate) found: String,
    pub(crate) exporter: String,
    pub(crate) reason: String,
    pub(crate) advice: Option<String>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wanted, found, exporter, reason, advice, .. } = self;
        write!(f, "expected {wanted}, got {found} from {exporter}: {reason}")?;
        match advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}
