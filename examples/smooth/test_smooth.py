"""Two extensions in one process, each with a library of its own: memory and locks go from one to the other.

Apart because row_means and smooth know nothing of each other; what they share is what any two extensions do.
"""

import array
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable

import numpy as np
import pytest
import row_means
import smooth

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
ADVICE = "pass memory that does not overlap, or a copy"


def refusal(function: Callable, *arguments: object, **options: object) -> str:
    """The text of the `BufferError` that the call raises."""
    with pytest.raises(BufferError) as caught:
        function(*arguments, **options)
    return str(caught.value)


def address(memory: object) -> int:
    return np.asarray(memory).ctypes.data


# What the example does.


def test_a_value_becomes_the_mean_of_itself_and_its_neighbours() -> None:
    series = array.array("d", [0.0, 3.0, 6.0, 0.0])
    smooth.smooth(series)
    assert series.tolist() == [1.0, 3.0, 3.0, 2.0]


def test_a_column_of_a_table_is_smoothed_where_it_is() -> None:
    table = np.array([[0.0, 7.0], [3.0, 8.0], [6.0, 9.0]])
    smooth.smooth(table[:, 0])
    assert table.tolist() == [[1.0, 7.0], [3.0, 8.0], [5.0, 9.0]]


@pytest.mark.parametrize("values", [[], [5.0]])
def test_a_series_too_short_to_have_neighbours_stays(values: list[float]) -> None:
    series = array.array("d", values)
    smooth.smooth(series, 3)
    assert smooth.smooth_until(series, lambda change: change == 0.0) == 1
    assert series.tolist() == values


def test_smoothing_goes_on_until_it_is_enough() -> None:
    series = array.array("d", [0.0, 0.0, 9.0, 0.0, 0.0])
    changes: list[float] = []

    def enough(change: float) -> bool:
        changes.append(change)
        return change < 1.0

    assert smooth.smooth_until(series, enough) == 3
    assert changes == [6.0, 1.0, pytest.approx(2 / 3)]


def test_a_smoothed_copy_leaves_the_series() -> None:
    series = array.array("d", [0.0, 3.0, 6.0])
    copy = smooth.smoothed(series)
    assert (repr(copy).splitlines()[0], memoryview(copy).tolist()) == ("View(double[3], C)", [1.0, 3.0, 5.0])
    assert series.tolist() == [0.0, 3.0, 6.0]


@pytest.mark.parametrize("patience", [-1.0, float("nan"), float("inf")])
def test_a_patience_that_is_no_time_is_refused(patience: float) -> None:
    series = array.array("d", [1.0])
    with pytest.raises(ValueError, match=r"^patience (-1|NaN|inf): "):
        smooth.smooth(series, patience=patience)
    series.append(2.0)


# Memory.


def test_memory_of_one_extension_is_taken_by_the_other_without_a_copy() -> None:
    means = row_means.row_means(np.array([[0.0, 0.0], [2.0, 4.0], [6.0, 6.0]]))
    seen = np.asarray(means)
    before = address(means)
    smooth.smooth(means)
    assert address(means) == before
    assert seen.tolist() == [1.0, 3.0, 5.0]


def test_memory_goes_back_and_forth() -> None:
    copy = smooth.smoothed(array.array("d", [0.0, 3.0, 6.0, 9.0]))
    row_means.scale(copy, 10.0)
    table = memoryview(copy).cast("B").cast("d", (2, 2))
    means = row_means.row_means(table)
    row_means.scale(memoryview(means)[::-1], 2.0)
    assert memoryview(copy).tolist() == [10.0, 30.0, 60.0, 80.0]
    assert memoryview(means).tolist() == [40.0, 140.0]


def test_memory_outlives_the_call_of_the_other_extension() -> None:
    series = smooth.smoothed(row_means.row_means(np.ones((1000, 3))))
    assert memoryview(series).tolist() == [1.0] * 1000


def test_each_extension_has_a_type_of_its_own() -> None:
    # They were built apart, and what they hand out is known by its memory, not by its class.
    of_means, of_smooth = row_means.row_means(np.ones((1, 1))), smooth.smoothed(np.ones(1))
    assert type(of_means) is not type(of_smooth)
    assert row_means.__file__ != smooth.__file__


# Locks.


def locked(spec: str, purpose: str) -> str:
    return f"its memory is locked for {purpose} as {spec}; {ADVICE}"


def test_what_one_extension_has_locked_the_other_refuses() -> None:
    series = np.array([0.0, 9.0, 0.0, 0.0])
    refusals: list[str] = []

    def enough(change: float) -> bool:
        refusals.append(refusal(row_means.scale, series, 2.0))
        refusals.append(refusal(row_means.scale, series[3:], 2.0))
        refusals.append(refusal(row_means.row_means, series.reshape(2, 2)))
        return True

    smooth.smooth_until(series, enough)
    lock = locked("double[:]", "writing")
    writes, reads = (
        f"cannot take double[:] for writing: {lock}",
        f"cannot take const double[:, ::1] for reading: {lock}",
    )
    assert refusals == [writes, writes, reads]
    row_means.scale(series, 2.0)
    assert series.tolist() == [6.0, 6.0, 6.0, 0.0]


def test_memory_beside_a_lock_of_the_other_extension_is_taken() -> None:
    table = np.array([[0.0, 1.0], [9.0, 2.0], [0.0, 3.0]])

    def enough(change: float) -> bool:
        row_means.scale(table[:, 1], 2.0)
        return True

    smooth.smooth_until(table[:, 0], enough)
    assert table.tolist() == [[3.0, 2.0], [3.0, 4.0], [3.0, 6.0]]


def test_what_one_extension_writes_the_other_does_not_lock() -> None:
    series = array.array("d", [1.0] * 4)
    table = memoryview(series).cast("B").cast("d", (2, 2))
    refusals: list[str] = []

    def sensor(i: int) -> float:
        refusals.append(refusal(row_means.row_means, table))
        # By value, both may write.
        row_means.scale(series, 1.0)
        return i

    smooth.record(series, sensor)
    text = (
        "cannot lock const double[:, ::1] for reading: its memory is in use for writing as double[:]; "
        f"{ADVICE}"
    )
    assert refusals == [text] * 4
    assert memoryview(row_means.row_means(table)).tolist() == [0.5, 2.5]


def test_a_lock_is_given_back_when_the_callback_raises() -> None:
    series = array.array("d", [0.0, 9.0, 0.0])

    def enough(change: float) -> bool:
        raise LookupError("from the callback")

    with pytest.raises(LookupError, match=r"^from the callback$"):
        smooth.smooth_until(series, enough)
    row_means.scale(series, 2.0)
    series.append(1.0)
    assert series.tolist() == [6.0, 6.0, 6.0, 1.0]


def test_a_detached_thread_of_one_extension_keeps_the_other_away() -> None:
    table = np.ones((4_000_000, 2))
    means: list[object] = []

    def read() -> None:
        while not means:
            try:
                means.append(row_means.row_means(table))
            except BufferError:
                # Without a GIL the other may have come first.
                assert FREE_THREADED

    reader = threading.Thread(target=read)
    reader.start()
    refusals = set()
    while reader.is_alive():
        try:
            smooth.smooth(table[0])
        except BufferError as exception:
            refusals.add(str(exception))
    reader.join()
    lock = locked("const double[:, ::1]", "reading").replace("; ", " on another thread; ")
    text = f"cannot take double[:] for writing: {lock}"
    assert text in refusals
    # Without a GIL the reader is met between its arrival and its lock, too.
    assert refusals <= ({text, text.replace("locked for", "in use for")} if FREE_THREADED else {text})
    assert np.asarray(means[0]).sum() == 4_000_000.0
    smooth.smooth(table[0])


# Either order of imports, each in a process of its own.

PROGRAM = """
import {first}, {second}
from array import array
series = array("d", [0.0, 9.0, 0.0])

def enough(change):
    try:
        row_means.scale(series, 2.0)
    except BufferError as refusal:
        print(refusal)
    return True

{use}
smooth.smooth_until(series, enough)
row_means.scale(series, 2.0)
print(series.tolist())
"""


@pytest.mark.parametrize("first", ["row_means", "smooth"])
@pytest.mark.parametrize("use", ["row_means.scale(series, 1.0)", "smooth.smoothed(series)"])
def test_extensions_meet_whichever_is_imported_or_used_first(first: str, use: str) -> None:
    second = "smooth" if first == "row_means" else "row_means"
    program = PROGRAM.format(first=first, second=second, use=use)
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (result.stdout.splitlines(), result.stderr) == (
        [f"cannot take double[:] for writing: {locked('double[:]', 'writing')}", "[6.0, 6.0, 6.0]"],
        "",
    )
