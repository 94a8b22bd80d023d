//! Gathering: copies every second byte to adjacent bytes.
//! It is separate because the compiler does not vectorise it: this would load the bytes in between, which others may be writing.

use super::ends::Ends;

/// The number of bytes that are gathered at once.
#[cfg(all(target_arch = "x86_64", not(miri)))]
const BLOCK: usize = 16;

/// Copies the bytes number 0, 2, 4, ... of the source to `count` adjacent bytes.
///
/// # Safety
///
/// The caller must ensure that these bytes of the source are alive, initialised and not written by others, that the bytes of the
/// target are writable and not used by others, and that the target overlaps none of the source's that are copied after it is written.
pub(super) unsafe fn gather_bytes(ends: Ends, count: usize) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // A block ends one byte after its last byte that is copied. So the last block is left out: it would end outside the source.
    let in_blocks = count.saturating_sub(1) / BLOCK * BLOCK;
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    for done in (0..in_blocks).step_by(BLOCK) {
        // SAFETY: there are more bytes than the block has, so the offsets stay inside the allocations of both sides.
        let ends = unsafe { ends.moved([done.cast_signed(), 2 * done.cast_signed()]) };
        // SAFETY: the bytes of the block and the one behind it can be read, and the block can be written, as the caller guarantees.
        unsafe { gather_block(ends) };
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let in_blocks = 0;
    for i in in_blocks..count {
        // SAFETY: there are more than `i` bytes, so the offsets stay inside the allocations of both sides.
        let ends = unsafe { ends.moved([i.cast_signed(), 2 * i.cast_signed()]) };
        // SAFETY: the caller guarantees that this byte of the source can be read.
        let byte = unsafe { ends.from.read() };
        // SAFETY: the caller guarantees that this byte of the target can be written.
        unsafe { ends.to.write(byte) };
    }
}

/// Copies every second byte of two blocks to one block.
///
/// # Safety
///
/// The caller must ensure that every second byte of the source can be read, that the bytes between them are in the same allocation,
/// and that the block at the target can be written.
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[inline(always)]
unsafe fn gather_block(ends: Ends) {
    use core::arch::x86_64::{__m128i, _mm_and_si128, _mm_packus_epi16, _mm_set1_epi16, _mm_storeu_si128};
    let pairs = |block: usize| {
        let pairs: __m128i;
        // SAFETY: the caller guarantees that the bytes are inside one allocation, so they can be loaded. Another thread may write the
        // bytes in between, or they are uninitialised. A load in Rust would then be undefined behaviour. A load in assembly code
        // is allowed, because what it does could be said in Rust: it reads every second byte, and returns any number for the
        // others, which are not used.
        unsafe {
            core::arch::asm!(
                "movdqu {pairs}, xmmword ptr [{from}]",
                pairs = out(xmm_reg) pairs,
                from = in(reg) ends.from.wrapping_add(block * BLOCK),
                options(pure, readonly, nostack, preserves_flags),
            );
        }
        pairs
    };
    // SAFETY: every x86-64 processor has SSE2.
    let low = unsafe { _mm_set1_epi16(0xff) };
    // SAFETY: every x86-64 processor has SSE2.
    let [first, second] = [0, 1].map(|block| unsafe { _mm_and_si128(pairs(block), low) });
    // SAFETY: every x86-64 processor has SSE2.
    let bytes = unsafe { _mm_packus_epi16(first, second) };
    // SAFETY: the caller guarantees that the block can be written. The store needs no alignment.
    unsafe { _mm_storeu_si128(ends.to.cast(), bytes) };
}
