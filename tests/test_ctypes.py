"""ctypes: facts that its formats leave out, and that the library reads from its types instead.

Unions and, on Python 3.11, packed structures have the bare format `B`. Bit fields look like whole numbers.
The fields of a base class are missing.
"""

import ctypes
import pickle
import sys

import pytest
import typedview_probe as probe
from exporters import type_name
from refused import refused
from typedview import View


class Number(ctypes.Union):
    _fields_ = (("whole", ctypes.c_int32), ("part", ctypes.c_float))


class Large(ctypes.Union):
    _fields_ = (("whole", ctypes.c_int64), ("parts", ctypes.c_uint8 * 12))


class Tight(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("flag", ctypes.c_uint8), ("price", ctypes.c_double))


class Base(ctypes.Structure):
    _fields_ = (("id", ctypes.c_int64),)


class Derived(Base):
    _fields_ = (("count", ctypes.c_int16),)


class Chosen(ctypes.Structure):
    _fields_ = (("a", ctypes.c_int64), ("u", Number), ("b", ctypes.c_uint8))


class Single(ctypes.Structure):
    _fields_ = (("u", Number),)


class Several(ctypes.Structure):
    _fields_ = (("u", Number * 2), ("m", ctypes.c_double * 3 * 2), ("c", ctypes.c_uint8))


class Around(ctypes.Structure):
    _fields_ = (("tight", Tight), ("last", ctypes.c_uint8))


class Pointers(ctypes.Structure):
    _fields_ = (
        ("p", ctypes.POINTER(ctypes.c_int)),
        ("z", ctypes.c_char_p),
        ("f", ctypes.CFUNCTYPE(None)),
        ("w", ctypes.c_wchar),
        ("g", ctypes.c_longdouble),
        ("l", ctypes.c_long),
    )


class Foreign(ctypes.BigEndianStructure):
    _fields_ = (("a", ctypes.c_int), ("q", ctypes.c_long), ("b", ctypes.c_uint8), ("h", ctypes.c_int16))


STRUCTURES = [Chosen, Single, Several, Around, Pointers, Foreign, Derived, Tight]


def leaves(kind: type, path: str = "", offset: int = 0) -> list[tuple[str, int]]:
    """Returns the path and offset of each field that is not a record, as ctypes places it."""
    if not issubclass(kind, (ctypes.Structure, ctypes.BigEndianStructure)):
        return [(path, offset)] + ([(f"{path}'", offset + second(kind))] if second(kind) else [])
    dot = "." if path else ""
    places = []
    for base in reversed(kind.__mro__):
        for name, field in base.__dict__.get("_fields_", ()):
            places += leaves(field, f"{path}{dot}{name}", offset + getattr(kind, name).offset)
    return places


def second(kind: type) -> int:
    """Returns the number of bytes to the second item of an array, or 0 for other types."""
    if not hasattr(kind, "_length_"):
        return 0
    while hasattr(kind._type_, "_length_"):
        kind = kind._type_
    return ctypes.sizeof(kind._type_)


@pytest.mark.parametrize("kind", STRUCTURES)
def test_fields_are_where_ctypes_has_them(kind: type) -> None:
    for exporter in (kind(), (kind * 3)(), (kind * 3 * 2)(), memoryview((kind * 3)())[::2]):
        assert [(name, offset) for name, offset, _ in probe.offsets(exporter)] == leaves(kind)
        with View(exporter) as view:
            assert view.itemsize == ctypes.sizeof(kind)


def test_a_union_is_so_many_bytes() -> None:
    text = "record{int64 a, void4 u, uint8 b}"
    assert [said for *_, said in probe.offsets(Chosen())] == ["int64", "void4", "uint8"]
    with View((Chosen * 2)()) as view:
        assert view.dtype == text
    with View(Large()) as view:
        assert (view.dtype, view.itemsize) == ("void16", 16)
    assert probe.elements("[u8; 4]", (Number * 2)(Number(1), Number(-1))) == [[1, 0, 0, 0], [255] * 4]


def test_packed_structures_are_read() -> None:
    assert probe.elements("Packed", (Tight * 2)((1, 1.5), (2, 2.5))) == [(1, 1.5), (2, 2.5)]
    assert probe.offsets(Around()) == [
        ("tight.flag", 0, "uint8"),
        ("tight.price", 1, "double"),
        ("last", 9, "uint8"),
    ]


def test_one_text_of_two_types_is_two_records() -> None:
    class Other(ctypes.Structure):
        _fields_ = (("id", ctypes.c_int64),)

    class Bits(ctypes.Structure):
        _fields_ = (("id", ctypes.c_int64, 3),)

    assert memoryview(Other()).format == memoryview(Bits()).format
    for _ in range(2):
        assert probe.offsets(Other()) == [("id", 0, "int64")]
        text = f"cannot view {type_name(Bits())}: field id has bits, not bytes"
        refused(ValueError, text, probe.offsets, Bits())
        refused(ValueError, text, View, Bits())


def test_a_type_behind_other_views_is_found() -> None:
    exporter = (Chosen * 2)()
    for view in (memoryview(exporter), memoryview(memoryview(exporter)), pickle.PickleBuffer(exporter)):
        assert probe.offsets(view) == [("a", 0, "int64"), ("u", 8, "void4"), ("b", 12, "uint8")]


def test_a_cast_is_what_it_says() -> None:
    assert probe.offsets(memoryview(bytearray(4)).cast("i")) == [("", 0, "int32")]
    assert probe.read("const double[:]", memoryview((ctypes.c_double * 3)(1.0, 2.0, 3.0)))[3] == [
        1.0,
        2.0,
        3.0,
    ]


def test_types_that_lie_about_themselves_are_refused_or_inside_their_memory() -> None:
    class Liar(ctypes.Structure):
        _fields_ = (("a", ctypes.c_int64), ("b", ctypes.c_int64))

    class Far:
        offset = 1 << 40

    Liar.b = Far()
    text = f"cannot view {type_name(Liar())}: field 1 ends at 1099511627784, but the record has itemsize 16"
    refused(ValueError, text, View, Liar())


def test_a_list_of_fields_that_has_changed_since_is_noticed() -> None:
    fields = [("flag", ctypes.c_uint8), ("price", ctypes.c_int64)]

    class Changed(ctypes.Structure):
        _fields_ = fields

    fields[1] = ("price", ctypes.c_double)
    text = (
        f"cannot view {type_name(Changed())}: its type lists record{{uint8 flag, double price}}, "
        "but its format says record{uint8 flag, int64 price}"
    )
    refused(ValueError, text, probe.offsets, Changed())

    class Longer(ctypes.Structure):
        _fields_ = fields

    fields.append(("more", ctypes.c_int))
    text = f"cannot view {type_name(Longer())}: its type does not tell its fields: KeyError: 'more'"
    refused(ValueError, text, probe.offsets, Longer())


@pytest.mark.parametrize("bases", [3, None, "text", ()])
def test_a_metaclass_that_lies_about_bases_changes_nothing(bases: object) -> None:
    class Meta(type(ctypes.Structure)):
        __mro__ = property(lambda _: bases)

    class Odd(ctypes.Structure, metaclass=Meta):
        _fields_ = (("price", ctypes.c_double),)

    assert probe.offsets(Odd()) == [("price", 0, "double")]


def test_a_type_that_is_in_many_places_is_read_once() -> None:
    kind = type("Kind", (ctypes.Structure,), {"_fields_": (("x", ctypes.c_int),)})
    # From Python 3.12 on, the format of ctypes contains the type at each of its occurrences, so it doubles
    # with each level.
    for _ in range(25 if sys.version_info < (3, 12) else 8):
        fields = (("a", kind * 0), ("b", kind * 0), ("x", ctypes.c_int))
        kind = type("Kind", (ctypes.Structure,), {"_pack_": 1, "_layout_": "ms", "_fields_": fields})
    with View((kind * 2)()) as view:
        assert view.itemsize == 4


def test_fields_of_others_are_no_fields() -> None:
    class Mixin:
        _fields_ = (("none", ctypes.c_int),)

    class Mixed(Mixin, ctypes.Structure):
        _fields_ = (("price", ctypes.c_double),)

    assert probe.offsets(Mixed()) == [("price", 0, "double")]
