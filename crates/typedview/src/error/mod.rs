//! Errors: one opaque public [`Error`], which contains a small enum of plain data for each topic.
//! Only `limits` is below this module, so every other module can use it, and all errors have the same wording.

#![forbid(unsafe_code)]

mod allocation;
#[cfg(feature = "std")]
mod catch;
mod conversion;
mod fallible;
mod format;
mod index;
mod layout;
mod mismatch;
mod record;
mod spec;
mod tuple;
mod value;

use alloc::boxed::Box;
use core::fmt;

pub(crate) use allocation::AllocationError;
#[cfg(feature = "std")]
pub use catch::catch;
pub(crate) use conversion::ConversionError;
pub(crate) use fallible::fallible;
pub(crate) use format::{FormatError, FormatFault};
pub(crate) use index::IndexError;
pub(crate) use layout::LayoutError;
pub(crate) use mismatch::Mismatch;
pub(crate) use record::RecordError;
pub(crate) use spec::{SpecError, SpecFault};
pub use tuple::Tuple;
pub(crate) use value::ValueError;

/// An error of this crate: it says what was wanted, what was found, and where.
///
/// The text of an error is one sentence in lower case without a final stop. When a spec cannot be parsed, the text of
/// the spec follows on its own line, with a mark under the fault. [`Error::kind`] returns the group of the error, for
/// code that maps errors to exceptions.
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

/// The group that an [`Error`] belongs to.
///
/// See [`Error`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An index or an axis is out of range.
    Index,
    /// The shape, strides, order or alignment do not allow the operation.
    Layout,
    /// The element type differs from the one that was asked for.
    Dtype,
    /// A PEP 3118 format is malformed or not supported, or it describes elements that no memory can hold.
    Format,
    /// There is not enough memory for a copy or for new elements.
    Memory,
    /// The memory must not be written, but write access was asked for.
    Readonly,
    /// The text of a spec does not follow the notation of specs.
    Spec,
    /// The wanted type cannot hold the value of a number.
    Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Detail {
    Conversion(ConversionError),
    Index(IndexError),
    Layout(LayoutError),
    Format(FormatError),
    Memory(AllocationError),
    Mismatch(Mismatch),
    Record(RecordError),
    Spec(SpecError),
    Value(ValueError),
}

impl Error {
    /// Returns the group that this error belongs to.
    ///
    /// See [`Error`] for an example.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &*self.0 {
            Detail::Conversion(_) => ErrorKind::Dtype,
            Detail::Index(_) => ErrorKind::Index,
            Detail::Layout(_) => ErrorKind::Layout,
            Detail::Format(_) | Detail::Record(_) => ErrorKind::Format,
            Detail::Memory(_) => ErrorKind::Memory,
            Detail::Mismatch(mismatch) => mismatch.kind,
            Detail::Spec(_) => ErrorKind::Spec,
            Detail::Value(_) => ErrorKind::Value,
        }
    }
}

impl Error {
    /// Returns the same error for the axis `counted`, the number by which the user knows the axis.
    ///
    /// The two numbers differ when earlier steps of the same operation have dropped axes.
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
            Detail::Conversion(detail) => detail.fmt(f),
            Detail::Index(detail) => detail.fmt(f),
            Detail::Layout(detail) => detail.fmt(f),
            Detail::Format(detail) => detail.fmt(f),
            Detail::Memory(detail) => detail.fmt(f),
            Detail::Mismatch(detail) => detail.fmt(f),
            Detail::Record(detail) => detail.fmt(f),
            Detail::Spec(detail) => detail.fmt(f),
            Detail::Value(detail) => detail.fmt(f),
        }
    }
}

/// Includes the text of `Display`, so that a failing `unwrap` prints it too.
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
    Conversion(ConversionError),
    Index(IndexError),
    Layout(LayoutError),
    Format(FormatError),
    Memory(AllocationError),
    Mismatch(Mismatch),
    Record(RecordError),
    Spec(SpecError),
    Value(ValueError)
);

/// Returns the value of `tried`, or panics with the text of its error at the location of the caller.
///
/// The plain form of every `try_` method ends with this call.
// `unwrap_or_else` does not work here, because a closure does not know the location of the caller.
#[inline]
#[track_caller]
pub(crate) fn or_panic<X>(tried: Result<X, Error>) -> X {
    match tried {
        Ok(value) => value,
        Err(error) => panic_with(error),
    }
}

/// Panics with the text of `error`.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn panic_with(error: Error) -> ! {
    #[cfg(feature = "std")]
    let error = catch::unwind_if_caught(error);
    panic!("{error}")
}
