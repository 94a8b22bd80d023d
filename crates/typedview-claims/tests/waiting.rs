//! Tests of waiting: waiters are served in order of arrival, and no thread waits in vain.

mod common;

use common::{Shared, block};
use typedview_claims::Mode;

const READ: Mode = Mode::SHARED;
const WRITE: Mode = Mode::EXCLUSIVE;

#[test]
fn who_is_not_in_anybodys_way_does_not_wait() {
    for shared in Shared::both() {
        let _elsewhere = shared.enter(block(1, WRITE, 4096, 4)).unwrap();
        assert!(shared.queue(block(2, WRITE, 8192, 4)).unwrap().is_served());
    }
}

#[test]
fn a_waiter_is_served_by_whoever_leaves() {
    for shared in Shared::both() {
        let held = shared.enter(block(1, WRITE, 4096, 4)).unwrap();
        let waiter = shared.queue(block(2, WRITE, 4104, 1)).unwrap();
        assert!(!waiter.is_served());
        drop(held);
        assert!(waiter.is_served());
        let refused = shared.enter(block(1, READ, 4096, 4)).err().unwrap();
        assert_eq!((refused.thread(), refused.mode()), (2, WRITE));
        drop(waiter.finish().unwrap());
        assert!(shared.enter(block(1, READ, 4096, 4)).is_ok());
    }
}

#[test]
fn a_reader_who_comes_after_a_waiting_writer_waits_too() {
    for shared in Shared::both() {
        let reads = shared.enter(block(1, READ, 4096, 4)).unwrap();
        let writer = shared.queue(block(2, WRITE, 4096, 4)).unwrap();
        // If new readers could pass the writer, three readers that take turns would keep it out for ever.
        let refused = shared.enter(block(3, READ, 4096, 4)).err().unwrap();
        assert!(refused.waits());
        assert_eq!((refused.thread(), refused.mode()), (2, WRITE));
        let reader = shared.queue(block(3, READ, 4096, 4)).unwrap();
        let elsewhere = shared.queue(block(3, READ, 8192, 4)).unwrap();
        assert!(!writer.is_served() && !reader.is_served() && elsewhere.is_served());
        drop(reads);
        assert!(writer.is_served() && !reader.is_served());
        drop(writer.finish().unwrap());
        assert!(reader.is_served());
        drop(reader.finish().unwrap());
        drop(elsewhere.finish().unwrap());
    }
}

#[test]
fn readers_in_line_are_served_together() {
    for shared in Shared::both() {
        let held = shared.enter(block(1, WRITE, 4096, 4)).unwrap();
        let readers = [2, 3, 4].map(|thread| shared.queue(block(thread, READ, 4096, 4)).unwrap());
        let writer = shared.queue(block(5, WRITE, 4096, 4)).unwrap();
        let late = shared.queue(block(6, READ, 4096, 4)).unwrap();
        drop(held);
        assert!(readers.iter().all(common::InLine::is_served));
        assert!(!writer.is_served() && !late.is_served());
        for reader in readers {
            drop(reader.finish().unwrap());
        }
        assert!(writer.is_served() && !late.is_served());
        drop(writer.finish().unwrap());
        drop(late.finish().unwrap());
    }
}

#[test]
fn a_thread_that_a_waiter_waits_for_is_not_held_back_by_it() {
    for shared in Shared::both() {
        let outer = shared.enter(block(1, READ, 4096, 4)).unwrap();
        let writer = shared.queue(block(2, WRITE, 4096, 4)).unwrap();
        let inner = shared.enter(block(1, READ, 4096, 4)).unwrap();
        let waits = shared.queue(block(1, READ, 4096, 4)).unwrap();
        assert!(waits.is_served());
        drop((outer, inner));
        drop(waits.finish().unwrap());
        drop(writer.finish().unwrap());
    }
}

#[test]
fn nobody_waits_for_their_own_thread() {
    for shared in Shared::both() {
        let _held = shared.enter(block(1, READ, 4096, 4)).unwrap();
        let refused = shared.queue(block(1, WRITE, 4096, 4)).err().unwrap();
        assert_eq!(refused.thread(), 1);
        assert!(!refused.waits_in_turn());
    }
}

#[test]
fn two_who_wait_for_each_other_are_told_so_at_once() {
    for shared in Shared::both() {
        let one = shared.enter(block(1, READ, 4096, 4)).unwrap();
        let _two = shared.enter(block(2, READ, 4096, 4)).unwrap();
        let first = shared.queue(block(1, WRITE, 8192, 4)).unwrap();
        assert!(first.is_served());
        drop(first.finish().unwrap());
        // Each thread reads memory that the other one wants to write. The thread that asks second is refused.
        let _one_elsewhere = shared.enter(block(1, READ, 1 << 20, 4)).unwrap();
        let _two_elsewhere = shared.enter(block(2, READ, 1 << 21, 4)).unwrap();
        let waits = shared.queue(block(1, WRITE, 1 << 21, 4)).unwrap();
        assert!(!waits.is_served());
        let refused = shared.queue(block(2, WRITE, 1 << 20, 4)).err().unwrap();
        assert!(refused.waits_in_turn());
        assert_eq!(refused.thread(), 1);
        assert!(waits.finish().is_err());
        drop(one);
    }
}

#[test]
fn a_circle_of_three_through_the_order_of_arrival_is_found() {
    for shared in Shared::both() {
        let _a = shared.enter(block(1, WRITE, 1 << 12, 4)).unwrap();
        let b = shared.enter(block(2, READ, 1 << 13, 4)).unwrap();
        let _c = shared.enter(block(3, WRITE, 1 << 14, 4)).unwrap();
        // Thread 3 wants to write and waits for thread 2, which waits for thread 1. Thread 1 could read beside thread
        // 2, but it would wait behind thread 3.
        let third = shared.queue(block(3, WRITE, 1 << 13, 4)).unwrap();
        let second = shared.queue(block(2, WRITE, 1 << 12, 4)).unwrap();
        let refused = shared.queue(block(1, READ, 1 << 13, 4)).err().unwrap();
        assert!(refused.waits_in_turn());
        assert!(second.finish().is_err());
        // Thread 2 does not wait any more, so thread 1 can wait behind thread 3.
        let first = shared.queue(block(1, READ, 1 << 13, 4)).unwrap();
        assert!(!first.is_served());
        drop(b);
        drop(third.finish().unwrap());
        drop(first.finish().unwrap());
    }
}

#[test]
fn who_gives_up_lets_those_behind_pass() {
    for shared in Shared::both() {
        let reads = shared.enter(block(1, READ, 4096, 4)).unwrap();
        let writer = shared.queue(block(2, WRITE, 4096, 4)).unwrap();
        let reader = shared.queue(block(3, READ, 4096, 4)).unwrap();
        assert!(!reader.is_served());
        let refused = writer.finish().err().unwrap();
        assert_eq!((refused.thread(), refused.mode(), refused.waits()), (1, READ, false));
        assert!(reader.is_served());
        drop(reader.finish().unwrap());
        drop(reads);
        assert!(shared.enter(block(1, WRITE, 4096, 4)).is_ok());
    }
}

#[test]
fn who_gives_up_behind_a_waiter_names_that() {
    for shared in Shared::both() {
        let _reads = shared.enter(block(1, READ, 4096, 4)).unwrap();
        let writer = shared.queue(block(2, WRITE, 4096, 4)).unwrap();
        let reader = shared.queue(block(3, READ, 4096, 4)).unwrap();
        let refused = reader.finish().err().unwrap();
        assert_eq!((refused.thread(), refused.waits()), (2, true));
        assert!(writer.finish().is_err());
    }
}

#[test]
fn a_child_process_forgets_the_threads_of_its_parent() {
    for shared in Shared::both() {
        let mine: Vec<_> =
            (0..20).map(|i| shared.enter(block(1, Mode::LOCAL_READ, 4096 + 64 * i, 4)).unwrap()).collect();
        let gone: Vec<_> =
            (0..20).map(|i| shared.enter(block(2, WRITE, (1 << 20) + 64 * i, 4)).unwrap()).collect();
        let waits = shared.queue(block(3, WRITE, 4096, 4)).unwrap();
        assert!(!waits.is_served());
        // SAFETY: no other thread uses this table, so this thread stands for a whole process that forks.
        unsafe { shared.table.before_fork() };
        // SAFETY: no other thread uses this table, so this thread stands for a whole process that forks.
        unsafe { shared.table.after_fork_in_child(1) };
        assert!(shared.enter(block(1, WRITE, 1 << 20, 4)).is_ok());
        assert_eq!(shared.enter(block(1, WRITE, 4096, 4)).err().unwrap().thread(), 1);
        drop(mine);
        assert!(shared.enter(block(1, WRITE, 4096, 4)).is_ok());
        assert!(!waits.is_served());
        // The claims and waiters of the threads that no longer exist never leave the table.
        std::mem::forget((gone, waits));
    }
}
