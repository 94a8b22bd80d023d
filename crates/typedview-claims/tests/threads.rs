//! Tests with threads that run at once: what the table grants them is compared with a model that knows each element.

mod common;

use common::{Shared, block};
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::thread;
use typedview_claims::Mode;

const BYTES: usize = 64;
const THREADS: usize = 8;

/// For each element, the number of threads that read it, or [`WRITTEN`] while a thread writes it.
static USES: [AtomicI32; BYTES] = [const { AtomicI32::new(0) }; BYTES];
static GRANTED: AtomicUsize = AtomicUsize::new(0);

const WRITTEN: i32 = -1_000_000;

/// Uses memory that has been granted, and checks that it has not been granted to a conflicting thread as well.
fn use_memory(mode: Mode, first: usize, count: usize) {
    for element in &USES[first..first + count] {
        let before = element.fetch_add(if mode.writes() { WRITTEN } else { 1 }, Ordering::SeqCst);
        assert!(before >= 0 && (!mode.writes() || before == 0), "{mode:?} beside {before}");
    }
    for element in &USES[first..first + count] {
        element.fetch_sub(if mode.writes() { WRITTEN } else { 1 }, Ordering::SeqCst);
    }
    GRANTED.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn eight_threads_are_never_granted_what_excludes_each_other() {
    let shared = Shared::without_a_gil();
    let rounds = if cfg!(debug_assertions) { 20_000 } else { 100_000 };
    thread::scope(|scope| {
        for thread in 1..=THREADS {
            scope.spawn(move || {
                let mut random = thread as u64;
                let mut next = |below: usize| {
                    random ^= random << 13;
                    random ^= random >> 7;
                    random ^= random << 17;
                    (random >> 20) as usize % below
                };
                for _ in 0..rounds {
                    let mode = Mode::ALL[next(4)];
                    let first = next(BYTES);
                    let count = if next(8) == 0 { BYTES - first } else { 1 + next((BYTES - first).min(4)) };
                    let claim = block(thread, mode, 4096 + 8 * first, count);
                    if next(4) == 0 {
                        if let Ok(waiter) = shared.queue(claim) {
                            if waiter.sleep(next(3) as u64) {
                                let held = waiter.finish().unwrap();
                                use_memory(mode, first, count);
                                drop(held);
                            } else if let Ok(held) = waiter.finish() {
                                use_memory(mode, first, count);
                                drop(held);
                            }
                        }
                    } else if let Ok(held) = shared.enter(claim) {
                        use_memory(mode, first, count);
                        drop(held);
                    }
                }
            });
        }
    });
    assert!(GRANTED.load(Ordering::Relaxed) >= rounds);
    assert!(shared.enter(block(1, Mode::EXCLUSIVE, 4096, BYTES)).is_ok());
}

#[test]
fn of_two_that_enter_at_once_one_is_granted() {
    let shared = Shared::without_a_gil();
    let barrier = std::sync::Barrier::new(2);
    for round in 0..2_000 {
        let granted = thread::scope(|scope| {
            let attempts = [1, 2].map(|thread| {
                let barrier = &barrier;
                scope.spawn(move || {
                    let claim = block(thread, Mode::EXCLUSIVE, 4096, 4);
                    barrier.wait();
                    let entered = shared.enter(claim);
                    barrier.wait();
                    entered.is_ok()
                })
            });
            attempts.map(|attempt| attempt.join().unwrap())
        });
        assert!(granted[0] != granted[1], "round {round}: {granted:?}");
    }
}

#[test]
fn everybody_in_line_is_served() {
    let shared = Shared::without_a_gil();
    let served = AtomicUsize::new(0);
    thread::scope(|scope| {
        for thread in 1..=THREADS {
            let served = &served;
            scope.spawn(move || {
                for _ in 0..200 {
                    let waiter = shared.queue(block(thread, Mode::EXCLUSIVE, 4096, 4)).unwrap();
                    assert!(waiter.sleep(60_000));
                    let held = waiter.finish().unwrap();
                    served.fetch_add(1, Ordering::Relaxed);
                    drop(held);
                }
            });
        }
    });
    assert_eq!(served.into_inner(), THREADS * 200);
}
