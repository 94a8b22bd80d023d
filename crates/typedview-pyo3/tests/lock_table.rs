//! The lock table without an interpreter: which claims meet, and threads that take and drop them.

#[expect(dead_code, reason = "these are the crate's own files, of which a part is used here")]
#[path = "../src/lock"]
mod lock {
    pub(crate) mod claim;
    pub(crate) mod table;
}

use lock::claim::{Claim, Mode};
use lock::table::{Table, register};
use std::sync::atomic::{AtomicUsize, Ordering};
use typedview::{Access, Format, Found, Spec, Strided};

const MODES: [Mode; 4] = [Mode::LocalRead, Mode::LocalWrite, Mode::Shared, Mode::Exclusive];

fn claim(mode: Mode, first: usize, shape: &[usize], strides: &[isize]) -> Claim {
    let found = Found { format: Format::native::<f64>(), shape, strides, suboffsets: &[], readonly: false };
    Claim::new(mode, || Spec::of::<f64, Strided<1>>(Access::Write), first, &found)
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
    let there = std::thread::spawn(|| claim(Mode::LocalRead, 1000, &[4], &[8])).join().unwrap();
    assert!(here.conflicts(&there, true) && there.conflicts(&here, true));
    assert!(!here.conflicts(&there, false));
    assert!(!here.conflicts(&claim(Mode::LocalWrite, 1000, &[4], &[8]), true));
    let readers = std::thread::spawn(|| claim(Mode::LocalRead, 1000, &[4], &[8])).join().unwrap();
    assert!(!there.conflicts(&readers, true));
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
fn a_lock_does_not_meet_the_claim_it_was_made_under() {
    let mut table = Table::new();
    let own = table.insert(claim(Mode::LocalWrite, 1000, &[4], &[8]), None, false).unwrap();
    let lock = table.insert(claim(Mode::Exclusive, 1000, &[4], &[8]), Some(own), false).unwrap();
    let refused = table.insert(claim(Mode::LocalRead, 1024, &[1], &[8]), None, false).unwrap_err();
    assert_eq!(refused.mode, Mode::Exclusive);
    table.remove(lock);
    assert!(table.insert(claim(Mode::LocalRead, 1024, &[1], &[8]), None, false).is_ok());
}

#[test]
fn removing_twice_or_what_never_was_changes_nothing() {
    let mut table = Table::new();
    let place = table.insert(claim(Mode::Shared, 1000, &[4], &[8]), None, false).unwrap();
    table.remove(place);
    table.remove(place);
    table.remove(77);
    let mut insert = || table.insert(claim(Mode::Shared, 1000, &[4], &[8]), None, false).unwrap();
    assert_eq!([insert(), insert()], [0, 1]);
}

#[test]
fn of_many_threads_one_holds_an_exclusive_lock() {
    static HOLDERS: AtomicUsize = AtomicUsize::new(0);
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5_000 {
                    if let Ok(_lock) = register(claim(Mode::Exclusive, 4096, &[4], &[8]), None) {
                        assert_eq!(HOLDERS.fetch_add(1, Ordering::SeqCst), 0);
                        TAKEN.fetch_add(1, Ordering::SeqCst);
                        HOLDERS.fetch_sub(1, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    assert!(TAKEN.load(Ordering::SeqCst) >= 5_000);
    assert!(register(claim(Mode::Exclusive, 4096, &[4], &[8]), None).is_ok());
}
