"""Memory that classes keep, parts that threads lock, and closures over several locked views."""

import array
import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import typedview_probe as probe
from refused import refused

READ = "const double[:, :]"
DOUBLE = np.dtype("f8").itemsize


def nothing() -> None:
    pass


def table(rows: int = 3, columns: int = 4) -> np.ndarray:
    return np.arange(float(rows * columns)).reshape(rows, columns)


# Classes.


def test_a_class_keeps_memory_and_python_gets_back_what_it_set() -> None:
    x, y = table(), np.zeros(3)
    keeper = probe.Keeper(x, y)
    assert keeper.read is x
    assert keeper.write is y
    assert keeper.sum() == x.sum()
    x[0, 0] = 100
    assert keeper.sum() == x.sum()
    assert keeper.write_row_sums()
    assert y.tolist() == x.sum(axis=1).tolist()
    keeper.add(1, 0.5)
    assert y[1] == x[1].sum() + 0.5


def test_an_attribute_is_retargeted_by_assignment() -> None:
    keeper = probe.Keeper(table())
    keeper.read = table(2, 2)[::-1]
    assert keeper.sum() == 6.0
    assert keeper.write is None
    keeper.write = array.array("d", [1, 2, 3])
    keeper.write_row_sums()
    assert keeper.write.tolist() == [5.0, 1.0, 3.0]
    keeper.write = None
    assert keeper.write_row_sums() is False


def test_an_attribute_is_checked_like_an_argument() -> None:
    keeper = probe.Keeper(table())
    with pytest.raises(ValueError, match=r"expected const double\[:, :\], got double\[:\]"):
        keeper.read = np.zeros(3)
    with pytest.raises(BufferError, match="readonly"):
        keeper.write = np.broadcast_to(1.0, 3)
    assert keeper.sum() == table().sum()


def test_pinned_memory_is_named_by_its_spec() -> None:
    assert repr(probe.Keeper(table())) == "PyPinned(const double[:, :] with shape [3, 4]), None"


def test_the_exporter_stays_exported() -> None:
    memory = bytearray(24 * DOUBLE)
    keeper = probe.Keeper(memoryview(memory).cast("d", (4, 6)))
    with pytest.raises(BufferError):
        memory.append(0)
    del keeper
    gc.collect()
    memory.append(0)


def test_an_array_with_one_owner_keeps_its_memory() -> None:
    x = np.zeros((3, 4))
    keeper = probe.Keeper(x)
    with pytest.raises(ValueError, match="resize"):
        x.resize((300, 400))
    assert keeper.sum() == 0


def test_the_memory_lives_as_long_as_the_class() -> None:
    class Array(np.ndarray):
        pass

    x = table().view(Array)
    alive = weakref.ref(x)
    keeper = probe.Keeper(x)
    del x
    assert keeper.sum() == table().sum()
    assert alive() is not None
    del keeper
    gc.collect()
    assert alive() is None


def test_references_are_counted() -> None:
    x, y = table(), np.zeros(3)
    before = sys.getrefcount(x), sys.getrefcount(y)
    for _ in range(10):
        keeper = probe.Keeper(x, y)
        keeper.read = x
        keeper.sum()
        keeper.write_row_sums()
        assert keeper.read is x
    del keeper
    assert (sys.getrefcount(x), sys.getrefcount(y)) == before


def test_a_cycle_through_the_class_is_collected() -> None:
    class Array(np.ndarray):
        pass

    x = table().view(Array)
    keeper = probe.Keeper(x)
    x.keeper = keeper
    keeper.other = x
    alive = weakref.ref(x)
    del x, keeper
    gc.collect()
    assert alive() is None


def test_pinned_memory_claims_nothing() -> None:
    x = table()
    keeper = probe.Keeper(x)
    probe.while_locked_mut(x[0], nothing)
    assert keeper.sum() == x.sum()


def test_pinned_memory_is_claimed_while_it_is_used() -> None:
    x = table()
    keeper = probe.Keeper(x)
    in_use = f"its memory is in use for reading as {READ}; pass memory that does not overlap, or a copy"
    locked = f"its memory is locked for reading as {READ}; pass memory that does not overlap, or a copy"

    def lock() -> None:
        probe.while_locked_mut(x[0], nothing)

    with pytest.raises(BufferError) as refusal:
        keeper.while_local(lock)
    assert str(refusal.value) == f"cannot lock double[:] for writing: {in_use}"
    with pytest.raises(BufferError) as refusal:
        keeper.while_locked(lock)
    assert str(refusal.value) == f"cannot take double[:] for writing: {locked}"
    assert keeper.while_locked(lambda: keeper.sum()) == x.sum()
    lock()


def test_pinned_memory_that_is_locked_is_not_used() -> None:
    x = table()
    keeper = probe.Keeper(x)
    text = f"cannot take {READ} for reading: its memory is locked for writing as double[:]; " + (
        "pass memory that does not overlap, or a copy"
    )
    refused(BufferError, text, probe.while_locked_mut, x[0], keeper.sum)


def test_a_class_on_many_threads() -> None:
    x, y = table(200, 50), np.zeros(200)
    keeper = probe.Keeper(x, y)
    with ThreadPoolExecutor(8) as pool:
        sums = list(pool.map(lambda _: keeper.sum(), range(200)))
    assert set(sums) == {x.sum()}


def test_a_view_of_freed_memory_is_no_use() -> None:
    memory = bytearray(32)
    view = memoryview(memory).cast("d", (2, 2))
    keeper = probe.Keeper(view)
    with pytest.raises(BufferError):
        view.release()
    assert keeper.sum() == 0


# Parts.


def test_threads_write_their_own_rows_of_one_array() -> None:
    x = np.zeros((64, 1000))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda row: probe.fill_row(x, row, float(row), nothing), range(64)))
    assert (x == np.arange(64.0)[:, None]).all()


@pytest.mark.parametrize("order", ["C", "F"])
def test_parts_that_share_no_byte_are_locked_at_once(order: str) -> None:
    x = np.zeros((6, 6), order=order)

    def inner() -> None:
        probe.fill_tile(x, (0, 3), (3, 6), 2.0, lambda: probe.fill_row(x, 5, 3.0, nothing))
        assert probe.sum_column(x[3:5], 0) == 0.0

    probe.fill_tile(x, (0, 3), (0, 3), 1.0, inner)
    assert x.sum() == 9 * 1.0 + 9 * 2.0 + 6 * 3.0


def test_parts_that_share_a_byte_are_refused() -> None:
    x = np.zeros((6, 6))
    text = (
        "cannot lock double[:, :] for writing: its memory is locked for writing as double[:, :]; "
        "pass memory that does not overlap, or a copy"
    )

    def inner() -> None:
        refused(BufferError, text, probe.fill_tile, x, (2, 4), (2, 4), 2.0, nothing)

    probe.fill_tile(x, (0, 3), (0, 3), 1.0, inner)
    assert x.sum() == 9.0


def test_parts_that_are_not_there_are_refused() -> None:
    x = np.zeros((6, 6))
    refused(IndexError, "axis 0: index 6 is out of bounds for length 6", probe.fill_row, x, 6, 1.0, nothing)
    refused(IndexError, "axis 1: index -7 is out of bounds for length 6", probe.sum_column, x, -7)
    probe.fill_tile(x, (4, 400), (6, 9), 1.0, nothing)
    assert x.sum() == 0.0


def test_a_part_whose_elements_overlap_is_not_written() -> None:
    x = np.lib.stride_tricks.as_strided(np.zeros(6), (3, 4), (DOUBLE, DOUBLE))
    refused(
        BufferError,
        "cannot lock double[:, :] for writing: shape (3, 4) with strides (8, 8): elements may overlap, "
        "so they cannot be lent for writing",
        probe.fill_tile,
        x,
        (0, 3),
        (0, 4),
        1.0,
        nothing,
    )
    probe.fill_row(x, 1, 1.0, nothing)


# Several views at once.


def test_several_views_are_locked_for_one_closure() -> None:
    x, y = np.arange(5.0), np.ones(5)
    probe.add_scaled(2.0, x, y)
    assert y.tolist() == [1.0, 3.0, 5.0, 7.0, 9.0]
    assert probe.sum_of_all([x, y, x[::-1]]) == 45.0
    assert probe.sum_of_all([], x) == 10.0


def test_one_memory_twice_may_be_read_and_not_written() -> None:
    x = np.arange(5.0)
    assert probe.sum_of_all([x, x], x) == 30.0
    text = (
        "cannot lock const double[:] for reading: its memory is in use for writing as double[:]; "
        "pass memory that does not overlap, or a copy"
    )
    refused(BufferError, text, probe.add_scaled, 1.0, x, x)
    assert x.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


# Errors in closures.


@pytest.mark.parametrize(
    ("how", "exception", "text"),
    [
        ("index, raising", IndexError, "axis 0: index 100 is out of bounds for length 4"),
        ("index, locked", IndexError, "axis 0: index 100 is out of bounds for length 4"),
        ("index, detached", IndexError, "axis 0: index 100 is out of bounds for length 4"),
        ("window, detached", ValueError, "chunks and windows have at least one row"),
        ("reshape, locked", ValueError, "shape (7, 7) has 49 elements, the memory has 4"),
        ("slice, detached", ValueError, "axis 0: the step of a slice must not be 0"),
    ],
)
def test_an_error_in_a_closure_is_an_exception_of_python(
    how: str, exception: type[Exception], text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    x = np.arange(4.0)
    for _ in range(3):
        refused(exception, text, probe.fail, x, how)
    assert probe.fail(x, "nested") == -1.0
    assert capfd.readouterr() == ("", "")
    # Nothing stays locked.
    probe.while_locked_mut(x, nothing)


@pytest.mark.parametrize("how", ["bug, detached", "not in a closure"])
def test_a_bug_stays_a_panic(how: str) -> None:
    program = f"""
import numpy as np, typedview_probe as probe
x = np.arange(4.0)
try:
    probe.fail(x, {how!r})
except BaseException as panic:
    assert type(panic).__name__ == "PanicException", panic
probe.while_locked_mut(x, lambda: None)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "panicked" in run.stderr


def test_an_error_on_a_thread_is_its_own() -> None:
    x = np.arange(4.0)

    def call(number: int) -> str:
        try:
            return str(probe.fail(x, "index, detached" if number % 2 else "nested"))
        except IndexError as error:
            return str(error)

    calls: Callable[[int], str] = call
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(calls, range(200)))
    assert set(answers[::2]) == {"-1.0"}
    assert set(answers[1::2]) == {"axis 0: index 100 is out of bounds for length 4"}


# Waiting.


def test_threads_that_write_the_same_rows_wait_for_each_other() -> None:
    x = np.zeros((2, 10_000))
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(probe.add_to_row_within, x, i % 2, 1.0, 60.0) for i in range(200)]
        for job in jobs:
            job.result()
    assert (x == 100).all()


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_lock_on_pinned_memory_waits_for_the_one_that_conflicts(in_parts: bool) -> None:
    x = np.ones((2, 3))
    with ThreadPoolExecutor(1) as pool:

        def read_meanwhile() -> object:
            return pool.submit(probe.sum_of_pinned_within, x, 60.0, in_parts)

        jobs = []
        probe.fill_row(x, 1, 5.0, lambda: jobs.append(read_meanwhile()))
        assert jobs[0].result() == 18.0


def test_a_wait_ends_in_time_and_a_wait_for_oneself_at_once() -> None:
    x = np.zeros((2, 3))
    locked = "cannot lock double[:, :] for writing: its memory is locked for writing as double[:, :]"
    advice = "; pass memory that does not overlap, or a copy"

    with ThreadPoolExecutor(1) as pool:

        def wait_elsewhere() -> None:
            pool.submit(probe.add_to_row_within, x, 1, 1.0, 0.01).result()

        def wait_here() -> None:
            probe.add_to_row_within(x, 1, 1.0, 60.0)

        for wait, where in ((wait_elsewhere, " on another thread"), (wait_here, "")):
            with pytest.raises(BufferError) as refusal:
                probe.fill_row(x, 1, 5.0, wait)
            assert str(refusal.value) == locked + where + advice
    assert not x.any()
