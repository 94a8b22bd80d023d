//! Fields of records in Rust: where one is, and its type.
//! Apart from [`Field`](crate::Field), the field of a format, which knows neither at compile time.

use core::fmt;
use core::marker::PhantomData;

/// The field of a record `R` that is a `T`: made by [`field!`](crate::field), taken by the `field` of a view.
///
/// - F6. There is a `T` at `offset` bytes from the start of every `R`.
pub struct FieldOf<R, T> {
    offset: usize,
    types: PhantomData<fn(R) -> T>,
}

impl<R, T> FieldOf<R, T> {
    /// The field that `read` reads.
    ///
    /// # Safety
    ///
    /// F6.
    #[doc(hidden)]
    #[must_use]
    pub const unsafe fn new(offset: usize, _read: fn(R) -> T) -> Self {
        assert!(offset + size_of::<T>() <= size_of::<R>(), "a field is inside its record");
        Self { offset, types: PhantomData }
    }

    /// Bytes from the start of the record to the field.
    #[inline]
    #[must_use]
    pub const fn offset(self) -> usize {
        self.offset
    }
}

impl<R, T> Clone for FieldOf<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for FieldOf<R, T> {}

impl<R, T> fmt::Debug for FieldOf<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldOf(offset {})", self.offset)
    }
}

/// A field of a record, to view it: `field!(Trade, price)`, `field!(Trade, day.close)` of a record inside it, and
/// `field!(Pair, 0)` of a tuple.
///
/// # Examples
///
/// ```
/// use typedview::{FieldOf, field};
///
/// #[repr(C, packed)]
/// struct Trade {
///     count: u8,
///     price: f64,
/// }
///
/// const PRICE: FieldOf<Trade, f64> = field!(Trade, price);
/// assert_eq!(PRICE.offset(), 1);
/// ```
#[macro_export]
macro_rules! field {
    ($record:ty, $($path:tt)+) => {{
        // SAFETY: F6: both name one field, since `offset_of!` goes through no pointer, and fields come before any `Deref`.
        unsafe {
            $crate::FieldOf::new(::core::mem::offset_of!($record, $($path)+), |record: $record| record.$($path)+)
        }
    }};
}
