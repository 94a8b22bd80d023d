//! `Owned`: a pointer and a layout together with the memory that they refer to, which nobody else uses.

use super::Memory;
use crate::copy::room;
use crate::element::Element;
use crate::error::{AllocationError, Error, fallible, or_panic};
use crate::layout::{C, Direct, Dyn, Layout, advance, lendable, reshape};
use crate::raw::{Raw, initialise_padding};
use crate::spec::fmt_view;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// Memory with a shape that nobody else uses. Functions return their results in it.
///
/// - O1. The layout describes elements of `memory`. They are initialised including their padding, nobody else touches
///   them, and no two of them overlap.
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
    /// Returns the elements as a raw view, which promises nothing about them. The module `view` makes views of it.
    #[inline]
    pub(crate) fn raw(&self) -> Raw<T, L> {
        self.raw.clone()
    }

    /// Makes an `Owned` of the elements that `layout` describes from `first` on, and of the memory that contains them.
    ///
    /// # Panics
    ///
    /// If elements of the layout may overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure that, until `memory` is dropped, the bytes that the layout reaches from `first` are
    /// inside one allocation, alive, initialised, writable, and touched by nobody else. If axes hold pointers, the caller must
    /// also ensure the same of the pointers and of the memory behind them, and that no two elements overlap.
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
    /// let table = unsafe { Owned::from_raw_parts(first, C::new([2, 2], 8)?, memory) };
    /// assert_eq!(table.view().row(1).to_vec(), [3.0, 4.0]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub unsafe fn from_raw_parts(first: *mut T, layout: L, memory: Memory) -> Self {
        // SAFETY: the caller guarantees everything that `try_from_raw_parts` requires.
        or_panic(unsafe { Self::try_from_raw_parts(first, layout, memory) })
    }

    /// Does what [`from_raw_parts`](Self::from_raw_parts) does, and returns the error instead of panicking.
    ///
    /// # Errors
    ///
    /// If elements of the layout may overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`from_raw_parts`](Self::from_raw_parts) asks for.
    pub unsafe fn try_from_raw_parts(first: *mut T, layout: L, memory: Memory) -> Result<Self, Error> {
        lendable(&layout, size_of::<T>())?;
        // SAFETY: the caller guarantees that the layout stays inside one allocation (R1, R2) of initialised bytes that
        // nobody else touches, and no two elements overlap (O1).
        Ok(Self { raw: unsafe { Raw::new(first.cast(), layout) }, memory })
    }

    /// Returns a pointer to the first element, the layout, and the memory.
    ///
    /// These three are all that is needed to hand the memory to another language.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Owned;
    ///
    /// let (first, layout, memory) = Owned::from_vec(vec![1, 2, 3, 4], [2, 2]).into_raw_parts();
    /// // SAFETY: the four elements are alive until `memory` is dropped.
    /// let again = unsafe { Owned::from_raw_parts(first, layout, memory) };
    /// assert_eq!(again.view().row(1).to_vec(), [3, 4]);
    /// ```
    #[must_use]
    pub fn into_raw_parts(self) -> (*mut T, L, Memory) {
        (self.raw.as_ptr(), self.raw.layout().clone(), self.memory)
    }
}

impl<T: Element> Owned<T, Dyn> {
    fallible! {
        /// Allocates memory for a shape whose number of axes is known only at run time. All bytes are 0.
        fails "If the elements exceed the address space or the available memory, or if there are more than 64 axes."
        /// # Examples
        ///
        /// ```
        /// use typedview::Owned;
        ///
        /// let shape = vec![2, 1, 3];
        /// let table = Owned::<f64, _>::zeroed_dyn(&shape);
        /// assert_eq!(table.view().shape(), [2, 1, 3]);
        /// ```
        #[must_use]
        pub fn zeroed_dyn / try_zeroed_dyn (shape: &[usize]) -> Self {
            let layout = Dyn::dense(shape, size_of::<T>());
            // `dense` does not check the shape, so its strides may have wrapped. `new` checks the shape before it uses the
            // strides.
            let layout = Dyn::new(shape, layout.strides(size_of::<T>()).as_ref(), size_of::<T>())?;
            Ok(Self::of_dense(zeros(layout.size())?, shape))
        }
    }

    /// Makes an `Owned` in C order of `elements`, which must be as many as a layout with this shape has.
    pub(crate) fn of_dense(elements: Vec<T>, shape: &[usize]) -> Self {
        let layout = Dyn::dense(shape, size_of::<T>());
        assert_eq!(layout.size(), elements.len(), "the elements are those of a layout with this shape");
        let (first, memory) = initialised(elements);
        // SAFETY: there is one element for each element of the layout, so its offsets stay inside the allocation (R1).
        // All bytes are initialised, and nobody else has the memory (O1).
        let raw = unsafe { Raw::new(first.cast(), layout) };
        Self { raw, memory }
    }
}

impl<T: Element, const N: usize> Owned<T, C<N>> {
    fallible! {
        /// Allocates memory for `shape`. All bytes are 0.
        fails "If the elements exceed the address space or the available memory."
        /// # Examples
        ///
        /// ```
        /// use typedview::{C, Owned};
        ///
        /// let table: Owned<f64, C<2>> = Owned::zeroed([2, 3]);
        /// assert_eq!(table.view().to_vec(), [0.0; 6]);
        /// let error = Owned::<f64, _>::try_zeroed([1 << 58]).unwrap_err();
        /// assert_eq!(error.to_string(), "cannot allocate 2305843009213693952 bytes");
        /// ```
        #[must_use]
        pub fn zeroed / try_zeroed (shape: [usize; N]) -> Self {
            let layout = C::new(shape, size_of::<T>())?;
            // INVARIANT: there is one element for each element of the layout, and all bytes are initialised (O1).
            Ok(Self::from_block(zeros(layout.size())?, layout))
        }

        /// Takes the memory of `vec` and gives it a shape. Nothing is copied.
        fails "If the shape does not have the same number of elements as `vec`."
        /// # Examples
        ///
        /// ```
        /// use typedview::Owned;
        ///
        /// let vec = vec![1, 2, 3, 4, 5, 6];
        /// let address = vec.as_ptr();
        /// let table = Owned::from_vec(vec, [2, 3]);
        /// assert_eq!(table.view().as_ptr(), address);
        /// ```
        #[must_use]
        pub fn from_vec / try_from_vec (vec: Vec<T>, shape: [usize; N]) -> Self {
            let layout = reshape(&C::new([vec.len()], size_of::<T>())?, shape, size_of::<T>())?;
            Ok(Self::from_block(vec, layout))
        }

        /// Allocates memory for `shape`, and calls `element` with each index, in index order, to make the elements.
        fails "If the elements exceed the address space or the available memory."
        /// # Examples
        ///
        /// ```
        /// use typedview::Owned;
        ///
        /// let table = Owned::from_fn([2, 3], |[i, j]| 10 * i + j);
        /// assert_eq!(table.view().to_vec(), [0, 1, 2, 10, 11, 12]);
        /// ```
        #[must_use]
        pub fn from_fn / try_from_fn (shape: [usize; N], element: impl FnMut([usize; N]) -> T) -> Self {
            let layout = C::new(shape, size_of::<T>())?;
            let (mut element, mut index) = (element, [0; N]);
            // If `element` panics, the vector is dropped with the elements that it has so far.
            let mut vec = room(layout.size())?;
            for _ in 0..layout.size() {
                vec.push(element(index));
                advance(&mut index, &shape, N);
            }
            Ok(Self::from_block(vec, layout))
        }
    }

    /// Makes an `Owned` in C order of `elements`, which must be as many as a layout with this shape has.
    pub(crate) fn of_elements(elements: Vec<T>, shape: [usize; N]) -> Self {
        match C::new(shape, size_of::<T>()) {
            Ok(layout) if layout.size() == elements.len() => Self::from_block(elements, layout),
            _ => unreachable!("the elements are those of a layout with this shape"),
        }
    }

    fn from_block(vec: Vec<T>, layout: C<N>) -> Self {
        let (first, memory) = initialised(vec);
        // SAFETY: the callers have checked that the vector has as many elements as the layout, so its offsets stay
        // inside the allocation (R1). All bytes are initialised, and nobody else has the memory (O1).
        let raw = unsafe { Raw::new(first.cast(), layout) };
        Self { raw, memory }
    }
}

/// Returns `count` elements whose bytes are all 0. `count` is the size of a layout.
///
/// The elements are not cloned, because `Clone` of an element type is code of others.
///
/// # Errors
///
/// Fails when there is not enough memory for the elements.
fn zeros<T: Element>(count: usize) -> Result<Vec<T>, Error> {
    let Ok(layout) = core::alloc::Layout::array::<T>(count) else {
        unreachable!("the bytes of a layout fit `isize`")
    };
    let first = if layout.size() == 0 {
        // A vector without bytes has no allocation, so its pointer is dangling.
        core::ptr::dangling_mut()
    } else {
        // SAFETY: the size of the allocation is not 0.
        let first = unsafe { allocate_zeroed(layout) };
        if first.is_null() {
            return Err(AllocationError { nbytes: layout.size() }.into());
        }
        first.cast::<T>()
    };
    // SAFETY: the memory was allocated for `count` elements, or they have no bytes and need none. Bytes of 0 are a
    // valid value of every element (E1).
    Ok(unsafe { Vec::from_raw_parts(first, count, count) })
}

/// Returns a pointer to an allocation whose bytes are all 0, or null if there is not enough memory.
///
/// # Safety
///
/// The caller must ensure that the size of the layout is not 0.
unsafe fn allocate_zeroed(layout: core::alloc::Layout) -> *mut u8 {
    /// Up to this number of bytes, the C library keeps freed memory at hand for `malloc`, but not for `calloc`: 8 doubles take
    /// 11 ns instead of 18 (glibc 2.36). Larger memory may come from the system, which has zeroed it.
    const SMALL: usize = 1024;
    if layout.size() > SMALL {
        // SAFETY: the caller guarantees that the size is not 0.
        return unsafe { alloc::alloc::alloc_zeroed(layout) };
    }
    // SAFETY: the caller guarantees that the size is not 0. The compiler would make a `calloc` of it if it saw where the pointer
    // comes from.
    let first = core::hint::black_box(unsafe { alloc::alloc::alloc(layout) });
    if !first.is_null() {
        // SAFETY: the allocation has this number of bytes.
        unsafe { first.write_bytes(0, layout.size()) };
    }
    first
}

/// Returns a pointer to the first of `elements`, and their memory, in which every byte is initialised (O1).
pub(crate) fn initialised<T: Element>(elements: Vec<T>) -> (*mut T, Memory) {
    let count = elements.len();
    let (first, memory) = Memory::from_vec(elements);
    // SAFETY: the elements are those of a vector that was passed by value, so they are initialised and nobody else has
    // them.
    unsafe { initialise_padding(first, count) };
    (first, memory)
}

impl<T: Element, L: Direct> Owned<T, L> {
    /// Returns the same elements with the axes reversed. `C` becomes `F`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{F, Owned};
    ///
    /// let transposed: Owned<i32, F<2>> = Owned::from_vec(vec![1, 2, 3, 4, 5, 6], [2, 3]).transpose();
    /// assert_eq!((transposed.view().shape(), transposed.view().at([2, 0])), (&[3, 2][..], 3));
    /// ```
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

// SAFETY: nobody else touches the memory (O1), the elements are `Send`, and `Memory` is `Send`.
unsafe impl<T: Element, L: Layout> Send for Owned<T, L> {}
// SAFETY: `&Owned` gives access only for reading, and the elements are `Sync`.
unsafe impl<T: Element, L: Layout> Sync for Owned<T, L> {}

impl<T: Element, L: Layout> fmt::Debug for Owned<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_view::<T, L>(f, "Owned", self.raw.layout())
    }
}
