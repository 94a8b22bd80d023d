//! Errors about a value that another type of element cannot hold.
//! The type is plain data. `Display` builds the message.

use super::Tuple;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A number that is not converted, because its value would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValueError {
    pub(crate) index: Vec<usize>,
    pub(crate) value: String,
    /// The name of the dtype that was wanted.
    pub(crate) wanted: String,
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, value, wanted } = self;
        write!(f, "the element at index {} is {value}, which {wanted} cannot hold", Tuple(index))
    }
}
