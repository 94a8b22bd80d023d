//! Interop with `rayon`: visits the parts of a view on all cores, as Cython's `prange` does.
//! It is as safe as the serial iterator: either no two parts have an element in common, or nobody writes.

use crate::view::{FromRaw, SubviewIter, SubviewSource};
use core::fmt;
use rayon::iter::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// A parallel iterator over the parts of a view; `into_par_iter` makes it from [`SubviewIter`].
///
/// # Examples
///
/// Reading rows in parallel:
///
/// ```
/// use rayon::prelude::*;
/// use typedview::View;
///
/// let table = View::from(&[[1, 2, 3], [4, 5, 6]]);
/// let sums: Vec<i32> = table.rows().into_par_iter().map(|row| row.iter().sum()).collect();
/// assert_eq!(sums, [6, 15]);
/// ```
///
/// Writing chunks of 2 rows in parallel:
///
/// ```
/// use rayon::prelude::*;
/// use typedview::ViewMut;
///
/// let mut data = [0; 5];
/// let chunks = ViewMut::from(&mut data).chunks(2);
/// chunks.into_par_iter().enumerate().for_each(|(number, mut chunk)| chunk.fill(number));
/// assert_eq!(data, [0, 0, 1, 1, 2]);
/// ```
///
/// Cell views must stay on their thread, so this does not compile:
///
/// ```compile_fail,E0277
/// use rayon::iter::IntoParallelIterator;
/// use typedview::{CellView, View};
///
/// let cells = CellView::from(View::from(&[[1, 2], [3, 4]]));
/// let rows = IntoParallelIterator::into_par_iter(cells.rows());
/// ```
pub struct ParallelSubviewIter<S, V>(SubviewIter<S, V>);

impl<S, V> IntoParallelIterator for SubviewIter<S, V>
where
    S: SubviewSource + Clone,
    V: FromRaw<S::Element, S::Layout> + Send,
{
    type Item = V;
    type Iter = ParallelSubviewIter<S, V>;

    fn into_par_iter(self) -> ParallelSubviewIter<S, V> {
        ParallelSubviewIter(self)
    }
}

impl<S, V> ParallelIterator for ParallelSubviewIter<S, V>
where
    S: SubviewSource + Clone,
    V: FromRaw<S::Element, S::Layout> + Send,
{
    type Item = V;

    fn drive_unindexed<K: UnindexedConsumer<V>>(self, consumer: K) -> K::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<S, V> IndexedParallelIterator for ParallelSubviewIter<S, V>
where
    S: SubviewSource + Clone,
    V: FromRaw<S::Element, S::Layout> + Send,
{
    fn len(&self) -> usize {
        self.0.len()
    }

    fn drive<K: Consumer<V>>(self, consumer: K) -> K::Result {
        bridge(self, consumer)
    }

    fn with_producer<B: ProducerCallback<V>>(self, callback: B) -> B::Output {
        callback.callback(self)
    }
}

impl<S, V> Producer for ParallelSubviewIter<S, V>
where
    S: SubviewSource + Clone,
    V: FromRaw<S::Element, S::Layout> + Send,
{
    type Item = V;
    type IntoIter = SubviewIter<S, V>;

    fn into_iter(self) -> SubviewIter<S, V> {
        self.0
    }

    fn split_at(self, index: usize) -> (Self, Self) {
        let (first, second) = self.0.split_at(index);
        (Self(first), Self(second))
    }
}

impl<S, V> fmt::Debug for ParallelSubviewIter<S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ParallelSubviewIter").field(&self.0).finish()
    }
}
