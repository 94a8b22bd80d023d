//! `Memory`: the owner of some memory with its type erased, so that only the duty to free the memory is left.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::mem::ManuallyDrop;

/// The owner of some memory, with its type erased. Dropping it frees the memory, on any thread.
///
/// Invariant:
///
/// - M1. `free(address, count)` may be called once, on any thread.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use typedview::Memory;
///
/// let shared: Arc<[f64]> = Arc::from([1.0, 2.0]);
/// let memory = Memory::from_owner(shared.clone());
/// assert_eq!(Arc::strong_count(&shared), 2);
/// drop(memory);
/// assert_eq!(Arc::strong_count(&shared), 1);
/// ```
pub struct Memory {
    address: *mut u8,
    count: usize,
    free: unsafe fn(*mut u8, usize),
}

impl Memory {
    /// Keeps `owner`, and drops it when this value is dropped.
    ///
    /// See [`Memory`] for an example.
    pub fn from_owner<O: Send + 'static>(owner: O) -> Self {
        Self::boxed(owner).1
    }

    /// Makes a `Memory` that calls `free` when it is dropped: once, on any thread.
    ///
    /// `free` is a closure, for example one that calls C's `free` or Cython's `callback_free_data`. It is kept in a box.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use typedview::Memory;
    ///
    /// static FREED: AtomicBool = AtomicBool::new(false);
    /// let memory = Memory::calling(|| FREED.store(true, Ordering::Relaxed));
    /// assert!(!FREED.load(Ordering::Relaxed));
    /// drop(memory);
    /// assert!(FREED.load(Ordering::Relaxed));
    /// ```
    pub fn calling(free: impl FnOnce() + Send + 'static) -> Self {
        struct Calls<F: FnOnce()>(Option<F>);
        impl<F: FnOnce()> Drop for Calls<F> {
            fn drop(&mut self) {
                if let Some(free) = self.0.take() {
                    free();
                }
            }
        }
        Self::from_owner(Calls(Some(free)))
    }

    /// Does what [`from_owner`](Self::from_owner) does, and also returns the address of `owner`, which stays the same until the
    /// `Memory` is dropped.
    pub(super) fn boxed<O: Send + 'static>(owner: O) -> (*const O, Self) {
        unsafe fn free<O>(address: *mut u8, _count: usize) {
            // SAFETY: `address` comes from `Box::into_raw` below, and `free` is called only once (M1).
            drop(unsafe { Box::from_raw(address.cast::<O>()) });
        }
        let owner = Box::into_raw(Box::new(owner));
        // INVARIANT M1: the box may be dropped once, and on any thread because `O` is `Send`.
        (owner, Self { address: owner.cast(), count: 0, free: free::<O> })
    }

    /// Takes the memory of `vec` without moving its elements, and returns a pointer to the first element with it.
    pub(crate) fn from_vec<T: Copy + Send + 'static>(vec: Vec<T>) -> (*mut T, Self) {
        unsafe fn free<T>(address: *mut u8, capacity: usize) {
            // SAFETY: the pointer and the capacity are those of a vector whose elements need no drop, and `free` is
            // called only once (M1).
            drop(unsafe { Vec::<T>::from_raw_parts(address.cast(), 0, capacity) });
        }
        let mut vec = ManuallyDrop::new(vec);
        let first = vec.as_mut_ptr();
        // INVARIANT M1: the vector may be freed on any thread because `T` is `Send`, and its elements need no drop
        // because `T` is `Copy`.
        (first, Self { address: first.cast(), count: vec.capacity(), free: free::<T> })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: `drop` runs only once, and `free` may be called once on any thread (M1).
        unsafe { (self.free)(self.address, self.count) }
    }
}

// SAFETY: the only thing that can be done with the memory is to free it, which is allowed on any thread (M1).
unsafe impl Send for Memory {}
// SAFETY: a shared reference gives no access to the memory, and does not free it.
unsafe impl Sync for Memory {}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({:p})", self.address)
    }
}
