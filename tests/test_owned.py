"""Owned memory: what Rust returns, and how consumers of the buffer protocol read it.

It is separate because here the library is the exporter.
"""

import gc
import sys

import numpy as np
import pytest
import typedview_probe as probe
from exporters import shown
from py_buffer import FLAGS, request
from refused import refused

# By element: the format that a consumer reads, and NumPy's name.
ELEMENTS = {
    "int8": ("b", "i1"),
    "int16": ("h", "i2"),
    "int32": ("i", "i4"),
    "int64": (np.dtype("i8").char, "i8"),
    "uint8": ("B", "u1"),
    "uint16": ("H", "u2"),
    "uint32": ("I", "u4"),
    "uint64": (np.dtype("u8").char, "u8"),
    "float": ("f", "f4"),
    "double": ("d", "f8"),
}


@pytest.mark.parametrize("element", ELEMENTS)
def test_numpy_sees_the_values(element: str) -> None:
    owned, _ = probe.one_to_three(element)
    values = np.asarray(owned)
    assert (values.tolist(), values.dtype) == ([1, 2, 3], np.dtype(ELEMENTS[element][1]))


@pytest.mark.parametrize("element", ELEMENTS)
def test_memoryview_sees_the_values(element: str) -> None:
    owned, _ = probe.one_to_three(element)
    assert memoryview(owned).tolist() == [1, 2, 3]


@pytest.mark.parametrize("element", ELEMENTS)
def test_memoryview_sees_the_format(element: str) -> None:
    owned, _ = probe.one_to_three(element)
    assert memoryview(owned).format == ELEMENTS[element][0]


@pytest.mark.parametrize("element", ELEMENTS)
def test_memory_is_handed_over_where_it_is(element: str) -> None:
    owned, address = probe.one_to_three(element)
    assert np.asarray(owned).__array_interface__["data"][0] == address
    assert request(owned, FLAGS.SIMPLE).address == address


@pytest.mark.parametrize("element", ELEMENTS)
def test_rust_takes_back_what_it_handed_over(element: str) -> None:
    owned, address = probe.one_to_three(element)
    size = np.dtype(ELEMENTS[element][1]).itemsize
    assert probe.read(f"const {element}[:]", owned) == ([3], [size], address, [1, 2, 3])


@pytest.mark.parametrize("element", ELEMENTS)
def test_the_attributes_are_those_of_memoryview(element: str) -> None:
    owned, _ = probe.one_to_three(element)
    view = memoryview(owned)
    for name in ("shape", "strides", "ndim", "itemsize", "nbytes", "format", "readonly"):
        assert getattr(owned, name) == getattr(view, name)


def test_the_attributes_of_two_axes_are_those_of_memoryview() -> None:
    owned = probe.counted(2, 3)
    assert (owned.shape, owned.strides, owned.ndim, owned.nbytes) == ((2, 3), (24, 8), 2, 48)
    view = memoryview(owned)
    assert (view.shape, view.strides, view.ndim, view.nbytes) == ((2, 3), (24, 8), 2, 48)
    assert view.c_contiguous and not view.f_contiguous


def test_two_axes_count_in_c_order() -> None:
    assert np.asarray(probe.counted(2, 3)).tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: probe.counted(2, 3), "View(double[2, 3], C)"),
        (lambda: probe.counted(0, 3), "View(double[0, 3], C)"),
        (lambda: probe.one_to_three("int16")[0], "View(int16[3], C)"),
        (lambda: probe.one_to_three("float")[0], "View(float[3], C)"),
    ],
)
def test_repr_is_in_spec_notation(make: object, text: str) -> None:
    assert shown(make()) == text


def test_the_type_views_what_python_passes_to_it() -> None:
    assert type(probe.counted(1, 1))(b"ab").tolist() == [97, 98]


def test_the_attributes_cannot_be_set() -> None:
    owned = probe.counted(2, 3)
    with pytest.raises(AttributeError):
        owned.shape = (3, 2)
    assert owned.shape == (2, 3)


# Writing and lifetime.


def test_writes_from_python_are_seen_by_rust() -> None:
    owned, _ = probe.one_to_three("double")
    np.asarray(owned)[1] = 7.0
    memoryview(owned)[2] = 8.0
    assert probe.read("const double[:]", owned)[3] == [1.0, 7.0, 8.0]


def test_writes_from_rust_are_seen_by_python() -> None:
    owned = probe.counted(2, 2)
    values = np.asarray(owned)
    probe.set(owned, [1, 0], 9.0)
    assert values.tolist() == [[0.0, 1.0], [9.0, 3.0]]


def test_rust_fills_its_own_memory_again() -> None:
    owned, _ = probe.one_to_three("double")
    probe.fill_contiguous(owned, 0.5)
    assert memoryview(owned).tolist() == [0.5, 0.5, 0.5]


def test_a_view_refers_to_its_owner() -> None:
    owned = probe.counted(2, 3)
    before = sys.getrefcount(owned)
    view = memoryview(owned)
    assert view.obj is owned
    assert sys.getrefcount(owned) == before + 1
    view.release()
    assert sys.getrefcount(owned) == before


def test_memory_lives_as_long_as_a_view_of_it() -> None:
    owned = probe.counted(300, 1000)
    values = np.asarray(owned)
    expected = list(range(300_000))
    del owned
    gc.collect()
    # If the memory had been freed, these allocations would reuse it.
    others = [probe.counted(300, 1000) for _ in range(3)]
    for other in others:
        np.asarray(other)[:] = -1.0
    assert values.ravel().tolist() == expected


def peak_memory() -> int:
    """Returns the largest amount of memory that this process has used, in bytes."""
    reason = "Windows has no getrusage to measure memory with"
    resource = pytest.importorskip("resource", reason=reason)
    # The unit is KiB, but bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def test_memory_is_freed_when_its_owner_goes() -> None:
    # Each array has 800 kB, so all of them together would have 800 MB.
    np.asarray(probe.counted(100, 1000))
    before = peak_memory()
    for _ in range(1000):
        np.asarray(probe.counted(100, 1000))
    assert peak_memory() - before < 32_000_000


def test_a_view_that_goes_after_its_owner_frees_the_memory() -> None:
    before = peak_memory()
    for _ in range(1000):
        view = memoryview(probe.counted(100, 1000))
        del view
    assert peak_memory() - before < 32_000_000


# Empty memory.


@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (3, 0), (0, 0)])
def test_empty_memory_is_seen_with_its_shape(rows: int, columns: int) -> None:
    owned = probe.counted(rows, columns)
    assert np.asarray(owned).shape == memoryview(owned).shape == owned.shape == (rows, columns)
    assert owned.nbytes == memoryview(owned).nbytes == 0


@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (3, 0), (0, 0)])
def test_empty_memory_is_taken_back(rows: int, columns: int) -> None:
    for spec in ("const double[:, :]", "const double[:, ::1]", "const double[::1, :]"):
        assert probe.read(spec, probe.counted(rows, columns))[0] == [rows, columns]


# Every buffer request.


@pytest.mark.parametrize("writable", [0, FLAGS.WRITABLE])
@pytest.mark.parametrize("format", [0, FLAGS.FORMAT])
@pytest.mark.parametrize("name", ["ND", "STRIDES", "C", "ANY", "INDIRECT"])
def test_a_request_with_a_shape_gets_what_it_asks_for(name: str, format: int, writable: int) -> None:
    flags = getattr(FLAGS, name)
    answer = request(probe.counted(2, 3), flags | format | writable)
    assert (answer.len, answer.itemsize, answer.ndim, answer.readonly) == (48, 8, 2, False)
    assert answer.shape == (2, 3)
    assert answer.strides == ((24, 8) if flags & FLAGS.STRIDES == FLAGS.STRIDES else None)
    assert answer.suboffsets is None
    assert answer.format == ("d" if format else None)
    assert answer.content == np.arange(6.0).tobytes()


@pytest.mark.parametrize("flags", [FLAGS.SIMPLE, FLAGS.WRITABLE])
def test_a_request_without_a_shape_gets_bytes(flags: int) -> None:
    answer = request(probe.counted(2, 3), flags)
    assert (answer.len, answer.readonly) == (48, False)
    assert (answer.format, answer.shape, answer.strides, answer.suboffsets) == (None, None, None, None)
    assert answer.content == np.arange(6.0).tobytes()


@pytest.mark.parametrize("flags", [FLAGS.SIMPLE, FLAGS.WRITABLE])
def test_a_request_without_a_shape_gets_one_axis(flags: int) -> None:
    # memoryview answers the same. Consumers index the shape by ndim, and crash if there are more axes.
    owned = probe.counted(2, 3)
    assert request(memoryview(owned), flags).ndim == 1
    assert request(owned, flags).ndim == 1


def test_a_request_names_its_owner() -> None:
    owned = probe.counted(2, 3)
    assert request(owned, FLAGS.STRIDES).owner == id(owned)


@pytest.mark.parametrize("extra", [0, FLAGS.WRITABLE, FLAGS.FORMAT, FLAGS.WRITABLE | FLAGS.FORMAT])
def test_fortran_order_is_refused_of_memory_in_c_order(extra: int) -> None:
    text = "View(double[2, 3], C): the memory is not Fortran-contiguous"
    refused(BufferError, text, request, probe.counted(2, 3), FLAGS.F | extra)


@pytest.mark.parametrize(("rows", "columns"), [(1, 3), (3, 1), (1, 1), (0, 3), (3, 0)])
def test_memory_in_both_orders_is_given_in_fortran_order(rows: int, columns: int) -> None:
    assert request(probe.counted(rows, columns), FLAGS.F).shape == (rows, columns)


def test_a_refused_request_leaves_the_count_of_references() -> None:
    owned = probe.counted(2, 3)
    before = sys.getrefcount(owned)
    for _ in range(100):
        with pytest.raises(BufferError):
            request(owned, FLAGS.F)
    for flags in (FLAGS.SIMPLE, FLAGS.ND, FLAGS.STRIDES | FLAGS.FORMAT):
        request(owned, flags)
    assert sys.getrefcount(owned) == before


def test_the_interpreters_own_test_exporter_takes_it() -> None:
    reason = "this Python was installed without _testbuffer of CPython's test suite"
    testbuffer = pytest.importorskip("_testbuffer", reason=reason)
    owned = probe.counted(2, 3)
    again = testbuffer.ndarray(owned, getbuf=testbuffer.PyBUF_FULL_RO)
    assert (again.tolist(), again.format) == ([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], "d")
    assert testbuffer.cmp_contig(owned, np.arange(6.0).reshape(2, 3))


def test_bytes_are_made_of_it() -> None:
    owned = probe.counted(2, 3)
    assert bytes(owned) == bytearray(owned) == np.arange(6.0).tobytes()
