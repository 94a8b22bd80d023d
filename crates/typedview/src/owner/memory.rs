//! Memory: what is left of an owner once its type is forgotten, the duty to free it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::mem::ManuallyDrop;

/// The owner of some memory, its type forgotten; dropping it frees the memory, on any thread.
///
/// Holds what its function `free` needs and nothing else:
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
    /// Memory that lives as long as `owner` is not dropped.
    pub fn from_owner<O: Send + 'static>(owner: O) -> Self {
        Self::boxed(owner).1
    }

    /// Memory that `free` is called for, once, on any thread: C's `free`, or Cython's `callback_free_data`.
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

    /// As [`from_owner`](Self::from_owner), and where the owner is for as long.
    pub(super) fn boxed<O: Send + 'static>(owner: O) -> (*const O, Self) {
        unsafe fn free<O>(address: *mut u8, _count: usize) {
            // SAFETY: M1: `address` comes from `Box::into_raw` below.
            drop(unsafe { Box::from_raw(address.cast::<O>()) });
        }
        let owner = Box::into_raw(Box::new(owner));
        // INVARIANT M1: `O` is `Send`.
        (owner, Self { address: owner.cast(), count: 0, free: free::<O> })
    }

    /// The memory of `vec`, which is not moved, and its first element.
    pub(crate) fn from_vec<T: Copy + Send + 'static>(vec: Vec<T>) -> (*mut T, Self) {
        unsafe fn free<T>(address: *mut u8, capacity: usize) {
            // SAFETY: M1: pointer and capacity are those of a vector whose elements need no drop.
            drop(unsafe { Vec::<T>::from_raw_parts(address.cast(), 0, capacity) });
        }
        let mut vec = ManuallyDrop::new(vec);
        let first = vec.as_mut_ptr();
        // INVARIANT M1: `T` is `Send`, and `Copy`, so it needs no drop.
        (first, Self { address: first.cast(), count: vec.capacity(), free: free::<T> })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: M1; `drop` runs once.
        unsafe { (self.free)(self.address, self.count) }
    }
}

// SAFETY: M1: freeing is all that can be done, and it may be done on any thread.
unsafe impl Send for Memory {}
// SAFETY: nothing can be done with a shared reference.
unsafe impl Sync for Memory {}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({:p})", self.address)
    }
}
