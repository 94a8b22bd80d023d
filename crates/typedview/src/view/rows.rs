//! Rows: the views along axis 0, one after the other.

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::error::refuse;
use crate::layout::{Axes, Layout};
use crate::raw::Raw;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ops::Range;

/// The rows of a view, from first to last; `V` is the view that one row is.
pub struct Rows<T, L, V> {
    raw: Raw<T, L>,
    left: Range<usize>,
    rows: PhantomData<V>,
}

/// A view that can be put together from a part of another.
pub trait Part<T, L> {
    /// Names a subset of the elements of the view that is taken apart; each part once.
    #[doc(hidden)]
    fn part(raw: Raw<T, L>) -> Self;
}

macro_rules! part {
    ($($view:ident),*) => {$(
        impl<T: Element, L: Layout> Part<T, L> for $view<'_, T, L> {
            #[inline]
            fn part(raw: Raw<T, L>) -> Self {
                $view::from_raw(raw)
            }
        }
    )*};
}

part!(View, ViewMut, CellView, CellViewMut);

impl<T: Element, L: Axes, V: Part<T, L::Row>> Rows<T, L, V> {
    #[inline]
    pub(super) fn new(raw: Raw<T, L>) -> Self {
        let length = raw.layout().shape()[0];
        Self { raw, left: 0..length, rows: PhantomData }
    }

    #[inline]
    fn row(&self, index: usize) -> V {
        match self.raw.try_row(index) {
            Ok(row) => V::part(row),
            Err(error) => refuse(error),
        }
    }
}

impl<T: Element, L: Axes, V: Part<T, L::Row>> Iterator for Rows<T, L, V> {
    type Item = V;

    #[inline]
    fn next(&mut self) -> Option<V> {
        self.left.next().map(|index| self.row(index))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<V> {
        self.left.nth(n).map(|index| self.row(index))
    }
}

impl<T: Element, L: Axes, V: Part<T, L::Row>> DoubleEndedIterator for Rows<T, L, V> {
    #[inline]
    fn next_back(&mut self) -> Option<V> {
        self.left.next_back().map(|index| self.row(index))
    }
}

impl<T: Element, L: Axes, V: Part<T, L::Row>> ExactSizeIterator for Rows<T, L, V> {}
impl<T: Element, L: Axes, V: Part<T, L::Row>> FusedIterator for Rows<T, L, V> {}

impl<T: Element, L: Layout, V> fmt::Debug for Rows<T, L, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rows({} left)", self.left.len())
    }
}
