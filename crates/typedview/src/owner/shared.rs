//! `Shared`: a pointer and a layout together with the memory that they refer to, which several owners read.

use super::{Memory, Owned};
use crate::element::Element;
use crate::layout::{C, Layout};
use crate::raw::Raw;
use crate::spec::fmt_view;
use alloc::sync::Arc;
use core::fmt;

/// Memory with a shape that several owners read and nobody writes. A `Shared` of a part keeps all of the memory alive.
///
/// - O2. The layout describes initialised elements that live at least as long as `memory`, and that nobody writes.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use typedview::Shared;
///
/// let samples: Arc<[i32]> = Arc::from([1, 2, 3, 4, 5, 6]);
/// let shared = Shared::from_owner(samples.clone());
/// let table = shared.map(|view| view.reshape([2, 3]));
/// let last_row = table.map(|view| view.row(1));
/// drop((shared, table));
/// assert_eq!(last_row.view().to_vec(), [4, 5, 6]);
/// assert_eq!(Arc::strong_count(&samples), 2);
/// ```
pub struct Shared<T: Element, L: Layout> {
    raw: Raw<T, L>,
    memory: Arc<Memory>,
}

impl<T: Element> Shared<T, C<1>> {
    /// Makes a `Shared` of the elements that `owner` refers to. `owner` is dropped with the last `Shared` of its
    /// elements.
    ///
    /// `owner` can be an `Arc<[T]>`, a `Vec<T>`, a `Box<[T]>`, a memory-mapped file of bytes, or anything else that
    /// lends a slice.
    ///
    /// See [`Shared`] for an example.
    pub fn from_owner<O: AsRef<[T]> + Send + Sync + 'static>(owner: O) -> Self {
        let (owner, memory) = Memory::boxed(owner);
        // SAFETY: `memory` keeps the owner alive in its box, where nobody moves or changes it.
        let elements = unsafe { &*owner }.as_ref();
        // SAFETY: the slice is borrowed from the owner in its box until `memory` is dropped, so the layout stays inside its
        // allocation (R1). Safe code cannot write the elements behind a `&[T]` that is still in use (O2).
        let raw = unsafe { Raw::new(elements.as_ptr().cast_mut().cast(), C::of_slice(elements)) };
        Self { raw, memory: Arc::new(memory) }
    }
}

impl<T: Element, L: Layout> Shared<T, L> {
    /// Returns the elements as a raw view, which promises nothing about them. The module `view` makes views of it.
    #[inline]
    pub(crate) fn raw(&self) -> Raw<T, L> {
        self.raw.clone()
    }

    /// Returns a `Shared` of other elements, which keeps the same memory.
    ///
    /// # Safety
    ///
    /// The caller must ensure O2 for the elements of `raw` and this memory.
    pub(crate) unsafe fn with_raw<M: Layout>(&self, raw: Raw<T, M>) -> Shared<T, M> {
        Shared { raw, memory: self.memory.clone() }
    }
}

impl<T: Element, L: Layout> From<Owned<T, L>> for Shared<T, L> {
    fn from(owned: Owned<T, L>) -> Self {
        let raw = owned.raw();
        let (_, _, memory) = owned.into_raw_parts();
        Self { raw, memory: Arc::new(memory) }
    }
}

impl<T: Element, L: Layout> Clone for Shared<T, L> {
    fn clone(&self) -> Self {
        // SAFETY: the elements are those of `self` (O2).
        unsafe { self.with_raw(self.raw()) }
    }
}

// SAFETY: nobody writes the memory (O2), the elements are `Sync`, and `Memory` is `Send` and `Sync`.
unsafe impl<T: Element, L: Layout> Send for Shared<T, L> {}
// SAFETY: a shared reference only reads memory that nobody writes (O2), and the elements and `Memory` are `Sync`.
unsafe impl<T: Element, L: Layout> Sync for Shared<T, L> {}

impl<T: Element, L: Layout> fmt::Debug for Shared<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_view::<T, L>(f, "Shared", self.raw.layout())
    }
}
