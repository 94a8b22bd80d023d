//! One field of many records: over a view of the field, over records by value, over raw pointers.
//! None is inlined, so that a benchmark measures the loop and not its surroundings.

use typedview::{C, Element, Strided, View, field};

/// 56 bytes, as a file of quotes has them.
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

/// Sum of a field, as a view.
#[inline(never)]
pub(crate) fn sum_field(quotes: View<'_, Quote, C<1>>) -> f64 {
    quotes.field(field!(Quote, close)).iter().sum()
}

/// Sum of a view of a field that has been taken before.
#[inline(never)]
pub(crate) fn sum_closes(closes: View<'_, f64, Strided<1>>) -> f64 {
    closes.iter().sum()
}

/// Sum of a field of each record.
#[inline(never)]
pub(crate) fn sum_records(quotes: View<'_, Quote, C<1>>) -> f64 {
    quotes.iter().map(|quote| quote.close).sum()
}

/// Sum of a field over raw pointers.
///
/// # Safety
///
/// `n` records are readable from `quotes` on.
#[inline(never)]
pub(crate) unsafe fn sum_field_raw(quotes: *const Quote, n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        // SAFETY: inside n records.
        let quote = unsafe { quotes.add(i) };
        // SAFETY: the caller.
        sum += unsafe { (*quote).close };
    }
    sum
}
