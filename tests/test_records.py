"""Records: arrays of structs as arguments, and the padding between their fields.

It is separate because an element here consists of several values, and of bytes that belong to no value.
"""

import ctypes

import numpy as np
import typedview_probe as probe
from refused import refused

FIELDS = [("flag", "u1"), ("price", "f8")]
ALIGNED = np.dtype(FIELDS, align=True)
PACKED = np.dtype(FIELDS)
DAY = [("open", "f4"), ("close", "f4")]
QUOTE = np.dtype([("id", "i4"), ("day", DAY), ("class", "i2")], align=True)
GAP = 0xAB


def records() -> np.ndarray:
    """Returns three records whose padding is GAP."""
    array = np.full(3 * ALIGNED.itemsize, GAP, dtype="u1").view(ALIGNED)
    for i in range(3):
        array["flag"][i], array["price"][i] = i + 1, i + 1.5
    return array


def gaps(array: np.ndarray) -> set[int]:
    return set(array.view("u1").reshape(-1, 16)[:, 1:8].ravel().tolist())


def test_aligned_and_packed_records_are_told_apart() -> None:
    wanted = [(1, 1.5), (2, 2.5), (3, 3.5)]
    packed = np.array(wanted, dtype=PACKED)
    assert probe.read_aligned(records()) == wanted
    assert probe.read_packed(packed) == wanted
    assert probe.read_packed(packed[::-2]) == [wanted[2], wanted[0]]
    text = (
        "expected const Aligned[:], got record{uint8 flag, double price}[:] "
        "with shape (3,), strides (9,) from numpy.ndarray: expected offset 8 but got offset 1 in field price"
    )
    refused(TypeError, text, probe.read_aligned, packed)


def test_a_struct_of_ctypes_is_a_record() -> None:
    class Aligned(ctypes.Structure):
        _fields_ = [("flag", ctypes.c_uint8), ("price", ctypes.c_double)]

    array = (Aligned * 2)((1, 0.5), (2, 1.5))
    assert probe.read_aligned(array) == [(1, 0.5), (2, 1.5)]
    probe.set_aligned(array, 1, 9, 9.5)
    assert (array[1].flag, array[1].price) == (9, 9.5)


def test_records_have_records_and_other_names() -> None:
    quotes = np.array([(7, (1.0, 1.5), -1), (8, (2.0, 0.25), 3)], dtype=QUOTE)
    assert probe.read_quotes(quotes) == [(7, (1.0, 1.5), -1), (8, (2.0, 0.25), 3)]
    assert probe.sum_of_closes(quotes) == 1.75


def test_names_are_compared() -> None:
    other = np.zeros(1, dtype=np.dtype([("flag", "u1"), ("cost", "f8")], align=True))
    text = (
        "expected const Aligned[:], got record{uint8 flag, double cost}[:] with shape (1,), strides (16,) "
        "from numpy.ndarray: expected field price but got field cost at offset 8"
    )
    refused(TypeError, text, probe.read_aligned, other)


def test_writing_leaves_what_is_between_the_fields() -> None:
    array = records()
    probe.set_aligned(array, 1, 9, 9.5)
    probe.scale_prices(array, 2.0)
    assert array.tolist() == [(1, 3.0), (9, 19.0), (3, 7.0)]
    probe.copy_aligned(array[:2], np.zeros(2, dtype=ALIGNED))
    probe.copy_aligned(array[1:], array[:-1])
    assert array.tolist() == [(0, 0.0)] * 3
    assert gaps(array) == {GAP}


def test_the_gap_may_be_a_field_of_others() -> None:
    whole = np.zeros(2, dtype=np.dtype([("flag", "u1"), ("hidden", "u4"), ("price", "f8")], align=True))
    whole["hidden"] = 77
    some = whole[["flag", "price"]]
    probe.set_aligned(some, 0, 5, 2.5)
    probe.copy_aligned(some[1:], some[:1])
    assert whole.tolist() == [(5, 77, 2.5), (5, 77, 2.5)]


def test_records_made_in_rust_have_their_fields_in_python() -> None:
    owned = probe.made(3)
    array = np.asarray(owned)
    assert array.dtype == ALIGNED and array.tolist() == [(0, 0.0), (1, 1.0), (2, 2.0)]
    assert gaps(array) == {0}
    assert probe.read_aligned(owned) == array.tolist()
    assert memoryview(owned).itemsize == 16


def test_a_field_is_locked_apart_from_the_others_but_not_from_its_record() -> None:
    for dtype, element in [(ALIGNED, "Aligned"), (PACKED, "Packed")]:
        array = np.array([(1, 1.5), (2, 2.5), (3, 3.5)], dtype)
        text = (
            f"cannot take const {element}[...] for reading: its memory is locked for writing as double[:]; "
            "pass memory that does not overlap, or a copy"
        )

        def others(array: np.ndarray = array, element: str = element, text: str = text) -> None:
            assert probe.elements("u8", array["flag"]) == [1, 2, 3]
            probe.write("u8", "locked", array["flag"], np.array([4, 5, 6], "u1"))
            refused(BufferError, text, probe.elements, element, array)

        assert probe.while_locked_mut(array["price"], others) == 7.5
        assert array["flag"].tolist() == [4, 5, 6]
