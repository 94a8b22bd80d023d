//! The grid: claims filed by address, so that a new claim is compared with its neighbours only.
//!
//! Memory is divided into cells of several sizes, because large claims need larger cells. A claim is filed under the
//! cell in which it begins, in the smallest cell size that is not smaller than the claim. It then ends in the same cell
//! or in the next one. For each cell size, a claim that overlaps a range therefore begins in one of the cells of the
//! range or in the cell before them. Several cells share a bucket.
//!
//! Without a GIL each bucket has its own lock, so threads that use memory of their own hardly ever wait for the same
//! lock.

use crate::claim::{Claim, Mode};
use crate::footprint::Footprint;
use crate::list::{List, unlink};
use crate::spin::Spin;
use std::alloc::{Layout, alloc_zeroed, handle_alloc_error};
use std::iter;
use std::ops::ControlFlow;
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of address bits that each cell size has more than the next smaller one.
const BITS: u32 = 2;
/// The number of the smallest cell size. Its cells have 64 bytes.
const SMALLEST: u32 = 3;
/// The number of the largest cell size. A claim of any length ends in the cell in which it begins or in the next one.
const LARGEST: u32 = 32;

/// The claims whose cells share this bucket. Each mode has its own list, so that a search skips claims that cannot
/// conflict.
#[derive(Debug)]
#[repr(align(64))]
struct Bucket {
    lock: Spin,
    lists: [List; Mode::ALL.len()],
}

/// The claims, filed by address.
#[derive(Debug)]
pub(crate) struct Grid {
    threads_run_at_once: bool,
    /// The number of buckets is a power of two.
    buckets: &'static [Bucket],
    /// For each mode, one bit per bucket. A bit is set when the bucket has a claim of that mode. It may stay set after
    /// the claim has left.
    occupied: [&'static [AtomicU64]; Mode::ALL.len()],
    /// For each mode, the cell sizes that have been used. Bit n stands for cells of `BITS * n` address bits.
    sizes: [AtomicU64; Mode::ALL.len()],
}

/// Returns the number of the cell size under which a claim with this footprint is filed.
fn size_of_cells(footprint: &Footprint) -> u32 {
    // A claim in the grid has at least one byte, so the subtraction cannot wrap.
    let bits = usize::BITS - (footprint.highest() - footprint.lowest() - 1).leading_zeros();
    bits.div_ceil(BITS).clamp(SMALLEST, LARGEST)
}

/// Returns the cell of this size that contains the address.
fn cell(address: usize, size: u32) -> usize {
    address >> (BITS * size).min(usize::BITS - 1)
}

/// Allocates `count` values whose bytes are all 0. Their memory pages cost nothing until they are used. They are never
/// freed.
///
/// # Safety
///
/// The caller must ensure that zero bytes are a valid `X`, that the size of `X` is not 0, and that `count` is more than
/// 1.
unsafe fn zeroed<X>(count: usize) -> &'static [X] {
    let Ok(layout) = Layout::array::<X>(count) else { unreachable!("the buckets fit the address space") };
    // SAFETY: the caller guarantees that the size of the allocation is not 0.
    let first = unsafe { alloc_zeroed(layout) };
    if first.is_null() {
        handle_alloc_error(layout);
    }
    // SAFETY: the caller guarantees that zero bytes are valid values, and the allocation of `count` values is never
    // freed.
    unsafe { slice::from_raw_parts(first.cast(), count) }
}

impl Grid {
    /// Returns an empty grid. Where threads do not run at once, only the thread that is attached to the interpreter
    /// works on the grid, so nothing is locked.
    pub(crate) fn new(threads_run_at_once: bool) -> Self {
        // A claim that shares a bucket without being a neighbour costs a read of memory that is in no cache. With a
        // fourth of these buckets, a lock beside 100,000 views took 2.5 times as long.
        let count = 1 << 16;
        Self {
            threads_run_at_once,
            // SAFETY: zero bytes are a valid bucket, with a lock that is free and lists whose heads are null.
            buckets: unsafe { zeroed(count) },
            // SAFETY: zero bytes are a valid `AtomicU64`, and there is more than one of them.
            occupied: [(); Mode::ALL.len()].map(|()| unsafe { zeroed(count / 64) }),
            sizes: [const { AtomicU64::new(0) }; Mode::ALL.len()],
        }
    }

    /// Returns the number of the bucket that a cell belongs to.
    fn bucket(&self, cell: usize, size: u32) -> usize {
        // Knuth's multiplicative hash spreads neighbouring cells and powers of two over the buckets.
        let hash = (cell as u64 ^ (u64::from(size) << 56)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (hash >> (u64::BITS - self.buckets.len().ilog2())) as usize
    }

    fn locked<X>(&self, bucket: usize, work: impl FnOnce(&Bucket) -> X) -> X {
        let bucket = &self.buckets[bucket];
        if !self.threads_run_at_once {
            return work(bucket);
        }
        bucket.lock.lock();
        let worked = work(bucket);
        bucket.lock.unlock();
        worked
    }

    fn bucket_of(&self, claim: &Claim) -> usize {
        let size = size_of_cells(&claim.footprint);
        self.bucket(cell(claim.footprint.lowest(), size), size)
    }

    /// Files a claim, which must have at least one byte.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in no list, and that it does not move until it has been removed. Where
    /// there is a GIL, the caller must also ensure that this thread is attached to the interpreter.
    pub(crate) unsafe fn insert(&self, claim: *mut Claim) {
        // SAFETY: the caller guarantees that the claim is alive.
        let new = unsafe { &*claim };
        let used = &self.sizes[new.mode.index()];
        let bit = 1 << size_of_cells(&new.footprint);
        if used.load(Ordering::Relaxed) & bit == 0 {
            used.fetch_or(bit, Ordering::SeqCst);
        }
        let number = self.bucket_of(new);
        self.locked(number, |bucket| {
            // SAFETY: this thread holds the lock of the bucket or the GIL (K3), and the caller guarantees that the
            // claim does not move.
            unsafe { bucket.lists[new.mode.index()].push(claim) };
            self.set_occupied(new.mode, number, true);
        });
    }

    /// Records whether a bucket has claims of a mode. Searches in a large range of memory use that. The bucket must be
    /// locked.
    fn set_occupied(&self, mode: Mode, bucket: usize, occupied: bool) {
        let (word, bit) = (&self.occupied[mode.index()][bucket / 64], 1 << (bucket % 64));
        // The word is not written when the bit is already right, because threads share the word.
        if (word.load(Ordering::Relaxed) & bit != 0) == occupied {
            return;
        }
        if occupied {
            word.fetch_or(bit, Ordering::SeqCst);
        } else {
            word.fetch_and(!bit, Ordering::SeqCst);
        }
    }

    /// Removes a claim from the grid.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in the grid, and that no other thread removes it. Where there is a GIL,
    /// the caller must also ensure that this thread is attached to the interpreter.
    pub(crate) unsafe fn remove(&self, claim: &Claim) {
        // SAFETY: the claim is in a list of this bucket, and this thread holds the lock of the bucket or the GIL (K3).
        self.locked(self.bucket_of(claim), |_| unsafe { unlink(claim) });
    }

    /// Calls `visit` with the claims that conflict with `new`, until `visit` breaks. It may visit a claim twice.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `visit` does not use the grid. Where there is a GIL, the caller must also ensure
    /// that this thread is attached to the interpreter.
    pub(crate) unsafe fn visit_conflicts(
        &self,
        new: &Claim,
        visit: &mut dyn FnMut(&Claim) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (lowest, highest) = (new.footprint.lowest(), new.footprint.highest());
        for mode in Mode::ALL.into_iter().filter(|mode| mode.excludes(new.mode, self.threads_run_at_once)) {
            let mut look_into = |number: usize| {
                if self.buckets[number].lists[mode.index()].is_empty() {
                    return ControlFlow::Continue(());
                }
                self.locked(number, |bucket| {
                    // SAFETY: this thread holds the lock of the bucket or the GIL (K3), and the list does not change
                    // while `claims` is in use.
                    let mut claims = unsafe { bucket.lists[mode.index()].iter() };
                    claims.try_for_each(|other| {
                        if new.conflicts(other, self.threads_run_at_once) {
                            visit(other)
                        } else {
                            ControlFlow::Continue(())
                        }
                    })
                })
            };
            let mut used = self.sizes[mode.index()].load(Ordering::Relaxed);
            while used != 0 {
                let size = used.trailing_zeros();
                used &= used - 1;
                let (first, last) = (cell(lowest, size).saturating_sub(1), cell(highest - 1, size));
                if last - first < self.occupied[mode.index()].len() {
                    (first..=last).try_for_each(|cell| look_into(self.bucket(cell, size)))?;
                } else {
                    // The range has too many cells. All buckets that have claims are visited instead. They include the
                    // claims in larger cells, so the loop ends here.
                    self.occupied_buckets(mode).try_for_each(&mut look_into)?;
                    break;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Returns the numbers of the buckets that may have claims of a mode.
    fn occupied_buckets(&self, mode: Mode) -> impl Iterator<Item = usize> {
        let words = self.occupied[mode.index()].iter().zip((0..).step_by(64));
        words.flat_map(move |(word, first)| {
            let mut bits = word.load(Ordering::Relaxed);
            iter::from_fn(move || {
                let bit = (bits != 0).then(|| bits.trailing_zeros())?;
                bits &= bits - 1;
                Some(first + bit as usize)
            })
            .filter(move |&number| {
                if !self.buckets[number].lists[mode.index()].is_empty() {
                    return true;
                }
                // The bit is set, but the claims have left. The bit is updated under the lock.
                self.locked(number, |bucket| {
                    let occupied = !bucket.lists[mode.index()].is_empty();
                    self.set_occupied(mode, number, occupied);
                    occupied
                })
            })
        })
    }

    /// Forgets which cell sizes have been used. The grid must have no claims.
    pub(crate) fn forget_sizes(&self) {
        self.sizes.iter().for_each(|sizes| sizes.store(0, Ordering::Relaxed));
    }

    /// Locks all buckets, so that a child process finds each list in a consistent state.
    pub(crate) fn lock_all(&self) {
        self.buckets.iter().for_each(|bucket| bucket.lock.lock());
    }

    /// Releases the locks that [`lock_all`](Self::lock_all) has taken.
    pub(crate) fn unlock_all(&self) {
        self.buckets.iter().for_each(|bucket| bucket.lock.unlock());
    }

    /// Removes the claims for which `stays` returns `false`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that there is no other thread.
    pub(crate) unsafe fn retain(&self, stays: &mut dyn FnMut(&Claim) -> bool) {
        for list in self.buckets.iter().flat_map(|bucket| &bucket.lists) {
            // SAFETY: the caller guarantees that there is no other thread that could use the list (K3).
            unsafe { list.retain(stays) };
        }
    }
}
