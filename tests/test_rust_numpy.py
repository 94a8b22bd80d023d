"""rust-numpy: typedview does not take what it has lent, nor the reverse, and views of one become the other's.

It is separate because it needs an extension that uses both libraries, which is not part of the fast build.
"""

import array
import ctypes
import gc
import itertools
import mmap
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import typedview_probe_numpy as probe
from exporters import ArrayInterface
from refused import refused

pa = pytest.importorskip("pyarrow", reason="there is no pyarrow for this Python")


def nothing() -> None:
    pass


TYPEDVIEWS = {
    "read": probe.while_read,
    "open": probe.while_open,
    "locked": probe.while_locked,
    "written": probe.while_written,
    "locked to write": probe.while_locked_mut,
}
NUMPYS = {"readonly": probe.while_readonly, "readwrite": probe.while_readwrite}
READERS = {"read", "open", "locked", "readonly"}

READ, WRITE = "const double[:]", "double[:]"
IN_USE = (
    f"cannot take {WRITE} for writing: its array is in use through rust-numpy; pass another array, or a copy"
)
IN_USE_FOR_WRITING = (
    f"cannot take {READ} for reading: its array is in use for writing through rust-numpy; "
    "pass another array, or a copy"
)
BORROWED = "The given array is already borrowed"

each_pair = pytest.mark.parametrize(("ours", "theirs"), [*itertools.product(TYPEDVIEWS, NUMPYS)])


def same(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return values, values


def another_view(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return values, values.view()


def halves_that_overlap(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return values[:5], values[3:]


def view_of_a_view(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return values[::-1][1:], values.reshape(2, 4)[1]


def of_a_buffer(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    memory = bytearray(values.tobytes())
    return np.ndarray(8, buffer=memory), np.ndarray(4, buffer=memory, offset=16)


def of_a_subclass(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    class Subclass(np.ndarray):
        """An array whose memory typedview acquires through the buffer protocol."""

    return values.view(Subclass), values


def imaginary_parts(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    parts = values.astype(complex).imag
    return parts, parts


def fields_of_records(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    records = np.zeros(len(values), [("a", "f8"), ("b", "f8")])
    return records["b"], records["b"][::-1]


def of_no_plain_order(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    memory = np.ndarray((2, 4), buffer=bytearray(values.tobytes()), strides=(-8, 16), offset=8)
    return memory[1], memory[:, 2]


ALIASES = [
    same,
    another_view,
    halves_that_overlap,
    view_of_a_view,
    of_a_buffer,
    of_a_subclass,
    imaginary_parts,
    fields_of_records,
    of_no_plain_order,
]
each_alias = pytest.mark.parametrize("alias", ALIASES)


def released(*arrays: np.ndarray) -> None:
    """Asserts that no claim on the arrays is left."""
    for values in arrays:
        probe.while_readwrite(values, nothing)
        probe.while_locked_mut(values, nothing)


@each_alias
@each_pair
def test_rust_numpy_does_not_lend_what_typedview_uses(
    alias: Callable[..., tuple[np.ndarray, np.ndarray]], ours: str, theirs: str
) -> None:
    first, second = alias(np.arange(8.0))
    use = NUMPYS[theirs]
    if {ours, theirs} <= READERS:
        TYPEDVIEWS[ours](first, lambda: use(second, nothing))
    else:
        TYPEDVIEWS[ours](first, lambda: refused(TypeError, BORROWED, use, second, nothing))
    released(first, second)


@each_alias
@each_pair
def test_typedview_does_not_take_what_rust_numpy_has_lent(
    alias: Callable[..., tuple[np.ndarray, np.ndarray]], ours: str, theirs: str
) -> None:
    first, second = alias(np.arange(8.0))
    use = TYPEDVIEWS[ours]
    text = IN_USE_FOR_WRITING if ours in READERS else IN_USE
    if {ours, theirs} <= READERS:
        NUMPYS[theirs](first, lambda: use(second, nothing))
    else:
        NUMPYS[theirs](first, lambda: refused(BufferError, text, use, second, nothing))
    released(first, second)


def test_one_array_is_no_argument_of_both_to_write() -> None:
    values = np.arange(8.0)
    refused(TypeError, BORROWED, probe.write_and_read, values, values[4:])
    assert probe.write_and_read(values, np.arange(8.0)) == 28


def test_another_array_does_not_meet() -> None:
    first, second = np.arange(8.0), np.arange(8.0)
    probe.while_written(first, lambda: probe.while_readwrite(second, nothing))
    probe.while_readwrite(first, lambda: probe.while_locked_mut(second, nothing))


def test_views_of_typedview_overlap_as_without_rust_numpy() -> None:
    values = np.arange(4.0)
    probe.copy(values[1:], values[:-1])
    assert values.tolist() == [0, 0, 1, 2]
    released(values)


@pytest.mark.parametrize(("first", "second"), [*itertools.product(TYPEDVIEWS, TYPEDVIEWS)])
def test_the_last_view_of_an_array_gives_it_back(first: str, second: str) -> None:
    values = np.arange(8.0)
    # The two halves do not overlap, so they do not conflict in typedview.
    TYPEDVIEWS[first](values[:4], lambda: TYPEDVIEWS[second](values[4:], nothing))
    released(values)


def test_a_reader_that_outlives_a_writer_leaves_rust_numpy_reading() -> None:
    values = np.arange(8.0)

    def write_then_read() -> None:
        read = probe.while_readonly
        probe.while_written(values, lambda: refused(TypeError, BORROWED, read, values, nothing))
        probe.while_readonly(values, nothing)
        refused(TypeError, BORROWED, probe.while_readwrite, values, nothing)

    probe.while_read(values, write_then_read)
    released(values)


def test_a_writer_that_is_refused_leaves_the_readers_as_they_were() -> None:
    values = np.arange(8.0)

    def lent_to_read() -> None:
        refused(BufferError, IN_USE, probe.while_written, values, nothing)
        refused(TypeError, BORROWED, probe.while_readwrite, values, nothing)

    probe.while_read(values, lambda: probe.while_readonly(values, lent_to_read))
    released(values)


@pytest.mark.parametrize("use", TYPEDVIEWS)
def test_an_array_that_changes_its_dtype_meanwhile_is_given_back(use: str) -> None:
    values = np.arange(8.0)

    def change() -> None:
        # NumPy deprecates this since 2.5, and it is what the test is about.
        with warnings.catch_warnings(action="ignore"):
            values.dtype = np.dtype("u1")

    # A borrow of rust-numpy itself aborts the process here.
    TYPEDVIEWS[use](values, change)
    with warnings.catch_warnings(action="ignore"):
        values.dtype = np.dtype("f8")
    released(values)


@pytest.mark.parametrize("use", TYPEDVIEWS)
def test_an_array_that_gets_another_base_meanwhile_is_given_back(use: str) -> None:
    memory = bytearray(64)
    values = np.frombuffer(memory, "f8")
    view = values[1:]
    state = np.arange(3.0).__reduce__()[2]
    TYPEDVIEWS[use](view, lambda: values.__setstate__(state))
    released(values)
    released(np.frombuffer(memory, "f8"))
    assert values.tolist() == [0.0, 1.0, 2.0]


def test_many_arrays_are_in_use_at_the_same_time() -> None:
    arrays = [np.arange(4.0) for _ in range(300)]
    references = [sys.getrefcount(values) for values in arrays]

    def use(number: int) -> None:
        if number < len(arrays):
            probe.while_written(arrays[number][1:], lambda: use(number + 1))
        else:
            for values in arrays:
                with pytest.raises(TypeError, match=BORROWED):
                    probe.while_readonly(values, nothing)

    use(0)
    released(*arrays)
    assert [sys.getrefcount(values) for values in arrays] == references


def test_an_array_of_a_subclass_stands_for_its_views() -> None:
    class Mine(np.ndarray):
        base = "another attribute"

    values = np.arange(8.0).view(Mine)
    root = np.ndarray.base.__get__(values)
    with pytest.raises(TypeError, match=BORROWED):
        probe.while_written(values[2:], lambda: probe.while_readonly(root, nothing))
    released(root)


def test_a_writable_view_of_a_readonly_array_is_refused() -> None:
    values = np.arange(8.0)
    part = values[2:]
    values.flags.writeable = False
    text = (
        f"cannot take {WRITE} for writing: it is a view of a readonly array, which rust-numpy does not lend; "
        "pass a copy"
    )
    refused(BufferError, text, probe.while_written, part, nothing)
    probe.while_read(part, nothing)


def test_an_exception_in_the_callback_gives_back() -> None:
    values = np.arange(8.0)

    def fail() -> None:
        raise KeyError

    for use in TYPEDVIEWS.values():
        with pytest.raises(KeyError):
            use(values, fail)
    released(values)


@pytest.mark.parametrize("use", TYPEDVIEWS)
def test_nothing_is_kept(use: str) -> None:
    values = np.arange(8.0)
    part = values[2:]
    probe.while_read(part, nothing)
    before = sys.getrefcount(values), sys.getrefcount(part), len(gc.get_objects())
    for _ in range(100):
        TYPEDVIEWS[use](part, nothing)
    after = sys.getrefcount(values), sys.getrefcount(part), len(gc.get_objects())
    assert before[:2] == after[:2]
    assert after[2] - before[2] < 50


def in_a_fresh_process(program: str) -> None:
    """Runs a program in which the first view of a process is taken."""
    subprocess.run([sys.executable, "-c", f"import typedview_probe_numpy as probe\n{program}"], check=True)


def test_the_first_view_of_a_process_is_told_too() -> None:
    in_a_fresh_process("""
import numpy as np
values = np.arange(8.0)
try:
    probe.write_and_read(values, values)
except TypeError as refusal:
    assert str(refusal) == "The given array is already borrowed"
else:
    raise AssertionError("both libraries have lent one array")
""")


def test_numpy_is_not_imported() -> None:
    in_a_fresh_process("""
import array, sys
import warnings
assert probe.while_read(array.array("d", [1, 2]), lambda: None) == 3
assert not any(name.startswith("numpy") for name in sys.modules)
""")


# Conversions between views of the two libraries.


def test_a_readonly_array_becomes_a_view() -> None:
    values = np.arange(6.0).reshape(2, 3)
    assert probe.sum_backwards(values) == 15
    assert probe.sum_backwards(values.T) == 15


def test_a_readwrite_array_becomes_a_view_to_write() -> None:
    values = np.arange(6.0)
    probe.zero(values[::2])
    assert values.tolist() == [0, 1, 0, 3, 0, 5]
    released(values)


def test_an_array_becomes_views() -> None:
    values = np.arange(3.0)
    assert probe.sum_and_double(values) == 3
    assert values.tolist() == [0, 2, 4]


def test_a_view_of_an_array_becomes_that_array() -> None:
    values = np.arange(6.0)
    part = values[::2]
    assert probe.array_of(part) is part
    assert probe.array_of_mut(values) is values


def memories() -> Iterator[tuple[str, Callable[[], object]]]:
    numbers = [1.0, 2.0, 3.0]

    def mapped() -> mmap.mmap:
        memory = mmap.mmap(-1, 24)
        memory[:] = array.array("d", numbers).tobytes()
        return memory

    yield "array", lambda: array.array("d", numbers)
    yield "memoryview", lambda: memoryview(array.array("d", [3.0, 2.0, 1.0]))[::-1]
    yield "ctypes", lambda: (ctypes.c_double * 3)(*numbers)
    yield "mmap", lambda: memoryview(mapped()).cast("d")
    yield "arrow", lambda: pa.array(numbers)
    yield "array interface", lambda: ArrayInterface(np.array(numbers))


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in memories()])
def test_a_view_of_other_memory_becomes_an_array_over_it(make: Callable[[], object]) -> None:
    memory = make()
    result = probe.array_of(memory)
    assert result.tolist() == [1, 2, 3]
    assert np.shares_memory(result, np.asarray(memory))


@pytest.mark.parametrize("memory", [b"abc", bytearray(b"abc")])
def test_bytes_become_numbers(memory: object) -> None:
    result = probe.bytes_of(memory)
    assert result.tolist() == [97, 98, 99]
    assert result.flags.writeable == isinstance(memory, bytearray)


def test_an_array_keeps_the_memory_of_the_view_it_was() -> None:
    memory = array.array("d", [1.0, 2.0])
    result = probe.array_of_mut(memory)
    with pytest.raises(BufferError):
        memory.append(3.0)
    result[0] = 5
    assert memory.tolist() == [5, 2]
    del result
    memory.append(3.0)


def test_another_ndim_is_refused() -> None:
    text = "expected an array of ndim 2, got ndim 1"
    refused(ValueError, text, probe.with_another_ndim, np.arange(3.0))


def test_memory_of_rust_becomes_an_array() -> None:
    result, address = probe.counted(2, 3)
    assert (result.tolist(), result.ctypes.data) == ([[0, 1, 2], [3, 4, 5]], address)
    assert result.flags.writeable
    released(result[0])


# Arrays of ndarray.


@pytest.mark.parametrize("order", ["C", "F", "reversed", "part", "any ndim"])
def test_an_array_of_ndarray_is_handed_over_in_its_order(order: str) -> None:
    owned, address = probe.handed_over(order)
    result = np.asarray(owned)
    assert (result.tolist(), result.ctypes.data) == ([[0, 1, 2], [10, 11, 12]], address)
    assert result.flags.c_contiguous == (order in ("C", "any ndim"))
    assert result.flags.f_contiguous == (order == "F")


def test_ndarray_computes_on_what_python_holds() -> None:
    a, b = np.arange(6.0).reshape(3, 2).T, np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(np.asarray(probe.product(a, b)), a @ b)


def test_a_view_that_would_have_waited_keeps_rust_numpy_out_too() -> None:
    values = np.arange(8.0)

    def lend() -> None:
        refused(TypeError, BORROWED, probe.while_readonly, values, nothing)

    assert probe.while_open_within(values, lend) == 28.0
    released(values)
