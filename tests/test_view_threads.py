"""Views on several threads: elements and copies are whole, and released memory is not used.

It is separate because every test starts threads. test_view_locks.py has the locks that keep threads apart.
"""

import itertools
import threading

import numpy as np
import pytest
from threads import in_threads
from typedview import View, zeros


@pytest.mark.parametrize("dtype", ["int64", "double", "float complex", "big-endian int32"])
def test_an_element_is_one_of_those_that_were_written(dtype: str) -> None:
    view, values = zeros(4, dtype), [0x01010101, 0x7E7E7E7E, -0x01010102]
    wide = np.array(values, "f4").tolist() if "complex" in dtype else values
    view.fill(wide[0])

    def work() -> bool:
        for i in range(2000):
            view[i % 4] = wide[i % 3]
            if view[(i + 1) % 4] not in (*wide, *values):
                return False
        return True

    assert in_threads(*[work] * 4) == [True] * 4


def test_copies_of_many_bytes_are_whole() -> None:
    # Copies of this size let other threads run.
    target, sources = zeros(300_000), [np.full(300_000, float(i)) for i in range(1, 4)]
    target[:] = sources[0]

    def work(source: np.ndarray) -> bool:
        for _ in range(20):
            target[:] = source
            found = np.frombuffer(target.tobytes())
            if not (found == found[0]).all() or not 1 <= found[0] <= 3:
                return False
        return True

    assert in_threads(*[lambda source=source: work(source) for source in sources]) == [True] * 3


@pytest.mark.parametrize("use", ["element", "tolist", "tobytes", "compare"])
def test_others_wait_for_a_copy_of_many_bytes_and_are_not_refused(use: str) -> None:
    # No lock is held, so there is nothing that an exception could be about. A memoryview waits for the GIL.
    target, source = zeros(300_000), np.ones(300_000)
    ends = threading.Event()
    uses = {
        "element": lambda: target[0],
        "tolist": lambda: target[:4].tolist(),
        "tobytes": lambda: target[:4].tobytes(),
        "compare": lambda: target[:4] == source[:4],
    }

    def copy() -> None:
        for _ in range(100):
            target[:] = source
        ends.set()

    def work() -> None:
        while not ends.is_set():
            uses[use]()

    assert in_threads(copy, work) == [None, None]


def test_threads_that_slice_and_release_leave_nothing() -> None:
    memory = bytearray(80_000)
    whole = View(memory)
    view = whole.cast("d")

    def work() -> str:
        for i in range(1000):
            part = view[i : i + 8][::2]
            with part, part.toreadonly() as readonly:
                part[0] = 1.0
                assert readonly[0] == 1.0
                items = iter(part)
                next(items)
            part.release()
        return "done"

    assert in_threads(*[work] * 4) == ["done"] * 4
    view.release()
    whole.release()
    memory.append(1)


def test_a_view_that_another_thread_releases_is_whole_or_refused() -> None:
    for _ in range(50):
        memory = bytearray(b"\1" * 2_000_000)
        view = View(memory)

        def read() -> object:
            while True:
                try:
                    if view.tobytes() != b"\1" * 2_000_000:  # noqa: B023
                        return "wrong bytes"
                except ValueError as error:
                    return str(error)

        def release() -> object:
            while True:
                try:
                    view.release()  # noqa: B023
                except BufferError as error:
                    assert str(error) == "the view is in use on another thread"
                else:
                    memory.clear()  # noqa: B023
                    return "released"

        found = in_threads(read, release)
        assert found == ["operation forbidden on a released View", "released"]


def test_one_iterator_gives_each_element_once_to_all_threads() -> None:
    items = iter(View(np.arange(4000)))
    found = in_threads(*[lambda: list(items)] * 4)
    assert sorted(itertools.chain(*found)) == list(range(4000))
