//! The lock table without an interpreter: which claims meet, and threads that take and drop them.

#[expect(dead_code, reason = "these are the crate's own files, of which a part is used here")]
#[path = "../src/lock"]
mod lock {
    pub(crate) mod claim;
    pub(crate) mod place;
    pub(crate) mod table;
}

use lock::claim::{Claim, Mode, Place};
use lock::table::Table;
use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use typedview::{Dyn, Strided};

const MODES: [Mode; 4] = [Mode::LocalRead, Mode::LocalWrite, Mode::Shared, Mode::Exclusive];

unsafe extern "C" fn show(_text: *mut u8, _capacity: usize) -> usize {
    0
}

fn claim(mode: Mode, first: usize, shape: &[usize], strides: &[isize]) -> Claim {
    on_thread(1, mode, first, shape, strides)
}

fn on_thread(thread: u64, mode: Mode, first: usize, shape: &[usize], strides: &[isize]) -> Claim {
    let layout = Dyn::new(shape, strides, 8).unwrap();
    Claim::new(Place::of(first, &layout, 8).unwrap(), mode, thread as _, show)
}

#[test]
fn references_meet_everything_that_could_break_them() {
    for a in MODES {
        for b in MODES {
            let (x, y) = (claim(a, 1000, &[4], &[8]), claim(b, 1016, &[4], &[8]));
            let met = matches!((a, b), (Mode::Exclusive, _) | (_, Mode::Exclusive))
                || matches!((a, b), (Mode::Shared, Mode::LocalWrite) | (Mode::LocalWrite, Mode::Shared));
            assert_eq!(x.conflicts(&y, false), met, "{a:?} {b:?}");
            assert_eq!(y.conflicts(&x, false), met, "{b:?} {a:?}");
        }
    }
}

#[test]
fn without_a_gil_a_local_writer_meets_other_threads_only() {
    let here = claim(Mode::LocalWrite, 1000, &[4], &[8]);
    let there = on_thread(2, Mode::LocalRead, 1000, &[4], &[8]);
    assert!(here.conflicts(&there, true) && there.conflicts(&here, true));
    assert!(!here.conflicts(&there, false));
    assert!(!here.conflicts(&claim(Mode::LocalWrite, 1000, &[4], &[8]), true));
    let reader = on_thread(3, Mode::LocalRead, 1000, &[4], &[8]);
    assert!(!there.conflicts(&reader, true));
}

/// Conflict of two exclusive claims is overlap; held to the bytes themselves.
#[test]
fn overlap_is_what_the_bytes_say_or_more() {
    let layouts: [(&[usize], &[isize]); 8] = [
        (&[4], &[8]),
        (&[4], &[-8]),
        (&[3], &[16]),
        (&[3], &[24]),
        (&[2, 2], &[32, 16]),
        (&[1], &[8]),
        (&[0], &[8]),
        (&[], &[]),
    ];
    let bytes = |first: usize, shape: &[usize], strides: &[isize]| -> Vec<usize> {
        let mut offsets = vec![first as isize];
        for (&extent, &stride) in shape.iter().zip(strides) {
            offsets =
                offsets.iter().flat_map(|o| (0..extent as isize).map(move |i| o + i * stride)).collect();
        }
        offsets.iter().flat_map(|o| (0..8).map(move |b| (o + b) as usize)).collect()
    };
    let mut interleaved = 0;
    for (shape, strides) in layouts {
        for (other_shape, other_strides) in layouts {
            for other_first in (936..1064).step_by(4) {
                let x = claim(Mode::Exclusive, 1000, shape, strides);
                let y = claim(Mode::Exclusive, other_first, other_shape, other_strides);
                let (a, b) = (bytes(1000, shape, strides), bytes(other_first, other_shape, other_strides));
                let touch = a.iter().any(|byte| b.contains(byte));
                assert!(x.conflicts(&y, false) || !touch, "{x:?} {y:?}");
                assert!(!x.conflicts(&y, false) || !a.is_empty() && !b.is_empty(), "{x:?} {y:?}");
                interleaved += usize::from(!x.conflicts(&y, false) && !a.is_empty() && !b.is_empty());
            }
        }
    }
    assert!(interleaved > 100, "the table tells interleaved memory apart");
}

#[test]
fn elements_of_one_array_at_odd_places_do_not_meet() {
    let even = claim(Mode::Exclusive, 1000, &[4], &[16]);
    let odd = claim(Mode::Exclusive, 1008, &[4], &[16]);
    let half = claim(Mode::Exclusive, 1004, &[4], &[16]);
    assert!(!even.conflicts(&odd, false));
    assert!(even.conflicts(&half, false) && half.conflicts(&odd, false));
}

#[test]
fn a_block_is_one_place_whatever_its_shape() {
    let block = Place::of(1000, &typedview::C::<2>::new([3, 4], 8).unwrap(), 8).unwrap();
    let strided = Place::of(1000, &Strided::new([3, 4], [32, 8], 8).unwrap(), 8).unwrap();
    for place in [block, strided] {
        assert_eq!((place.lowest, place.highest), (1000, 1096));
    }
    assert!(Place::of(usize::MAX - 8, &Strided::new([2], [8], 8).unwrap(), 8).is_none());
    assert!(Place::of(8, &Strided::new([3], [-8], 8).unwrap(), 8).is_none());
}

#[test]
fn three_strides_have_one_divisor() {
    // An image of 2 x 2 pixels of 3 bytes: its planes do not meet.
    let plane = |channel: usize| {
        let layout = Dyn::new(&[2, 2, 2], &[48, 12, 6], 1).unwrap();
        let place = Place::of(1000 + channel, &layout, 1).unwrap();
        Claim::new(place, Mode::Exclusive, 1, show)
    };
    assert!(!plane(0).conflicts(&plane(1), false));
    assert!(plane(0).conflicts(&plane(6), false));
}

#[test]
fn memory_behind_pointers_meets_every_lock() {
    let layout = typedview::Indirect::new([2, 2], [8, 8], [0, -1], 8).unwrap();
    let anywhere = Place::of(64, &layout, 8).unwrap();
    assert!(anywhere.is_anywhere());
    let writer = Claim::new(anywhere, Mode::LocalWrite, 1, show);
    assert!(writer.conflicts(&claim(Mode::Shared, 1 << 40, &[4], &[8]), false));
    assert!(!writer.conflicts(&claim(Mode::LocalWrite, 1 << 40, &[4], &[8]), false));
}

/// The claims of a test, which stay where they are, entered in a table.
struct Entered {
    table: Table,
    #[expect(clippy::vec_box, reason = "a claim stays where it is while others come and go")]
    claims: Vec<Box<Claim>>,
}

impl Entered {
    fn new() -> Self {
        Self { table: Table::new(), claims: Vec::new() }
    }

    fn enter(&mut self, claim: Claim, own: *const Claim) -> Result<*mut Claim, Claim> {
        let mut claim = Box::new(claim);
        let place = ptr::from_mut(&mut *claim);
        // SAFETY: the claim is boxed, and leaves before the box does.
        unsafe { self.table.enter(place, own, false) }?;
        self.claims.push(claim);
        Ok(place)
    }

    fn leave(&mut self, claim: *mut Claim) {
        // SAFETY: it is in the table.
        unsafe { self.table.leave(claim) };
        self.claims.retain(|other| !ptr::eq(&raw const **other, claim));
    }
}

#[test]
fn a_lock_does_not_meet_the_claim_it_was_made_under() {
    let mut entered = Entered::new();
    let own = entered.enter(claim(Mode::LocalWrite, 1000, &[4], &[8]), ptr::null()).unwrap();
    let lock = entered.enter(claim(Mode::Exclusive, 1000, &[4], &[8]), own).unwrap();
    let refused = entered.enter(claim(Mode::LocalRead, 1024, &[1], &[8]), ptr::null()).unwrap_err();
    assert_eq!(refused.mode, Mode::Exclusive);
    entered.leave(lock);
    assert!(entered.enter(claim(Mode::LocalRead, 1024, &[1], &[8]), ptr::null()).is_ok());
}

#[test]
fn claims_leave_in_any_order() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut entered = Entered::new();
        let places =
            [0, 1, 2].map(|i| entered.enter(claim(Mode::Shared, 1000 * i, &[4], &[8]), ptr::null()).unwrap());
        for (gone, i) in order.into_iter().enumerate() {
            entered.leave(places[i]);
            let left: Vec<usize> = order[gone + 1..].to_vec();
            for j in [0, 1, 2] {
                let writer = entered.enter(claim(Mode::LocalWrite, 1000 * j, &[4], &[8]), ptr::null());
                assert_eq!(writer.is_err(), left.contains(&j), "{order:?} {gone} {j}");
                if let Ok(writer) = writer {
                    entered.leave(writer);
                }
            }
        }
    }
}

#[test]
fn of_many_threads_one_holds_an_exclusive_lock() {
    static TABLE: Mutex<Table> = Mutex::new(Table::new());
    static HOLDERS: AtomicUsize = AtomicUsize::new(0);
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for _ in 0..5_000 {
                    let mut lock = on_thread(thread, Mode::Exclusive, 4096, &[4], &[8]);
                    // SAFETY: the claim stays where it is until it has left below.
                    if unsafe { TABLE.lock().unwrap().enter(&mut lock, ptr::null(), true) }.is_ok() {
                        assert_eq!(HOLDERS.fetch_add(1, Ordering::SeqCst), 0);
                        TAKEN.fetch_add(1, Ordering::SeqCst);
                        HOLDERS.fetch_sub(1, Ordering::SeqCst);
                        // SAFETY: it has entered above.
                        unsafe { TABLE.lock().unwrap().leave(&mut lock) };
                    }
                }
            });
        }
    });
    assert!(TAKEN.load(Ordering::SeqCst) >= 5_000);
}
