//! Iterators over subviews: `SubviewIter` returns the rows, chunks, windows or lanes of a view, one after the other.
//! One iterator serves all of them. A [`SubviewSource`] says what one part is.

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::error::{Error, LayoutError, or_panic};
use crate::layout::{Direct, Layout, RemoveAxis, Slice, Strided};
use crate::raw::Raw;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ops::Range;

/// An iterator over the parts of a view, from the first to the last. `V` is the type of view that it returns.
///
/// # Examples
///
/// ```
/// use typedview::View;
///
/// let mut rows = View::from(&[[1, 2], [3, 4], [5, 6]]).rows();
/// assert_eq!((rows.len(), rows.next_back().unwrap().to_vec()), (3, vec![5, 6]));
/// assert_eq!(rows.next().unwrap().to_vec(), [1, 2]);
/// ```
#[derive(Clone)]
pub struct SubviewIter<S, V> {
    source: S,
    /// The numbers of the parts that have not been returned yet.
    remaining: Range<usize>,
    views: PhantomData<V>,
}

/// A way to divide a view into numbered parts.
///
/// Two parts with different numbers have no element in common, except those of [`Windows`].
///
/// Other crates cannot reach this trait or [`FromRaw`], because with them they could make views that outlive their
/// memory.
pub trait SubviewSource {
    /// The type of the elements.
    type Element: Element;
    /// The layout of one part.
    type Layout: Layout;

    /// Returns the part with this number.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `number` is less than the number of parts.
    #[doc(hidden)]
    unsafe fn part(&self, number: usize) -> Raw<Self::Element, Self::Layout>;
}

/// A view that can be made of a part of another view.
pub trait FromRaw<T, L> {
    /// Makes the view. `raw` must select a subset of the elements of the view that is divided.
    #[doc(hidden)]
    fn from_raw_part(raw: Raw<T, L>) -> Self;
}

macro_rules! part {
    ($($view:ident),*) => {$(
        impl<T: Element, L: Layout> FromRaw<T, L> for $view<'_, T, L> {
            #[inline]
            fn from_raw_part(raw: Raw<T, L>) -> Self {
                // INVARIANT: `raw` selects a subset of the elements of the view that is divided, so V1 to V5 carry
                // over. At most one `ViewMut` is made of each element (V4): an iterator returns each number once, an
                // iterator of `ViewMut` cannot be cloned, and none has `Windows` as its source, because `windows` is not
                // declared for `ViewMut`.
                $view::from_raw(raw)
            }
        }
    )*};
}

part!(View, ViewMut, CellView, CellViewMut);

/// Divides a view into rows: each part is what remains when axis 0 is indexed.
///
/// See [`View::rows`](crate::View::rows) for an example.
#[derive(Clone, Debug)]
pub struct Rows<T, L>(Raw<T, L>);

/// Divides a view into chunks: each part has the same number of consecutive rows. The last part may have fewer.
///
/// See [`View::chunks`](crate::View::chunks) for an example.
#[derive(Clone, Debug)]
pub struct Chunks<T, L>(Raw<T, L>, usize);

/// Divides a view into windows: each part has the same number of consecutive rows, and begins one row after the part
/// before it.
///
/// See [`View::windows`](crate::View::windows) for an example.
#[derive(Clone, Debug)]
pub struct Windows<T, L>(Raw<T, L>, usize);

/// Divides a view into lanes: each part is what remains when all axes except one are indexed.
///
/// See [`View::lanes`](crate::View::lanes) for an example.
#[derive(Clone, Debug)]
pub struct Lanes<T, L>(Raw<T, L>, usize);

impl<T: Element, L: RemoveAxis> SubviewSource for Rows<T, L> {
    type Element = T;
    type Layout = L::Row;

    #[inline]
    unsafe fn part(&self, number: usize) -> Raw<T, L::Row> {
        // SAFETY: there are as many parts as rows, and the caller guarantees that the number is less.
        unsafe { self.0.row_unchecked(number) }
    }
}

impl<T: Element, L: RemoveAxis> SubviewSource for Chunks<T, L> {
    type Element = T;
    type Layout = L::Rows;

    #[inline]
    unsafe fn part(&self, number: usize) -> Raw<T, L::Rows> {
        rows(&self.0, number * self.1, self.1)
    }
}

impl<T: Element, L: RemoveAxis> SubviewSource for Windows<T, L> {
    type Element = T;
    type Layout = L::Rows;

    #[inline]
    unsafe fn part(&self, number: usize) -> Raw<T, L::Rows> {
        rows(&self.0, number, self.1)
    }
}

impl<T: Element, L: Direct> SubviewSource for Lanes<T, L> {
    type Element = T;
    type Layout = Strided<1>;

    #[inline]
    unsafe fn part(&self, number: usize) -> Raw<T, Strided<1>> {
        or_panic(self.0.try_lane(self.1, number))
    }
}

/// Returns `count` rows that begin at row `first`, or fewer if the view has fewer.
#[inline]
fn rows<T: Element, L: RemoveAxis>(raw: &Raw<T, L>, first: usize, count: usize) -> Raw<T, L::Rows> {
    let stop = first.saturating_add(count).min(isize::MAX.cast_unsigned());
    or_panic(raw.try_slice_rows(Slice::new(Some(first.cast_signed()), Some(stop.cast_signed()), 1)))
}

impl<T: Element, L: RemoveAxis, V: FromRaw<T, L::Row>> SubviewIter<Rows<T, L>, V> {
    #[inline]
    pub(super) fn rows(raw: Raw<T, L>) -> Self {
        let length = raw.layout().shape().first().copied().unwrap_or_default();
        Self { source: Rows(raw), remaining: 0..length, views: PhantomData }
    }
}

impl<T: Element, L: RemoveAxis, V: FromRaw<T, L::Rows>> SubviewIter<Chunks<T, L>, V> {
    #[inline]
    pub(super) fn try_chunks(raw: Raw<T, L>, rows: usize) -> Result<Self, Error> {
        let length = raw.layout().shape().first().copied().unwrap_or_default();
        if rows == 0 {
            return Err(LayoutError::NoRows.into());
        }
        Ok(Self { source: Chunks(raw, rows), remaining: 0..length.div_ceil(rows), views: PhantomData })
    }
}

impl<T: Element, L: RemoveAxis, V: FromRaw<T, L::Rows>> SubviewIter<Windows<T, L>, V> {
    #[inline]
    pub(super) fn try_windows(raw: Raw<T, L>, rows: usize) -> Result<Self, Error> {
        let length = raw.layout().shape().first().copied().unwrap_or_default();
        if rows == 0 {
            return Err(LayoutError::NoRows.into());
        }
        Ok(Self {
            source: Windows(raw, rows),
            remaining: 0..(length + 1).saturating_sub(rows),
            views: PhantomData,
        })
    }
}

impl<T: Element, L: Direct, V: FromRaw<T, Strided<1>>> SubviewIter<Lanes<T, L>, V> {
    #[inline]
    pub(super) fn try_lanes(raw: Raw<T, L>, axis: usize) -> Result<Self, Error> {
        let count = raw.try_count_lanes(axis)?;
        Ok(Self { source: Lanes(raw, axis), remaining: 0..count, views: PhantomData })
    }
}

impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> SubviewIter<S, V> {
    /// Returns the part with this number.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `number` has been taken out of `remaining`.
    #[inline]
    unsafe fn view(&self, number: usize) -> V {
        // SAFETY: the constructors made `remaining` of the numbers of all parts, and it only becomes smaller.
        V::from_raw_part(unsafe { self.source.part(number) })
    }
}

#[cfg(feature = "rayon")]
impl<S: Clone, V> SubviewIter<S, V> {
    /// Divides the iterator in two: the first `count` parts, or all if there are fewer, and the other parts.
    pub(crate) fn split_at(self, count: usize) -> (Self, Self) {
        // INVARIANT: each number is in exactly one of the two iterators, so at most one `ViewMut` is made of each part
        // (V4).
        let Range { start, end } = self.remaining;
        // The addition saturates, because safe code can call this with any number, through rayon's `Producer`.
        let middle = end.min(start.saturating_add(count));
        let second = Self { source: self.source.clone(), remaining: middle..end, views: PhantomData };
        (Self { remaining: start..middle, ..self }, second)
    }
}

// SAFETY: a source consists of a pointer, a layout and a number. It gives access to the memory only through the views
// that it returns, and these are `Send`.
unsafe impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout> + Send> Send for SubviewIter<S, V> {}

impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> Iterator for SubviewIter<S, V> {
    type Item = V;

    #[inline]
    fn next(&mut self) -> Option<V> {
        // SAFETY: the number is out of `remaining`.
        self.remaining.next().map(|number| unsafe { self.view(number) })
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.remaining.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<V> {
        // SAFETY: the number is out of `remaining`.
        self.remaining.nth(n).map(|number| unsafe { self.view(number) })
    }
}

impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> DoubleEndedIterator for SubviewIter<S, V> {
    #[inline]
    fn next_back(&mut self) -> Option<V> {
        // SAFETY: the number is out of `remaining`.
        self.remaining.next_back().map(|number| unsafe { self.view(number) })
    }

    #[inline]
    fn nth_back(&mut self, n: usize) -> Option<V> {
        // SAFETY: the number is out of `remaining`.
        self.remaining.nth_back(n).map(|number| unsafe { self.view(number) })
    }
}

impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> ExactSizeIterator for SubviewIter<S, V> {}
impl<S: SubviewSource, V: FromRaw<S::Element, S::Layout>> FusedIterator for SubviewIter<S, V> {}

impl<S, V> fmt::Debug for SubviewIter<S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubviewIter({} left)", self.remaining.len())
    }
}
