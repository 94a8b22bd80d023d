"""The catalogue of elements: every kind of element that NumPy has, numbers and records, and what carries it.

It is separate from exporters.py, which is about shapes and strides: an element is added here once, with its
name in Rust, and every carrier then carries it.
"""

import ctypes
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import dlpack
import numpy as np
from exporters import ArrayInterface, _testbuffer, pa

FOREIGN = ">" if sys.byteorder == "little" else "<"
# The value that padding is filled with. Padding has to keep it.
GAP = 0xAB


@dataclass(frozen=True)
class Element:
    """An element type: its name in Rust and its dtype in NumPy."""

    rust: str
    dtype: np.dtype

    @property
    def name(self) -> str:
        return f"{self.rust} {self.dtype.str}" if self.dtype.names is None else self.rust

    @property
    def kinds(self) -> set[str]:
        """The NumPy kinds of all parts that are not records."""
        return set(kinds(self.dtype))

    @property
    def names_its_gaps(self) -> bool:
        """Whether its padding consists of named fields in Rust, which are written like any other field."""
        return self.rust in ("Sensor", "Gapped")

    @property
    def has_foreign_order(self) -> bool:
        return any(FOREIGN in part for part in str(self.dtype.descr).split("'"))


def kinds(dtype: np.dtype) -> Iterator[str]:
    if dtype.names is None:
        yield dtype.base.kind
        return
    for name in dtype.names:
        yield from kinds(dtype[name].base)


def aligned(*fields: tuple) -> np.dtype:
    return np.dtype(list(fields), align=True)


def packed(*fields: tuple) -> np.dtype:
    return np.dtype(list(fields))


def numbers() -> Iterator[Element]:
    for code, rust in [
        ("i1", "i8"),
        ("u1", "u8"),
        ("?", "Bool"),
        ("f2", "f16"),
        ("f4", "f32"),
        ("f8", "f64"),
    ]:
        yield Element(rust, np.dtype(code))
    for size in (2, 4, 8):
        for code in "iu":
            yield Element(f"{code}{8 * size}", np.dtype(f"{code}{size}"))
            yield Element(f"Big<{code}{8 * size}>", np.dtype(f">{code}{size}"))
        yield Element(f"Big<f{8 * size}>", np.dtype(f">f{size}"))
    for size in (8, 16):
        yield Element(f"Complex<f{4 * size}>", np.dtype(f"c{size}"))
        yield Element(f"Big<Complex<f{4 * size}>>", np.dtype(f">c{size}"))
    yield Element("Little<u16>", np.dtype("<u2"))
    yield Element("Little<f64>", np.dtype("<f8"))
    yield Element("Metres", np.dtype("f8"))


def others() -> Iterator[Element]:
    yield from (Element(f"Bytes<{length}>", np.dtype(f"S{length}")) for length in (1, 3))
    yield from (Element(f"Text<{length}>", np.dtype(f"U{length}")) for length in (1, 3))
    if FOREIGN == ">":
        yield Element("Big<Text<3>>", np.dtype(">U3"))
    yield Element("[u8; 4]", np.dtype("V4"))
    yield Element("[u8; 4]", np.dtype("S4"))
    yield Element("Datetime<time::Nanosecond>", np.dtype("M8[ns]"))
    yield Element("Datetime<time::Day>", np.dtype("M8[D]"))
    yield Element("Big<Datetime<time::Second>>", np.dtype(">M8[s]"))
    yield Element("Timedelta<time::Second>", np.dtype("m8[s]"))
    yield Element("Big<Timedelta<time::Millisecond>>", np.dtype(">m8[ms]"))


ALIGNED = aligned(("flag", "u1"), ("price", "f8"))
PACKED = packed(("flag", "u1"), ("price", "f8"))
TAIL = aligned(("price", "f8"), ("flag", "u1"))
DAY = aligned(("open", "f4"), ("close", "f4"))
QUOTE = aligned(("id", "i4"), ("day", DAY), ("class", "i2"))
NESTED = aligned(("id", "u1"), ("trade", ALIGNED), ("last", "i2"))
DEEP = aligned(("tag", "u1"), ("quote", QUOTE), ("nested", NESTED))
NUMBERS = packed(
    *zip("abcdefghij", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"], strict=True)
)
KINDS = [("truth", "?"), ("half", "f2"), ("turn", "c8"), ("name", "U3"), ("code", "S3"), ("raw", "V4")]
SUB_ARRAYS = [("flag", "u1"), ("point", "f8", 3), ("turn", "i2", (2, 2))]
GAPPED = {"names": ["flag", "price"], "formats": ["u1", "f8"], "offsets": [3, 16], "itemsize": 40}


def records() -> Iterator[Element]:
    yield Element("Aligned", ALIGNED)
    yield Element("Packed", PACKED)
    yield Element("Coded", PACKED)
    yield Element("Numbers", NUMBERS)
    yield Element("Tail", TAIL)
    yield Element("Quote", QUOTE)
    yield Element("Nested", NESTED)
    yield Element("NestedPacked", packed(("id", "u1"), ("trade", PACKED), ("last", "i2")))
    yield Element("Deep", DEEP)
    yield Element("SubArrays", aligned(*SUB_ARRAYS))
    yield Element("SubArraysPacked", packed(*SUB_ARRAYS))
    yield Element("Lines", aligned(("id", "i8"), ("points", [("x", "i2"), ("y", "i2")], 3)))
    yield Element("Foreign", packed(("a", ">i4"), ("b", "<f8"), ("c", ">i2"), ("d", "<u2"), ("e", ">c16")))
    yield Element("Kinds", packed(*KINDS))
    yield Element("KindsAligned", aligned(*KINDS))
    yield Element("Renamed", aligned(("class", "i2"), ("Größe", "i4"), ("two words", "u1")))
    yield Element("Sensor", aligned(("sensor", "u1"), ("value", "u2")))
    yield Element("Gapped", np.dtype(GAPPED))
    yield Element("Pair", aligned(("any", "i2"), ("names", "f4")))
    yield Element("Single", aligned(("one", "f8")))
    if FOREIGN == ">":
        fields = [("flag", "u1"), ("price", ">f8"), ("count", ">i2"), ("text", ">U3")]
        yield Element("ForeignAligned", aligned(*fields))


ELEMENTS = [*numbers(), *others(), *records()]
RECORDS = [element for element in ELEMENTS if element.dtype.names is not None]


# Values.


def fill(values: np.ndarray) -> None:
    """Fills an array with values of every kind, all of them different where there is room for it."""
    dtype, size = values.dtype, values.size
    if dtype.names is not None:
        for name in dtype.names:
            fill(values[name])
        return
    counted = np.arange(size).reshape(values.shape)
    match dtype.kind:
        case "b":
            values[...] = counted % 2 == 0
        case "c":
            values[...] = counted - 0.5j * counted
        case "f":
            values[...] = counted - 1.25
        case "i":
            values[...] = -3 * counted - 1
        case "u":
            values[...] = counted + 250
        case "S" | "V":
            texts = [b"", b"a", b"a\0b", b"abc"]
            values[...] = (
                np.array([texts[i % 4] for i in range(size)], "S4").astype(dtype).reshape(values.shape)
            )
        case "U":
            texts = ["añ", "", "日本語", "\N{GRINNING FACE}"]
            values[...] = np.array([texts[i % 4] for i in range(size)]).astype(dtype).reshape(values.shape)
        case "M" | "m":
            dates = np.array([None if i % 3 == 2 else 1000 - 7 * i for i in range(size)], "O")
            values[...] = dates.astype(dtype.newbyteorder("=")).reshape(values.shape)
        case kind:
            raise AssertionError(kind)


def filled(dtype: np.dtype, *shape: int) -> np.ndarray:
    """Returns an array of values whose padding is GAP."""
    size = int(np.prod(shape))
    values = np.full(size * dtype.itemsize, GAP, "u1").view(dtype).reshape(shape)
    fill(values)
    return values


def said(value: object) -> object:
    """Returns a scalar of NumPy, or an array in a field, in the form in which the probe returns it."""
    match value:
        case np.ndarray():
            return [said(item) for item in value]
        case np.void() if value.dtype.names is not None:
            return tuple(said(value[name]) for name in value.dtype.names)
        case np.void():
            return list(value.item())
        case np.datetime64() | np.timedelta64():
            return None if np.isnat(value) else int(value.astype("i8"))
    return value.item()


def elements_of(element: Element, values: np.ndarray) -> list[object]:
    """Returns the elements in index order, in the form in which the probe returns them."""
    if element.rust == "[u8; 4]":
        # As bytes, NumPy would drop trailing zeros, and as a sub-array it would add an axis.
        return np.frombuffer(values.tobytes(), "u1").reshape(-1, 4).tolist()
    return [said(values[index]) for index in np.ndindex(values.shape)]


def covered(dtype: np.dtype) -> np.ndarray:
    """Returns a mask over the bytes of an element, which is true for each byte that belongs to a field."""
    if dtype.names is None:
        size = dtype.itemsize // dtype.base.itemsize
        return np.ones(dtype.itemsize, "?") if size == 1 else np.tile(covered(dtype.base), size)
    mask = np.zeros(dtype.itemsize, "?")
    for name in dtype.names:
        field, offset = dtype.fields[name][:2]
        mask[offset : offset + field.itemsize] = covered(field)
    return mask


def gaps(values: np.ndarray) -> list[int]:
    """Returns the bytes of padding of all elements, which NumPy's own copies leave out."""
    interface = values.__array_interface__
    shape, strides = (*values.shape, values.itemsize), (*values.strides, 1)
    of_bytes = interface | {"typestr": "|u1", "descr": [("", "|u1")], "shape": shape, "strides": strides}
    memory = np.asarray(SimpleNamespace(__array_interface__=of_bytes, owner=values))
    return memory[..., ~covered(values.dtype)].ravel().tolist()


# Carriers.


@dataclass(frozen=True)
class Carried:
    """An exporter, and NumPy's view of the same memory."""

    exporter: object
    values: np.ndarray


@dataclass(frozen=True)
class Carrier:
    """One way to export elements of any type that it accepts."""

    name: str
    carry: Callable[[Element], Carried]
    takes: Callable[[Element], bool] = lambda element: True
    writable: bool = True


def has_format(element: Element) -> bool:
    """Whether NumPy exports a buffer of this element. It exports none for dates."""
    return not element.kinds & {"M", "m"}


def is_number(element: Element) -> bool:
    return element.dtype.kind in "iufc" and not element.has_foreign_order


def is_scalar(element: Element) -> bool:
    return element.dtype.names is None


def array(change: Callable[[np.ndarray], np.ndarray], *shape: int) -> Callable[[Element], Carried]:
    def carry(element: Element) -> Carried:
        values = change(filled(element.dtype, *(shape or (3,))))
        return Carried(values, values)

    return carry


def wrapped(wrap: Callable[[np.ndarray], object]) -> Callable[[Element], Carried]:
    def carry(element: Element) -> Carried:
        values = filled(element.dtype, 3)
        return Carried(wrap(values), values)

    return carry


def unaligned(values: np.ndarray) -> np.ndarray:
    memory = np.zeros(values.nbytes + 1, "u1")
    memory[1:] = values.view("u1").reshape(-1)
    return memory[1:].view(values.dtype)


def field_of_a_record(values: np.ndarray) -> np.ndarray:
    outer = np.zeros(values.size, [("before", "u1"), ("it", values.dtype)])
    outer["it"] = values
    return outer["it"]


def readonly(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values


def of_memoryview(change: Callable[[memoryview], memoryview]) -> Callable[[Element], Carried]:
    def carry(element: Element) -> Carried:
        values = filled(element.dtype, 3)
        view = change(memoryview(values))
        # NumPy takes the same slice of the array, because it cannot read some of these memoryviews.
        step = slice(None, None, view.strides[0] // element.dtype.itemsize)
        return Carried(view, values[step] if view.shape[0] != 1 else values[1:2])

    return carry


CARRIERS = [
    Carrier("numpy", array(lambda x: x)),
    Carrier("numpy, reversed", array(lambda x: x[::-1])),
    Carrier("numpy, strided", array(lambda x: x[1::2], 5)),
    Carrier("numpy, empty", array(lambda x: x[:0])),
    Carrier("numpy, 0-d", array(lambda x: x[:1].reshape(()))),
    Carrier("numpy, 2-d", array(lambda x: x, 2, 2)),
    Carrier("numpy, transposed", array(lambda x: x.T, 2, 3)),
    Carrier("numpy, broadcast", array(lambda x: np.broadcast_to(x[1:2], (3,))), writable=False),
    Carrier("numpy, readonly", array(readonly), writable=False),
    Carrier("numpy, unaligned", array(unaligned)),
    Carrier("numpy, a field", array(field_of_a_record)),
    Carrier("numpy, a subclass", array(lambda x: x.view(np.recarray))),
    Carrier("numpy, pickled out of band", wrapped(pickle.PickleBuffer), has_format),
    Carrier("memoryview", of_memoryview(lambda x: x), has_format),
    Carrier("memoryview, reversed", of_memoryview(lambda x: x[::-1]), has_format),
    Carrier("memoryview, a part", of_memoryview(lambda x: x[1:2]), has_format),
    Carrier("memoryview, readonly", of_memoryview(lambda x: x.toreadonly()), has_format, writable=False),
    Carrier("array interface", wrapped(ArrayInterface), is_scalar),
    Carrier("dlpack", wrapped(dlpack.Only), lambda element: is_number(element) or element.dtype.kind == "b"),
]


def scalar(element: Element) -> Carried:
    values = filled(element.dtype, 1)
    return Carried(values[0], values.reshape(()))


def is_aligned_record(element: Element) -> bool:
    """Whether the record is aligned. NumPy says of scalars of packed records, too, that they are aligned."""
    return element.dtype.isalignedstruct


CARRIERS.append(Carrier("numpy, a scalar", scalar, is_aligned_record, writable=False))

if _testbuffer is not None:
    again = wrapped(lambda x: _testbuffer.ndarray(x, getbuf=_testbuffer.PyBUF_FULL))
    CARRIERS.append(Carrier("_testbuffer, handed on", again, has_format))

if pa is not None:
    of_arrow = wrapped(lambda x: pa.array(x))
    is_real = lambda element: is_number(element) and element.dtype.kind != "c"  # noqa: E731
    CARRIERS.append(Carrier("arrow", of_arrow, is_real, writable=False))


def structure(dtype: np.dtype, base: type = ctypes.Structure) -> type:
    """Returns the same record as a ctypes type."""
    if dtype.subdtype is not None:
        item = structure(dtype.base, base)
        for extent in reversed(dtype.shape):
            item = item * extent
        return item
    if dtype.names is None:
        return {"S": ctypes.c_char * dtype.itemsize, "U": ctypes.c_wchar * (dtype.itemsize // 4)}.get(
            dtype.kind
        ) or np.ctypeslib.as_ctypes_type(dtype.newbyteorder("="))
    fields = [(name, structure(dtype[name], base)) for name in dtype.names]
    return type("Record", (base,), {"_fields_": fields})


def is_structure(element: Element) -> bool:
    """Whether C has this type."""
    is_c = element.kinds <= set("biuf") and "f2" not in str(element.dtype.descr) and element.rust != "Gapped"
    return is_c and (is_scalar(element) or element.dtype.isalignedstruct) and not element.has_foreign_order


def of_ctypes(element: Element) -> Carried:
    values = filled(element.dtype, 3)
    kind = structure(element.dtype)
    assert ctypes.sizeof(kind) == element.dtype.itemsize
    exporter = (kind * 3).from_buffer(values)
    return Carried(exporter, values)


CARRIERS.append(Carrier("ctypes", of_ctypes, is_structure))

COMBINATIONS = [(element, carrier) for element in ELEMENTS for carrier in CARRIERS if carrier.takes(element)]
