//! Views of the parts of a view, one after the other: rows, chunks, windows, lanes.
//! One iterator for all of them; what a part is, is a [`SubviewSource`].

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::error::{Error, LayoutError, refuse};
use crate::layout::{Direct, Layout, RemoveAxis, Slice, Strided};
use crate::raw::Raw;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ops::Range;

/// The parts of a view from first to last; `V` is the view that one part is.
#[derive(Clone)]
pub struct SubviewIter<S, V> {
    source: S,
    left: Range<usize>,
    views: PhantomData<V>,
}

/// A way to take a view apart.
///
/// SubviewIter of different numbers have no element in common, but for [`Windows`]. Out of reach of others, as [`FromRaw`] is: they
/// could make views that outlive their memory.
pub trait SubviewSource {
    /// The element.
    type Element: Element;
    /// The layout of one part.
    type Layout: Layout;

    /// Part number `number`, which is less than the number of parts.
    #[doc(hidden)]
    fn part(&self, number: usize) -> Result<Raw<Self::Element, Self::Layout>, Error>;
}

/// A view that can be put together from a part of another.
pub trait FromRaw<T, L> {
    /// Names a subset of the elements of the view that is taken apart.
    #[doc(hidden)]
    fn from_raw_part(raw: Raw<T, L>) -> Self;
}

macro_rules! part {
    ($($view:ident),*) => {$(
        impl<T: Element, L: Layout> FromRaw<T, L> for $view<'_, T, L> {
            #[inline]
            fn from_raw_part(raw: Raw<T, L>) -> Self {
                $view::from_raw(raw)
            }
        }
    )*};
}

part!(View, ViewMut, CellView, CellViewMut);

/// Rows: what an index on axis 0 leaves.
#[derive(Clone, Debug)]
pub struct Rows<T, L>(Raw<T, L>);

/// Chunks: so many rows at a time, the last one perhaps less.
#[derive(Clone, Debug)]
pub struct Chunks<T, L>(Raw<T, L>, usize);

/// Windows: so many rows at a time, each window one row further on.
#[derive(Clone, Debug)]
pub struct Windows<T, L>(Raw<T, L>, usize);

/// Lanes: what indices on all axes but one leave.
#[derive(Clone, Debug)]
pub struct Lanes<T, L>(Raw<T, L>, usize);

impl<T: Element, L: RemoveAxis> SubviewSource for Rows<T, L> {
    type Element = T;
    type Layout = L::Row;

    #[inline]
    fn part(&self, number: usize) -> Result<Raw<T, L::Row>, Error> {
        self.0.try_row(number)
    }
}

impl<T: Element, L: RemoveAxis> SubviewSource for Chunks<T, L> {
    type Element = T;
    type Layout = L::Rows;

    #[inline]
    fn part(&self, number: usize) -> Result<Raw<T, L::Rows>, Error> {
        rows(&self.0, number * self.1, self.1)
    }
}

impl<T: Element, L: RemoveAxis> SubviewSource for Windows<T, L> {
    type Element = T;
    type Layout = L::Rows;

    #[inline]
    fn part(&self, number: usize) -> Result<Raw<T, L::Rows>, Error> {
        rows(&self.0, number, self.1)
    }
}

impl<T: Element, L: Direct> SubviewSource for Lanes<T, L> {
    type Element = T;
    type Layout = Strided<1>;

    #[inline]
    fn part(&self, number: usize) -> Result<Raw<T, Strided<1>>, Error> {
        self.0.try_lane(self.1, number)
    }
}

/// `count` rows from `first` on, or as many as there are.
#[inline]
fn rows<T: Element, L: RemoveAxis>(
    raw: &Raw<T, L>,
    first: usize,
    count: usize,
) -> Result<Raw<T, L::Rows>, Error> {
    let stop = first.saturating_add(count).min(isize::MAX.cast_unsigned());
    raw.try_slice_rows(Slice::new(Some(first.cast_signed()), Some(stop.cast_signed()), 1))
}

impl<T: Element, L: RemoveAxis, V: FromRaw<T, L::Row>> SubviewIter<Rows<T, L>, V> {
    #[inline]
    pub(super) fn rows(raw: Raw<T, L>) -> Self {
        let length = raw.layout().shape().first().copied().unwrap_or_default();
        Self { source: Rows(raw), left: 0..length, views: PhantomData }
    }
}

impl<T: Element, L: RemoveAxis, V: FromRaw<T, L::Rows>> SubviewIter<Chunks<T, L>, V> {
    #[inline]
    pub(super) fn try_chunks(raw: Raw<T, L>, rows: usize) -> Result<Self, Error> {
        let length = raw.layout().shape().first().copied().unwrap_or_default();
        if rows == 0 {
            return Err(LayoutError::ZeroChunk.into());
        }
        Ok(Self { source: Chunks(raw, rows), left: 0..length.div_ceil(rows), views: PhantomData })
    }
}

impl<T: Element, L: RemoveAxis, V: FromRaw<T, L::Rows>> SubviewIter<Windows<T, L>, V> {
    #[inline]
    pub(super) fn try_windows(raw: Raw<T, L>, rows: usize) -> Result<Self, Error> {
        let length = raw.layout().shape().first().copied().unwrap_or_default();
        if rows == 0 {
            return Err(LayoutError::ZeroChunk.into());
        }
        Ok(Self {
            source: Windows(raw, rows),
            left: 0..(length + 1).saturating_sub(rows),
            views: PhantomData,
        })
    }
}

impl<T: Element, L: Direct, V: FromRaw<T, Strided<1>>> SubviewIter<Lanes<T, L>, V> {
    #[inline]
    pub(super) fn try_lanes(raw: Raw<T, L>, axis: usize) -> Result<Self, Error> {
        let count = raw.try_count_lanes(axis)?;
        Ok(Self { source: Lanes(raw, axis), left: 0..count, views: PhantomData })
    }
}

impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> SubviewIter<S, V> {
    #[inline]
    fn view(&self, number: usize) -> V {
        match self.source.part(number) {
            Ok(raw) => V::from_raw_part(raw),
            Err(error) => refuse(error),
        }
    }
}

#[cfg(feature = "rayon")]
impl<S: Clone, V> SubviewIter<S, V> {
    /// The first `count` parts, or all where there are fewer, and the others.
    pub(crate) fn split_at(self, count: usize) -> (Self, Self) {
        // INVARIANT: each number stays on one side, so a `ViewMut` is made of each part once.
        let Range { start, end } = self.left;
        // Saturating: safe code reaches this through rayon's `Producer`, with any number.
        let middle = end.min(start.saturating_add(count));
        let second = Self { source: self.source.clone(), left: middle..end, views: PhantomData };
        (Self { left: start..middle, ..self }, second)
    }
}

// SAFETY: a source is pointer, layout and number; all there is to get out of it is views, and those may be sent.
unsafe impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout> + Send> Send for SubviewIter<S, V> {}

impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> Iterator for SubviewIter<S, V> {
    type Item = V;

    #[inline]
    fn next(&mut self) -> Option<V> {
        self.left.next().map(|number| self.view(number))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<V> {
        self.left.nth(n).map(|number| self.view(number))
    }
}

impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> DoubleEndedIterator for SubviewIter<S, V> {
    #[inline]
    fn next_back(&mut self) -> Option<V> {
        self.left.next_back().map(|number| self.view(number))
    }
}

impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> ExactSizeIterator for SubviewIter<S, V> {}
impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> FusedIterator for SubviewIter<S, V> {}

impl<S, V> fmt::Debug for SubviewIter<S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubviewIter({} left)", self.left.len())
    }
}
