//! What went wrong: one opaque [`Error`] outside, a small enum of plain data a topic inside.
//! Below all modules but `limits`, so that every other one refuses in the same words.

mod format;
mod index;
mod layout;
mod memory;
mod mismatch;
mod record;
mod spec;
mod tuple;

use alloc::boxed::Box;
use core::fmt;

pub(crate) use format::{FormatError, FormatFault};
pub(crate) use index::IndexError;
pub(crate) use layout::LayoutError;
pub(crate) use memory::MemoryError;
pub(crate) use mismatch::Mismatch;
pub(crate) use record::RecordError;
pub(crate) use spec::{SpecError, SpecFault};
pub use tuple::Tuple;

/// A refusal: what was wanted, what was found, and where.
///
/// Its text is one sentence in lower case without a final stop, with the place of the fault below it when a spec cannot
/// be read; [`Error::kind`] says which group it belongs to, for those who map errors to exceptions.
///
/// # Examples
///
/// ```
/// use typedview::{ErrorKind, View};
///
/// let view = View::from(&[1.0, 2.0, 3.0]);
/// let error = view.try_at(7).unwrap_err();
/// assert_eq!(error.to_string(), "axis 0: index 7 is out of bounds for length 3");
/// assert_eq!(error.kind(), ErrorKind::Index);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Detail>);

/// The group an [`Error`] belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An index or an axis is out of range.
    Index,
    /// Shape, strides, order or alignment do not allow what was asked.
    Layout,
    /// The element type differs from the one asked for.
    Dtype,
    /// A PEP 3118 format is malformed, not supported, or not that of any memory.
    Format,
    /// There is not as much memory as a copy or new elements need.
    Memory,
    /// The memory must not be written.
    Readonly,
    /// The text of a spec is not in its notation.
    Spec,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Detail {
    Index(IndexError),
    Layout(LayoutError),
    Format(FormatError),
    Memory(MemoryError),
    Mismatch(Mismatch),
    Record(RecordError),
    Spec(SpecError),
}

impl Error {
    /// The group this error belongs to.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &*self.0 {
            Detail::Index(_) => ErrorKind::Index,
            Detail::Layout(_) => ErrorKind::Layout,
            Detail::Format(_) | Detail::Record(_) => ErrorKind::Format,
            Detail::Memory(_) => ErrorKind::Memory,
            Detail::Mismatch(mismatch) => mismatch.kind,
            Detail::Spec(_) => ErrorKind::Spec,
        }
    }
}

impl Error {
    /// The same refusal of another axis: that which the user counts, where some have been dropped on the way.
    #[cold]
    pub(crate) fn on_axis(mut self, counted: usize) -> Self {
        match &mut *self.0 {
            Detail::Index(detail) => detail.on_axis(counted),
            Detail::Layout(LayoutError::ZeroStep { axis }) => *axis = counted,
            _ => {}
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Detail::Index(detail) => detail.fmt(f),
            Detail::Layout(detail) => detail.fmt(f),
            Detail::Format(detail) => detail.fmt(f),
            Detail::Memory(detail) => detail.fmt(f),
            Detail::Mismatch(detail) => detail.fmt(f),
            Detail::Record(detail) => detail.fmt(f),
            Detail::Spec(detail) => detail.fmt(f),
        }
    }
}

/// Shows the text a user should read, so that `unwrap` prints it too.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.kind())
    }
}

impl core::error::Error for Error {}

macro_rules! from_detail {
    ($($variant:ident($detail:ty)),*) => {$(
        impl From<$detail> for Error {
            #[cold]
            #[inline(never)]
            fn from(detail: $detail) -> Self {
                Error(Box::new(Detail::$variant(detail)))
            }
        }
    )*};
}

from_detail!(
    Index(IndexError),
    Layout(LayoutError),
    Format(FormatError),
    Memory(MemoryError),
    Mismatch(Mismatch),
    Record(RecordError),
    Spec(SpecError)
);

/// What `tried` has, or a panic where the caller stands: the plain form of every `try_` method ends here.
// Not `unwrap_or_else`: a closure does not know who called.
#[inline]
#[track_caller]
pub(crate) fn or_refuse<X>(tried: Result<X, Error>) -> X {
    match tried {
        Ok(value) => value,
        Err(error) => refuse(error),
    }
}

/// Panics with the text of `error`.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn refuse(error: Error) -> ! {
    panic!("{error}")
}
