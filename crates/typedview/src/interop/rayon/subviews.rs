//! Parallel iterators: visit the parts of a view on all cores, as Cython's `prange` does.
//! It is as safe as the serial iterator: either no two parts have an element in common, or nobody writes.
//!
//! `into_par_iter` divides the parts as rayon does, down to single parts. `par_rows` and `par_chunks` also have a grain: they
//! leave small work on the calling thread, because it costs more to wake another thread.

use crate::element::Element;
use crate::error::fallible;
use crate::layout::RemoveAxis;
use crate::view::{Chunks, FromRaw, Rows, SubviewIter, SubviewSource, View, ViewMut};
use core::fmt;
use rayon::iter::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// The number of elements that a thread takes at a time, at least, unless [`ParallelSubviewIter::with_grain`] says otherwise.
///
/// To wake another thread and wait for it takes some 10 us, as long as simple arithmetic on 16,000 doubles (measured with
/// `cargo bench --bench grain` in the repository).
pub const GRAIN: usize = 65_536;

/// A parallel iterator over the parts of a view. [`View::par_rows`] makes it, or `into_par_iter` of a [`SubviewIter`].
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
pub struct ParallelSubviewIter<S, V> {
    parts: SubviewIter<S, V>,
    /// The number of parts that are not divided among threads.
    least: usize,
    /// The number of elements of one part, on average.
    part_size: usize,
}

impl<S, V> ParallelSubviewIter<S, V>
where
    S: SubviewSource + Clone,
    V: FromRaw<S::Element, S::Layout> + Send,
{
    fn with_size(parts: SubviewIter<S, V>, size: usize) -> Self {
        let part_size = size / parts.len().max(1);
        Self { parts, least: 1, part_size }.with_grain(GRAIN)
    }

    /// Sets how many elements a thread takes at a time, at least. If there are fewer than twice as many, all work stays on
    /// the calling thread.
    ///
    /// A smaller grain suits parts on which much is computed, and 0 divides down to single parts. Of two parallel iterators that
    /// are zipped, the one that wants more parts for a thread decides, so `x.par_rows().zip(y.rows())` goes by the size of `x`.
    ///
    /// # Examples
    ///
    /// ```
    /// use rayon::prelude::*;
    /// use typedview::View;
    ///
    /// let table = View::from(&[[1, 2], [3, 4], [5, 6]]);
    /// // A row is much work here, so each thread may take a single one.
    /// let sums: Vec<i32> = table.par_rows().with_grain(0).map(|row| row.iter().sum()).collect();
    /// assert_eq!(sums, [3, 7, 11]);
    /// ```
    #[must_use]
    pub fn with_grain(self, elements: usize) -> Self {
        let least = elements.div_ceil(self.part_size.max(1)).max(1);
        Self { least, ..self }
    }
}

/// Implements the parallel iterators for a view.
macro_rules! parallel {
    ($($view:ident, $self:ident, [$($receiver:tt)*];)*) => {$(
        impl<'a, T: Element, L: RemoveAxis> $view<'a, T, L> {
            /// Returns a parallel iterator over the rows. Small work stays on the calling thread: see
            /// [`ParallelSubviewIter::with_grain`].
            ///
            /// # Examples
            ///
            /// ```
            /// use rayon::prelude::*;
            /// use typedview::{View, ViewMut};
            ///
            /// let table = View::from(&[[1, 2, 3], [4, 5, 6]]);
            /// let largest = table.par_rows().map(|row| row.iter().max().unwrap_or(0)).reduce(|| 0, i32::max);
            /// assert_eq!(largest, 6);
            ///
            /// let mut doubled = [0; 6];
            /// let rows = table.par_rows().zip(ViewMut::from_slice(&mut doubled, [2, 3]).rows());
            /// rows.for_each(|(row, mut out)| (0..3).for_each(|j| out.set(j, 2 * row.at(j))));
            /// assert_eq!(doubled, [2, 4, 6, 8, 10, 12]);
            /// ```
            #[must_use]
            pub fn par_rows($($receiver)*) -> ParallelSubviewIter<Rows<T, L>, $view<'a, T, L::Row>> {
                let size = $self.size();
                ParallelSubviewIter::with_size($self.rows(), size)
            }

            fallible! {
                /// Returns a parallel iterator over chunks of `rows` rows each. The last chunk may have fewer.
                fails "If `rows` is 0."
                /// # Examples
                ///
                /// ```
                /// use rayon::prelude::*;
                /// use typedview::View;
                ///
                /// let sums: Vec<i32> = View::from(&[1, 2, 3, 4, 5]).par_chunks(2).map(|chunk| chunk.iter().sum()).collect();
                /// assert_eq!(sums, [3, 7, 5]);
                /// ```
                #[must_use]
                pub fn par_chunks / try_par_chunks ([$self: $($receiver)*], rows: usize)
                    -> ParallelSubviewIter<Chunks<T, L>, $view<'a, T, L::Rows>>
                {
                    let size = $self.size();
                    Ok(ParallelSubviewIter::with_size($self.try_chunks(rows)?, size))
                }
            }
        }
    )*};
}

parallel! {
    View, self, [&self];
    ViewMut, self, [self];
}

impl<S, V> IntoParallelIterator for SubviewIter<S, V>
where
    S: SubviewSource + Clone,
    V: FromRaw<S::Element, S::Layout> + Send,
{
    type Item = V;
    type Iter = ParallelSubviewIter<S, V>;

    fn into_par_iter(self) -> ParallelSubviewIter<S, V> {
        ParallelSubviewIter { parts: self, least: 1, part_size: 1 }
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
        self.parts.len()
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
        self.parts
    }

    fn min_len(&self) -> usize {
        self.least
    }

    fn split_at(self, index: usize) -> (Self, Self) {
        let (first, second) = self.parts.split_at(index);
        (Self { parts: first, ..self }, Self { parts: second, ..self })
    }
}

impl<S, V> fmt::Debug for ParallelSubviewIter<S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ParallelSubviewIter").field(&self.parts).finish()
    }
}
