"""The array interface: objects that describe their memory by `__array_interface__` alone.

It is separate because its dict can contain anything. test_acquire.py tests the arrays of the catalogue.
"""

import array
import gc
import sys
import weakref

import numpy as np
import pytest
import typedview_probe as probe
from cycles import assert_lives_until_release
from exporters import ArrayInterface, shown
from hypothesis import given
from hypothesis import strategies as st
from refused import refused
from typedview import View

MEMORY = np.arange(3.0)
ADDRESS = MEMORY.ctypes.data
DOUBLE = np.dtype("f8").str
SWAPPED = np.dtype("f8").newbyteorder().str
ABSENT = object()
NO_BUFFER = "not a buffer; pass an array.array, a numpy.ndarray or another exporter"


class Told:
    """An object whose `__array_interface__` says what it is told, and otherwise the truth about `MEMORY`."""

    def __init__(self, **changes: object) -> None:
        interface = {"version": 3, "shape": (3,), "typestr": DOUBLE, "data": (ADDRESS, False)} | changes
        self.interface = {key: value for key, value in interface.items() if value is not ABSENT}
        self.asked = 0

    @property
    def __array_interface__(self) -> object:
        self.asked += 1
        return self.interface


def read(exporter: object) -> list[float]:
    return probe.read("const double[:]", exporter)[3]


def fill(exporter: object) -> None:
    probe.fill(exporter, 1.0)


def elements(spec: str, exporter: object) -> list[int]:
    return probe.read(spec, exporter)[3]


# Valid interfaces.


def test_an_object_is_asked_once() -> None:
    exporter = Told()
    assert read(exporter) == [0.0, 1.0, 2.0]
    assert exporter.asked == 1


def test_only_what_is_no_buffer_is_asked() -> None:
    class Both(np.ndarray):
        @property
        def __array_interface__(self) -> object:
            raise AssertionError

    assert read(MEMORY.view(Both)) == [0.0, 1.0, 2.0]


def test_keys_that_say_nothing_may_be_none() -> None:
    exporter = Told(strides=None, descr=None, mask=None, offset=None)
    assert read(exporter) == [0.0, 1.0, 2.0]


def test_keys_that_nobody_knows_are_not_read() -> None:
    assert read(Told(stream=7)) == [0.0, 1.0, 2.0]


def test_numbers_may_be_of_numpy() -> None:
    exporter = Told(
        version=np.int64(3), shape=(np.uint8(2),), strides=(np.int32(16),), data=(np.uint64(ADDRESS), 0)
    )
    assert read(exporter) == [0.0, 2.0]


@pytest.mark.parametrize(
    ("typestr", "dtype"),
    [
        ("|i1", "int8"),
        ("|u1", "uint8"),
        (">u1", "uint8"),
        ("<i2", "int16"),
        (">i4", "big-endian int32"),
        ("<u8", "uint64"),
        ("=f8", "double"),
        ("|f8", "double"),
        ("<f2", "half"),
        (">f4", "big-endian float"),
        ("|b1", "bool"),
        ("<c8", "float complex"),
        (">c16", "big-endian double complex"),
        ("|S5", "bytes5"),
        ("<U3", "text12"),
        (">U1", "big-endian text4"),
        ("|V8", "void8"),
        ("|O", "object"),
        ("|O8", "object"),
    ],
)
@pytest.mark.skipif(sys.byteorder == "big" or sys.maxsize < 2**32, reason="the names are those of x86-64")
def test_a_typestr_names_an_element(typestr: str, dtype: str) -> None:
    assert View(Told(shape=(1,), typestr=typestr)).dtype == dtype


@pytest.mark.skipif(np.dtype("g").itemsize != 16, reason="long double has other than 16 bytes here")
def test_a_long_double_is_described() -> None:
    assert View(Told(shape=(1,), typestr=np.dtype("g").str)).dtype == "long double"
    assert View(Told(shape=(1,), typestr=np.dtype("G").str, data=bytes(32))).dtype == "long double complex"


def test_a_readonly_address_is_readonly() -> None:
    exporter = Told(data=(ADDRESS, True))
    text = (
        "expected double[:], got const double[:] with shape (3,), strides (8,) "
        "from test_array_interface.Told: readonly; take const double[:] or pass writable memory"
    )
    refused(BufferError, text, fill, exporter)
    assert View(exporter).readonly


def test_a_fill_reaches_the_address() -> None:
    values = np.zeros(6)
    fill(Told(data=(values[1:].ctypes.data, False), strides=(16,)))
    assert values.tolist() == [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]


def test_big_endian_elements_are_refused_as_those_of_a_buffer() -> None:
    text = (
        f"expected const double[:], got {'big' if sys.byteorder == 'little' else 'little'}-endian double[:] "
        "with shape (3,), strides (8,) from test_array_interface.Told: "
        "foreign byte order; pass a copy in native byte order"
    )
    refused(TypeError, text, read, Told(typestr=SWAPPED))


def test_no_element_needs_no_memory() -> None:
    assert read(Told(shape=(0,), data=(0, False))) == []
    assert View(Told(shape=(2**40, 0, 2**40), data=(0, False))).nbytes == 0
    assert View(Told(shape=(0,), data=b"")).shape == (0,)


# 'data' as a buffer.


def test_data_may_be_a_buffer_of_any_element() -> None:
    memory = MEMORY.tobytes()
    for data in (
        memory,
        bytearray(memory),
        array.array("d", MEMORY),
        array.array("B", memory),
        MEMORY.reshape(1, 3).T,
    ):
        assert read(Told(data=data)) == [0.0, 1.0, 2.0]


def test_a_buffer_is_read_from_its_offset_on() -> None:
    assert read(Told(shape=(2,), data=MEMORY.tobytes(), offset=8)) == [1.0, 2.0]
    assert read(Told(strides=(-8,), data=MEMORY.tobytes(), offset=16)) == [2.0, 1.0, 0.0]
    assert read(Told(shape=(0,), data=MEMORY.tobytes(), offset=24)) == []


def test_a_fill_reaches_a_buffer() -> None:
    memory = array.array("d", [0.0, 0.0, 0.0])
    fill(Told(data=memory, shape=(2,), offset=8))
    assert memory.tolist() == [0.0, 1.0, 1.0]


def test_a_readonly_buffer_is_readonly() -> None:
    exporter = Told(data=bytes(24))
    text = (
        "expected double[:], got const double[:] with shape (3,), strides (8,) "
        "from test_array_interface.Told: readonly; take const double[:] or pass writable memory"
    )
    refused(BufferError, text, fill, exporter)
    assert View(exporter).readonly and not View(Told(data=bytearray(24))).readonly


def test_a_view_knows_the_buffer_that_owns_the_memory() -> None:
    exporter = Told(data=bytearray(24))
    assert View(exporter).obj is exporter.interface["data"]


def test_a_buffer_stays_exported_until_the_view_is_released() -> None:
    memory = bytearray(24)
    view = View(Told(data=memory))
    refused(BufferError, "Existing exports of data: object cannot be re-sized", memory.append, 1)
    view.release()
    memory.append(1)
    assert len(memory) == 25


def test_a_refused_buffer_is_released() -> None:
    memory = bytearray(24)
    with pytest.raises(ValueError):
        View(Told(data=memory, shape=(4,)))
    memory.append(1)
    assert len(memory) == 25


@given(
    shape=st.lists(st.integers(0, 4), max_size=3),
    stride=st.lists(st.integers(-40, 40), min_size=3, max_size=3),
    offset=st.integers(-8, 48),
)
def test_a_buffer_is_taken_exactly_when_numpy_takes_it(
    shape: list[int], stride: list[int], offset: int
) -> None:
    memory = bytes(range(40))
    strides = tuple(stride[: len(shape)])
    try:
        expected = np.ndarray(shape, "u1", memory, offset, strides)
    except (ValueError, TypeError):
        expected = None
    exporter = Told(shape=tuple(shape), typestr="|u1", strides=strides, data=memory, offset=offset)
    if expected is None:
        with pytest.raises(ValueError, match="'data'"):
            View(exporter)
    else:
        assert View(exporter).shape == expected.shape
        if expected.ndim == 1:
            assert elements("const uint8[:]", exporter) == expected.tolist()


# Lifetimes.


def test_an_object_lives_as_long_as_the_view_of_its_address() -> None:
    exporter = Told()
    alive = weakref.ref(exporter)
    view = View(exporter)
    assert view.obj is exporter
    del exporter
    gc.collect()
    assert alive() is not None
    view.release()
    assert alive() is None


def test_an_object_that_refers_to_its_view_is_not_cleared_before_the_view_is_released() -> None:
    # Its memory belongs to its attributes, which the collector would clear while the view exists.
    assert_lives_until_release(Told)


# Refusals.


@pytest.mark.parametrize(
    ("changes", "exception", "text"),
    [
        ({"version": ABSENT}, ValueError, "['version'] is missing"),
        ({"version": 2}, ValueError, "['version'] is 2, not 3"),
        ({"version": "3"}, TypeError, "['version'] is str, not an integer"),
        ({"shape": ABSENT}, ValueError, "['shape'] is missing"),
        ({"shape": [3]}, TypeError, "['shape'] is list, not a tuple of integers"),
        ({"shape": 3}, TypeError, "['shape'] is int, not a tuple of integers"),
        ({"shape": (3.0,)}, TypeError, "['shape'] is float, not an integer"),
        ({"shape": (2**63,)}, ValueError, "['shape'] is beyond the address space"),
        ({"typestr": ABSENT}, ValueError, "['typestr'] is missing"),
        ({"typestr": b"<f8"}, TypeError, "['typestr'] is bytes, not a str"),
        ({"typestr": np.dtype("f8")}, TypeError, "['typestr'] is numpy.dtypes.Float64DType, not a str"),
        ({"strides": [8]}, TypeError, "['strides'] is list, not a tuple of integers"),
        ({"strides": (None,)}, TypeError, "['strides'] is NoneType, not an integer"),
        ({"strides": (-(2**63) - 1,)}, ValueError, "['strides'] is beyond the address space"),
        ({"strides": ()}, ValueError, "['strides'] has length 0, but 'shape' has length 1"),
        ({"strides": (8, 8)}, ValueError, "['strides'] has length 2, but 'shape' has length 1"),
        ({"data": ABSENT}, ValueError, "['data'] is missing"),
        ({"data": None}, ValueError, "['data'] is missing"),
        ({"data": ADDRESS}, TypeError, "['data'] is int, not (address, readonly) or a buffer"),
        ({"data": (ADDRESS,)}, TypeError, "['data'] is tuple, not (address, readonly) or a buffer"),
        ({"data": ("0", False)}, TypeError, "['data'] is str, not an integer"),
        ({"data": (-8, False)}, ValueError, "['data'] is beyond the address space"),
        ({"data": (2**64, False)}, ValueError, "['data'] is beyond the address space"),
        ({"data": memoryview(bytes(48))[::2]}, ValueError, "['data'] is not contiguous"),
        ({"data": bytes(23)}, ValueError, "['data'] has 23 bytes, but the elements reach from 0 to 24"),
        (
            {"data": bytes(24), "strides": (-8,)},
            ValueError,
            "['data'] has 24 bytes, but the elements reach from -16 to 8",
        ),
        (
            {"data": bytes(24), "offset": 1},
            ValueError,
            "['data'] has 24 bytes, but the elements reach from 1 to 25",
        ),
        (
            {"data": bytes(24), "offset": -1},
            ValueError,
            "['offset'] is -1, outside the 24 bytes of 'data'",
        ),
        (
            {"data": bytes(24), "shape": (0,), "offset": 25},
            ValueError,
            "['offset'] is 25, outside the 24 bytes of 'data'",
        ),
        ({"offset": 8}, ValueError, "['offset'] is 8, but 'data' is an address, not a buffer"),
        ({"offset": "8"}, TypeError, "['offset'] is str, not an integer"),
        ({"mask": [True]}, ValueError, "['mask'] hides elements; pass memory without a mask"),
        (
            {"typestr": "|V9", "descr": [("a", "<i4"), ("b", "<f4")]},
            ValueError,
            "['descr'] lists fields of 8 bytes, which is not what 'typestr' says",
        ),
        ({"typestr": "|V8", "descr": 3}, TypeError, "['descr'] is int, not a list of fields"),
        (
            {"typestr": "|V8", "descr": [("a",)]},
            TypeError,
            "['descr'] is tuple, not made of tuples of a name, a type and perhaps a shape",
        ),
        (
            {"typestr": "|V8", "descr": [("a", "<i4", "b")]},
            TypeError,
            "['descr'] is str, not made of tuples of a name, a type and perhaps a shape",
        ),
        (
            {"typestr": "|V8", "descr": [(1, "<f8")]},
            TypeError,
            "['descr'] is int, not made of tuples of a name, a type and perhaps a shape",
        ),
        (
            {"typestr": "|V8", "descr": [("a", "<q9")]},
            ValueError,
            "['typestr'] is '<q9', which names no element that can be viewed",
        ),
        (
            {"typestr": "<f8", "descr": [("", "<f4", (2,))]},
            ValueError,
            "['descr'] lists fields of 8 bytes, which is not what 'typestr' says",
        ),
        *(
            (
                {"typestr": typestr},
                ValueError,
                f"['typestr'] is '{typestr}', which names no element that can be viewed",
            )
            for typestr in (
                *(
                    "",
                    "<",
                    "f8",
                    "<f",
                    "<f3",
                    "<i16",
                    "<f8 ",
                    "<f+8",
                    "!f8",
                    "<t1",
                    "|T16",
                    "<b2",
                    "|O4",
                    "<é8",
                ),
                *("|S99999999999", f"{SWAPPED[0]}f16", f"{SWAPPED[0]}c32"),
            )
        ),
    ],
)
def test_what_cannot_be_is_refused_by_the_key(
    changes: dict, exception: type[BaseException], text: str
) -> None:
    exporter = Told(**changes)
    expected = "expected const double[:], got test_array_interface.Told: __array_interface__" + text
    refused(exception, expected, read, exporter)
    refused(exception, "cannot view test_array_interface.Told: __array_interface__" + text, View, exporter)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"shape": (-1,)}, "axis 0 has length -1"),
        ({"shape": (1,) * 65}, "ndim 65 is not between 0 and 64"),
        ({"data": (0, False)}, "the pointer is null"),
        ({"data": (2**64 - 8, False)}, "the elements wrap around the address space"),
        ({"data": (8, False), "strides": (-8,)}, "the elements wrap around the address space"),
        ({"typestr": "|V0"}, "elements of 0 bytes cannot be viewed"),
        ({"typestr": "|S0"}, "elements of 0 bytes cannot be viewed"),
        (
            {"shape": (2**31, 2**31)},
            "shape (2147483648, 2147483648) with itemsize 8 exceeds the address space",
        ),
        (
            {"strides": (2**62,)},
            "shape (3,) with strides (4611686018427387904,) exceeds the address space",
        ),
    ],
)
def test_what_no_memory_can_be_is_refused_as_that_of_a_buffer(changes: dict, text: str) -> None:
    expected = f"expected const double[:], got test_array_interface.Told: {text}"
    refused(ValueError, expected, read, Told(**changes))


@pytest.mark.parametrize(("interface", "name"), [([], "list"), (None, "NoneType"), ("<f8", "str")])
def test_what_is_no_dict_is_refused(interface: object, name: str) -> None:
    exporter = Told()
    exporter.interface = interface
    text = (
        f"expected const double[:], got test_array_interface.Told: __array_interface__ is {name}, not a dict"
    )
    refused(TypeError, text, read, exporter)


@pytest.mark.parametrize("exception", [KeyError, RuntimeError, TypeError, KeyboardInterrupt])
def test_an_object_that_raises_speaks_for_itself(exception: type[BaseException]) -> None:
    class Raises:
        @property
        def __array_interface__(self) -> object:
            raise exception("no")

    with pytest.raises(exception, match="no"):
        read(Raises())


def test_an_object_that_raises_an_attribute_error_does_not_speak_it() -> None:
    class Raises:
        @property
        def __array_interface__(self) -> object:
            raise AttributeError

    text = f"expected const double[:], got {__name__}.{Raises.__qualname__}: {NO_BUFFER}"
    refused(TypeError, text, read, Raises())


def test_a_number_that_raises_speaks_for_itself() -> None:
    class Raises:
        def __index__(self) -> int:
            raise LookupError("no")

    refused(LookupError, "no", read, Told(shape=(Raises(),)))


def test_a_class_does_not_speak_for_itself() -> None:
    refused(TypeError, f"expected const double[:], got type: {NO_BUFFER}", read, Told)


def test_elements_of_another_kind_are_refused_by_the_view() -> None:
    text = (
        "expected const double[:], got const bool[:] with shape (3,), strides (1,) "
        "from test_array_interface.Told: bool is not double"
    )
    refused(TypeError, text, read, Told(typestr="|b1", data=bytes(3)))


@pytest.mark.parametrize(
    ("dtype", "found"),
    [
        ([("a", "i4"), ("b", "f4")], "record{int32 a, float b}"),
        (np.dtype([("a", "u1"), ("b", "f8")], align=True), "record{uint8 a, double b}"),
        ([("day", "M8[D]"), ("span", ">m8[s]")], "record{datetime64[D] day, big-endian timedelta64[s] span}"),
        ([("in", [("x", "f8"), ("y", "f8")]), ("n", "i2")], "record{record{double x, double y} in, int16 n}"),
        ([("m", "f4", (2, 3)), ("n", "u1", 2)], "record{(2, 3)float m, (2)uint8 n}"),
        ([(("a title", "a"), "f8")], "record{double a}"),
    ],
)
def test_records_are_described_field_by_field(dtype: object, found: str) -> None:
    records = np.zeros(3, dtype)
    with View(ArrayInterface(records)) as view:
        assert (view.dtype, view.itemsize) == (found, records.itemsize)


def test_records_in_records_end_somewhere() -> None:
    descr: object = [("a", "|u1")]
    for _ in range(63):
        descr = [("a", descr)]
    assert View(Told(typestr="|V1", descr=descr, data=bytes(3))).itemsize == 1
    text = (
        "cannot view test_array_interface.Told: __array_interface__['descr'] has records in records, "
        "more than 64 levels deep"
    )
    refused(ValueError, text, View, Told(typestr="|V1", descr=[("a", descr)], data=bytes(3)))


# Pillow.


def image(mode: str) -> object:
    """Returns an image of two rows of three pixels that count up."""
    made = pytest.importorskip("PIL.Image", reason="there is no pillow for this Python").new(mode, (3, 2))
    bands = len(made.getbands())
    for i in range(6):
        made.putpixel((i % 3, i // 3), i if bands == 1 else (i,) * bands)
    return made


@pytest.mark.parametrize(
    ("mode", "what"),
    [
        ("L", "uint8[2, 3]"),
        ("P", "uint8[2, 3]"),
        ("LA", "uint8[2, 3, 2]"),
        ("RGB", "uint8[2, 3, 3]"),
        ("RGBA", "uint8[2, 3, 4]"),
        ("I", "int32[2, 3]"),
        ("F", "float[2, 3]"),
        ("1", "bool[2, 3]"),
    ],
)
def test_an_image_is_viewed_with_rows_columns_and_bands(mode: str, what: str) -> None:
    assert shown(View(image(mode))) == f"View({what}, C, readonly, owner=bytes)"


@pytest.mark.skipif(sys.byteorder == "big", reason="the names are those of a little-endian machine")
@pytest.mark.parametrize(("mode", "what"), [("I;16", "uint16[2, 3]"), ("I;16B", "big-endian uint16[2, 3]")])
def test_an_image_of_16_bits_has_a_byte_order(mode: str, what: str) -> None:
    assert shown(View(image(mode))) == f"View({what}, C, readonly, owner=bytes)"


def test_an_image_is_read() -> None:
    assert elements("const uint8[:, :]", image("L")) == [0, 1, 2, 3, 4, 5]


def test_an_image_of_three_bands_is_not_of_two_axes() -> None:
    text = (
        "expected const uint8[:, :], got const uint8[:, :, :] with shape (2, 3, 3), strides (9, 3, 1) "
        "from PIL.Image.Image: ndim 3 is not 2"
    )
    refused(ValueError, text, elements, "const uint8[:, :]", image("RGB"))


def test_an_image_is_not_written() -> None:
    text = (
        "expected double[:], got const uint8[:, :] with shape (2, 3), strides (3, 1) from PIL.Image.Image: "
        "uint8 is not double"
    )
    refused(TypeError, text, fill, image("L"))


def test_bytes_of_an_image_outlive_it() -> None:
    made = image("L")
    before = sys.getrefcount(made)
    view = View(made)
    assert type(view.obj) is bytes
    assert sys.getrefcount(made) == before
    del made
    assert elements("const uint8[::1]", view.obj) == [0, 1, 2, 3, 4, 5]


def test_a_closed_image_speaks_for_itself() -> None:
    made = image("L")
    made.close()
    with pytest.raises(ValueError, match=r"^Operation on closed image$"):
        View(made)


@pytest.mark.parametrize(
    ("typestr", "found"),
    [
        ("<M8[ns]", "datetime64[ns]"),
        ("<m8[25s]", "timedelta64[25s]"),
        (">M8[D]", "big-endian datetime64[D]"),
        ("<m8", "timedelta64"),
    ],
)
def test_dates_and_spans_are_elements(typestr: str, found: str) -> None:
    assert View(ArrayInterface(np.zeros(3, typestr))).dtype == found


@pytest.mark.parametrize("typestr", ["<M4[ns]", "<M8[ns", "<M8[x]", "<M8[0s]", "|M8[s]", "<M8[s]x"])
def test_a_date_of_no_known_unit_is_refused(typestr: str) -> None:
    interface = np.zeros(3, "<M8[ns]").__array_interface__ | {"typestr": typestr, "descr": [("", typestr)]}
    with pytest.raises(ValueError, match="typestr"):
        View(type("Told", (), {"__array_interface__": interface})())


def test_a_list_of_fields_in_many_places_is_not_read_for_ever() -> None:
    fields: list = [("x", "<i2")]
    for _ in range(40):
        fields = [("a", fields, (0,)), ("b", fields, (0,))]

    entries = {"version": 3, "shape": (1,), "typestr": "|V8", "descr": fields, "data": bytearray(8)}
    shared = type("Shared", (), {"__array_interface__": entries})()
    text = "__array_interface__['descr'] has more than 100000 fields"
    refused(ValueError, f"cannot view {__name__}.Shared: {text}", View, shared)


def test_the_format_of_a_buffer_in_an_interface_is_not_that_of_its_elements() -> None:
    memory = bytearray(b"abc")
    text = (
        "expected const bytes1[...], got uint8[:] with shape (3,), strides (1,) from bytearray: "
        "uint8 is not bytes1"
    )
    for _ in range(2):
        with pytest.raises(TypeError) as refusal:
            probe.elements("Bytes<1>", memory)
        assert probe.elements("Bytes<1>", Told(data=memory, typestr="|S1"))
    assert str(refusal.value) == text
