//! Transposition in registers: 16 x 16 bytes, 8 x 8 items of 2 bytes or 4 x 4 items of 4 bytes at a time.
//! It is separate because it needs vector instructions. Every x86-64 processor has them.

use super::line::LINE;
use core::arch::x86_64::{
    __m128i, _mm_loadu_si128, _mm_setzero_si128, _mm_store_si128, _mm_unpackhi_epi8, _mm_unpackhi_epi16,
    _mm_unpackhi_epi32, _mm_unpacklo_epi8, _mm_unpacklo_epi16, _mm_unpacklo_epi32,
};

/// The number of bytes of a register.
const WIDTH: usize = 16;

/// Reads lines that are `stride` bytes apart, and writes line `j` into column `j` of the tile at `lines`. Items have `SIZE` bytes: 1, 2 or 4.
///
/// # Safety
///
/// The caller must ensure that as many lines can be read as a line has items, and that `lines` has room for as many and begins at a multiple
/// of 16.
#[inline(always)]
pub(super) unsafe fn load_transposed<const SIZE: usize>(lines: *mut u8, from: *const u8, stride: isize) {
    let count = WIDTH / SIZE;
    for part in 0..LINE / WIDTH {
        for block in 0..LINE / SIZE / count {
            // SAFETY: every x86-64 processor has SSE2.
            let mut rows = [unsafe { _mm_setzero_si128() }; WIDTH];
            for (k, row) in rows[..count].iter_mut().enumerate() {
                let line = (block * count + k).cast_signed();
                // SAFETY: the line is one of those that can be read, and has this part.
                let from = unsafe { from.offset(stride * line + (part * WIDTH).cast_signed()) };
                // SAFETY: the caller guarantees that the line can be read. The load needs no alignment.
                *row = unsafe { _mm_loadu_si128(from.cast()) };
            }
            transpose::<SIZE>(&mut rows);
            for (k, row) in rows[..count].iter().enumerate() {
                // SAFETY: the tile has this line, and the line this part.
                let to = unsafe { lines.add((part * count + k) * LINE + block * WIDTH) };
                // SAFETY: the place is inside the tile, at a multiple of 16.
                unsafe { _mm_store_si128(to.cast(), *row) };
            }
        }
    }
}

/// Transposes the first rows, which are as many as a row has items of `SIZE` bytes.
///
/// Each step interleaves the rows of the first half with those of the second half. After as many steps as doublings make one item a row,
/// each item is where the transposition has it.
#[inline(always)]
fn transpose<const SIZE: usize>(rows: &mut [__m128i; WIDTH]) {
    let count = WIDTH / SIZE;
    for _ in 0..count.ilog2() {
        let before = *rows;
        for i in 0..count / 2 {
            [rows[2 * i], rows[2 * i + 1]] = interleave::<SIZE>(before[i], before[i + count / 2]);
        }
    }
}

/// Interleaves the items of two rows: the first halves of both, and the second halves.
#[inline(always)]
fn interleave<const SIZE: usize>(a: __m128i, b: __m128i) -> [__m128i; 2] {
    // SAFETY: every x86-64 processor has SSE2.
    let low = |unpack: unsafe fn(__m128i, __m128i) -> __m128i| unsafe { unpack(a, b) };
    match SIZE {
        1 => [low(_mm_unpacklo_epi8), low(_mm_unpackhi_epi8)],
        2 => [low(_mm_unpacklo_epi16), low(_mm_unpackhi_epi16)],
        _ => [low(_mm_unpacklo_epi32), low(_mm_unpackhi_epi32)],
    }
}
