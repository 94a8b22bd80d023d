//! `Owned`: a view that carries its memory along.

use super::Memory;
use crate::copy::room;
use crate::element::Element;
use crate::error::{Error, MemoryError, or_refuse};
use crate::layout::{C, Direct, Dyn, Layout, advance, lendable, reshape};
use crate::raw::{Raw, initialise_padding};
use crate::spec::describe;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// Memory with a shape, that nobody else has: what a function returns.
///
/// - O1. The layout describes initialised elements of `memory`, down to their padding, which nobody else touches; no two
///   overlap.
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

    /// The elements of `layout` from `first` on, and the memory they are in.
    ///
    /// # Errors
    ///
    /// Elements of the layout may overlap.
    ///
    /// # Safety
    ///
    /// Until `memory` is dropped the bytes that the layout reaches from `first` are inside one allocation, alive,
    /// initialised, writable, and touched by nobody else. Where axes hold pointers, no two elements overlap.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{C, Memory, Owned};
    ///
    /// let first = Box::into_raw(Box::new([1.0, 2.0, 3.0, 4.0])).cast::<f64>();
    /// let address = first as usize;
    /// // SAFETY: called once, when nobody uses the memory any more.
    /// let memory = Memory::calling(move || drop(unsafe { Box::from_raw(address as *mut [f64; 4]) }));
    /// // SAFETY: four numbers that belong to nobody else.
    /// let table = unsafe { Owned::try_from_raw_parts(first, C::new([2, 2], 8)?, memory) }?;
    /// assert_eq!(table.view().row(1).to_vec(), [3.0, 4.0]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub unsafe fn try_from_raw_parts(first: *mut T, layout: L, memory: Memory) -> Result<Self, Error> {
        lendable(&layout, size_of::<T>())?;
        // SAFETY: the caller: R1 and O1; no two elements overlap.
        Ok(Self { raw: unsafe { Raw::new(first.cast(), layout) }, memory })
    }

    /// First element, layout and owner: what it takes to hand the memory to another language.
    #[must_use]
    pub fn into_raw_parts(self) -> (*mut T, L, Memory) {
        (self.raw.as_ptr(), self.raw.layout().clone(), self.memory)
    }
}

impl<T: Element> Owned<T, Dyn> {
    /// New memory of a shape whose number of axes is known at run time only, all bytes 0.
    ///
    /// # Errors
    ///
    /// The elements exceed the address space or the memory that there is, or there are more than 64 axes.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Owned;
    ///
    /// let shape = vec![2, 1, 3];
    /// let table = Owned::<f64, _>::try_zeroed_dyn(&shape)?;
    /// assert_eq!(table.view().shape(), [2, 1, 3]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn try_zeroed_dyn(shape: &[usize]) -> Result<Self, Error> {
        let layout = Dyn::dense(shape, size_of::<T>());
        // The strides of a shape nobody has checked may have wrapped: `new` checks the shape first.
        let layout = Dyn::new(shape, layout.strides(size_of::<T>()).as_ref(), size_of::<T>())?;
        Ok(Self::of_dense(zeros(layout.size())?, shape))
    }

    /// The elements of a layout with this shape, which are as many.
    pub(crate) fn of_dense(elements: Vec<T>, shape: &[usize]) -> Self {
        let layout = Dyn::dense(shape, size_of::<T>());
        assert_eq!(layout.size(), elements.len(), "the elements are those of a layout with this shape");
        let (first, memory) = initialised(elements);
        // SAFETY: R1 and O1: one element for each of the layout.
        let raw = unsafe { Raw::new(first.cast(), layout) };
        Self { raw, memory }
    }
}

impl<T: Element, const N: usize> Owned<T, C<N>> {
    /// New memory of `shape`, all bytes 0.
    ///
    /// # Errors
    ///
    /// The elements exceed the address space or the memory that there is.
    pub fn try_zeroed(shape: [usize; N]) -> Result<Self, Error> {
        let layout = C::new(shape, size_of::<T>())?;
        // INVARIANT: one element for each of the layout.
        Ok(Self::from_block(zeros(layout.size())?, layout))
    }

    /// New memory of `shape`, all bytes 0.
    ///
    /// # Panics
    ///
    /// The elements exceed the address space or the memory that there is.
    #[must_use]
    #[track_caller]
    pub fn zeroed(shape: [usize; N]) -> Self {
        or_refuse(Self::try_zeroed(shape))
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
        let layout = reshape(&C::new([vec.len()], size_of::<T>())?, shape, size_of::<T>())?;
        Ok(Self::from_block(vec, layout))
    }

    /// New memory of `shape`, each element made by a function of its index, in index order.
    ///
    /// # Errors
    ///
    /// The elements exceed the address space or the memory that there is.
    pub fn try_from_fn(shape: [usize; N], mut element: impl FnMut([usize; N]) -> T) -> Result<Self, Error> {
        let layout = C::new(shape, size_of::<T>())?;
        let mut index = [0; N];
        // A panic of `element` drops the vector with what it has.
        let mut vec = room(layout.size())?;
        for _ in 0..layout.size() {
            vec.push(element(index));
            advance(&mut index, &shape, N);
        }
        Ok(Self::from_block(vec, layout))
    }

    /// New memory of `shape`, each element made by a function of its index, in index order.
    ///
    /// # Panics
    ///
    /// The elements exceed the address space or the memory that there is.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Owned;
    ///
    /// let table = Owned::from_fn([2, 3], |[i, j]| 10 * i + j);
    /// assert_eq!(table.view().to_vec(), [0, 1, 2, 10, 11, 12]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn from_fn(shape: [usize; N], element: impl FnMut([usize; N]) -> T) -> Self {
        or_refuse(Self::try_from_fn(shape, element))
    }

    /// The elements of a layout with this shape, which are as many.
    pub(crate) fn of_elements(elements: Vec<T>, shape: [usize; N]) -> Self {
        match C::new(shape, size_of::<T>()) {
            Ok(layout) if layout.size() == elements.len() => Self::from_block(elements, layout),
            _ => unreachable!("the elements are those of a layout with this shape"),
        }
    }

    fn from_block(vec: Vec<T>, layout: C<N>) -> Self {
        let (first, memory) = initialised(vec);
        // SAFETY: R1 and O1: the callers checked that the vector has as many elements as the layout.
        let raw = unsafe { Raw::new(first.cast(), layout) };
        Self { raw, memory }
    }
}

/// Elements whose bytes are all 0, as many as a layout has; `Clone` of the element is code of others, and not asked.
///
/// # Errors
///
/// There is no memory for them.
fn zeros<T: Element>(count: usize) -> Result<Vec<T>, Error> {
    let Ok(layout) = core::alloc::Layout::array::<T>(count) else {
        unreachable!("the bytes of a layout fit `isize`")
    };
    let first = if layout.size() == 0 {
        // A vector without bytes has no allocation.
        core::ptr::dangling_mut()
    } else {
        // SAFETY: there is at least a byte.
        let first = unsafe { alloc::alloc::alloc_zeroed(layout) };
        if first.is_null() {
            return Err(MemoryError { nbytes: layout.size() }.into());
        }
        first.cast::<T>()
    };
    // SAFETY: the memory was allocated for so many elements, or they need none; zeros are a value of each (E1).
    Ok(unsafe { Vec::from_raw_parts(first, count, count) })
}

/// The first of some elements, and their memory, of which every byte is initialised (O1).
pub(crate) fn initialised<T: Element>(elements: Vec<T>) -> (*mut T, Memory) {
    let count = elements.len();
    let (first, memory) = Memory::from_vec(elements);
    // SAFETY: they are the elements of a vector, which nobody else has.
    unsafe { initialise_padding(first, count) };
    (first, memory)
}

impl<T: Element, L: Direct> Owned<T, L> {
    /// The same elements with the axes reversed; `C` becomes `F`.
    #[must_use]
    pub fn transpose(self) -> Owned<T, L::Transposed> {
        Owned { raw: self.raw.transpose(), memory: self.memory }
    }
}

impl<T: Element> From<Box<[T]>> for Owned<T, C<1>> {
    fn from(elements: Box<[T]>) -> Self {
        Self::from(elements.into_vec())
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
