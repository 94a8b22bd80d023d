//! Fields of Rust records: the offset and the type of a field, both known at compile time.
//! They are separate from [`Field`](crate::Field), the field of a format, whose offset and type are not known at
//! compile time.

use super::derived::offset_in;
use core::fmt;
use core::marker::PhantomData;

/// A field of type `T` in a record `R`. The macro [`field!`](crate::field) makes it, and the method `field` of a view
/// takes it.
///
/// - F6. Every `R` has a `T` at `offset` bytes from its start.
///
/// See [`field!`](crate::field) for an example.
pub struct FieldOf<R, T> {
    offset: usize,
    types: PhantomData<fn(R) -> T>,
}

impl<R, T> FieldOf<R, T> {
    /// Returns the field at `field` in the record at `record`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `field` is `&raw const (*record).path`, evaluated by the compiler with a record that
    /// was never written.
    #[doc(hidden)]
    #[must_use]
    pub const unsafe fn new(record: *const R, field: *const T) -> Self {
        // SAFETY: the caller guarantees that `field` was reached from `record` by a path of fields.
        Self { offset: unsafe { offset_in(record, field) }, types: PhantomData }
    }

    /// The number of bytes from the start of the record to the field.
    ///
    /// See [`field!`](crate::field) for an example.
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

/// Returns a field of a record, for a view of that field: `field!(Trade, price)`. `field!(Trade, day.close)` is a
/// field of a record inside the record, and `field!(Pair, 0)` is a field of a tuple.
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
/// A field must be inside its record, so a path through a reference, a `Box` or any other `Deref` does not compile:
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
    // Only names are accepted. Anything else that can follow a place expression would be another place, or would run
    // code of the caller.
    ($record:ty, $first:tt $(. $rest:tt)*) => {
        // The type is named once, because a macro in its position could expand to another type each time. The
        // variable has a name that no constant of the caller has, because a constant with that name would be meant
        // instead.
        const {
            let __typedview_record = $crate::derived::core::mem::MaybeUninit::<$record>::uninit();
            let __typedview_record = __typedview_record.as_ptr();
            // SAFETY: the field is inside the record (F6). The record was never written and holds no pointer, so the
            // compiler refuses a path that follows a pointer out of the record.
            unsafe { $crate::FieldOf::new(__typedview_record, &raw const (*__typedview_record).$first $(. $rest)*) }
        }
    };
}
