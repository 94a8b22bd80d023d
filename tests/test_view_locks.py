"""Locks that Python code holds with `View.locked`: they keep other threads and Rust functions out.

It is separate because every test holds a lock. test_locks.py tests the locks of Rust functions.
"""

import re
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import typedview
import typedview_probe as probe
from refused import refused
from threads import elsewhere, in_threads
from typedview import View, zeros

ADVICE = "pass memory that does not overlap, or a copy"


def refused_elsewhere(text: str, work: Callable[[], object]) -> None:
    error = elsewhere(work)
    assert (type(error), str(error)) == (BufferError, text)


USES: dict[str, Callable[[View], object]] = {
    "read": lambda view: view[0],
    "tolist": lambda view: view.tolist(),
    "tobytes": lambda view: view.tobytes(),
    "copy": lambda view: view.copy(),
    "equal": lambda view: view == view[:],
    "iterate": lambda view: list(view),
}
WRITES: dict[str, Callable[[View], object]] = {
    "write": lambda view: view.__setitem__(0, 1.0),
    "fill": lambda view: view.fill(1.0),
    "copy from": lambda view: view.__setitem__(slice(None), np.ones(4)),
    "list": lambda view: view.__setitem__(slice(None), [1, 1, 1, 1]),
}


@pytest.mark.parametrize("use", {**USES, **WRITES})
def test_a_lock_for_writing_keeps_other_threads_out_and_not_its_own(use: str) -> None:
    view, work = zeros(4), {**USES, **WRITES}[use]
    doing = "write" if use in WRITES else "read"
    text = f"cannot {doing} the view: its memory is locked for writing as View.locked() on another thread"
    with view.locked() as locked:
        assert locked is view
        work(view)
        work(View(np.asarray(view)))
        refused_elsewhere(text, lambda: work(view))
        refused_elsewhere(text, lambda: work(View(np.asarray(view))))
    assert not isinstance(elsewhere(lambda: work(view)), BaseException)


@pytest.mark.parametrize("use", {**USES, **WRITES})
def test_a_lock_for_reading_keeps_writers_out(use: str) -> None:
    view, work = zeros(4), {**USES, **WRITES}[use]
    with view.locked(read=True):
        if use in USES:
            work(view)
            assert not isinstance(elsewhere(lambda: work(view)), BaseException)
        else:
            # The thread that has the lock uses the memory as it likes.
            work(view)
            text = (
                "cannot write the view: its memory is locked for reading as View.locked() on another thread"
            )
            refused_elsewhere(text, lambda: work(view))
    work(view)


def test_a_lock_of_one_part_leaves_the_other_parts() -> None:
    view = zeros(8)
    with view[:4].locked():
        assert elsewhere(lambda: view[4]) == 0
        assert isinstance(elsewhere(lambda: view[3]), BufferError)
        assert isinstance(elsewhere(lambda: view.tolist()), BufferError)
    with view[::2].locked():
        assert elsewhere(lambda: view[1]) == 0
        assert isinstance(elsewhere(lambda: view[2]), BufferError)


@pytest.mark.parametrize("first_read", [False, True])
@pytest.mark.parametrize("second_read", [False, True])
def test_a_thread_that_holds_two_locks_uses_the_memory_of_both(first_read: bool, second_read: bool) -> None:
    one, other = zeros(4), zeros(4)
    with one.locked(read=first_read), other.locked(read=second_read):
        assert one[0] == other[0] == 0
        assert one == other
        if not first_read:
            one[0] = 1
        if not second_read:
            other[0] = 1
        if not first_read:
            one[:] = other
    assert elsewhere(lambda: one.tolist() + other.tolist()) == one.tolist() + other.tolist()


def test_two_locks_for_reading_allow_what_one_allows() -> None:
    view = zeros(4)
    with view.locked(read=True):
        view[0] = 1
        with view.locked(read=True):
            view[0] = 2
    assert view[0] == 2


def test_a_lock_for_reading_on_another_thread_keeps_out_the_writer_that_has_one_too() -> None:
    view, held, done = zeros(4), threading.Event(), threading.Event()

    def hold() -> None:
        with view.locked(read=True):
            held.set()
            done.wait()

    def write() -> None:
        held.wait()
        text = "cannot write the view: its memory is locked for reading as View.locked() on another thread"
        try:
            with view.locked(read=True):
                refused(BufferError, text, view.__setitem__, 0, 1.0)
                refused(BufferError, text, view.fill, 1.0)
        finally:
            done.set()

    assert in_threads(hold, write) == [None, None]


def test_a_rust_function_that_lends_references_keeps_out_its_own_thread() -> None:
    values = np.zeros(4)
    view = View(values)

    def callback() -> None:
        with pytest.raises(BufferError, match="its memory is locked for reading as const double"):
            view[0] = 1
        with pytest.raises(BufferError, match="its memory is locked for reading as const double"):
            view.fill(1)

    with view.locked(read=True):
        probe.while_locked(values, callback)
    assert view.tolist() == [0, 0, 0, 0]


def test_locks_that_end_in_another_order_end() -> None:
    one, other = zeros(4), zeros(4)
    first, second = one.locked(), other.locked()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    other[0] = 1
    assert elsewhere(lambda: one[0]) == 0
    assert isinstance(elsewhere(lambda: other[0]), BufferError)
    second.__exit__(None, None, None)
    assert elsewhere(lambda: other[0]) == 1


def test_two_threads_that_wait_for_each_other_are_told_so() -> None:
    one, other, both_hold = zeros(1), zeros(1), threading.Barrier(2)

    def take(first: View, second: View) -> str:
        with first.locked():
            both_hold.wait(60)
            try:
                with second.locked(timeout=60):
                    return "served"
            except BufferError as refusal:
                return str(refusal)

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(take, (one, other), (other, one)))
    held = "its memory is locked for writing as View.locked() on another thread"
    advice = "which waits for memory that this thread has; take the same memory first everywhere"
    assert answers == [f"cannot lock the view: {held}, {advice}", "served"]


def test_two_threads_lock_for_reading_and_not_for_writing() -> None:
    view = zeros(4)

    def lock(**options: object) -> str:
        with view.locked(**options):
            return "locked"

    text = "cannot lock the view: its memory is locked for {} as View.locked() on another thread"
    with view.locked(read=True):
        assert elsewhere(lambda: lock(read=True)) == "locked"
        refused_elsewhere(text.format("reading"), lock)
    with view.locked():
        refused_elsewhere(text.format("writing"), lambda: lock(read=True))
        refused_elsewhere(text.format("writing"), lambda: lock(timeout=0.01))
    assert elsewhere(lock) == "locked"


def test_a_lock_waits_for_as_long_as_it_is_told() -> None:
    view, held = zeros(4), threading.Event()

    def hold() -> None:
        with view.locked():
            held.set()
            threading.Event().wait(0.1)

    def wait() -> str:
        held.wait()
        with view.locked(timeout=30):
            return "locked"

    assert in_threads(hold, wait) == [None, "locked"]


def test_a_lock_that_cannot_be_is_refused() -> None:
    text = "a readonly view is locked for reading: locked(read=True)"
    refused(BufferError, text, View(b"abc").locked)
    for timeout in (-1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="the timeout is no number of seconds"):
            zeros(1).locked(timeout=timeout)
    with pytest.raises(BufferError, match="memory behind pointers may be anywhere; copy it to lock it"):
        typedview.stack_rows([np.zeros(2)]).locked().__enter__()
    lock = zeros(1).locked()
    with lock, pytest.raises(RuntimeError, match="the lock is already held"):
        lock.__enter__()
    with lock:
        pass


def test_a_lock_ends_with_its_block_also_if_that_raises_or_is_dropped() -> None:
    view = zeros(4)
    with pytest.raises(LookupError), view.locked():
        raise LookupError

    def generator() -> object:
        with view.locked():
            yield

    running = generator()
    next(running)
    assert isinstance(elsewhere(lambda: view[0]), BufferError)
    del running
    assert elsewhere(lambda: view[0]) == 0


def test_a_lock_that_another_thread_drops_ends() -> None:
    # A lock that did not end would be met by later tests, so this one has a process of its own.
    code = """
import threading, typedview

view, running = typedview.zeros(4), []

def generator():
    with view.locked():
        yield

def start():
    running.append(generator())
    next(running[0])

thread = threading.Thread(target=start)
thread.start()
thread.join()
running.clear()
print(view[0])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0.0\n", "")


def test_the_next_thread_does_not_have_the_lock_of_one_that_is_gone() -> None:
    # Threads that follow each other can have the same number.
    code = """
import threading, typedview

view, locks = typedview.zeros(4), [typedview.zeros(4).locked()]

def run(function):
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()

def lock():
    locks.append(view.locked())
    locks[-1].__enter__()

def write():
    try:
        view[0] = 1.0
    except BufferError as error:
        print(error)

for _ in range(8):
    run(lock)
    run(write)
    view = typedview.zeros(4)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    # The number by which a message tells threads apart may be that of the thread that is gone.
    text = "cannot write the view: its memory is locked for writing as View.locked()"
    assert [line.startswith(text) for line in done.stdout.splitlines()] == [True] * 8


def test_a_lock_that_another_thread_enters_is_held_by_that_thread_or_refused() -> None:
    lock = zeros(4).locked()
    error = elsewhere(lock.__enter__)
    assert not isinstance(error, BaseException) or isinstance(error, Exception)


def test_memory_that_is_locked_is_not_given_back() -> None:
    memory = bytearray(8)
    view = View(memory)
    with view.locked():
        with pytest.raises(BufferError):
            view.release()
        with pytest.raises(BufferError):
            memory.append(1)
    view.release()
    memory.append(1)


# Locks of Rust functions.


def test_rust_functions_meet_a_lock_of_python() -> None:
    values = np.zeros(4)
    view = View(values)
    take, lock = "cannot take {} for {}", "its memory is locked for {} as View.locked()"
    read, write = "const double[:]", "double[:]"
    with view.locked():
        text = f"{take.format(read, 'reading')}: {lock.format('writing')}; {ADVICE}"
        refused(BufferError, text, probe.read, read, values)
        text = f"{take.format(write, 'writing')}: {lock.format('writing')}; {ADVICE}"
        refused(BufferError, text, probe.while_locked_mut, values, print)
    with view.locked(read=True):
        probe.while_locked(values, lambda: None)
        text = f"{take.format(write, 'writing')}: {lock.format('reading')}; {ADVICE}"
        refused(BufferError, text, probe.while_written, values, print)
    probe.while_locked_mut(values, lambda: None)


HELD = {
    "while_locked_mut": ("locked for writing", [*USES, *WRITES]),
    "while_locked": ("locked for reading", [*WRITES]),
}


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("use", {**USES, **WRITES})
def test_a_view_meets_locks_of_rust_functions(held: str, use: str) -> None:
    values = np.zeros(4)
    view, work = View(values), {**USES, **WRITES}[use]
    state, excluded = HELD[held]

    def callback() -> None:
        if use not in excluded:
            work(view)
            return
        doing = "write" if use in WRITES else "read"
        with pytest.raises(
            BufferError, match=re.escape(f"cannot {doing} the view: its memory is {state} as ")
        ):
            work(view)

    getattr(probe, held)(values, callback)
    work(view)


def test_a_view_is_used_while_rust_functions_use_the_memory_by_value() -> None:
    values = np.zeros(4)
    for hold in (probe.while_read, probe.while_written):
        hold(values, lambda: [work(View(values)) for work in {**USES, **WRITES}.values()])
    text = "cannot lock the view: its memory is in use for reading as const double[:]"
    probe.while_read(values, lambda: refused(BufferError, text, View(values).locked().__enter__))
