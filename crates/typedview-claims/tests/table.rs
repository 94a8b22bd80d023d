//! Tests of the table: which claims exclude each other, that claims can leave in any order, and that many claims stay
//! cheap.

mod common;

use common::{Entered, Shared, block, claim};
use proptest::prelude::*;
use std::time::{Duration, Instant};
use typedview_claims::{Claim, Conflict, Mode};

fn excludes(a: Mode, b: Mode, at_once: bool) -> bool {
    let (reads, writes) = (Mode::LOCAL_READ, Mode::LOCAL_WRITE);
    match (a, b) {
        (Mode::EXCLUSIVE, _) | (_, Mode::EXCLUSIVE) => true,
        (Mode::SHARED, other) | (other, Mode::SHARED) => other == writes,
        (one, other) => at_once && (one, other) != (reads, reads),
    }
}

#[test]
fn references_exclude_whatever_could_break_them() {
    for shared in Shared::both() {
        for (a, b) in Mode::ALL.into_iter().flat_map(|a| Mode::ALL.map(|b| (a, b))) {
            for other_thread in [1, 2] {
                let held = shared.enter(block(1, a, 1000, 4)).unwrap();
                let met = shared.enter(block(other_thread, b, 1024, 4));
                let expected = excludes(a, b, shared.at_once && other_thread == 2);
                assert_eq!(met.is_err(), expected, "{a:?} {b:?} {other_thread}");
                if let Err(conflict) = &met {
                    assert_eq!((conflict.mode(), conflict.thread()), (a, 1));
                    assert_eq!(conflict.shown(), "double[:]");
                    assert!(!conflict.waits() && !conflict.waits_in_turn());
                }
                drop((held, met));
                assert!(shared.enter(block(2, Mode::EXCLUSIVE, 1000, 8)).is_ok());
            }
        }
    }
}

#[test]
fn an_unknown_mode_excludes_everything() {
    for shared in Shared::both() {
        for number in [4, 5, 1000, u32::MAX] {
            let unknown = Mode::from_number(number);
            assert!(unknown.is_lock() && unknown.writes());
            for mode in Mode::ALL.into_iter().chain([unknown]) {
                let held = shared.enter(block(1, unknown, 1000, 4)).unwrap();
                assert_eq!(shared.enter(block(1, mode, 1000, 4)).err().unwrap().mode(), unknown);
                assert!(shared.enter(block(1, mode, 1032, 4)).is_ok());
                drop(held);
                let held = shared.enter(block(1, mode, 1000, 4)).unwrap();
                assert_eq!(shared.enter(block(1, unknown, 1000, 4)).err().unwrap().mode(), mode);
                drop(held);
            }
        }
    }
}

#[test]
fn a_lock_does_not_conflict_with_the_claim_it_is_made_under() {
    for shared in Shared::both() {
        let own = shared.enter(block(1, Mode::LOCAL_WRITE, 1000, 4)).unwrap();
        let lock = shared.enter_under(block(1, Mode::EXCLUSIVE, 1000, 4), own.claim()).unwrap();
        let refused = shared.enter(block(1, Mode::LOCAL_READ, 1024, 1)).err().unwrap();
        assert_eq!(refused.mode(), Mode::EXCLUSIVE);
        drop(lock);
        assert!(shared.enter(block(1, Mode::LOCAL_READ, 1024, 1)).is_ok());
    }
}

#[test]
fn of_two_in_the_way_the_one_on_the_own_thread_is_named() {
    for shared in Shared::both() {
        let _there = shared.enter(block(2, Mode::SHARED, 1000, 4)).unwrap();
        let _here = shared.enter(block(1, Mode::SHARED, 1000, 4)).unwrap();
        let _there_too = shared.enter(block(2, Mode::SHARED, 1000, 4)).unwrap();
        assert_eq!(shared.enter(block(1, Mode::EXCLUSIVE, 1000, 4)).err().unwrap().thread(), 1);
    }
}

/// The model of a table: the claims in it, and whether a further claim must be refused.
#[derive(Default)]
struct Model(Vec<(Entered, Mode, usize, usize, usize)>);

impl Model {
    fn is_met(&self, thread: usize, mode: Mode, first: usize, count: usize, at_once: bool) -> bool {
        self.0.iter().any(|&(_, other_mode, other_thread, other_first, other_count)| {
            let overlap = first < other_first + 8 * other_count && other_first < first + 8 * count;
            overlap
                && count > 0
                && other_count > 0
                && excludes(mode, other_mode, at_once && thread != other_thread)
        })
    }
}

proptest! {
    /// Claims of all sizes enter and leave, and there are more of them than the short list has room for.
    #[test]
    fn many_claims_are_told_apart_as_by_comparing_all_of_them(
        steps in prop::collection::vec((0usize..3, 0usize..4, 0usize..1 << 14, 0u32..13, any::<prop::sample::Index>()), 1..120),
        at_once in any::<bool>(),
    ) {
        let shared = if at_once { Shared::without_a_gil() } else { Shared::under_a_gil() };
        let mut model = Model::default();
        for (thread, mode, place, size, leaves) in steps {
            if thread == 2 && !model.0.is_empty() {
                let i = leaves.index(model.0.len());
                drop(model.0.swap_remove(i));
                continue;
            }
            let (mode, first) = (Mode::ALL[mode], 4096 + 8 * place);
            // Many claims are small, and some reach over all others. For size 0 a claim has no elements.
            let count = (1usize << size) >> 1;
            let met = model.is_met(thread, mode, first, count, at_once);
            match shared.enter(block(thread, mode, first, count)) {
                Ok(entered) => {
                    prop_assert!(!met);
                    model.0.push((entered, mode, thread, first, count));
                }
                Err(_) => prop_assert!(met),
            }
        }
    }
}

#[test]
fn claims_leave_in_any_order() {
    for shared in Shared::both() {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut held: Vec<Option<Entered>> =
                [0, 1, 2].map(|i| shared.enter(block(1, Mode::SHARED, 1000 * i + 8, 4)).ok()).into();
            for i in order {
                held[i] = None;
                for j in [0, 1, 2] {
                    let writer = shared.enter(block(1, Mode::LOCAL_WRITE, 1000 * j + 8, 4));
                    assert_eq!(writer.is_err(), held[j].is_some(), "{order:?} {i} {j}");
                }
            }
        }
    }
}

#[test]
fn a_claim_of_everything_is_met_wherever_it_is_looked_for() {
    for shared in Shared::both() {
        let everywhere = || {
            let mut claim = Box::new(Claim::vacant());
            let layout = typedview::Indirect::new([2, 2], [8, 8], [0, -1], 8).unwrap();
            claim.set(64, &layout, 8, Mode::LOCAL_WRITE, 1, common::show).unwrap();
            claim
        };
        // More claims than the short list has room for, so that the grid is searched.
        let others: Vec<_> =
            (0..20).map(|i| shared.enter(block(1, Mode::LOCAL_READ, 8 << i, 1)).unwrap()).collect();
        let held = shared.enter(everywhere()).unwrap();
        for first in [8, 1 << 20, 1 << 40, usize::MAX - 4096] {
            assert!(shared.enter(block(1, Mode::SHARED, first, 4)).is_err(), "{first}");
        }
        drop(held);
        for first in [8, 1 << 20, 1 << 40, usize::MAX - 4096] {
            let lock = shared.enter(block(1, Mode::SHARED, first, 4)).unwrap();
            assert!(shared.enter(everywhere()).is_err(), "{first}");
            drop(lock);
        }
        drop(others);
    }
}

/// Returns the shortest time of several runs of `work`, because other processes use the machine, too.
fn time(mut work: impl FnMut()) -> Duration {
    (0..7)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap()
}

/// An exact figure would need an optimised build. This test checks only that the time is not quadratic.
#[test]
fn a_hundred_thousand_locks_are_taken_in_linear_time() {
    let locks = |count: usize| {
        time(|| {
            let shared = Shared::under_a_gil();
            let mut held = Vec::with_capacity(2 * count);
            for i in 0..count {
                let first = (1 << 20) + 8192 * i;
                let own = shared.enter(block(1, Mode::LOCAL_WRITE, first, 1000)).unwrap();
                held.push(shared.enter_under(block(1, Mode::EXCLUSIVE, first, 1000), own.claim()).unwrap());
                held.push(own);
            }
        })
    };
    let (few, many) = (locks(5_000), locks(100_000));
    assert!(many < 60 * few.max(Duration::from_millis(1)), "20 times as many took {many:?} after {few:?}");
}

#[test]
fn a_lock_is_as_cheap_beside_many_views() {
    for mode in [Mode::LOCAL_READ, Mode::LOCAL_WRITE] {
        let shared = Shared::under_a_gil();
        let repeat = || {
            for i in 0..1000 {
                drop(shared.enter(block(1, Mode::EXCLUSIVE, (1 << 16) + 64 * (i % 7), 8)).unwrap());
            }
        };
        let alone = time(repeat);
        let views: Vec<_> =
            (0..100_000).map(|i| shared.enter(block(1, mode, (1 << 30) + 8192 * i, 1000)).unwrap()).collect();
        let beside = time(repeat);
        assert!(beside < 100 * alone.max(Duration::from_micros(100)), "{beside:?} beside {alone:?}");
        drop(views);
    }
}

#[test]
fn views_of_one_memory_are_not_held_against_each_other() {
    let shared = Shared::under_a_gil();
    let _unrelated = shared.enter(block(1, Mode::EXCLUSIVE, 64, 1)).unwrap();
    let start = Instant::now();
    let views: Vec<Entered> =
        (0..50_000).map(|_| shared.enter(block(1, Mode::SHARED, 4096, 1000)).unwrap()).collect();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let refused: Result<Entered, Conflict> = shared.enter(claim(1, Mode::LOCAL_WRITE, 4096, &[4], &[16]));
    assert!(refused.is_err());
    drop(views);
}

#[test]
fn much_memory_is_held_against_what_is_in_it_and_no_longer_than_that() {
    for shared in Shared::both() {
        // More claims than the short list has room for, of many sizes, so that many cell sizes have claims.
        let views: Vec<_> = (0..20)
            .map(|i| shared.enter(block(1, Mode::LOCAL_READ, (1 << 40) + (1 << (i + 20)), 1 << i)).unwrap())
            .collect();
        let much = || shared.enter(block(2, Mode::SHARED, 1 << 20, 1 << 32));
        for first in [1 << 20, (1 << 20) + 7, 1 << 30, (1 << 20) + (1 << 35) - 8] {
            let lock = shared.enter(block(1, Mode::EXCLUSIVE, first, 1)).unwrap();
            assert!(much().is_err(), "{first}");
            drop(lock);
            for _ in 0..2 {
                assert!(much().is_ok(), "{first}");
            }
        }
        for outside in [(1 << 20) - 8, (1 << 20) + (1 << 35)] {
            let _lock = shared.enter(block(1, Mode::EXCLUSIVE, outside, 1)).unwrap();
            assert!(much().is_ok(), "{outside}");
        }
        drop(views);
    }
}

#[test]
fn a_claim_on_much_memory_costs_what_is_there_and_not_what_could_be() {
    for shared in Shared::both() {
        let views: Vec<_> =
            (0..20).map(|i| shared.enter(block(1, Mode::LOCAL_READ, 4096 * i, 1)).unwrap()).collect();
        let _small = shared.enter(block(1, Mode::EXCLUSIVE, 1 << 19, 1)).unwrap();
        let repeat = |count: usize| {
            time(|| {
                (0..1000).for_each(|_| drop(shared.enter(block(2, Mode::SHARED, 1 << 20, count)).unwrap()))
            })
        };
        let (little, much) = (repeat(1), repeat(1 << 32));
        // To look at each of its million pages would take far longer than this.
        assert!(much < 1000 * little.max(Duration::from_micros(100)), "{much:?} after {little:?}");
        drop(views);
    }
}
