//! Items: the bytes of one element, moved while other threads may move them too.
//! A number is moved as one atomic value where it is aligned, so a reader sees the old or the new one. Otherwise it is moved byte by byte.

use core::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering::Relaxed};

/// Returns the size of the words in which an element at `address` is moved: the largest one in which it is aligned.
#[inline]
fn word(address: usize, length: usize) -> usize {
    let fits = |size: &usize| address.is_multiple_of(*size) && length.is_multiple_of(*size);
    [8, 4, 2].into_iter().find(fits).unwrap_or(1)
}

macro_rules! words {
    ($($bits:ident: $atomic:ident, $load:ident, $store:ident;)*) => {$(
        #[inline(always)]
        unsafe fn $load(from: *const u8, item: &mut [u8]) {
            for (place, word) in item.chunks_exact_mut(size_of::<$bits>()).enumerate() {
                // SAFETY: the word is inside the element, which the caller guarantees to be alive.
                let at = unsafe { from.cast::<$bits>().add(place) };
                // SAFETY: the caller guarantees that the word is aligned, initialised and written by nobody except atomically.
                let bits = unsafe { $atomic::from_ptr(at.cast_mut()) }.load(Relaxed);
                word.copy_from_slice(&bits.to_ne_bytes());
            }
        }

        #[inline(always)]
        unsafe fn $store(to: *mut u8, item: &[u8]) {
            for (place, word) in item.chunks_exact(size_of::<$bits>()).enumerate() {
                let mut bytes = [0; size_of::<$bits>()];
                bytes.copy_from_slice(word);
                // SAFETY: the word is inside the element, which the caller guarantees to be alive.
                let at = unsafe { to.cast::<$bits>().add(place) };
                // SAFETY: the caller guarantees that the word is aligned, writable and accessed by nobody except atomically.
                unsafe { $atomic::from_ptr(at) }.store($bits::from_ne_bytes(bytes), Relaxed);
            }
        }
    )*};
}

words! {
    u64: AtomicU64, load_u64, store_u64;
    u32: AtomicU32, load_u32, store_u32;
    u16: AtomicU16, load_u16, store_u16;
    u8: AtomicU8, load_u8, store_u8;
}

/// Copies an element out of memory that other threads may write by [`store`] meanwhile. A number of up to 8 bytes that is aligned is
/// not torn.
///
/// # Safety
///
/// The caller must ensure that `from` points to `item.len()` bytes that are alive and initialised, and that nobody writes them except
/// by atomic accesses of the same sizes.
///
/// # Examples
///
/// ```
/// use typedview::element_bytes::{load, store};
///
/// let (mut number, mut bytes) = (0_u32, [0; 4]);
/// let address = (&raw mut number).cast::<u8>();
/// // SAFETY: the number has 4 bytes, and only this thread uses them.
/// unsafe { store(address, &7_u32.to_ne_bytes()) };
/// // SAFETY: as above, only this thread uses the 4 bytes of the number.
/// unsafe { load(address, &mut bytes) };
/// assert_eq!(u32::from_ne_bytes(bytes), 7);
/// ```
#[inline]
pub unsafe fn load(from: *const u8, item: &mut [u8]) {
    let load = match word(from.addr(), item.len()) {
        8 => load_u64,
        4 => load_u32,
        2 => load_u16,
        _ => load_u8,
    };
    // SAFETY: the caller guarantees what is required of the element, and its words of this size are aligned.
    unsafe { load(from, item) }
}

/// Copies an element into memory that other threads may read by [`load`] meanwhile.
///
/// # Safety
///
/// The caller must ensure that `to` points to `item.len()` bytes that are alive and writable, and that nobody accesses them except by
/// atomic accesses of the same sizes.
///
/// See [`load`] for an example.
#[inline]
pub unsafe fn store(to: *mut u8, item: &[u8]) {
    let store = match word(to.addr(), item.len()) {
        8 => store_u64,
        4 => store_u32,
        2 => store_u16,
        _ => store_u8,
    };
    // SAFETY: the caller guarantees what is required of the element, and its words of this size are aligned.
    unsafe { store(to, item) }
}
