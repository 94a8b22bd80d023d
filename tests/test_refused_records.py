"""Records that differ from the requested one: which field differs and how, by the whole text.

It is separate from test_records.py because each of these arrays is refused, and no field is read.
"""

import ctypes
import itertools

import dlpack
import numpy as np
import pytest
import typedview_probe as probe
from elements import ALIGNED, NESTED, PACKED, QUOTE, TAIL, aligned, filled, packed, structure
from exporters import _testbuffer, pa, shown, type_name
from hostile import NAME, Liar
from refused import refused
from typedview import View


def at(offsets: dict[str, int], formats: list[object], itemsize: int) -> np.dtype:
    """Returns a record with its fields at any offsets."""
    return np.dtype(
        {"names": [*offsets], "formats": formats, "offsets": [*offsets.values()], "itemsize": itemsize}
    )


FLAG, PRICE = ("flag", "u1"), ("price", "f8")

# By case: the element that is asked for, the dtype of the array, how the dtype is shown, and the difference.
OTHERS: dict[str, tuple[str, np.dtype, str, str]] = {
    "fewer fields": (
        "Aligned",
        aligned(FLAG),
        "record{uint8 flag}",
        "expected double price but got no more fields at offset 8",
    ),
    "fewer fields in as many bytes": (
        "Aligned",
        at({"flag": 0}, ["u1"], 16),
        "record{uint8 flag}",
        "expected double price but got no more fields at offset 8",
    ),
    "more fields": (
        "Aligned",
        aligned(FLAG, PRICE, ("more", "i4")),
        "record{uint8 flag, double price, int32 more}",
        "expected no more fields but got int32 more at offset 16",
    ),
    "more fields in between": (
        "Aligned",
        aligned(FLAG, ("more", "i4"), PRICE),
        "record{uint8 flag, int32 more, double price}",
        "expected field price but got field more at offset 4",
    ),
    "fields in another order": (
        "Aligned",
        aligned(PRICE, FLAG),
        "record{double price, uint8 flag}",
        "expected field flag but got field price",
    ),
    "another offset": (
        "Aligned",
        at({"flag": 1, "price": 8}, ["u1", "f8"], 16),
        "record{uint8 flag, double price}",
        "expected offset 0 but got offset 1 in field flag",
    ),
    "another itemsize": (
        "Aligned",
        at({"flag": 0, "price": 8}, ["u1", "f8"], 24),
        "record{uint8 flag, double price}",
        "expected itemsize 16 but got itemsize 24",
    ),
    "another name": (
        "Renamed",
        aligned(("kind", "i2"), ("Größe", "i4"), ("two words", "u1")),
        "record{int16 kind, int32 Größe, uint8 two words}",
        "expected field class but got field kind",
    ),
    "another type": (
        "Aligned",
        aligned(FLAG, ("price", "i8")),
        "record{uint8 flag, int64 price}",
        "expected double but got int64 in field price at offset 8",
    ),
    "an object": (
        "Aligned",
        aligned(FLAG, ("price", "O")),
        "record{uint8 flag, object price}",
        "expected double but got object in field price at offset 8",
    ),
    "foreign byte order": (
        "Aligned",
        aligned(FLAG, ("price", np.dtype("f8").newbyteorder("S"))),
        "record{uint8 flag, SWAPPED double price}",
        "expected double but got SWAPPED double in field price at offset 8",
    ),
    "another type in a record inside": (
        "Nested",
        aligned(("id", "u1"), ("trade", aligned(FLAG, ("price", "i8"))), ("last", "i2")),
        "record{uint8 id, record{uint8 flag, int64 price} trade, int16 last}",
        "expected double but got int64 in field trade.price at offset 16",
    ),
    "another name in a record inside": (
        "Nested",
        aligned(("id", "u1"), ("trade", aligned(FLAG, ("cost", "f8"))), ("last", "i2")),
        "record{uint8 id, record{uint8 flag, double cost} trade, int16 last}",
        "expected field price but got field cost in field trade at offset 16",
    ),
    "another type at the third level": (
        "Deep",
        at(
            {"tag": 0, "quote": 4, "nested": 24},
            ["u1", QUOTE, aligned(("id", "u1"), ("trade", aligned(FLAG, ("price", "i8"))), ("last", "i2"))],
            56,
        ),
        "record{uint8 tag, record{int32 id, record{float open, float close} day, int16 class} quote, "
        "record{uint8 id, record{uint8 flag, int64 price} trade, int16 last} nested}",
        "expected double but got int64 in field nested.trade.price at offset 40",
    ),
    "no record inside": (
        "Nested",
        at({"id": 0, "trade": 8, "last": 24}, ["u1", "c16", "i2"], 32),
        "record{uint8 id, double complex trade, int16 last}",
        "expected record{uint8 flag, double price} but got double complex in field trade at offset 8",
    ),
    "a sub-array of another length": (
        "SubArrays",
        aligned(FLAG, ("point", "f8", 4), ("turn", "i2", (2, 2))),
        "record{uint8 flag, (4)double point, (2, 2)int16 turn}",
        "expected (3)double but got (4)double in field point at offset 8",
    ),
    "a sub-array of another shape": (
        "SubArrays",
        aligned(FLAG, ("point", "f8", 3), ("turn", "i2", 4)),
        "record{uint8 flag, (3)double point, (4)int16 turn}",
        "expected (2, 2)int16 but got (4)int16 in field turn at offset 32",
    ),
    "dates as bytes": (
        "Days",
        aligned(("id", "i8"), ("day", "V8")),
        "record{int64 id, void8 day}",
        "expected datetime64[D] but got void8 in field day at offset 8",
    ),
    "a number": ("Aligned", np.dtype("f8"), "double", "double is not Aligned"),
    "bytes of the same size": ("Aligned", np.dtype("V16"), "void16", "void16 is not Aligned"),
    "a number that would be its only field": ("Single", np.dtype("f8"), "double", "double is not Single"),
    "its only field": (
        "f64",
        aligned(("one", "f8")),
        "record{double one}",
        "record{double one} is not double",
    ),
    "a long double": ("f64", np.dtype("g"), "long double", "long double is not double"),
    "a complex long double": (
        "Complex<f64>",
        np.dtype("G"),
        "long double complex",
        "long double complex is not double complex",
    ),
    "an object alone": ("u64", np.dtype("O"), "object", "object is not uint64"),
}

SWAPPED = "big-endian" if np.dtype("<f8").isnative else "little-endian"
SPECS = {"f64": "double", "u64": "uint64", "Complex<f64>": "double complex"}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("wrap", [lambda x: x, memoryview], ids=["numpy", "memoryview"])
def test_another_record_is_refused_by_what_differs(other: str, wrap: type) -> None:
    element, dtype, found, reason = OTHERS[other]
    exporter = wrap(np.zeros(2, dtype))
    spec = SPECS.get(element, element)
    text = (
        f"expected const {spec}[...], got {found}[:] with shape (2,), strides ({dtype.itemsize},) "
        f"from {type_name(exporter)}: {reason}"
    ).replace("SWAPPED", SWAPPED)
    # The second call shows that no wrong answer has been remembered.
    for _ in range(2):
        refused(TypeError, text, probe.elements, element, exporter)


def test_many_fields_are_shown_in_part() -> None:
    text = (
        "expected const Aligned[...], got record{int8 a, int8 b, int8 c, int8 d, int8 e, int8 f, int8 g, "
        "int8 h, ...}[:] with shape (1,), strides (16,) from numpy.ndarray: "
        "expected field flag but got field a"
    )
    values = np.zeros(1, [(name, "i1") for name in "abcdefghijklmnop"])
    refused(TypeError, text, probe.elements, "Aligned", values)


def test_names_are_shown_on_one_line() -> None:
    values = np.zeros(1, [("a\n\x1b[31mb", "i4")])
    with View(values) as view:
        assert (view.dtype + shown(view)).isprintable()
    with pytest.raises(TypeError) as caught:
        probe.elements("Aligned", values)
    assert str(caught.value).isprintable()


def test_a_writer_is_told_of_the_field_before_the_access() -> None:
    values = np.zeros(1, aligned(FLAG, ("cost", "f8")))
    values.flags.writeable = False
    text = (
        "expected Aligned[:], got const record{uint8 flag, double cost}[:] with shape (1,), strides (16,) "
        "from numpy.ndarray: expected field price but got field cost at offset 8"
    )
    refused(TypeError, text, probe.set_aligned, values, 0, 1, 2.5)


# Formats that do not say where the fields are.


TWO_READINGS = [
    (
        aligned(("r", TAIL), ("c", "u1")),
        "format 'T{T{d:price:B:flag:}:r:xxxxxxxB:c:}' with itemsize 24 has two readings: "
        "offset 23 or offset 16 in field c",
    ),
    (
        aligned(("pair", TAIL, 2), ("flag", "u1")),
        "format 'T{(2)T{d:price:B:flag:}:pair:xxxxxxxxxxxxxxB:flag:}' has two readings: "
        "the records at column 3 are 9 or 16 bytes apart",
    ),
]


def of_nobody(values: np.ndarray) -> Liar:
    """Returns an exporter of the same memory and format, of whose type nothing else is known."""
    view = memoryview(values)
    facts = {"address": values.ctypes.data, "len": view.nbytes, "itemsize": view.itemsize}
    return Liar(**facts, format=view.format.encode(), shape=view.shape, strides=view.strides)


@pytest.mark.parametrize(("dtype", "text"), TWO_READINGS)
def test_two_readings_are_refused_where_nobody_knows(dtype: np.dtype, text: str) -> None:
    values = np.zeros(2, dtype)
    liar = of_nobody(values)
    liar.refuses(ValueError, f"cannot view {NAME}: {text}", View)
    liar.refuses(ValueError, f"cannot view {NAME}: {text}", probe.dispatched_record)
    text = f"expected const Nested[...], got {NAME}: {text}"
    liar.refuses(ValueError, text, lambda exporter: probe.elements("Nested", exporter))


@pytest.mark.parametrize(("dtype", "text"), TWO_READINGS)
def test_a_dtype_knows_which_of_two_readings_is_meant(dtype: np.dtype, text: str) -> None:
    values = np.frombuffer(np.arange(2 * dtype.itemsize, dtype="u1"), dtype)
    last = dtype.names[-1]
    for exporter in (values, memoryview(values), memoryview(memoryview(values))[::1]):
        with View(exporter) as view:
            assert view.itemsize == dtype.itemsize
        assert probe.offsets(exporter)[-1] == (last, dtype.fields[last][1], "uint8")


def test_the_element_knows_which_of_two_readings_is_meant() -> None:
    dtype, _ = TWO_READINGS[1]
    expected = [([(1.5, 1), (2.5, 2)], 3), ([(4.5, 4), (5.5, 5)], 6)]
    values = np.array(expected, dtype)
    for exporter in (values, memoryview(values), of_nobody(values).exporter):
        for _ in range(2):
            assert probe.elements("Tails", exporter) == expected


def test_elements_without_bytes_are_refused() -> None:
    text = "expected const Aligned[...], got numpy.ndarray: elements of 0 bytes cannot be viewed"
    for dtype in ([], "V0", [("a", "V0")]):
        refused(ValueError, text, probe.elements, "Aligned", np.zeros(2, dtype))


def test_a_scalar_of_a_packed_record_is_one() -> None:
    # NumPy's format says that C aligns the record (see test_record_formats.py).
    assert memoryview(np.zeros(2, PACKED)[0]).format == "T{B:flag:d:price:}"
    assert probe.elements("Packed", np.array([(1, 2.5)], PACKED)[0]) == [(1, 2.5)]


# Exporters that cannot describe a record.


def test_fields_out_of_order_are_refused_by_numpy() -> None:
    # NumPy's array interface gives them as bytes without a meaning, which might be references.
    values = np.zeros(2, at({"price": 8, "flag": 0}, ["f8", "u1"], 16))
    with pytest.raises(ValueError) as caught:
        memoryview(values)
    text = str(caught.value)
    del caught
    for element in ("Aligned", "[u8; 16]"):
        refused(ValueError, text, probe.elements, element, values)


def test_objects_out_of_order_are_no_bytes() -> None:
    values = np.zeros(2, at({"object": 8, "flag": 0}, ["O", "u1"], 16))
    with pytest.raises((TypeError, ValueError)):
        probe.write("[u8; 16]", "set", values, values.copy())


def test_dlpack_has_no_records() -> None:
    # The text is NumPy's own, which changes between versions.
    with pytest.raises(BufferError, match="DLPack only supports") as caught:
        np.zeros(2, ALIGNED).__dlpack__()
    refused(BufferError, str(caught.value), probe.elements, "Aligned", dlpack.Only(np.zeros(2, ALIGNED)))


@pytest.mark.skipif(pa is None, reason="there is no pyarrow for this Python")
def test_arrow_has_no_records_and_no_text() -> None:
    structs = pa.array([{"flag": 1, "price": 2.5}])
    for exporter, element, spec, code in [
        (structs, "Aligned", "Aligned", "+s"),
        (pa.array([b"abc"], pa.binary(3)), "Bytes<3>", "bytes3", "w:3"),
    ]:
        text = (
            f"expected const {spec}[...], got {type_name(exporter)}: "
            f"Arrow format '{code}' is not an element; pass an array of numbers, timestamps or bool8"
        )
        refused(TypeError, text, probe.elements, element, exporter)


# ctypes.


class Number(ctypes.Union):
    _fields_ = [("integer", ctypes.c_int64), ("double", ctypes.c_double)]


class Bits(ctypes.Structure):
    _fields_ = [("low", ctypes.c_int, 3), ("high", ctypes.c_int, 5)]


class Big(ctypes.BigEndianStructure):
    _fields_ = [("flag", ctypes.c_uint8), ("price", ctypes.c_double)]


class Tight(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("flag", ctypes.c_uint8), ("price", ctypes.c_double)]


def test_a_union_is_no_number() -> None:
    exporter = (Number * 2)()
    for element, spec in [("f64", "double"), ("i64", "int64"), ("Single", "Single")]:
        text = (
            f"expected const {spec}[...], got void8[:] with shape (2,), strides (8,) "
            f"from {type_name(exporter)}: void8 is not {spec}"
        )
        refused(TypeError, text, probe.elements, element, exporter)


def test_bit_fields_are_no_fields() -> None:
    exporter = (Bits * 2)()
    text = f"cannot view {type_name(exporter)}: field low has bits, not bytes"
    refused(ValueError, text, View, exporter)


def test_a_packed_structure_is_one_where_it_says_nothing_of_its_fields() -> None:
    exporter = (Tight * 2)((1, 2.5), (3, 4.5))
    assert probe.elements("Packed", exporter) == [(1, 2.5), (3, 4.5)]


def test_a_structure_of_foreign_byte_order_is_read_as_such() -> None:
    exporter = (Big * 2)((1, 0.5), (2, -1.5))
    order = SWAPPED if np.dtype("<f8").isnative else ""
    text = (
        f"expected const Aligned[...], got record{{uint8 flag, {order} double price}}[:] with shape (2,), "
        f"strides (16,) from {type_name(exporter)}: "
        f"expected double but got {order} double in field price at offset 8"
    )
    refused(TypeError, text, probe.elements, "Aligned", exporter)
    with View(exporter) as view:
        assert (view.dtype, view.itemsize) == ("record{uint8 flag, big-endian double price}", 16)


def test_structures_nest() -> None:
    exporter = (structure(NESTED) * 2)((1, (2, 2.5), 3), (4, (5, 5.5), 6))
    assert probe.elements("Nested", exporter) == [(1, (2, 2.5), 3), (4, (5, 5.5), 6)]
    assert probe.elements("Aligned", structure(ALIGNED)(7, 7.5)) == [(7, 7.5)]
    table = (structure(ALIGNED) * 2 * 3)()
    probe.write("Aligned", "set", table, filled(ALIGNED, 3, 2))
    assert [record.price for row in table for record in row] == filled(ALIGNED, 6)["price"].tolist()


@pytest.mark.skipif(_testbuffer is None, reason="this Python was installed without _testbuffer")
def test_items_without_names_are_a_record() -> None:
    items = [(1, 2.5), (3, 4.5)]
    packed_items = _testbuffer.ndarray(items, shape=[2], format="=Bd", flags=_testbuffer.ND_WRITABLE)
    assert probe.elements("Packed", packed_items) == items
    probe.write("Packed", "copy", packed_items, np.array(items[::-1], PACKED))
    assert packed_items.tolist() == items[::-1]
    assert probe.elements("Aligned", _testbuffer.ndarray(items, shape=[2], format="Bd")) == items


# Memory that is not aligned.


@pytest.mark.parametrize(("element", "dtype", "align"), [("Aligned", ALIGNED, 8), ("f64", np.dtype("f8"), 8)])
def test_unaligned_memory_has_values_and_no_slices(element: str, dtype: np.dtype, align: int) -> None:
    memory = np.zeros(2 * dtype.itemsize + 1, "u1")
    values = memory[1:].view(dtype)
    address = values.__array_interface__["data"][0]
    probe.write(element, "locked", values, filled(dtype, 2))
    assert values.tolist() == filled(dtype, 2).tolist()
    text = f"address {address:#x} is not a multiple of {align}: read by value or copy"
    refused(ValueError, text, probe.elements_of_slice, element, values)
    assert probe.elements_of_locked(element, values) == values.tolist()


def test_packed_records_are_aligned_anywhere() -> None:
    values = np.zeros(19, "u1")[1:].view(PACKED)
    values[:] = filled(PACKED, 2)
    assert probe.elements_of_slice("Packed", values) == values.tolist()
    probe.lend_mut_slice("Packed", values)


def test_padding_is_kept_from_slices_that_write() -> None:
    text = "Aligned has padding, which is kept from bytes and `&mut` slices: use values, or view its fields"
    refused(ValueError, text, probe.lend_mut_slice, "Aligned", np.zeros(2, ALIGNED))
    probe.lend_mut_slice("Sensor", np.zeros(2, aligned(("sensor", "u1"), ("value", "u2"))))


# Many records through one function.


def test_a_hundred_records_are_each_read_as_they_are() -> None:
    names = list(itertools.product("abcdefghij", repeat=2))
    arrays = [np.array([(i, i / 4)], aligned((a, "i2"), (b * 2, "f4"))) for i, (a, b) in enumerate(names)]
    for _ in range(2):
        for i, values in enumerate(arrays):
            assert (
                probe.elements("Pair", values) == probe.elements("Pair", memoryview(values)) == [(i, i / 4)]
            )


def test_records_and_numbers_are_dispatched_on_together() -> None:
    cases = [
        (np.zeros(2, ALIGNED), "const Aligned[::1]"),
        (np.zeros(4, PACKED)[::2], "const Packed[:]"),
        (np.zeros(2, QUOTE), "const quote[::1]"),
        (np.zeros(2), "const double[::1]"),
        (np.zeros(4, "u1")[::-1], "const uint8[:]"),
        (np.zeros(2, ALIGNED)["price"], "const double[:]"),
    ]
    for values, spec in cases:
        for exporter in (values, memoryview(values)):
            for _ in range(2):
                assert probe.dispatched_record(exporter) == spec
    values = np.zeros(2, NESTED)
    found = "record{uint8 id, record{uint8 flag, double price} trade, int16 last}"
    text = (
        f"expected const Aligned | double | Packed | quote | uint8[:], got {found}[:] with shape (2,), "
        f"strides (32,) from numpy.ndarray: {found} is neither Aligned, double, Packed, quote nor uint8"
    )
    refused(TypeError, text, probe.dispatched_record, values)


def test_what_was_dispatched_on_is_written() -> None:
    for values in (filled(ALIGNED, 3), filled(np.dtype("f8"), 3)):
        probe.clear_record(values[1:])
        assert values[1:].tolist() == np.zeros(2, values.dtype).tolist()
        assert values[0] == filled(values.dtype, 3)[0]


# Records with dates, made in Rust.


def test_records_with_dates_are_handed_over_without_a_buffer() -> None:
    made = probe.made_days(2)
    shown = "View(record{int64 id, datetime64[D] day}[2], C)"
    refused(BufferError, f"{shown}: PEP 3118 has no format for them", memoryview, made)
    values = np.asarray(made)
    assert values.dtype == np.dtype([("id", "i8"), ("day", "M8[D]")])
    assert values.__array_interface__["data"] == made.__array_interface__["data"]
    assert probe.elements("Days", made) == probe.elements("Days", values)


def test_records_of_other_packing_do_not_meet() -> None:
    text = (
        "expected const NestedPacked[...], got record{uint8 id, record{uint8 flag, double price} trade, "
        "int16 last}[:] with shape (2,), strides (STRIDE,) from numpy.ndarray: expected offset REASON"
    )
    half = packed(("id", "u1"), ("trade", ALIGNED), ("last", "i2"))
    for dtype, reason in [(NESTED, "1 but got offset 8 in field trade"), (half, "2 but got offset 9")]:
        whole = text.replace("STRIDE", str(dtype.itemsize)).replace("REASON", reason)
        if dtype is half:
            whole += " in field trade.price"
        refused(TypeError, whole, probe.elements, "NestedPacked", np.zeros(2, dtype))
