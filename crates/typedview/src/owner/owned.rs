//! `Owned`: a view that carries its memory along.

use super::Memory;
use crate::element::Element;
use crate::error::{Error, refuse};
use crate::layout::{C, Layout};
use crate::raw::Raw;
use crate::spec::describe;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

/// Memory with a shape, that nobody else has: what a function returns.
///
/// - O1. The layout describes initialised elements of `memory`, which nobody else touches, and no two overlap.
///
/// # Examples
///
/// ```
/// use typedview::Owned;
///
/// let mut table = Owned::<f64, _>::zeroed([2, 3]);
/// table.view_mut().row(1).fill(4.0);
/// assert_eq!(table.view().to_vec(), [0.0, 0.0, 0.0, 4.0, 4.0, 4.0]);
/// ```
pub struct Owned<T: Element, L: Layout> {
    raw: Raw<T, L>,
    memory: Memory,
}

impl<T: Element, L: Layout> Owned<T, L> {
    /// The elements, without a promise; the views of an owner are made in `view`.
    #[inline]
    pub(crate) fn raw(&self) -> Raw<T, L> {
        self.raw.clone()
    }

    /// First element, layout and owner: what it takes to hand the memory to another language.
    #[must_use]
    pub fn into_raw_parts(self) -> (*mut T, L, Memory) {
        (self.raw.as_ptr(), self.raw.layout().clone(), self.memory)
    }
}

impl<T: Element, const N: usize> Owned<T, C<N>> {
    /// New memory of `shape`, all bytes 0.
    ///
    /// # Errors
    ///
    /// The elements exceed the address space.
    pub fn try_zeroed(shape: [usize; N]) -> Result<Self, Error> {
        let layout = C::new(shape, size_of::<T>())?;
        // SAFETY: E1: zero bytes are a value.
        let zero = unsafe { core::mem::zeroed::<T>() };
        // INVARIANT: one element for each of the layout.
        Ok(Self::from_block(vec![zero; layout.size()], layout))
    }

    /// New memory of `shape`, all bytes 0.
    ///
    /// # Panics
    ///
    /// The elements exceed the address space.
    #[must_use]
    #[track_caller]
    pub fn zeroed(shape: [usize; N]) -> Self {
        Self::try_zeroed(shape).unwrap_or_else(|error| refuse(error))
    }

    /// The memory of `vec` under a shape; nothing is copied.
    ///
    /// # Errors
    ///
    /// The shape has another number of elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Owned;
    ///
    /// let vec = vec![1, 2, 3, 4, 5, 6];
    /// let address = vec.as_ptr();
    /// let table = Owned::try_from_vec(vec, [2, 3])?;
    /// assert_eq!(table.view().as_ptr(), address);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn try_from_vec(vec: Vec<T>, shape: [usize; N]) -> Result<Self, Error> {
        let layout = C::of_slice(&vec).try_reshape(shape, size_of::<T>())?;
        Ok(Self::from_block(vec, layout))
    }

    fn from_block(vec: Vec<T>, layout: C<N>) -> Self {
        let (first, memory) = Memory::from_vec(vec);
        // SAFETY: R1 and O1: the callers checked that the vector has as many elements as the layout.
        let raw = unsafe { Raw::new(first.cast(), layout) };
        Self { raw, memory }
    }
}

impl<T: Element> From<Vec<T>> for Owned<T, C<1>> {
    fn from(vec: Vec<T>) -> Self {
        let layout = C::of_slice(&vec);
        Self::from_block(vec, layout)
    }
}

// SAFETY: O1: memory that nobody else touches, of elements that are `Send`; `Memory` is `Send`.
unsafe impl<T: Element, L: Layout> Send for Owned<T, L> {}
// SAFETY: `&Owned` only reads, and elements are `Sync`.
unsafe impl<T: Element, L: Layout> Sync for Owned<T, L> {}

impl<T: Element, L: Layout> fmt::Debug for Owned<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe::<T, L>(f, "Owned", self.raw.layout())
    }
}
