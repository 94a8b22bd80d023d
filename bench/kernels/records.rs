//! Kernels over one field of many records: over a view of the field, over records by value, over raw pointers.
//! None is inlined, so that a benchmark measures the loop and not its surroundings.

use typedview::{C, Element, Strided, View, field};

/// A record of 56 bytes, as files of quotes have them.
#[derive(Clone, Copy, Debug, Element)]
#[repr(C)]
pub(crate) struct Quote {
    pub(crate) id: u64,
    pub(crate) time: i64,
    pub(crate) open: f64,
    pub(crate) high: f64,
    pub(crate) low: f64,
    pub(crate) close: f64,
    pub(crate) volume: u64,
}

impl Quote {
    pub(crate) fn of_day(day: u32) -> Self {
        let open = f64::from(day % 100);
        let (high, low, close) = (open + 2.0, open - 2.0, open + 0.5);
        Self { id: 1, time: day.into(), open, high, low, close, volume: 1000 }
    }
}

/// Returns the sum of a field through a view of the field.
#[inline(never)]
pub(crate) fn sum_field(quotes: View<'_, Quote, C<1>>) -> f64 {
    quotes.field(field!(Quote, close)).iter().sum()
}

/// Returns the sum of a view of a field, which the caller has made.
#[inline(never)]
pub(crate) fn sum_closes(closes: View<'_, f64, Strided<1>>) -> f64 {
    closes.iter().sum()
}

/// Returns the sum of a field by reading each whole record.
#[inline(never)]
pub(crate) fn sum_records(quotes: View<'_, Quote, C<1>>) -> f64 {
    quotes.iter().map(|quote| quote.close).sum()
}

/// Returns the sum of a field over raw pointers.
///
/// # Safety
///
/// The caller must ensure that `n` records can be read, starting at `quotes`.
#[inline(never)]
pub(crate) unsafe fn sum_field_raw(quotes: *const Quote, n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        // SAFETY: `i` is less than `n`, so the pointer stays inside the records.
        let quote = unsafe { quotes.add(i) };
        // SAFETY: the caller guarantees that this record can be read.
        sum += unsafe { (*quote).close };
    }
    sum
}
