"""Random records of NumPy: each field is found where NumPy has it, or two readings are refused.

The corpus in the core's tests is separate: it has records that were generated once.
"""

import sys

import numpy as np
import pytest
import typedview_probe as probe
from hostile import Liar
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from typedview import View

# Objects are left out, because records in Rust have none: NumPy has no mark for one that is not aligned.
CODES = ["?", "i1", "u1", "<i2", ">u2", "<u4", ">i4", "<i8", ">u8", "f2", ">f2", "<f4", ">f8", "<f8"]
CODES += ["c8", ">c16", "S1", "S3", "U2", ">U1", "V3", "g"]
NAMES = st.text("abc ñ", min_size=1, max_size=3)
SHAPES = st.sampled_from([(), (), (), (1,), (2,), (2, 3)])


@st.composite
def dtypes(draw: st.DrawFn, depth: int = 2) -> np.dtype:
    """Draws a record: aligned, packed, with some of its fields, or with fields at any offset."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    types = st.sampled_from(CODES).map(np.dtype)
    kinds = [draw(types if depth == 0 else types | dtypes(depth - 1)) for _ in names]
    shapes = [draw(SHAPES) for kind in kinds]
    fields = [*zip(names, kinds, shapes, strict=True)]
    match draw(st.sampled_from(["aligned", "packed", "some fields", "anywhere"])):
        case "aligned":
            return np.dtype(fields, align=True)
        case "packed":
            return np.dtype(fields)
        case "some fields":
            dtype = np.dtype(fields, align=draw(st.booleans()))
            some = draw(st.sets(st.sampled_from(names), min_size=1))
            return dtype[[name for name in names if name in some]]
    offsets, end = [], 0
    for _, kind, shape in fields:
        end += draw(st.integers(0, 9))
        offsets.append(end)
        end += np.dtype((kind, shape)).itemsize
    formats = [np.dtype((kind, shape)) for _, kind, shape in fields]
    end += draw(st.integers(0, 9))
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": end})


def leaves(dtype: np.dtype, path: str = "", offset: int = 0) -> list[tuple[str, int, np.dtype]]:
    """Returns path, offset and type of each part that is no record: of a sub-array the first two items."""
    if dtype.subdtype is not None:
        item, shape = dtype.base, dtype.shape
        while item.subdtype is not None:
            item, shape = item.base, shape + item.shape
        found = leaves(item, path, offset)
        return found + (leaves(item, f"{path}'", offset + item.itemsize) if np.prod(shape) > 1 else [])
    if dtype.names is None:
        return [(path, offset, dtype)]
    dot = "." if path else ""
    fields = [(name, *dtype.fields[name][:2]) for name in dtype.names]
    return [leaf for name, kind, at in fields for leaf in leaves(kind, f"{path}{dot}{name}", offset + at)]


WORDS = {
    "b": "bool",
    "i": "int{bits}",
    "u": "uint{bits}",
    "S": "bytes{size}",
    "U": "text{size}",
    "V": "void{size}",
}
FLOATS = {2: "half", 4: "float", 8: "double", np.dtype("g").itemsize: "long double"}


def text(dtype: np.dtype) -> str:
    """Returns the name of the element in messages."""
    order = "" if dtype.isnative else "big-endian " if dtype.byteorder == ">" else "little-endian "
    match dtype.kind:
        case "f":
            return order + FLOATS[dtype.itemsize]
        case "c":
            return f"{order}{FLOATS[dtype.itemsize // 2]} complex"
    return order + WORDS[dtype.kind].format(bits=8 * dtype.itemsize, size=dtype.itemsize)


TWO_READINGS = "has two readings: "
TAIL = np.dtype([("a", "f8"), ("b", "u1")], align=True)


@settings(max_examples=250, deadline=None)
@given(dtypes(), st.sampled_from([0, 1, 2, 5]))
@example(np.dtype([("a", TAIL), ("b", "u1")], align=True), 2)
@example(np.dtype([("a", TAIL, 2)]), 1)
@example(np.dtype([("a", TAIL), ("b", "f8")], align=True), 1)
def test_fields_are_where_numpy_has_them(dtype: np.dtype, length: int) -> None:
    values = np.zeros(length, dtype)
    try:
        view = View(values)
    except ValueError as refusal:
        assert TWO_READINGS in str(refusal)
        with pytest.raises(ValueError, match=TWO_READINGS):
            probe.offsets(values)
        return
    with view:
        assert (view.itemsize, view.shape) == (dtype.itemsize, (length,))
        assert view.dtype.startswith("record{")
    wanted = [(name, offset, text(kind)) for name, offset, kind in leaves(dtype)]
    for exporter in (values, memoryview(values)):
        # NumPy writes an object under the mark of the field before it. The mark means nothing there.
        found = [
            (*place, "object" if said.endswith(" object") else said)
            for *place, said in probe.offsets(exporter)
        ]
        assert found == wanted


@settings(max_examples=100, deadline=None)
@given(dtypes())
def test_a_field_of_a_record_is_where_its_record_has_it(dtype: np.dtype) -> None:
    values = np.zeros(3, dtype)
    for name in dtype.names:
        field = values[name]
        if field.dtype.names is None:
            with View(field) as view:
                assert view.dtype == text(field.dtype)
                assert (view.shape, view.strides) == (field.shape, field.strides)


@settings(max_examples=100, deadline=None)
@given(dtypes(depth=0))
def test_records_without_records_have_one_reading(dtype: np.dtype) -> None:
    # The next test is about fields of foreign byte order.
    assume(all(dtype[name].base.isnative for name in dtype.names))
    with View(np.zeros(2, dtype)) as view:
        assert view.itemsize == dtype.itemsize


@pytest.mark.skipif(
    sys.byteorder == "big", reason="the record has foreign byte order on little-endian machines"
)
def test_padding_beside_one_foreign_field_is_where_the_dtype_has_it() -> None:
    # Each code has a mark, as in the formats of ctypes, which leaves padding out. The text alone thus has two
    # readings.
    dtype = np.dtype({"names": ["price"], "formats": [">f8"], "offsets": [1], "itemsize": 16})
    for exporter in (np.zeros(2, dtype), memoryview(np.zeros(2, dtype))):
        assert probe.offsets(exporter)[0][:2] == ("price", 1)


@settings(max_examples=150, deadline=None)
@given(dtypes())
@example(np.dtype([("flag", "u1"), ("price", "<f8"), ("rest", "V7")])[["flag", "price"]])
@example(np.dtype([("a", "u1"), ("b", "<i2"), ("c", "u1")])[["a", "b"]])
@example(np.dtype([("flag", "u1"), ("price", "<f8")]))
def test_fields_of_a_scalar_are_where_numpy_has_them(dtype: np.dtype) -> None:
    # NumPy's format of a scalar says that C aligns the record, which may be false.
    wanted = [(name, offset) for name, offset, _ in leaves(dtype)]
    for scalar in (np.zeros(1, dtype)[0], np.zeros(1, dtype).view(np.recarray)[0], np.zeros((), dtype)):
        try:
            found = probe.offsets(scalar)
        except ValueError:
            # Fields that are out of order or share bytes are refused.
            continue
        assert [(name, offset) for name, offset, _ in found] == wanted


def test_a_scalar_is_read_as_its_dtype_has_it_whatever_was_read_before() -> None:
    aligned = np.array([(1, 2.5)], np.dtype([("flag", "u1"), ("price", "<f8")], align=True))
    facts = {"address": aligned.ctypes.data, "len": 16, "itemsize": 16, "shape": [1], "strides": [16]}
    dtype = np.dtype([("flag", "u1"), ("price", "<f8"), ("rest", "V7")])
    packed = np.array([(1, 2.5, b"abcdefg")], dtype)[["flag", "price"]][0]
    same_text = Liar(**facts, format=memoryview(packed).format.encode())
    for _ in range(2):
        assert probe.read_aligned(same_text.exporter) == [(1, 2.5)]
        with pytest.raises(TypeError, match="expected offset 8 but got offset 1 in field price"):
            probe.elements("Aligned", packed)


def test_the_dtype_knows_more_than_the_element_that_is_asked_for() -> None:
    item = np.dtype({"names": ["price", "flag"], "formats": ["f8", "u1"], "offsets": [0, 8], "itemsize": 12})
    dtype = np.dtype(
        {"names": ["pair", "flag"], "formats": [(item, 2), "u1"], "offsets": [0, 32], "itemsize": 40}
    )
    for values in (np.zeros(1, dtype), memoryview(np.zeros(1, dtype)), np.zeros(1, dtype).view(np.recarray)):
        with pytest.raises(TypeError, match="Tails"):
            probe.elements("Tails", values)
        assert ("pair'.price", 12) in [place[:2] for place in probe.offsets(values)]
