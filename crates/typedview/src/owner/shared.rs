//! `Shared`: a view that carries its memory along, together with others.

use super::{Memory, Owned};
use crate::element::Element;
use crate::layout::{C, Layout};
use crate::raw::Raw;
use crate::spec::describe;
use alloc::sync::Arc;
use core::fmt;

/// Memory with a shape that several owners read and nobody writes; a part of it keeps the whole alive.
///
/// - O2. The layout describes initialised elements of `memory`, which nobody writes.
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
    /// The elements that `owner` refers to; it is dropped with the last view of them.
    ///
    /// `Arc<[T]>`, `Vec<T>`, `Box<[T]>`, memory-mapped files of bytes and whatever else lends a slice.
    pub fn from_owner<O: AsRef<[T]> + Send + Sync + 'static>(owner: O) -> Self {
        let (owner, memory) = Memory::boxed(owner);
        // SAFETY: `memory` keeps the owner, in its box, alive and untouched.
        let elements = unsafe { &*owner }.as_ref();
        // SAFETY: R1 and O2: the slice is borrowed from the owner, which nobody can move or change any more.
        let raw = unsafe { Raw::new(elements.as_ptr().cast_mut().cast(), C::of_slice(elements)) };
        Self { raw, memory: Arc::new(memory) }
    }
}

impl<T: Element, L: Layout> Shared<T, L> {
    /// The elements, without a promise; the views of an owner are made in `view`.
    #[inline]
    pub(crate) fn raw(&self) -> Raw<T, L> {
        self.raw.clone()
    }

    /// Other elements of the same memory.
    pub(crate) fn with_raw<M: Layout>(&self, raw: Raw<T, M>) -> Shared<T, M> {
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
        self.with_raw(self.raw())
    }
}

// SAFETY: O2: memory that nobody writes, of elements that are `Sync`; `Memory` is `Send` and `Sync`.
unsafe impl<T: Element, L: Layout> Send for Shared<T, L> {}
// SAFETY: as above.
unsafe impl<T: Element, L: Layout> Sync for Shared<T, L> {}

impl<T: Element, L: Layout> fmt::Debug for Shared<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe::<T, L>(f, "Shared", self.raw.layout())
    }
}
