"""Memory that is not an exporter's: new blocks, addresses of C libraries, and tables of pointers to rows.

It is separate because here a View owns memory, or calls what frees it.
"""

import array
import ctypes
import doctest
import gc
import operator
import sys
import weakref
from collections.abc import Callable

import numpy as np
import pytest
import typedview
from refused import refused
from typedview import View, empty, from_address, stack_rows, zeros

# Addresses.


class Memory:
    """Memory of four integers, the addresses that were freed, and an object that can die."""

    def __init__(self) -> None:
        self.numbers = (ctypes.c_int32 * 4)(1, 2, 3, 4)
        self.address = ctypes.addressof(self.numbers)
        self.freed: list[int] = []

    def view(self, shape: object = 4, dtype: object = "int32", **options: object) -> View:
        return from_address(self.address, shape, dtype, **options)


@pytest.fixture
def memory() -> Memory:
    return Memory()


def test_an_address_has_the_elements(memory: Memory) -> None:
    view = memory.view()
    view[1] = 7
    assert list(memory.numbers) == view.tolist() == [1, 7, 3, 4]
    assert memory.view((2, 2)).tolist() == [[1, 7], [3, 4]]
    assert memory.view([2, 2], strides=[4, 8]).tolist() == [[1, 3], [7, 4]]
    assert from_address(memory.address + 12, 4, "int32", strides=[-4]).tolist() == [4, 3, 7, 1]
    assert memory.view((), "int32")[()] == 1
    assert memory.view(0).tolist() == []
    assert memory.view(np.int64(2), np.dtype("i8")).shape == (2,)
    assert memory.view(readonly=True).readonly
    assert view.obj is None


@pytest.mark.parametrize("end", ["release", "delete", "slices", "numpy", "memoryview"])
def test_memory_is_freed_once_after_its_last_view(memory: Memory, end: str) -> None:
    view = memory.view(free=memory.freed.append)
    match end:
        case "release":
            view.release()
            view.release()
        case "delete":
            pass
        case "slices":
            parts = [view[1:], view.T]
            view.release()
            assert memory.freed == []
            parts[0].release()
            del parts
        case "numpy":
            values = np.asarray(view)[1:]
            del view
            assert memory.freed == [] and values.tolist() == [2, 3, 4]
            del values
            view = None
        case "memoryview":
            other = memoryview(view)[1:]
            del view
            assert memory.freed == []
            other.release()
            del other
            view = None
    del view
    assert memory.freed == [memory.address]


def test_the_owner_lives_as_long_as_the_view(memory: Memory) -> None:
    owner = type("Owner", (), {})()
    alive = weakref.ref(owner)
    seen = []
    view = memory.view(owner=owner, free=lambda address: seen.append((address, alive() is not None)))
    del owner
    part = view[1:]
    view.release()
    assert alive() is not None
    part.release()
    assert (alive(), seen) == (None, [(memory.address, True)])


def test_what_free_raises_is_printed(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    caught = []
    monkeypatch.setattr(sys, "unraisablehook", lambda error: caught.append((error.exc_type, error.object)))

    def free(address: int) -> None:
        raise LookupError(address)

    memory.view(free=free).release()
    assert caught == [(LookupError, free)]


def test_free_may_use_the_view_and_finds_it_released(memory: Memory) -> None:
    seen = []

    def free(address: int) -> None:
        view.release()
        try:
            view.tolist()
        except ValueError as error:
            seen.append(str(error))

    view = memory.view(free=free)
    view.release()
    assert seen == ["operation forbidden on a released View"]


@pytest.mark.parametrize("address", [0, -1, 2**64, 10**30])
def test_a_number_that_is_no_address_is_refused(address: int) -> None:
    refused(ValueError, f"{address} is no address of memory", from_address, address, 1, "B")


@pytest.mark.parametrize("address", [2**64 - 8, 2**64 - 1])
def test_memory_that_wraps_around_is_refused(address: int) -> None:
    refused(ValueError, "the elements exceed the address space", from_address, address, 9, "B")


@pytest.mark.parametrize("address", [1.0, "1", None])
def test_an_address_is_an_integer(address: object) -> None:
    with pytest.raises(TypeError):
        from_address(address, 1, "B")


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((-1, "B"), {}),
        ((2**64, "B"), {}),
        ((2**63, "B"), {}),
        (((2**40, 2**40), "B"), {}),
        ((4, "nonsense"), {}),
        ((4, "B"), {"strides": []}),
        ((4, "B"), {"strides": [2**62]}),
        (((1,) * 65, "B"), {}),
        ((4, "O"), {}),
        (("4", "B"), {}),
    ],
)
def test_what_is_refused_is_not_freed(memory: Memory, arguments: tuple, options: dict) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_address(memory.address, *arguments, free=memory.freed.append, **options)
    gc.collect()
    assert memory.freed == []
    text = "free must be a function of one argument, the address"
    with pytest.raises(TypeError, match=text):
        memory.view(free=1)


# Rows.


def test_rows_are_one_table_and_stay_alive() -> None:
    rows = [array.array("d", [1, 2]), array.array("d", [3, 4])]
    counts = [sys.getrefcount(row) for row in rows]
    table = stack_rows(row for row in rows)
    assert (table.shape, table.suboffsets, table.obj) == ((2, 2), (0, -1), None)
    refused(BufferError, "cannot resize an array that is exporting buffers", rows[0].append, 1)
    column = table[:, 1]
    table.release()
    assert column.tolist() == [2, 4]
    column.release()
    del column, table
    assert [sys.getrefcount(row) for row in rows] == counts
    rows[0].append(1)


def test_rows_that_are_released_stay_in_the_table() -> None:
    memory = bytearray(b"abcd")
    row = View(memory)
    table = stack_rows([row, row[:]])
    row.release()
    assert table.tobytes() == b"abcdabcd"
    with pytest.raises(BufferError):
        memory.append(1)
    del table, row
    memory.append(1)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([], "no rows: their element and length would be unknown"),
        ([b"ab", b"abc"], "row 1 is uint8[3], C, row 0 is uint8[2], C"),
        ([np.zeros(4)[::2], np.zeros(2)], "row 1 has other strides than row 0, or pointers: copy it first"),
        ([b"ab", np.zeros(2, "i1")], "row 1 is int8[2], C, row 0 is uint8[2], C"),
    ],
)
def test_rows_that_differ_are_refused(rows: list, text: str) -> None:
    refused(ValueError, text, stack_rows, rows)
    assert [sys.getrefcount(row) > 0 for row in rows] == [True] * len(rows)


def test_tables_are_no_rows() -> None:
    table = stack_rows([np.zeros(2)])
    with pytest.raises(ValueError, match="pointers"):
        stack_rows([table])
    for nothing in (None, 1, [1], ["ab"]):
        with pytest.raises(TypeError):
            stack_rows(nothing)


def test_one_readonly_row_makes_the_table_readonly() -> None:
    assert stack_rows([bytearray(2), b"ab"]).readonly
    assert not stack_rows([bytearray(2), bytearray(2)]).readonly
    text = "cannot modify read-only memory"
    refused(TypeError, text, operator.setitem, stack_rows([bytearray(2), b"ab"]), (0, 0), 1)


def test_rows_have_any_number_of_axes() -> None:
    planes = [np.arange(6).reshape(2, 3)[:, ::-1] + i for i in range(2)]
    assert stack_rows(planes).tolist() == np.stack(planes).tolist()
    assert stack_rows([np.array(i) for i in range(3)]).tolist() == [0, 1, 2]
    assert stack_rows([np.zeros((2, 0))] * 2).shape == (2, 2, 0)
    assert stack_rows([np.zeros((1,) * 63)]).ndim == 64
    with pytest.raises(ValueError):
        stack_rows([np.zeros((1,) * 64)])


# New memory.


@pytest.mark.parametrize("make", [zeros, empty])
@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("shape", [0, 3, (), (2, 3), (2, 0, 3), [1, 2, 3], (1,) * 64])
@pytest.mark.parametrize(
    "dtype", ["double", "d", ">i2", np.dtype("i2,f8"), bool, complex, "M8[s]", np.float32]
)
def test_new_memory_has_the_layout_of_numpy(make: Callable, shape: object, order: str, dtype: object) -> None:
    if dtype == "M8[s]":
        dtype = np.dtype(dtype)
    view = make(shape, dtype, order)
    expected = np.zeros(shape, "f8" if dtype == "double" else dtype, order)
    assert (view.shape, view.itemsize, view.readonly) == (expected.shape, expected.itemsize, False)
    assert view.tobytes("A") == expected.tobytes("A")
    assert (view.c_contiguous, view.f_contiguous) == (
        expected.flags.c_contiguous,
        expected.flags.f_contiguous,
    )
    if expected.size and expected.ndim < 10:
        assert view.strides == expected.strides


@pytest.mark.parametrize("shape", [2**62, (2**31, 2**31), 2**60 - 1])
def test_memory_that_there_is_not_enough_of_is_refused(shape: object) -> None:
    for make in (zeros, empty):
        with pytest.raises((MemoryError, ValueError)):
            make(shape, "double")


def test_too_much_memory_is_a_memory_error() -> None:
    with pytest.raises(MemoryError):
        zeros(2**59, "B")


@pytest.mark.parametrize("shape", [-1, (2, -1), 2**63, 2**64, (2**62, 2**62), (1,) * 65, (2**63, 0)])
def test_what_is_no_shape_is_refused(shape: object) -> None:
    with pytest.raises(ValueError):
        zeros(shape)


@pytest.mark.parametrize("shape", [1.0, "3", None, (1.0,), {}])
def test_a_shape_has_integers(shape: object) -> None:
    with pytest.raises(TypeError):
        zeros(shape)


@pytest.mark.parametrize("order", ["K", "A", "", "c"])
def test_new_memory_has_one_of_two_orders(order: str) -> None:
    refused(ValueError, "order must be 'C' or 'F'", zeros, 3, "double", order)


@pytest.mark.parametrize("dtype", ["nonsense", "", "0s", "O", object, int.__class__, 3, [("x", "O")]])
def test_what_is_no_element_is_refused(dtype: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        zeros(3, dtype)


@pytest.mark.parametrize("documented", [View, typedview.zeros, from_address, stack_rows, typedview.explain])
def test_the_examples_of_docstrings_hold(documented: object) -> None:
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
    (found,) = [test for test in finder.find(documented, documented.__name__, globs={}) if test.examples]
    assert runner.run(found).failed == 0
