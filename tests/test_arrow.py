"""Arrow: arrays of numbers from `__arrow_c_array__`, the other types of Arrow, and structs that are invalid.

It is separate because Arrow arrays come in capsules, which must be emptied and released. test_acquire.py
tests the arrays of the catalogue.
"""

import ctypes
import gc
import sys
from decimal import Decimal

import numpy as np
import pytest
import typedview_probe as probe
from exporters import DOUBLES, shown
from hypothesis import given
from hypothesis import strategies as st
from py_arrow import Told
from refused import refused
from typedview import View

pa = pytest.importorskip("pyarrow", reason="there is no pyarrow for this Python")

NO_BUFFER = "not a buffer; pass an array.array, a numpy.ndarray or another exporter"
CHUNKS = "its elements come in chunks; pass them as one, which combine_chunks() or to_numpy() gives"


def read(exporter: object) -> list[float]:
    return probe.read("const double[:]", exporter)[3]


def fill(exporter: object) -> None:
    probe.fill(exporter, 1.0)


# Valid arrays.


@pytest.mark.parametrize(
    ("type", "dtype", "name"),
    [
        ("int8", "int8", "Int8Array"),
        ("uint8", "uint8", "UInt8Array"),
        ("int16", "int16", "Int16Array"),
        ("uint16", "uint16", "UInt16Array"),
        ("int32", "int32", "Int32Array"),
        ("uint32", "uint32", "UInt32Array"),
        ("int64", "int64", "Int64Array"),
        ("uint64", "uint64", "UInt64Array"),
        ("float16", "half", "HalfFloatArray"),
        ("float32", "float", "FloatArray"),
        ("float64", "double", "DoubleArray"),
    ],
)
def test_repr_tells_the_element_of_an_arrow_array(type: str, dtype: str, name: str) -> None:
    values = pa.array(np.zeros(3, "f2" if type == "float16" else "f8").astype(type))
    assert shown(View(values)) == f"View({dtype}[3], C, readonly, owner=pyarrow.lib.{name})"


def test_an_arrow_array_is_never_written() -> None:
    text = (
        "expected double[:], got const double[:] with shape (3,), strides (8,) from pyarrow.lib.DoubleArray: "
        "readonly; take const double[:] or pass writable memory"
    )
    refused(BufferError, text, fill, pa.array(DOUBLES))


def test_memory_of_numpy_is_read_through_arrow_where_it_is() -> None:
    values = np.array(DOUBLES)
    assert probe.read("const double[:]", pa.array(values))[2] == values.ctypes.data


def test_an_arrow_array_is_summed_without_the_interpreter() -> None:
    assert probe.sum_detached(pa.array(DOUBLES)) == sum(DOUBLES)


def test_memory_of_an_arrow_array_is_given_back() -> None:
    before = pa.total_allocated_bytes()
    values = pa.array(DOUBLES)
    view = View(values)
    del values
    gc.collect()
    assert pa.total_allocated_bytes() > before
    view.release()
    assert pa.total_allocated_bytes() == before


# Nulls.


def test_nulls_are_refused() -> None:
    text = "expected const double[:], got pyarrow.lib.DoubleArray: it has 2 nulls; fill them first"
    refused(ValueError, text, read, pa.array([None, 1.0, None]))
    text = "expected const double[:], got pyarrow.lib.DoubleArray: it has 1 null; fill it first"
    refused(ValueError, text, read, pa.array([None, 1.0, None])[1:])


def test_nulls_outside_a_slice_do_not_matter() -> None:
    assert read(pa.array([None, 1.0, 2.0, None])[1:3]) == [1.0, 2.0]


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_nulls_are_counted_within_a_slice(there: list[bool], start: int, stop: int) -> None:
    valid = there[start:stop]
    offset = min(start, len(there))
    bitmap = np.packbits(np.array(there, bool), bitorder="little").tobytes()
    elements = (ctypes.c_double * max(len(there), 1))(*range(len(there)))
    exporter = Told(elements, bitmap, offset=offset, length=len(valid), null_count=-1)
    if all(valid):
        assert read(exporter) == [float(i) for i in range(offset, offset + len(valid))]
    else:
        nulls = valid.count(False)
        fix = "1 null; fill it first" if nulls == 1 else f"{nulls} nulls; fill them first"
        with pytest.raises(ValueError, match=f"py_arrow.Told: it has {fix}$"):
            read(exporter)
    assert exporter.released == (1, 1)


def test_without_a_bitmap_nothing_is_missing() -> None:
    assert read(Told(null_count=-1)) == DOUBLES


# Other elements.


@pytest.mark.parametrize(
    ("values", "format"),
    [
        (pa.array(["a"]), "u"),
        (pa.array(["a"], pa.large_string()), "U"),
        (pa.array(["a"], pa.string_view()), "vu"),
        (pa.array([b"a"]), "z"),
        (pa.array([b"ab"], pa.binary(2)), "w:2"),
        (pa.array([1], pa.date32()), "tdD"),
        (pa.array([1], pa.time32("s")), "tts"),
        (pa.array([Decimal("1.0")]), "d:2,1"),
        (pa.array([[1.0]]), "+l"),
        (pa.array([[1.0, 2.0]], pa.list_(pa.float64(), 2)), "+w:2"),
        (pa.array([{"a": 1.0}]), "+s"),
        (pa.array([None]), "n"),
        (pa.record_batch({"a": [1.0]}), "+s"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_element_is_refused_by_its_format(values: object, format: str) -> None:
    text = (
        f"expected const double[:], got {type(values).__module__}.{type(values).__qualname__}: "
        f"Arrow format '{format}' is not an element; pass an array of numbers, timestamps or bool8"
    )
    refused(TypeError, text, read, values)


def test_booleans_of_a_bit_are_refused() -> None:
    text = (
        "expected const double[:], got pyarrow.lib.BooleanArray: "
        "Arrow's booleans are bits, which no view can refer to; pass x.cast(pyarrow.bool8())"
    )
    refused(TypeError, text, read, pa.array([True]))


@pytest.mark.skipif(not hasattr(pa, "bool8"), reason="this pyarrow has no booleans of a byte")
def test_booleans_of_a_byte_are_read() -> None:
    values = pa.array([True, False, True]).cast(pa.bool8())
    assert probe.elements("Bool", values) == [True, False, True]
    assert shown(View(values)) == "View(bool[3], C, readonly, owner=pyarrow.lib.Bool8Array)"
    # The storage array is not of the extension type, so it has its own element.
    assert shown(View(values.storage)) == "View(int8[3], C, readonly, owner=pyarrow.lib.Int8Array)"


@pytest.mark.parametrize(
    ("type", "dtype"),
    [
        (pa.timestamp("s"), "datetime64[s]"),
        (pa.timestamp("ms"), "datetime64[ms]"),
        (pa.timestamp("us", tz="Europe/Berlin"), "datetime64[us]"),
        (pa.timestamp("ns", tz="UTC"), "datetime64[ns]"),
        (pa.date64(), "datetime64[ms]"),
        (pa.duration("s"), "timedelta64[s]"),
        (pa.duration("ns"), "timedelta64[ns]"),
    ],
    ids=str,
)
def test_times_are_dates_and_spans(type: pa.DataType, dtype: str) -> None:
    values = pa.array([0, 86_400_000], type)
    with View(values) as view:
        assert (view.dtype, view.shape, view.readonly) == (dtype, (2,), True)


def test_timestamps_are_read() -> None:
    values = pa.array([5, -7], pa.timestamp("ns"))
    assert probe.elements("Datetime<time::Nanosecond>", values) == [5, -7]
    text = (
        "expected const datetime64[D][...], got const datetime64[ns][:] with shape (2,), strides (8,) "
        "from pyarrow.lib.TimestampArray: datetime64[ns] is not datetime64[D]"
    )
    refused(TypeError, text, probe.elements, "Datetime<time::Day>", values)


def test_a_buffer_is_bytes() -> None:
    values = pa.py_buffer(b"\x01\xff")
    assert probe.read("const uint8[:]", values)[3] == [1, 255]
    assert shown(View(values)) == "View(uint8[2], C, readonly, owner=pyarrow.lib.Buffer)"
    assert probe.elements("u8", pa.allocate_buffer(2, resizable=True))[2:] == []


def test_a_dictionary_is_refused() -> None:
    values = pa.array(["a", "b", "a"]).dictionary_encode()
    text = (
        "expected const double[:], got pyarrow.lib.DictionaryArray: "
        "the elements are indices into a dictionary; pass the decoded array"
    )
    refused(TypeError, text, read, values)


def test_an_integer_is_not_a_double() -> None:
    text = (
        "expected const double[:], got const int64[:] with shape (3,), strides (8,) "
        "from pyarrow.lib.Int64Array: int64 is not double"
    )
    refused(TypeError, text, read, pa.array([1, 2, 3]))


@pytest.mark.parametrize(
    ("values", "name"),
    [(pa.chunked_array([[1.0], [2.0]]), "ChunkedArray"), (pa.table({"a": [1.0]}), "Table")],
)
def test_chunks_are_refused(values: object, name: str) -> None:
    refused(TypeError, f"expected const double[:], got pyarrow.lib.{name}: {CHUNKS}", read, values)
    refused(TypeError, f"cannot view pyarrow.lib.{name}: {CHUNKS}", View, values)


def test_chunks_made_one_are_read() -> None:
    combined = pa.chunked_array([[1.0], [2.0]]).combine_chunks()
    assert read(combined if isinstance(combined, pa.Array) else combined.chunk(0)) == [1.0, 2.0]


# Lifetimes.


def test_an_array_is_released_once_when_it_was_read() -> None:
    exporter = Told()
    assert read(exporter) == DOUBLES
    assert exporter.released == (1, 1)


def test_an_array_is_released_with_the_view() -> None:
    exporter = Told()
    view = View(exporter)
    assert exporter.released == (1, 0)
    assert view.obj is exporter
    view.release()
    assert exporter.released == (1, 1)


def test_what_is_refused_is_released_once() -> None:
    exporter = Told(format=b"u")
    with pytest.raises(TypeError):
        read(exporter)
    assert exporter.released == (1, 1)


def test_what_is_refused_by_the_view_is_released_once() -> None:
    exporter = Told(format=b"l")
    with pytest.raises(TypeError):
        read(exporter)
    assert exporter.released == (1, 1)


def test_an_array_beside_a_schema_that_is_none_is_released_by_its_capsule() -> None:
    exporter = Told(schema_name=b"arrow")
    with pytest.raises(TypeError):
        read(exporter)
    assert exporter.released == (1, 1)


def test_an_array_that_was_given_away_is_not_given_again() -> None:
    exporter = Told()
    view = View(exporter)
    # Only the schema is filled in again.
    exporter.schema = Told().schema
    text = "expected const double[:], got py_arrow.Told: the arrow_array has been released"
    refused(ValueError, text, read, exporter)
    assert exporter.released == (1, 0)
    view.release()
    assert exporter.released == (1, 1)


# Invalid structs.


@pytest.mark.parametrize(
    ("told", "exception", "text"),
    [
        ({"length": -1}, ValueError, "length -1 at offset 0 cannot be"),
        ({"offset": -1}, ValueError, "length 3 at offset -1 cannot be"),
        (
            {"length": 2**63 - 1, "offset": 2**63 - 1},
            ValueError,
            "length 9223372036854775807 at offset 9223372036854775807 cannot be",
        ),
        ({"length": 2**60}, ValueError, "length 1152921504606846976 at offset 0 cannot be"),
        ({"null_count": -2}, ValueError, "null_count -2 cannot be"),
        ({"n_buffers": 0}, ValueError, "an Arrow array of a fixed size has 2 buffers, not 0"),
        ({"n_buffers": 3}, ValueError, "an Arrow array of a fixed size has 2 buffers, not 3"),
        ({"n_buffers": -1}, ValueError, "an Arrow array of a fixed size has 2 buffers, not -1"),
        ({"buffers": None}, ValueError, "the buffers are missing"),
        (
            {"buffers": ctypes.addressof(NO_ELEMENTS := (ctypes.c_void_p * 2)())},
            ValueError,
            "the pointer is null",
        ),
        (
            {"buffers": ctypes.addressof(NO_ELEMENTS), "offset": 2},
            ValueError,
            "the pointer is null",
        ),
        ({"format": None}, ValueError, "the Arrow format is missing"),
        (
            {"format": b""},
            TypeError,
            "Arrow format '' is not an element; pass an array of numbers, timestamps or bool8",
        ),
        (
            {"dictionary": 8},
            TypeError,
            "the elements are indices into a dictionary; pass the decoded array",
        ),
        (
            {"schema_name": b"arrow_array"},
            TypeError,
            "__arrow_c_array__ gave no capsule named arrow_schema",
        ),
        (
            {"array_name": b"arrow_schema"},
            TypeError,
            "__arrow_c_array__ gave no capsule named arrow_array",
        ),
    ],
)
def test_what_cannot_be_is_refused(told: dict, exception: type[BaseException], text: str) -> None:
    exporter = Told(**told)
    refused(exception, f"expected const double[:], got py_arrow.Told: {text}", read, exporter)
    assert exporter.released == (1, 1)


def test_no_element_needs_no_memory() -> None:
    assert read(Told(length=0, buffers=ctypes.addressof(NO_ELEMENTS))) == []


@pytest.mark.parametrize("part", ["schema", "array"])
def test_what_has_been_released_is_refused(part: str) -> None:
    exporter = Told()
    getattr(exporter, part).struct.release = None
    text = f"expected const double[:], got py_arrow.Told: the arrow_{part} has been released"
    refused(ValueError, text, read, exporter)
    assert getattr(exporter, part).released == 0


class Gives:
    """An object whose `__arrow_c_array__` returns a given answer."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(("answer", "name"), [(None, "NoneType"), ((1, 2, 3), "tuple"), ([1, 2], "list")])
def test_what_is_no_pair_is_refused(answer: object, name: str) -> None:
    told = f"__arrow_c_array__ gave {name}, not a pair of capsules"
    refused(TypeError, f"expected const double[:], got test_arrow.Gives: {told}", read, Gives(answer))


def test_what_is_no_capsule_is_refused() -> None:
    text = (
        "expected const double[:], got test_arrow.Gives: __arrow_c_array__ gave no capsule named arrow_schema"
    )
    refused(TypeError, text, read, Gives((1, 2)))


@pytest.mark.parametrize("exception", [KeyError, AttributeError, TypeError, KeyboardInterrupt])
def test_an_object_that_raises_speaks_for_itself(exception: type[BaseException]) -> None:
    with pytest.raises(exception, match="no"):
        read(Gives(exception("no")))


def test_a_class_does_not_speak_for_itself() -> None:
    refused(TypeError, f"expected const double[:], got type: {NO_BUFFER}", read, Told)
    refused(TypeError, f"expected const double[:], got type: {NO_BUFFER}", read, pa.ChunkedArray)


def test_reading_holds_nothing_afterwards() -> None:
    exporter = Told()
    before = sys.getrefcount(exporter)
    read(exporter)
    assert sys.getrefcount(exporter) == before
