//! Lines: how one cache line is written. Large copies go past the caches where the processor can do that.

use super::loops::Plane;

/// The number of bytes of a cache line on most processors. Another size costs time and nothing else.
pub(super) const LINE: usize = 64;

/// From this number of bytes and of rows on, a plane is written past the caches. It would not stay in them, and before a line is
/// written, it would be read. If there are fewer rows, the processor reads the next line of each row ahead, so that the caches are
/// faster (160 rows of 200 KB, `f64`: 0.7 of the time; 2,048 rows of 8 KB, `f32`: 1.9).
const LARGE: usize = 4 << 20;
const MANY_ROWS: usize = 512;

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stores {
    /// Into the caches, at any address.
    Cached,
    /// Past the caches, at addresses that are multiples of a line.
    Streaming,
}

impl Stores {
    /// Returns how the lines of a plane are written. The first row of the target begins at `to`.
    pub(super) fn choose(plane: &Plane<2>, to: *mut u8, itemsize: usize) -> Self {
        let (rows, stride) = (plane.rows.extent, plane.rows.strides[0]);
        let on_lines = stride.unsigned_abs().is_multiple_of(LINE) && to.addr().is_multiple_of(itemsize);
        let large = rows >= MANY_ROWS && rows * plane.columns.extent * itemsize >= LARGE;
        let possible = cfg!(all(target_arch = "x86_64", not(miri)));
        if possible && large && on_lines { Self::Streaming } else { Self::Cached }
    }

    /// Returns the number of bytes from `to` to the next address at which a line may be written.
    pub(super) fn to_line(self, to: *mut u8) -> usize {
        match self {
            Self::Cached => 0,
            Self::Streaming => to.addr().wrapping_neg() % LINE,
        }
    }

    /// Writes a line.
    ///
    /// # Safety
    ///
    /// The caller must ensure that a line can be read from `from`, at an address that is a multiple of 16, and written to `to`, and that for
    /// `Streaming` the address of `to` is a multiple of 16.
    #[inline(always)]
    pub(super) unsafe fn write(self, to: *mut u8, from: *const u8) {
        #[cfg(target_arch = "x86_64")]
        if self == Self::Streaming {
            use core::arch::x86_64::{__m128i, _mm_load_si128, _mm_stream_si128};
            for i in 0..LINE / size_of::<__m128i>() {
                // SAFETY: the caller guarantees that a line can be read here.
                let from = unsafe { from.cast::<__m128i>().add(i) };
                // SAFETY: the caller guarantees that a line can be written here.
                let to = unsafe { to.cast::<__m128i>().add(i) };
                // SAFETY: every x86-64 processor has SSE2, and the address is a multiple of 16.
                let part = unsafe { _mm_load_si128(from) };
                // SAFETY: every x86-64 processor has SSE2, and the address is a multiple of 16.
                unsafe { _mm_stream_si128(to, part) };
            }
            return;
        }
        // SAFETY: the caller guarantees that a line can be read and written, and the tile is no part of the target.
        unsafe { core::ptr::copy_nonoverlapping(from, to, LINE) };
    }

    /// Makes the lines visible to other threads in the order of the program. It must be called after the last line.
    pub(super) fn finish(self) {
        #[cfg(target_arch = "x86_64")]
        if self == Self::Streaming {
            // SAFETY: every x86-64 processor has SSE.
            unsafe { core::arch::x86_64::_mm_sfence() };
        }
    }
}
