//! Fields of records in Rust: where one is, and its type.
//! Apart from [`Field`](crate::Field), the field of a format, which knows neither at compile time.

use super::derived::offset_in;
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
    /// The field at `field` of the record at `record`.
    ///
    /// # Safety
    ///
    /// `field` is `&raw const (*record).path`, evaluated by the compiler with a record that was never written.
    #[doc(hidden)]
    #[must_use]
    pub const unsafe fn new(record: *const R, field: *const T) -> Self {
        // SAFETY: the caller.
        Self { offset: unsafe { offset_in(record, field) }, types: PhantomData }
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
///
/// A field is inside its record, so a path through a reference, a `Box` or any other `Deref` does not compile:
///
/// ```compile_fail
/// struct Inside {
///     price: f64,
/// }
///
/// struct Outside {
///     inside: &'static Inside,
/// }
///
/// typedview::field!(Outside, inside.price);
/// ```
///
/// ```compile_fail
/// struct Inside {
///     price: f64,
/// }
///
/// struct Outside {
///     inside: std::mem::ManuallyDrop<Inside>,
/// }
///
/// typedview::field!(Outside, inside.price);
/// ```
#[macro_export]
macro_rules! field {
    // Names alone: nothing else could be written behind a place that is no other place, or code of the caller.
    ($record:ty, $first:tt $(. $rest:tt)*) => {
        // The type is named once, since a macro in its place could be another type each time. The variable has a name that
        // no constant of the caller has: that would be meant instead.
        const {
            let __typedview_record = $crate::derived::core::mem::MaybeUninit::<$record>::uninit();
            let __typedview_record = __typedview_record.as_ptr();
            // SAFETY: F6: whatever follows a pointer on the way is refused, since there is none in this record.
            unsafe { $crate::FieldOf::new(__typedview_record, &raw const (*__typedview_record).$first $(. $rest)*) }
        }
    };
}
