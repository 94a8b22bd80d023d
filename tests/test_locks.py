"""Locks: which uses of the same memory exclude each other, through every alias that Python can make.

It is separate because it needs two views of the same memory, one of them taken in a callback of the other.
"""

import array
import re
import signal
import sysconfig
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
import typedview_probe as probe
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided
from refused import refused

HOLDS = {
    "read": probe.while_read,
    "written": probe.while_written,
    "locked": probe.while_locked,
    "locked to write": probe.while_locked_mut,
}

READ, WRITE = "const double[:]", "double[:]"


def nothing() -> None:
    pass


def read(values: object) -> None:
    probe.read(READ, values)


def write(values: object) -> None:
    probe.while_written(values, nothing)


def lock(values: object) -> None:
    probe.while_locked(values, nothing)


def lock_to_write(values: object) -> None:
    probe.while_locked_mut(values, nothing)


USES = {"read": read, "write": write, "lock": lock, "lock to write": lock_to_write}

# By (held, use): the text of the refusal. Pairs that are allowed have no entry.
ADVICE = "pass memory that does not overlap, or a copy"
CONFLICTS = {
    (
        "read",
        "lock to write",
    ): f"cannot lock {WRITE} for writing: its memory is in use for reading as {READ}; {ADVICE}",
    (
        "written",
        "lock",
    ): f"cannot lock {READ} for reading: its memory is in use for writing as {WRITE}; {ADVICE}",
    (
        "written",
        "lock to write",
    ): f"cannot lock {WRITE} for writing: its memory is in use for writing as {WRITE}; {ADVICE}",
    (
        "locked",
        "write",
    ): f"cannot take {WRITE} for writing: its memory is locked for reading as {READ}; {ADVICE}",
    (
        "locked",
        "lock to write",
    ): f"cannot take {WRITE} for writing: its memory is locked for reading as {READ}; {ADVICE}",
    (
        "locked to write",
        "read",
    ): f"cannot take {READ} for reading: its memory is locked for writing as {WRITE}; {ADVICE}",
    (
        "locked to write",
        "write",
    ): f"cannot take {WRITE} for writing: its memory is locked for writing as {WRITE}; {ADVICE}",
    (
        "locked to write",
        "lock",
    ): f"cannot take {READ} for reading: its memory is locked for writing as {WRITE}; {ADVICE}",
    (
        "locked to write",
        "lock to write",
    ): f"cannot take {WRITE} for writing: its memory is locked for writing as {WRITE}; {ADVICE}",
}


# Without a GIL, a local writer and a local use on another thread conflict as soon as the memory is acquired.
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
ELSEWHERE = f"on another thread; {ADVICE}"


def between_threads() -> dict[tuple[str, str], str]:
    """Returns the refusals by (held on one thread, use on another). Pairs that are allowed have no entry."""
    texts = {pair: text.replace(f"; {ADVICE}", f" {ELSEWHERE}") for pair, text in CONFLICTS.items()}
    if not FREE_THREADED:
        return texts
    in_use = {
        "read": f"its memory is in use for reading as {READ} {ELSEWHERE}",
        "written": f"its memory is in use for writing as {WRITE} {ELSEWHERE}",
    }
    taken = {
        "read": f"cannot take {READ} for reading",
        "write": f"cannot take {WRITE} for writing",
        "lock": f"cannot take {READ} for reading",
        "lock to write": f"cannot take {WRITE} for writing",
    }
    met = [("read", "write"), ("read", "lock to write"), *(("written", use) for use in USES)]
    return texts | {(held, use): f"{taken[use]}: {in_use[held]}" for held, use in met}


BETWEEN_THREADS = between_threads()


def meets(held: str, use: str, first: object, second: object) -> None:
    """Asserts that `use` of `second` is refused while `first` is `held`, if the two conflict."""
    text = CONFLICTS.get((held, use))
    if text is None:
        HOLDS[held](first, lambda: USES[use](second))
    else:
        HOLDS[held](first, lambda: refused(BufferError, text, USES[use], second))
    # All claims have been released, so both can be locked for writing.
    lock_to_write(first)
    lock_to_write(second)


def passes(held: str, use: str, first: object, second: object) -> None:
    """Asserts that `use` of `second` is allowed while `first` is `held`."""
    HOLDS[held](first, lambda: USES[use](second))


each_pair = pytest.mark.parametrize(("held", "use"), [(held, use) for held in HOLDS for use in USES])


# The same memory, through every alias.


def aliases() -> dict[str, Callable[[], tuple[object, object]]]:
    """Returns pairs of exporters whose memory has bytes in common."""

    def of(make: Callable[[np.ndarray], tuple[object, object]]) -> Callable[[], tuple[object, object]]:
        return lambda: make(np.arange(8.0))

    def from_buffer_twice() -> tuple[object, object]:
        memory = bytearray(64)
        return np.frombuffer(memory), np.frombuffer(memory)

    def shifted_by_half_an_element() -> tuple[object, object]:
        memory = bytearray(64)
        return np.frombuffer(memory, "f8", 7), np.frombuffer(memory, "f8", 7, offset=4)

    def memory_of_an_array() -> tuple[object, object]:
        memory = array.array("d", range(8))
        return memory, np.frombuffer(memory)[2:]

    def complex_parts() -> tuple[object, object]:
        values = np.zeros(4, complex)
        return values.view("f8"), values.imag

    def one_element() -> tuple[object, object]:
        values = np.zeros((4, 2))
        return values[:, 0], values.ravel()[2:3]

    return {
        "the same object": of(lambda a: (a, a)),
        "another view": of(lambda a: (a, a.view())),
        "the first half": of(lambda a: (a, a[:4])),
        "halves that overlap": of(lambda a: (a[:5], a[4:])),
        "reversed": of(lambda a: (a, a[::-1])),
        "the last element": of(lambda a: (a, a[7:])),
        "every second element": of(lambda a: (a, a[1::2])),
        "steps 2 and 3": of(lambda a: (a[::2], a[::3])),
        "numpy.frombuffer twice": from_buffer_twice,
        "numpy.asarray of a memoryview": of(lambda a: (a, np.asarray(memoryview(a)))),
        "numpy.from_dlpack": of(lambda a: (a, np.from_dlpack(a))),
        "memoryview": of(lambda a: (a, memoryview(a)[3:])),
        "array.array and numpy": memory_of_an_array,
        "complex numbers as pairs, and their imaginary parts": complex_parts,
        "a column, and one element of it": one_element,
        "half an element apart": shifted_by_half_an_element,
    }


@each_pair
@pytest.mark.parametrize("alias", aliases())
def test_uses_of_one_memory_meet(alias: str, held: str, use: str) -> None:
    first, second = aliases()[alias]()
    meets(held, use, first, second)


@each_pair
@pytest.mark.parametrize("alias", aliases())
def test_uses_of_one_memory_meet_the_other_way_round(alias: str, held: str, use: str) -> None:
    second, first = aliases()[alias]()
    meets(held, use, first, second)


# Memory without a byte in common.


def strangers() -> dict[str, Callable[[], tuple[object, object]]]:
    """Returns pairs of exporters whose memory has no byte in common."""

    def of(make: Callable[[np.ndarray], tuple[object, object]]) -> Callable[[], tuple[object, object]]:
        return lambda: make(np.arange(8.0))

    def complex_parts() -> tuple[object, object]:
        values = np.zeros(4, complex)
        return values.real, values.imag

    def record_fields() -> tuple[object, object]:
        records = np.zeros(4, dtype=[("a", "f8"), ("flag", "u1"), ("b", "f8")])
        return records["a"], records["b"]

    return {
        "another array": of(lambda a: (a, a.copy())),
        "two halves": of(lambda a: (a[:4], a[4:])),
        "even and odd elements": of(lambda a: (a[::2], a[1::2])),
        "even elements and odd ones reversed": of(lambda a: (a[::2], a[::-2])),
        "columns": of(lambda a: (a.reshape(4, 2)[:, 0], a.reshape(4, 2)[:, 1])),
        "real and imaginary parts": complex_parts,
        "fields of records": record_fields,
        "an empty slice at the start": of(lambda a: (a, memoryview(a)[:0])),
        "an empty slice in the middle": of(lambda a: (a, memoryview(a)[3:3])),
        "an empty slice at the end": of(lambda a: (a, memoryview(a)[8:])),
        "an empty slice between two elements": of(lambda a: (a[::2], memoryview(a)[3:3])),
    }


@each_pair
@pytest.mark.parametrize("stranger", strangers())
def test_uses_of_memory_without_a_common_byte_pass(stranger: str, held: str, use: str) -> None:
    first, second = strangers()[stranger]()
    passes(held, use, first, second)
    passes(held, use, second, first)


@given(st.integers(1, 24), st.data())
def test_slices_that_have_an_element_in_common_are_never_both_granted(
    length: int, data: st.DataObject
) -> None:
    values, indices = np.arange(float(length)), range(length)
    first, second = data.draw(st.slices(length)), data.draw(st.slices(length))
    common = set(indices[first]) & set(indices[second])
    granted = True

    def take() -> None:
        nonlocal granted
        try:
            read(values[second])
        except BufferError:
            granted = False

    probe.while_locked_mut(values[first], take)
    assert not (common and granted)
    # If the steps have the same length, the table decides exactly.
    if not common and abs(first.step or 1) == abs(second.step or 1):
        assert granted


# Two arguments of one call.


def test_two_readers_lock_one_array() -> None:
    values = np.arange(3.0)
    assert probe.lock_twice(values, values) == 9.0


def test_a_copy_within_one_locked_array_is_refused() -> None:
    values = np.arange(6.0)
    text = f"cannot lock {READ} for reading: its memory is in use for writing as {WRITE}; {ADVICE}"
    refused(BufferError, text, probe.copy_locked, values, values)


def test_a_copy_between_interleaved_halves_of_an_array_is_locked() -> None:
    values = np.arange(6.0)
    probe.copy_locked(values[::2], values[1::2])
    assert values.tolist() == [0.0, 0.0, 2.0, 2.0, 4.0, 4.0]


def test_an_unlocked_reader_keeps_a_write_lock_away() -> None:
    values = np.arange(3.0)
    text = f"cannot lock {WRITE} for writing: its memory is in use for reading as {READ}; {ADVICE}"
    refused(BufferError, text, probe.lock_mut_then_lock, values, values)


def test_a_write_lock_and_a_lock_on_different_arrays_do_not_meet() -> None:
    probe.lock_mut_then_lock(np.zeros(3), np.zeros(3))


# Elements that overlap each other.


@pytest.mark.parametrize(
    ("shape", "strides", "shown"),
    [((4,), (0,), "shape (4,) with strides (0,)"), ((4,), (4,), "shape (4,) with strides (4,)")],
)
def test_elements_that_overlap_are_not_locked_to_write(
    shape: tuple[int, ...], strides: tuple[int, ...], shown: str
) -> None:
    values = as_strided(np.zeros(8), shape, strides)
    text = (
        f"cannot lock {WRITE} for writing: {shown}: elements may overlap, so they cannot be lent for writing"
    )
    refused(BufferError, text, lock_to_write, values)
    write(values)
    lock(values)


def test_one_element_of_stride_0_does_not_overlap_itself() -> None:
    lock_to_write(as_strided(np.zeros(1), (1,), (0,)))


def test_no_element_of_stride_0_overlaps() -> None:
    lock_to_write(as_strided(np.zeros(1), (0,), (0,)))


# What a conflict or an exception leaves behind.


@each_pair
def test_a_refusal_leaves_the_holder_as_it_was(held: str, use: str) -> None:
    values = np.arange(3.0)

    def twice() -> None:
        for _ in range(2):
            text = CONFLICTS.get((held, use))
            if text is None:
                USES[use](values)
            else:
                refused(BufferError, text, USES[use], values)

    assert HOLDS[held](values, twice) == 3.0


@pytest.mark.parametrize("held", HOLDS)
def test_an_exception_in_the_callback_ends_the_use(held: str) -> None:
    memory = array.array("d", range(3))

    def fail() -> None:
        raise LookupError("from the callback")

    refused(LookupError, "from the callback", HOLDS[held], memory, fail)
    lock_to_write(memory)
    memory.append(3.0)
    assert len(memory) == 4


@pytest.mark.parametrize("held", HOLDS)
def test_memory_stays_exported_during_the_use_and_no_longer(held: str) -> None:
    memory = array.array("d", range(3))

    def grow() -> None:
        with pytest.raises(BufferError, match="cannot resize an array that is exporting buffers"):
            memory.append(1.0)

    HOLDS[held](memory, grow)
    memory.append(1.0)


@pytest.mark.parametrize("held", HOLDS)
def test_a_shape_that_changes_during_the_use_does_not_change_what_is_released(held: str) -> None:
    values = np.arange(6.0)
    # The number of bytes is the same, so the memory stays where it is. rust-numpy aborts here.
    HOLDS[held](values, lambda: values.resize((3, 2), refcheck=False))
    assert values.shape == (3, 2)
    lock_to_write(values[:, 0])


def test_uses_nest() -> None:
    values = np.arange(3.0)

    def deeper(depth: int) -> None:
        text = f"cannot take {WRITE} for writing: its memory is locked for reading as {READ}; {ADVICE}"
        refused(BufferError, text, write, values)
        if depth:
            probe.while_locked(values, lambda: deeper(depth - 1))
            refused(BufferError, text, write, values)

    probe.while_locked(values, lambda: deeper(20))
    lock_to_write(values)


def test_a_hundred_arrays_are_held_at_once() -> None:
    arrays = [np.zeros(3) for _ in range(100)]

    def hold(rest: list[np.ndarray]) -> None:
        if rest:
            probe.while_locked_mut(rest[0], lambda: hold(rest[1:]))
        else:
            for values in arrays:
                text = (
                    f"cannot take {READ} for reading: its memory is locked for writing as {WRITE}; {ADVICE}"
                )
                refused(BufferError, text, read, values)

    hold(arrays)
    for values in arrays:
        lock_to_write(values)


# Threads.


def in_thread(function: Callable[[], None]) -> None:
    """Runs the function on another thread, and raises here what it raised there."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            function()
        except BaseException as exception:
            raised.append(exception)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


@pytest.mark.parametrize(("held", "use"), BETWEEN_THREADS)
def test_a_conflict_with_another_thread_says_so(held: str, use: str) -> None:
    values = np.arange(3.0)
    text = BETWEEN_THREADS[held, use]
    HOLDS[held](values, lambda: in_thread(lambda: refused(BufferError, text, USES[use], values)))
    in_thread(lambda: lock_to_write(values))


@each_pair
def test_uses_on_two_threads_pass_where_they_do_not_conflict(held: str, use: str) -> None:
    values = np.arange(3.0)
    if (held, use) not in BETWEEN_THREADS:
        HOLDS[held](values, lambda: in_thread(lambda: USES[use](values)))


def test_readers_on_other_threads_share_a_lock() -> None:
    values = np.arange(3.0)
    probe.while_locked(values, lambda: in_thread(lambda: lock(values)))


def test_writers_of_other_arrays_do_not_meet_a_lock() -> None:
    values = np.arange(3.0)
    probe.while_locked_mut(values, lambda: in_thread(lambda: lock_to_write(values.copy())))


def test_a_writer_is_refused_until_the_other_thread_lets_go() -> None:
    values = np.arange(3.0)
    locked, finish = threading.Event(), threading.Event()

    def hold() -> None:
        locked.set()
        assert finish.wait(60)

    holder = threading.Thread(target=probe.while_locked, args=(values, hold))
    holder.start()
    assert locked.wait(60)
    refused(BufferError, BETWEEN_THREADS["locked", "write"], write, values)
    finish.set()
    holder.join(60)
    assert not holder.is_alive()
    write(values)


def test_a_detached_reader_sees_no_writer() -> None:
    values = np.ones(8_000_000)
    sums: list[float] = []

    def read_detached() -> None:
        while not sums:
            try:
                sums.append(probe.sum_detached(values))
            except BufferError:
                # Without a GIL the writer may have come first.
                assert FREE_THREADED

    reader = threading.Thread(target=read_detached)
    reader.start()
    refusals = []
    while reader.is_alive():
        try:
            write(values[:1])
        except BufferError as exception:
            refusals.append(str(exception))
    reader.join()
    memory = f"its memory is locked for reading as const double[::1] {ELSEWHERE}"
    locked = f"cannot take {WRITE} for writing: {memory}"
    # Without a GIL, the writer may also come between the reader's acquiring and its lock.
    arrived = locked.replace("locked for", "in use for")
    assert locked in refusals
    assert set(refusals) <= ({locked, arrived} if FREE_THREADED else {locked})
    assert sums == [8_000_000.0]
    write(values)


def test_many_threads_lock_and_write_without_a_trace() -> None:
    values = np.zeros(64)
    outcomes: list[str] = []

    def work(seed: int) -> None:
        for step in range(300):
            use = list(USES)[(seed + step) % len(USES)]
            first = (seed * 7 + step) % 60
            try:
                USES[use](values[first : first + 4])
                outcomes.append("granted")
            except BufferError:
                outcomes.append("refused")

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == 8 * 300
    assert outcomes.count("granted") >= 300
    lock_to_write(values)


# Waiting.


class Holding:
    """Holds memory on another thread until the `with` block ends."""

    def __init__(self, held: str, values: object) -> None:
        self.held, self.finish = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=HOLDS[held], args=(values, self.hold))

    def hold(self) -> None:
        self.held.set()
        assert self.finish.wait(60)

    def __enter__(self) -> "Holding":
        self.thread.start()
        assert self.held.wait(60)
        return self

    def __exit__(self, *exception: object) -> None:
        self.finish.set()
        self.thread.join(60)
        assert not self.thread.is_alive()


def fill_within(values: object, seconds: float) -> None:
    probe.fill_within(values, 7.0, seconds)


# By case: how another thread holds the memory, the call that acquires it meanwhile and has to wait, and the
# use that its refusal names. Without a GIL no call can acquire it meanwhile.
WAITS = {
    "a reader for a writer": ("written", probe.sum_within, "lock"),
    "a writer for a reader": ("read", fill_within, "lock to write"),
    "a writer for a writer": ("written", fill_within, "lock to write"),
}

each_wait = pytest.mark.parametrize("wait", WAITS)
under_a_gil = pytest.mark.skipif(FREE_THREADED, reason="without a GIL the memory cannot be taken meanwhile")


@under_a_gil
@each_wait
def test_a_lock_waits_until_another_thread_is_done(wait: str) -> None:
    held, lock_within, _ = WAITS[wait]
    values = np.arange(3.0)
    with Holding(held, values) as holding:
        waiting = threading.Thread(target=lock_within, args=(values, 60.0))
        waiting.start()
        waiting.join(0.05)
        assert waiting.is_alive()
        holding.finish.set()
        waiting.join(60)
        assert not waiting.is_alive()
    assert values.tolist() == ([7.0] * 3 if lock_within is fill_within else [0.0, 1.0, 2.0])
    lock_to_write(values)


@under_a_gil
@each_wait
@pytest.mark.parametrize("seconds", [0.0, 0.05])
def test_a_lock_that_has_waited_long_enough_is_refused(wait: str, seconds: float) -> None:
    held, lock_within, use = WAITS[wait]
    values = np.arange(3.0)
    with Holding(held, values):
        start = time.monotonic()
        refused(BufferError, BETWEEN_THREADS[held, use], lock_within, values, seconds)
        assert seconds <= time.monotonic() - start < 30
    assert values.tolist() == [0.0, 1.0, 2.0]
    lock_to_write(values)


@each_wait
def test_nobody_waits_for_their_own_thread(wait: str) -> None:
    held, lock_within, use = WAITS[wait]
    values = np.arange(3.0)
    start = time.monotonic()
    HOLDS[held](values, lambda: refused(BufferError, CONFLICTS[held, use], lock_within, values, 60.0))
    assert time.monotonic() - start < 30
    lock_to_write(values)


def test_a_lock_that_meets_nobody_does_not_wait() -> None:
    values = np.arange(3.0)
    probe.while_locked(values, lambda: probe.sum_within(values, 60.0))
    probe.while_locked_mut(values, lambda: fill_within(values.copy(), 60.0))
    assert probe.sum_within(values, 60.0) == 3.0


@under_a_gil
def test_python_runs_on_while_a_lock_waits() -> None:
    values = np.arange(3.0)
    with Holding("written", values) as holding:
        waiting = threading.Thread(target=probe.sum_within, args=(values, 60.0))
        waiting.start()
        for _ in range(100):
            write(values.copy())
            read(values)
        assert waiting.is_alive()
        holding.finish.set()
        waiting.join(60)
    assert not waiting.is_alive()


@under_a_gil
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer that sends a signal")
def test_signals_are_handled_while_a_lock_waits() -> None:
    values = np.arange(3.0)
    handled: list[float] = []
    before = signal.signal(signal.SIGALRM, lambda *_: handled.append(time.monotonic()))
    try:
        with Holding("written", values):
            start = time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with pytest.raises(BufferError):
                probe.sum_within(values, 2.0)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert handled[0] - start < 1.0


@under_a_gil
def test_many_who_wait_are_all_served() -> None:
    values = np.arange(3.0)
    sums: list[float] = []
    with Holding("written", values) as holding:
        waiting = [
            threading.Thread(target=lambda: sums.append(probe.sum_within(values, 60.0))) for _ in range(10)
        ]
        for thread in waiting:
            thread.start()
        holding.finish.set()
        for thread in waiting:
            thread.join(60)
    assert sums == [3.0] * 10
    lock_to_write(values)


@pytest.mark.parametrize("held", ["locked", "locked to write"])
def test_a_lock_waits_for_a_lock_of_another_thread(held: str) -> None:
    values = np.arange(3.0)
    with Holding(held, values) as holding:
        threading.Timer(0.05, holding.finish.set).start()
        fill_within(values, 60.0)
    assert values.tolist() == [7.0, 7.0, 7.0]


@under_a_gil
def test_nobody_waits_for_others_where_they_are_in_their_own_way() -> None:
    values = np.arange(3.0)
    done: list[float] = []

    def lock_too() -> None:
        other = threading.Thread(target=lambda: probe.fill_within(values, 7.0, 60.0))
        other.start()
        # Repeats until the other thread waits in the queue. From then on, later claims are refused.
        with pytest.raises(BufferError, match="is about to be locked for writing"):
            while True:
                in_thread(lambda: read(values))
        start = time.monotonic()
        with pytest.raises(BufferError):
            fill_within(values, 2.0)
        done.append(time.monotonic() - start)

    probe.while_read(values, lock_too)
    assert done[0] < 1.0


# Order of arrival.


@under_a_gil
def test_a_writer_who_waits_is_not_starved_by_readers_who_relieve_each_other() -> None:
    values = np.arange(3.0)
    stop = threading.Event()
    refusals: set[str] = set()

    def read_on() -> None:
        while not stop.is_set():
            try:
                probe.while_locked(values, lambda: time.sleep(0.002))
            except BufferError as refusal:
                refusals.add(str(refusal))
                time.sleep(0.001)

    readers = [threading.Thread(target=read_on) for _ in range(3)]
    for reader in readers:
        reader.start()
    time.sleep(0.02)
    start = time.monotonic()
    fill_within(values, 60.0)
    assert time.monotonic() - start < 3.0
    stop.set()
    for reader in readers:
        reader.join(60)
    assert values.tolist() == [7.0, 7.0, 7.0]
    state = "(about to be )?(used|in use|locked) for writing"
    pattern = f"cannot (take|lock) {READ} for reading: its memory is STATE as {WRITE} {ELSEWHERE}"
    pattern = re.escape(pattern).replace("STATE", state).replace(re.escape("(take|lock)"), "(take|lock)")
    assert all(re.fullmatch(pattern, refusal) for refusal in refusals), refusals


def test_writers_who_wait_for_each_other_are_all_served() -> None:
    values = np.zeros(3)
    threads = [threading.Thread(target=fill_within, args=(values, 60.0)) for _ in range(8)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert time.monotonic() - start < 30.0
    assert values.tolist() == [7.0, 7.0, 7.0]


@under_a_gil
def test_two_who_hold_what_the_other_waits_for_are_told_so_at_once() -> None:
    first, second = np.zeros(3), np.zeros(3)
    waits = threading.Event()
    outcomes: list[str] = []

    def take_second_then_first() -> None:
        def then() -> None:
            waits.set()
            fill_within(first, 60.0)
            outcomes.append("served")

        probe.while_locked_mut(second, then)

    def take_first_then_second() -> None:
        other.start()
        assert waits.wait(60)
        # Repeats until the other thread waits in the queue.
        with pytest.raises(BufferError):
            while True:
                in_thread(lambda: probe.sum_within(first[:0], 0.0) or read(first) or time.sleep(0.001))
        start = time.monotonic()
        in_turn = "which waits for memory that this thread has; take the same memory first everywhere"
        text = f"its memory is locked for writing as {WRITE} on another thread, {in_turn}"
        refused(BufferError, f"cannot take {WRITE} for writing: {text}", fill_within, second, 60.0)
        assert time.monotonic() - start < 30.0

    other = threading.Thread(target=take_second_then_first)
    probe.while_locked_mut(first, take_first_then_second)
    other.join(60)
    assert outcomes == ["served"]


# Blocks of one array.


def blocks() -> dict[str, Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, bool]]]:
    """Returns functions of a table of 6 rows and 8 columns: two parts of it, and whether they overlap."""
    return {
        "left and right columns": lambda a: (a[:, :3], a[:, 3:], False),
        "columns that overlap": lambda a: (a[:, :4], a[:, 3:], True),
        "tiles side by side": lambda a: (a[1:4, 2:5], a[2:6, 5:], False),
        "tiles that share a corner": lambda a: (a[1:4, 2:5], a[3:6, 4:], True),
        "a tile, and another turned and reversed": lambda a: (a[:3, :3], a[::-1, ::-1].T[:5, :], False),
        "a tile and a part of a row": lambda a: (a[:, :3], a[2:3, 3:7], False),
        "every second column of each half": lambda a: (a[:, :4:2], a[:, 4::2], False),
        "rows and columns": lambda a: (a[2:3], a[:, 5:6], True),
    }


@pytest.mark.parametrize("block", blocks())
def test_blocks_of_an_array_are_locked_together_where_no_element_is_in_both(block: str) -> None:
    first, second, common = blocks()[block](np.zeros((6, 8)))
    for one, other in ((first, second), (second, first)):

        def use_other(other: np.ndarray = other) -> None:
            if not common:
                probe.while_locked_mut_untouched(other, nothing)
                return
            with pytest.raises(BufferError, match="its memory is locked for writing as"):
                probe.while_locked_mut_untouched(other, nothing)

        probe.while_locked_mut_untouched(one, use_other)


# Large numbers of locks.


def test_a_hundred_thousand_locks_of_one_call_are_taken_in_linear_time() -> None:
    def seconds(count: int) -> float:
        memory = np.zeros((count, 16))
        rows = list(memory)
        start = time.perf_counter()
        assert probe.lock_all(rows) == count
        return time.perf_counter() - start

    few, many = seconds(5_000), seconds(100_000)
    assert many < 60 * max(few, 0.005), f"20 times as many took {many} s after {few} s"


def test_what_one_call_has_locked_is_refused_within_it() -> None:
    rows = list(np.zeros((100, 16)))
    text = f"cannot lock {WRITE} for writing: its memory is in use for writing as {WRITE}; {ADVICE}"
    refused(BufferError, text, probe.lock_all, [*rows, rows[7][3:4]])
    assert probe.lock_all(rows) == 100
