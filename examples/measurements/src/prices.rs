//! Prices: a record for each day on which a share was traded, and the returns from one day to the next.
//! Views are passed in and results are returned: nothing here depends on where the memory comes from.

use std::cmp::Ordering;
use typedview_pyo3::time::Day;
use typedview_pyo3::{C, Datetime, Element, Owned, Strided, View, field, s, zip};

/// A row of the file. Its numbers are little-endian, as is the machine that this example is for.
#[derive(Clone, Copy, Debug, Element)]
#[repr(C)]
pub(crate) struct Price {
    date: Date,
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    volume: i64,
    /// The close, adjusted as if there had been no dividends and splits.
    adj_close: f64,
}

pub(crate) type Date = Datetime<Day>;
pub(crate) type Prices<'a> = View<'a, Price, Strided<1>>;

/// Returns the first two days of which the second is not after the first, behind the index of the second.
pub(crate) fn disorder(prices: &Prices<'_>) -> Option<(usize, (Date, Date))> {
    let dates = prices.field(field!(Price, date));
    let pairs = dates.iter().zip(dates.slice(s![1..]).iter());
    // A date that is NaT has no order.
    (1..).zip(pairs).find(|(_, (before, date))| before.partial_cmp(date).is_none_or(Ordering::is_ge))
}

/// Returns all days except the first.
pub(crate) fn later_days(prices: &Prices<'_>) -> Owned<Date, C<1>> {
    Owned::from(prices.field(field!(Price, date)).slice(s![1..]).to_vec())
}

/// Returns the fraction of its price that a share earned from the close of each day to the close of the next.
pub(crate) fn daily_returns(prices: &Prices<'_>) -> Owned<f64, C<1>> {
    let closes = prices.field(field!(Price, adj_close));
    let mut returns = Owned::zeroed([closes.size().saturating_sub(1)]);
    zip((returns.view_mut(), closes.slice(s![..-1]), closes.slice(s![1..])))
        .for_each(|(mut earned, before, close)| earned.set(close / before - 1.0));
    returns
}
