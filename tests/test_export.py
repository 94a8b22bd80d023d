"""Returning memory: views, and parts of memory, that Rust returns, and every protocol that takes them.

It is separate from test_owned.py because here the memory is not Rust's, or not all of it is exported.
"""

import array
import ctypes
import gc
import subprocess
import sys
import threading
import weakref

import numpy as np
import pytest
import typedview_probe as probe
from exporters import DOUBLES, Exporter, reference, shown
from py_buffer import FLAGS, request
from refused import refused

TABLE = np.arange(12.0).reshape(3, 4)


def table() -> np.ndarray:
    return TABLE.copy()


# Views that are returned.


def test_every_exporter_of_doubles_is_handed_back(case: Exporter, exporter: object) -> None:
    if case.element != "double":
        return
    expected = reference(exporter)
    back = probe.export_dyn(exporter)
    found = reference(back)
    assert (found.shape, found.elements, found.readonly) == (expected.shape, expected.elements, True)
    if found.elements:
        assert found.address == expected.address
        # The strides of axes of length 0 or 1 mean nothing.
        for extent, stride, wanted in zip(found.shape, found.strides, expected.strides, strict=True):
            assert stride == wanted or extent < 2


def test_a_view_that_was_taken_to_read_is_readonly() -> None:
    values = np.arange(3.0)
    back = probe.export(values)
    assert (shown(back), back.readonly) == ("View(double[3], C, readonly, owner=numpy.ndarray)", True)
    assert memoryview(back).readonly and not np.asarray(back).flags.writeable
    text = "View(double[3], C, readonly): the memory is readonly"
    refused(BufferError, text, request, back, FLAGS.WRITABLE)
    refused(BufferError, text, request, back, FLAGS.STRIDES | FLAGS.FORMAT | FLAGS.WRITABLE)


def test_a_readonly_view_cannot_be_taken_to_write_again() -> None:
    text = (
        "expected double[:], got const double[:] with shape (3,), strides (8,) "
        "from typedview.View: readonly; take const double[:] or pass writable memory"
    )
    refused(BufferError, text, probe.fill, probe.export(np.arange(3.0)), 1.0)


def test_a_view_that_was_taken_to_write_is_writable() -> None:
    values = np.arange(3.0)
    back = probe.export_mut(values)
    assert not back.readonly
    np.asarray(back)[1] = 7.0
    assert values.tolist() == [0, 7, 2]
    probe.fill(back, 1.0)
    assert values.tolist() == [1, 1, 1]


def test_a_part_is_the_same_memory() -> None:
    values = table()
    back = probe.export_part(values)
    assert (back.shape, back.strides, back.readonly) == ((2, 2), (32, 16), True)
    assert np.asarray(back).tolist() == values[1:, ::2].tolist()
    values[1, 2] = -1
    assert memoryview(back).tolist() == [[4, -1], [8, 10]]


def test_a_part_that_runs_backwards_starts_at_its_first_element() -> None:
    values = np.arange(3.0)
    back = probe.export_mut_part(values)
    assert (back.strides, memoryview(back).tolist()) == ((-8,), [2, 1, 0])
    np.asarray(back)[0] = 9
    assert values.tolist() == [0, 1, 9]


def test_a_transposed_view_is_in_fortran_order() -> None:
    back = probe.export_transposed(table())
    assert shown(back) == "View(double[4, 3], F, readonly, owner=numpy.ndarray)"
    assert request(back, FLAGS.F).strides == (8, 32)
    text = "View(double[4, 3], F, readonly): the memory is not C-contiguous"
    refused(BufferError, text, request, back, FLAGS.C)
    text = "View(double[4, 3], F, readonly): the memory is not C-contiguous, and the request has no strides"
    refused(BufferError, text, request, back, FLAGS.ND)


def test_a_part_with_gaps_is_given_to_those_who_know_strides() -> None:
    back = probe.export_part(table())
    assert request(back, FLAGS.STRIDES).strides == (32, 16)
    for flags, text in [
        (FLAGS.SIMPLE, "the memory is not C-contiguous, and the request has no strides"),
        (FLAGS.ND, "the memory is not C-contiguous, and the request has no strides"),
        (FLAGS.C, "the memory is not C-contiguous"),
        (FLAGS.F, "the memory is not Fortran-contiguous"),
        (FLAGS.ANY, "the memory is not contiguous"),
    ]:
        refused(BufferError, f"View(double[2, 2], strided, readonly): {text}", request, back, flags)


def test_a_part_that_there_is_not_is_refused() -> None:
    values = table()
    assert memoryview(probe.export_row(values, 2)).tolist() == [8, 9, 10, 11]
    refused(IndexError, "axis 0: index 3 is out of bounds for length 3", probe.export_row, values, 3)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_other_memory_is_not_handed_out() -> None:
    values = np.arange(3.0)
    before = sys.getrefcount(values)
    with pytest.raises(BaseException) as caught:
        probe.export_other(values)
    assert str(caught.value) == "the part is of other memory"
    assert type(caught.value).__name__ == "PanicException"
    del caught
    assert sys.getrefcount(values) == before


def test_a_view_that_is_handed_back_has_no_claim() -> None:
    values = np.arange(3.0)
    back = probe.export_then_lock_mut(values, values)
    assert memoryview(back).tolist() == [7, 7, 7]
    probe.copy_locked(np.arange(3.0), values)
    assert memoryview(back).tolist() == [0, 1, 2]


def test_a_lock_on_the_exporter_is_one_on_what_was_handed_back() -> None:
    values = np.arange(3.0)
    back = probe.export_mut(values)
    text = (
        "cannot take double[:] for writing: its memory is locked for reading as const double[:]; "
        "pass memory that does not overlap, or a copy"
    )
    probe.while_locked(values, lambda: refused(BufferError, text, probe.fill, back, 1.0))
    assert values.tolist() == [0, 1, 2]


def test_views_can_be_handed_back_again_and_again() -> None:
    values = np.arange(12.0)
    back = values
    for _ in range(100):
        back = probe.export(back)
    assert memoryview(back).tolist() == values.tolist()
    before = sys.getrefcount(values)
    del back
    # The first export holds two references (see test_resized.py).
    assert sys.getrefcount(values) == before - 2


# Parts of memory from Rust.


def test_the_inside_of_new_memory_is_writable() -> None:
    inside = probe.inside(4, 5)
    assert (shown(inside), inside.strides) == ("View(double[2, 3], strided)", (40, 8))
    assert np.asarray(inside).tolist() == [[6, 7, 8], [11, 12, 13]]
    np.asarray(inside)[:] = 1
    assert memoryview(inside).tolist() == [[1, 1, 1], [1, 1, 1]]


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (2, 5), (5, 2)])
def test_the_inside_may_be_empty(rows: int, columns: int) -> None:
    assert np.asarray(probe.inside(rows, columns)).shape == (rows - 2, columns - 2)


def test_shared_memory_is_readonly_and_lives_with_its_last_part() -> None:
    whole, odd = probe.shared()
    assert (shown(whole), shown(odd)) == (
        "View(double[6], C, readonly)",
        "View(double[3], strided, readonly)",
    )
    address = whole.__array_interface__["data"][0]
    del whole
    gc.collect()
    assert odd.__array_interface__["data"] == (address + 8, True)
    assert memoryview(odd).tolist() == [1, 3, 5]


# Facts.


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1, 2, 3, 4), (1, 2, 1, 2, 1), (1,) * 64, (0, 3)])
def test_the_facts_are_those_of_memoryview(shape: tuple[int, ...]) -> None:
    owned = probe.zeroed(list(shape))
    view = memoryview(owned)
    for name in ("shape", "strides", "ndim", "itemsize", "nbytes", "format", "readonly"):
        assert getattr(owned, name) == getattr(view, name), name


def test_the_length_is_that_of_the_first_axis() -> None:
    assert [len(probe.zeroed(shape)) for shape in ([3], [2, 3], [0, 3])] == [3, 2, 0]
    refused(TypeError, "0-dim memory has no length", len, probe.zeroed([]))


@pytest.mark.parametrize(
    ("element", "typestr"),
    [("int8", "|i1"), ("int16", "<i2"), ("uint8", "|u1"), ("uint64", "<u8"), ("float", "<f4")],
)
@pytest.mark.skipif(sys.byteorder != "little", reason="the byte order of these names is little")
def test_the_array_interface_tells_everything(element: str, typestr: str) -> None:
    owned, address = probe.one_to_three(element)
    assert owned.__array_interface__ == {
        "version": 3,
        "typestr": typestr,
        "descr": [("", typestr)],
        "shape": (3,),
        "strides": (int(typestr[2]),),
        "data": (address, False),
    }


# Consumers.


class Interface:
    """An object with nothing but an array interface, so that NumPy has to take that."""

    def __init__(self, owner: object) -> None:
        self.owner, self.__array_interface__ = owner, owner.__array_interface__


@pytest.mark.parametrize(
    "make",
    [
        lambda: probe.retnew(4),
        lambda: probe.inside(4, 5),
        lambda: probe.export_part(table()),
        lambda: probe.export_transposed(table()),
        lambda: probe.zeroed([2, 0]),
        lambda: probe.zeroed([]),
    ],
    ids=["new", "inside", "part", "transposed", "empty", "0-d"],
)
def test_every_consumer_sees_the_same(make: object) -> None:
    owned = make()
    expected = memoryview(owned)
    seen = [np.asarray(owned), np.from_dlpack(owned), np.asarray(Interface(owned))]
    for values in seen:
        assert (values.shape, values.tolist()) == (expected.shape, expected.tolist())
        assert values.flags.writeable is not expected.readonly
        if values.size:
            assert (values.strides, values.ctypes.data) == (expected.strides, seen[0].ctypes.data)


def test_the_interpreters_own_test_exporter_takes_a_part() -> None:
    reason = "this Python was installed without _testbuffer of CPython's test suite"
    testbuffer = pytest.importorskip("_testbuffer", reason=reason)
    again = testbuffer.ndarray(probe.export_part(table()), getbuf=testbuffer.PyBUF_FULL_RO)
    assert (again.tolist(), again.strides, again.readonly) == ([[4, 6], [8, 10]], (32, 16), True)


def test_ctypes_takes_what_is_writable() -> None:
    owned = probe.retnew(3)
    (ctypes.c_double * 3).from_buffer(owned)[1] = 5.0
    assert memoryview(owned).tolist() == [1, 5, 1]
    with pytest.raises(TypeError, match=r"^underlying buffer is not writable$"):
        (ctypes.c_double * 3).from_buffer(probe.export(np.arange(3.0)))


# Lifetime.


def test_what_is_handed_back_keeps_its_export() -> None:
    numbers = array.array("d", DOUBLES)
    back = probe.export(numbers)
    refused(BufferError, "cannot resize an array that is exporting buffers", numbers.append, 1.0)
    del back
    numbers.append(1.0)


def test_what_is_handed_back_keeps_the_memory_alive() -> None:
    back = probe.export_part(np.arange(12.0).reshape(3, 4))
    gc.collect()
    others = [np.full((3, 4), -1.0) for _ in range(10)]
    assert memoryview(back).tolist() == [[4, 6], [8, 10]]
    assert len(others) == 10


def test_a_cycle_through_an_exporter_is_found() -> None:
    class Holder(np.ndarray):
        pass

    exporter = np.array(DOUBLES).view(Holder)
    exporter.back = probe.export(exporter)
    alive = weakref.ref(exporter)
    assert gc.is_tracked(exporter.back) and any(
        each is exporter for each in gc.get_referents(probe.export(exporter))
    )
    del exporter
    gc.collect()
    assert alive() is None


def test_memory_is_freed_once() -> None:
    before = probe.freed()
    owned = probe.counting()
    view, values, tensor = memoryview(owned), np.asarray(owned), np.from_dlpack(owned)
    del owned, view, values
    assert probe.freed() == before
    del tensor
    assert probe.freed() == before + 1
    gc.collect()
    assert probe.freed() == before + 1


def test_memory_is_freed_on_any_thread() -> None:
    before, made = probe.freed(), [probe.counting() for _ in range(8)]
    views = [memoryview(owned) for owned in made]
    made.clear()
    threads = [threading.Thread(target=views.pop) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert probe.freed() == before + 8


def test_memory_made_on_a_thread_that_is_gone_is_freed() -> None:
    before, made = probe.freed(), []
    thread = threading.Thread(target=lambda: made.append(probe.counting()))
    thread.start()
    thread.join()
    assert memoryview(made[0]).tolist() == [1, 2, 3]
    made.clear()
    assert probe.freed() == before + 1


@pytest.mark.parametrize(
    ("program", "freed"),
    [
        ("x = probe.counting(True)", 1),
        ("x = memoryview(probe.counting(True))", 1),
        ("x = probe.counting(True).__dlpack__(max_version=(1, 0))", 1),
        ("x = probe.export(probe.counting(True))", 1),
        ("x = [probe.export(probe.counting(True))]; x.append(x)", 1),
        # When the process ends, a consumer that is not Python can no longer release anything.
        ("x = numpy.from_dlpack(probe.counting(True))", 0),
        ("import builtins; builtins.x = probe.export(numpy.arange(3.0))", 0),
        ("import threading; x = threading.local(); x.y = probe.counting(True)", 1),
    ],
)
def test_a_process_ends_with_memory_that_is_alive(program: str, freed: int) -> None:
    program = f"import numpy, typedview_probe as probe\n{program}"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.split() == ["freed"] * freed
