"""Refusals: the exporters that an argument cannot take, by the class and the whole text of the exception.

It is separate because users read these texts. `refused` also checks that nothing is kept alive afterwards.
"""

import array
import ctypes
import mmap
import sys

import numpy as np
import pytest
import typedview_probe as probe
from exporters import type_name
from refused import refused

READS = "const double[:]"
NO_BUFFER = "not a buffer; pass an array.array, a numpy.ndarray or another exporter"
TO_WRITE = "readonly; take const double[:] or pass writable memory"
BIG_ENDIAN = "foreign byte order; pass a copy in native byte order"


def read(exporter: object, spec: str = READS) -> object:
    return probe.read(spec, exporter)


def fill(exporter: object) -> None:
    probe.fill(exporter, 1.0)


def from_testbuffer(values: object, **options: object) -> object:
    """Returns an exporter that says what it is told to."""
    reason = "this Python was installed without _testbuffer of CPython's test suite"
    return pytest.importorskip("_testbuffer", reason=reason).ndarray(values, **options)


def as_read_only(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values


# Not a buffer.


@pytest.mark.parametrize(
    ("thing", "name"),
    [([1.0, 2.0], "list"), (3, "int"), ("text", "str"), (None, "None"), (np.ndarray, "type")],
)
def test_what_is_no_buffer_is_refused(thing: object, name: str) -> None:
    refused(TypeError, f"expected const double[:], got {name}: {NO_BUFFER}", read, thing)
    refused(TypeError, f"expected double[:], got {name}: {NO_BUFFER}", fill, thing)


def test_an_optional_argument_refuses_what_is_neither_none_nor_a_buffer() -> None:
    refused(TypeError, f"expected const double[:], got list: {NO_BUFFER}", probe.size_or_none, [1.0])


def test_a_refusal_notes_which_argument_it_is_about() -> None:
    with pytest.raises(TypeError) as caught:
        probe.copy(np.zeros(3), [1.0])
    assert caught.value.__notes__ == ["while processing 'source'"]


# Another element.


@pytest.mark.parametrize(
    ("dtype", "found", "itemsize"),
    [
        ("f4", "float", 4),
        ("i1", "int8", 1),
        ("u2", "uint16", 2),
        ("i8", "int64", 8),
        ("?", "bool", 1),
        ("e", "half", 2),
        ("F", "float complex", 8),
        ("D", "double complex", 16),
        ("S3", "bytes3", 3),
        ("O", "object", 8),
        ("V4", "void4", 4),
    ],
)
def test_another_element_is_refused(dtype: str, found: str, itemsize: int) -> None:
    got = f"{found}[:] with shape (3,), strides ({itemsize},) from numpy.ndarray: {found} is not double"
    refused(TypeError, f"expected const double[:], got {got}", read, np.zeros(3, dtype))
    refused(TypeError, f"expected double[:], got {got}", fill, np.zeros(3, dtype))


def test_a_long_double_is_refused() -> None:
    values = np.zeros(3, "g")
    if values.itemsize == 8:
        pytest.skip("long double is double on this platform")
    text = (
        "expected const double[:], got long double[:] with shape (3,), strides (16,) from numpy.ndarray: "
        "long double is not double"
    )
    refused(TypeError, text, read, values)


def test_a_signed_integer_is_not_an_unsigned_one() -> None:
    text = (
        "expected const uint8[:], got int8[:] with shape (2,), strides (1,) from array.array: "
        "int8 is not uint8"
    )
    refused(TypeError, text, read, array.array("b", [1, 2]), "const uint8[:]")


def test_bytes_are_not_doubles() -> None:
    text = (
        "expected const double[:], got const uint8[:] with shape (8,), strides (1,) from bytes: "
        "uint8 is not double"
    )
    refused(TypeError, text, read, bytes(8))


def test_text_is_refused() -> None:
    refused(
        TypeError,
        "expected const double[:], got text12[:] with shape (3,), strides (12,) from numpy.ndarray: "
        "text12 is not double",
        read,
        np.zeros(3, "U3"),
    )


def test_big_endian_elements_are_refused() -> None:
    got = f"big-endian double[:] with shape (3,), strides (8,) from numpy.ndarray: {BIG_ENDIAN}"
    refused(TypeError, f"expected const double[:], got {got}", read, np.zeros(3, ">f8"))
    refused(TypeError, f"expected double[:], got {got}", fill, np.zeros(3, ">f8"))


def test_big_endian_elements_of_ctypes_are_refused() -> None:
    exporter = (ctypes.c_double.__ctype_be__ * 3)()
    text = (
        "expected const double[:], got big-endian double[:] with shape (3,), strides (8,) "
        f"from {type_name(exporter)}: {BIG_ENDIAN}"
    )
    refused(TypeError, text, read, exporter)


@pytest.mark.parametrize(
    ("dtype", "found", "stride"),
    [
        (np.dtype([("a", "u1"), ("b", "f8")]), "record{uint8 a, double b}", 9),
        (np.dtype([("a", "u1"), ("b", "f8")], align=True), "record{uint8 a, double b}", 16),
        (np.dtype([("m", "f4", (2, 3))]), "record{(2, 3)float m}", 24),
    ],
)
def test_records_are_no_numbers(dtype: np.dtype, found: str, stride: int) -> None:
    text = (
        f"expected const double[:], got {found}[:] with shape (3,), strides ({stride},) "
        f"from numpy.ndarray: {found} is not double"
    )
    refused(TypeError, text, read, np.zeros(3, dtype))


def test_a_struct_of_ctypes_is_no_number() -> None:
    class Pair(ctypes.Structure):
        _fields_ = (("a", ctypes.c_double), ("b", ctypes.c_double))

    exporter = (Pair * 3)()
    text = (
        "expected const double[:], got record{double a, double b}[:] with shape (3,), strides (16,) "
        f"from {type_name(exporter)}: record{{double a, double b}} is not double"
    )
    refused(TypeError, text, read, exporter)


# Malformed and unusable descriptions.


@pytest.mark.parametrize(
    ("format", "found"),
    [("2d", "(2)double"), ("dd", "record{double, double}"), ("xd", "record{double}")],
)
def test_an_element_of_several_codes_is_no_number(format: str, found: str) -> None:
    exporter = from_testbuffer([1.0 if format == "xd" else (1.0, 2.0)], shape=[1], format=format)
    text = (
        f"expected const double[:], got const {found}[:] with shape (1,), strides (16,) "
        f"from ndarray: {found} is not double"
    )
    refused(TypeError, text, read, exporter)


def test_white_space_in_a_format_means_nothing() -> None:
    assert read(from_testbuffer([1.5], shape=[1], format=" d"))[3] == [1.5]


def test_pointers_are_no_numbers() -> None:
    exporter = (ctypes.c_char_p * 3)()
    text = (
        f"expected const double[:], got pointer[:] with shape (3,), strides (8,) from {type_name(exporter)}: "
        "pointer is not double"
    )
    refused(TypeError, text, read, exporter)


def test_an_itemsize_of_0_is_refused() -> None:
    text = "expected const double[:], got numpy.ndarray: elements of 0 bytes cannot be viewed"
    refused(ValueError, text, read, np.zeros(3, "V0"))


def test_pointers_to_rows_are_refused() -> None:
    testbuffer = pytest.importorskip("_testbuffer", reason="this Python was installed without _testbuffer")
    exporter = testbuffer.ndarray(
        [1.0, 2.0, 3.0, 4.0], shape=[2, 2], format="d", flags=testbuffer.ND_PIL | testbuffer.ND_WRITABLE
    )
    text = (
        "expected const double[:, :], got double[::indirect, :] with shape (2, 2), strides (8, 8), "
        "suboffsets (0, -1) from ndarray: axis 0 holds pointers; "
        "take const double[::indirect, :] or pass a C-contiguous copy"
    )
    refused(ValueError, text, read, exporter, "const double[:, :]")
    refused(ValueError, text.replace("const ", ""), probe.set, exporter, [0, 0], 1.0)


def nested(ndim: int) -> object:
    """Returns a ctypes array of one double with this many axes."""
    of = ctypes.c_double
    for _ in range(ndim):
        of = of * 1
    return of()


def test_64_axes_are_read_and_are_not_1() -> None:
    exporter = nested(64)
    shape, strides = f"({', '.join(['1'] * 64)})", f"({', '.join(['8'] * 64)})"
    text = (
        f"expected const double[:], got double[{', '.join([':'] * 64)}] "
        f"with shape {shape}, strides {strides} from {type_name(exporter)}: ndim 64 is not 1"
    )
    refused(ValueError, text, read, exporter)


def test_65_axes_are_refused() -> None:
    exporter = nested(65)
    text = f"expected const double[:], got {type_name(exporter)}: ndim 65 is not between 0 and 64"
    refused(ValueError, text, read, exporter)


# Another ndim or order.


@pytest.mark.parametrize(
    ("shape", "axes", "given", "strides"),
    [((), "", "()", "()"), ((2, 3), ":, :", "(2, 3)", "(24, 8)")],
)
def test_another_ndim_is_refused(shape: tuple[int, ...], axes: str, given: str, strides: str) -> None:
    got = (
        f"double[{axes}] with shape {given}, strides {strides} from numpy.ndarray: ndim {len(shape)} is not 1"
    )
    refused(ValueError, f"expected const double[:], got {got}", read, np.zeros(shape))
    refused(ValueError, f"expected double[:], got {got}", fill, np.zeros(shape))


def test_fortran_order_is_not_c_order() -> None:
    text = (
        "expected const double[:, ::1], got double[:, :] with shape (3, 4), strides (8, 24) "
        "from numpy.ndarray: Fortran order; take const double[::1, :] or pass a C-contiguous copy"
    )
    refused(ValueError, text, read, np.zeros((4, 3)).T, "const double[:, ::1]")


def test_c_order_is_not_fortran_order() -> None:
    text = (
        "expected const double[::1, :], got double[:, :] with shape (4, 3), strides (24, 8) "
        "from numpy.ndarray: C order; take const double[:, ::1] or pass a Fortran-contiguous copy"
    )
    refused(ValueError, text, read, np.zeros((4, 3)), "const double[::1, :]")


@pytest.mark.parametrize(
    ("spec", "order", "nearer"),
    [
        ("const double[:, ::1]", "C", "const double[:, ::contiguous]"),
        ("const double[::1, :]", "Fortran", "const double[:, :]"),
    ],
)
def test_every_second_row_is_in_no_order(spec: str, order: str, nearer: str) -> None:
    text = (
        f"expected {spec}, got double[:, :] with shape (2, 3), strides (48, 8) from numpy.ndarray: "
        f"not {order}-contiguous; take {nearer} or pass a {order}-contiguous copy"
    )
    refused(ValueError, text, read, np.zeros((4, 3))[::2], spec)


def test_rows_with_gaps_are_not_pitched() -> None:
    text = (
        "expected const double[:, ::contiguous], got double[:, :] with shape (4, 2), strides (32, 16) "
        "from numpy.ndarray: axis 1: stride 16 is not the itemsize, 8; "
        "take const double[:, :] or pass a C-contiguous copy"
    )
    refused(ValueError, text, read, np.zeros((4, 4))[:, ::2], "const double[:, ::contiguous]")


def test_every_second_element_is_not_contiguous() -> None:
    got = "double[:] with shape (3,), strides (16,) from numpy.ndarray: not C-contiguous"
    text = f"expected const double[::1], got {got}; take const double[:] or pass a C-contiguous copy"
    refused(ValueError, text, read, np.zeros(6)[::2], "const double[::1]")
    text = f"expected double[::1], got {got}; take double[:] or pass a C-contiguous copy"
    refused(ValueError, text, probe.fill_contiguous, np.zeros(6)[::2], 1.0)


def test_a_reversed_axis_is_not_contiguous() -> None:
    text = (
        "expected const double[::1], got double[:] with shape (3,), strides (-8,) from memoryview: "
        "not C-contiguous; take const double[:] or pass a C-contiguous copy"
    )
    refused(ValueError, text, read, memoryview(array.array("d", range(3)))[::-1], "const double[::1]")


# Readonly.


@pytest.mark.parametrize(
    ("exporter", "stride", "name"),
    [
        (memoryview(bytes(24)).cast("d"), 8, "memoryview"),
        (memoryview(array.array("d", range(3))).toreadonly(), 8, "memoryview"),
        (as_read_only(np.zeros(3)), 8, "numpy.ndarray"),
        (np.broadcast_to(1.0, 3), 0, "numpy.ndarray"),
    ],
    ids=["bytes", "memoryview", "numpy", "broadcast"],
)
def test_readonly_memory_is_refused_to_a_writer(exporter: object, stride: int, name: str) -> None:
    got = f"const double[:] with shape (3,), strides ({stride},) from {name}: {TO_WRITE}"
    text = f"expected double[:], got {got}"
    refused(BufferError, text, fill, exporter)


def test_readonly_memory_is_refused_to_a_writer_of_two_axes() -> None:
    text = (
        "expected double[:, :], got const double[:, :] with shape (2, 3), strides (0, 8) from numpy.ndarray: "
        "readonly; take const double[:, :] or pass writable memory"
    )
    refused(BufferError, text, probe.set, np.broadcast_to(np.zeros(3), (2, 3)), [0, 0], 1.0)


def test_another_ndim_is_refused_before_readonly_memory() -> None:
    # The probe's closest function that writes takes one axis, and the axes are checked before the access.
    text = (
        "expected double[:], got const double[] with shape (), strides () from numpy.float64: ndim 0 is not 1"
    )
    refused(ValueError, text, fill, np.float64(1.0))


def test_readonly_memory_of_another_element_is_refused_for_the_element_first() -> None:
    text = (
        "expected double[:], got const uint8[:] with shape (3,), strides (1,) from bytes: uint8 is not double"
    )
    refused(TypeError, text, fill, b"abc")


def test_a_refused_writer_leaves_the_memory_as_it_was() -> None:
    values = as_read_only(np.arange(3.0))
    with pytest.raises(BufferError):
        fill(values)
    assert values.tolist() == [0.0, 1.0, 2.0]


# The exporter's own refusals.


def test_a_released_memoryview_speaks_for_itself() -> None:
    exporter = memoryview(bytearray(8))
    exporter.release()
    text = "operation forbidden on released memoryview object"
    refused(ValueError, text, read, exporter)
    refused(ValueError, text, fill, exporter)


def test_a_closed_mmap_speaks_for_itself() -> None:
    exporter = mmap.mmap(-1, 8)
    exporter.close()
    refused(ValueError, "mmap closed or invalid", read, exporter, "const uint8[:]")


@pytest.mark.parametrize(("dtype", "named"), [("T", "numpy.dtypes.StringDType")])
def test_a_dtype_that_numpy_does_not_export_is_refused_by_numpy(dtype: str, named: str) -> None:
    exporter = np.zeros(3, dtype)
    with pytest.raises(ValueError) as caught:
        memoryview(exporter)
    text = str(caught.value)
    del caught
    assert f"'{named}'" in text
    refused(ValueError, text, read, exporter)
    refused(ValueError, text, fill, exporter)


def test_an_exporter_that_raises_speaks_for_itself() -> None:
    testbuffer = pytest.importorskip("_testbuffer", reason="this Python was installed without _testbuffer")
    exporter = testbuffer.ndarray([1.0], shape=[1], format="d", flags=testbuffer.ND_GETBUF_FAIL)
    refused(BufferError, "ND_GETBUF_FAIL: forced test exception", read, exporter)
    refused(BufferError, "ND_GETBUF_FAIL: forced test exception", fill, exporter)


needs_python_exporters = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="before Python 3.12 a class written in Python cannot export (PEP 688)"
)


class Exports:
    """An exporter written in Python that counts its releases."""

    def __init__(self, memory: object, refusal: BaseException | None = None) -> None:
        self.memory, self.refusal, self.released = memory, refusal, 0

    def __buffer__(self, flags: int) -> memoryview:
        if self.refusal is not None:
            raise self.refusal
        return memoryview(self.memory)

    def __release_buffer__(self, view: memoryview) -> None:
        self.released += 1


@needs_python_exporters
@pytest.mark.parametrize("exception", [KeyError, RuntimeError, BufferError, TypeError, KeyboardInterrupt])
def test_an_exporter_written_in_python_speaks_for_itself(exception: type[BaseException]) -> None:
    exporter = Exports(None, exception("no"))
    for take in (read, fill):
        with pytest.raises(exception) as caught:
            take(exporter)
        assert caught.value is exporter.refusal


@needs_python_exporters
def test_an_exporter_written_in_python_is_released_once() -> None:
    exporter = Exports(array.array("d", [1.0, 2.0]))
    assert read(exporter)[3] == [1.0, 2.0]
    assert exporter.released == 1


@needs_python_exporters
def test_a_refused_exporter_is_released_once() -> None:
    exporter = Exports(b"abc")
    with pytest.raises(TypeError):
        read(exporter)
    assert exporter.released == 1


# Memory after a refusal, and the values of an argument.


@pytest.mark.parametrize(
    "spec", ["const double[:]", "const uint8[:, :]", "const int16[:]", "const double[:, ::1]"]
)
def test_memory_of_a_refused_exporter_can_be_resized(spec: str) -> None:
    exporter = bytearray(3)
    with pytest.raises((TypeError, ValueError)):
        read(exporter, spec)
    exporter.append(1)
    assert len(exporter) == 4


def test_memory_refused_to_a_writer_can_be_resized() -> None:
    memory = bytearray(24)
    with pytest.raises(BufferError):
        fill(memoryview(memory).cast("d").toreadonly())
    memory.append(1)
    assert len(memory) == 25


@pytest.mark.parametrize(
    ("index", "text"),
    [
        ([4, 0], "axis 0: index 4 is out of bounds for length 4"),
        ([0, 3], "axis 1: index 3 is out of bounds for length 3"),
        ([9, 9], "axis 0: index 9 is out of bounds for length 4"),
    ],
)
def test_an_index_out_of_bounds_is_refused(index: list[int], text: str) -> None:
    values = np.zeros((4, 3))
    refused(IndexError, text, probe.set, values, index, 1.0)
    assert not values.any()


def test_no_index_is_within_an_empty_axis() -> None:
    refused(
        IndexError, "axis 1: index 0 is out of bounds for length 0", probe.set, np.zeros((3, 0)), [0, 0], 1.0
    )


def test_copying_another_shape_is_refused_and_writes_nothing() -> None:
    target, source = np.zeros(3), np.ones(4)
    refused(ValueError, "cannot copy shape (4,) into shape (3,)", probe.copy, target, source)
    assert not target.any()
