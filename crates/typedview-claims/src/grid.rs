//! The grid: claims by address, so that a new one is held against its neighbours alone.
//!
//! Memory is divided into cells, for large claims into larger ones: a claim is filed under the cell that it begins in, of the
//! smallest size that is not smaller than the claim. It then ends in the same cell or in the next, so whatever overlaps a
//! range begins, for each size of cells, in one of the cells of the range or in the one before. Cells share buckets.
//!
//! Without a GIL each bucket has its own lock: threads that use memory of their own hardly ever meet.

use crate::claim::{Claim, Mode};
use crate::footprint::Footprint;
use crate::list::{List, unlink};
use crate::spin::Spin;
use std::alloc::{Layout, alloc_zeroed, handle_alloc_error};
use std::iter;
use std::ops::ControlFlow;
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many bits one size of cells has more than the next smaller one.
const BITS: u32 = 2;
/// The smallest cells have 64 bytes.
const SMALLEST: u32 = 3;
/// The largest: whatever begins anywhere ends in the same cell or in the next.
const LARGEST: u32 = 32;

/// The claims whose cells share this bucket; those of each mode apart, so that none is looked at that cannot conflict.
#[derive(Debug)]
#[repr(align(64))]
struct Bucket {
    lock: Spin,
    lists: [List; Mode::ALL.len()],
}

/// Claims by address.
#[derive(Debug)]
pub(crate) struct Grid {
    threads_run_at_once: bool,
    /// A power of two of them.
    buckets: &'static [Bucket],
    /// For each mode a bit a bucket: set where there is a claim, and perhaps where there was one.
    occupied: [&'static [AtomicU64]; Mode::ALL.len()],
    /// For each mode the sizes of cells that have been used: bit n for cells of `BITS * n` bits.
    sizes: [AtomicU64; Mode::ALL.len()],
}

/// The size of the cells that a claim is filed under.
fn size_of_cells(footprint: &Footprint) -> u32 {
    // A claim in the grid has at least a byte.
    let bits = usize::BITS - (footprint.highest() - footprint.lowest() - 1).leading_zeros();
    bits.div_ceil(BITS).clamp(SMALLEST, LARGEST)
}

/// The cell of this size that an address is in.
fn cell(address: usize, size: u32) -> usize {
    address >> (BITS * size).min(usize::BITS - 1)
}

/// So many zeros, in pages that cost nothing until they are used; they are never freed.
///
/// # Safety
///
/// Zeros are an `X`, which has a size; there is more than one.
unsafe fn zeroed<X>(count: usize) -> &'static [X] {
    let Ok(layout) = Layout::array::<X>(count) else { unreachable!("the buckets fit the address space") };
    // SAFETY: the caller says that there are bytes.
    let first = unsafe { alloc_zeroed(layout) };
    if first.is_null() {
        handle_alloc_error(layout);
    }
    // SAFETY: the caller says that zeros will do. Nobody frees them.
    unsafe { slice::from_raw_parts(first.cast(), count) }
}

impl Grid {
    /// Where threads do not run at once, all is done by the one that is attached to the interpreter, and nothing is locked.
    pub(crate) fn new(threads_run_at_once: bool) -> Self {
        // A claim that only shares a bucket costs a look at memory that is in no cache (a fourth of the buckets: 2.5 times the
        // time of a lock beside 100,000 views).
        let count = 1 << 16;
        Self {
            threads_run_at_once,
            // SAFETY: zeros are a bucket: a lock that is free, lists that are null.
            buckets: unsafe { zeroed(count) },
            // SAFETY: zeros are numbers.
            occupied: [(); Mode::ALL.len()].map(|()| unsafe { zeroed(count / 64) }),
            sizes: [const { AtomicU64::new(0) }; Mode::ALL.len()],
        }
    }

    /// The number of the bucket of a cell.
    fn bucket(&self, cell: usize, size: u32) -> usize {
        // Knuth's multiplicative hash: neighbours and powers of two are spread.
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

    /// Files a claim that has bytes.
    ///
    /// # Safety
    ///
    /// The claim is in no list, and stays where it is until it has been removed. Where there is a GIL, this thread is attached.
    pub(crate) unsafe fn insert(&self, claim: *mut Claim) {
        // SAFETY: the caller says that the claim is alive.
        let new = unsafe { &*claim };
        let used = &self.sizes[new.mode.index()];
        let bit = 1 << size_of_cells(&new.footprint);
        if used.load(Ordering::Relaxed) & bit == 0 {
            used.fetch_or(bit, Ordering::SeqCst);
        }
        let number = self.bucket_of(new);
        self.locked(number, |bucket| {
            // SAFETY: the lock of the bucket is held, or the GIL; the claim stays, as the caller says.
            unsafe { bucket.lists[new.mode.index()].push(claim) };
            self.set_occupied(new.mode, number, true);
        });
    }

    /// Says whether a bucket has claims of a mode, for those who look for them in much memory. The bucket is locked.
    fn set_occupied(&self, mode: Mode, bucket: usize, occupied: bool) {
        let (word, bit) = (&self.occupied[mode.index()][bucket / 64], 1 << (bucket % 64));
        // Not written when it is so already, since threads share the word.
        if (word.load(Ordering::Relaxed) & bit != 0) == occupied {
            return;
        }
        if occupied {
            word.fetch_or(bit, Ordering::SeqCst);
        } else {
            word.fetch_and(!bit, Ordering::SeqCst);
        }
    }

    /// Takes a claim out.
    ///
    /// # Safety
    ///
    /// It is in the grid, and nobody else takes it out. Where there is a GIL, this thread is attached.
    pub(crate) unsafe fn remove(&self, claim: &Claim) {
        // SAFETY: the lock of the bucket that the claim is in is held, or the GIL.
        self.locked(self.bucket_of(claim), |_| unsafe { unlink(claim) });
    }

    /// Shows `visit` the claims that conflict with `new`, some of them perhaps twice.
    ///
    /// # Safety
    ///
    /// Where there is a GIL, this thread is attached. `visit` does not come back to the grid.
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
                    // SAFETY: the lock of the bucket is held, or the GIL, and nothing is changed meanwhile.
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
                    // All there is, of the larger cells too.
                    self.occupied_buckets(mode).try_for_each(&mut look_into)?;
                    break;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// The numbers of the buckets that may have claims of a mode.
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
                // It was there, and has left.
                self.locked(number, |bucket| {
                    let occupied = !bucket.lists[mode.index()].is_empty();
                    self.set_occupied(mode, number, occupied);
                    occupied
                })
            })
        })
    }

    /// Forgets which sizes of cells have been used. There is no claim.
    pub(crate) fn forget_sizes(&self) {
        self.sizes.iter().for_each(|sizes| sizes.store(0, Ordering::Relaxed));
    }

    /// Locks everything, so that a child process finds each list whole.
    pub(crate) fn lock_all(&self) {
        self.buckets.iter().for_each(|bucket| bucket.lock.lock());
    }

    /// Gives back what [`lock_all`](Self::lock_all) has taken.
    pub(crate) fn unlock_all(&self) {
        self.buckets.iter().for_each(|bucket| bucket.lock.unlock());
    }

    /// Takes out the claims that are not to stay.
    ///
    /// # Safety
    ///
    /// There is no other thread.
    pub(crate) unsafe fn retain(&self, stays: &mut dyn FnMut(&Claim) -> bool) {
        for list in self.buckets.iter().flat_map(|bucket| &bucket.lists) {
            // SAFETY: nobody else is there to change the list.
            unsafe { list.retain(stays) };
        }
    }
}
