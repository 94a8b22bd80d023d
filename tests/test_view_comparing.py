"""Comparing Views: equal shapes and equal values, whatever the formats are, and the hash that goes with it.

It is separate because the model here is Python's comparison of exact numbers, and memoryview's hash.
"""

import array
import datetime
import itertools
from fractions import Fraction

import numpy as np
import pytest
import typedview
from elements import ELEMENTS, Element, filled
from exporters import Exporter
from hypothesis import given
from hypothesis import strategies as st
from refused import refused
from typedview import View

NUMBERS = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
DTYPES = NUMBERS + [f">{code}" for code in NUMBERS if code[-1] not in "1?"]
SPECIAL = [
    0,
    1,
    2,
    255,
    2**24,
    2**24 + 1,
    2**53,
    2**53 + 1,
    2**63 - 1,
    2**63,
    2**64 - 1,
    -1,
    -(2**63),
    0.5,
    -0.0,
]
SPECIAL += [float("inf"), float("-inf"), float("nan"), 1j, 1 + 0j, 1e300, 65504.0]


def exact(value: object) -> object:
    """Returns a number in a form in which Python compares it exactly. A NaN equals nothing."""
    if isinstance(value, complex):
        return (exact(value.real), exact(value.imag)) if value.imag else exact(value.real)
    return Fraction(value) if abs(value) < float("inf") else value


def numbers(dtype: str) -> np.ndarray:
    """The special numbers, those that the dtype holds exactly or rounded, in its own values."""
    values = []
    for number in SPECIAL:
        try:
            with np.errstate(all="ignore"):
                values.append(
                    np.array([number]).astype(dtype)
                    if not isinstance(number, int)
                    else np.array([number], dtype)
                )
        except (OverflowError, TypeError):
            continue
    return np.concatenate(values)


@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
@pytest.mark.parametrize("one", DTYPES)
def test_numbers_are_equal_if_their_exact_values_are(one: str) -> None:
    mine = numbers(one)
    for other in DTYPES:
        others = numbers(other)
        pairs = list(itertools.product(mine, others))
        equal = [exact(value.item()) == exact(item.item()) for value, item in pairs]
        same = [pair for pair, is_equal in zip(pairs, equal, strict=True) if is_equal]
        columns = [np.array(column) for column in zip(*same, strict=True)]
        assert View(columns[0]) == View(columns[1]), (one, other)
        for (value, item), is_equal in zip(pairs, equal, strict=True):
            # Numbers that are the same once they are rounded are those that a comparison could confuse.
            if (not is_equal and complex(value) == complex(item)) or value != value:
                assert View(np.array([value])) != View(np.array([item])), (one, other, value, item)


def test_a_float_does_not_equal_the_integer_that_it_is_rounded_from() -> None:
    assert View(np.array([2.0**53])) == View(np.array([2**53]))
    assert View(np.array([2.0**53])) != View(np.array([2**53 + 1]))
    assert View(np.array([2.0**64])) != View(np.array([2**64 - 1], "u8"))
    assert View(np.array([-1], "i8")) != View(np.array([2**64 - 1], "u8"))


def test_a_nan_equals_nothing_and_zeros_are_equal() -> None:
    view = View(np.array([np.nan]))
    assert view != view
    assert view != View(np.array([np.nan], "f4"))
    assert View(np.array([0.0])) == View(np.array([-0.0])) == View(np.array([0]))
    assert View(np.array([1 + np.nan * 1j])) != View(np.array([1.0]))


@given(
    st.integers(0, 600),
    st.integers(0, 599),
    st.sampled_from([("f8", ">f8"), ("i2", "f4"), ("u1", "?"), ("c8", "c16")]),
)
def test_one_different_element_is_found(length: int, place: int, dtypes: tuple[str, str]) -> None:
    one, other = (np.ones((length, 2), dtype)[:, ::-1] for dtype in dtypes)
    assert View(one) == View(other)
    if length:
        other[place % length, place % 2] = 0
        assert View(one) != View(other)
        assert not View(one) == View(other)


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.name)
def test_a_copy_is_equal_and_another_element_is_not(element: Element) -> None:
    # NaT equals nothing, and the third date is one.
    values = filled(element.dtype, 2)
    view, copy = View(values), View(values.copy())
    assert view == copy and not view != copy
    assert view[::-1] == View(values[::-1].copy())
    swapped = values.astype(values.dtype.newbyteorder()) if element.dtype.names is None else values
    assert view == View(swapped)
    assert (view == view[::-1]) == (values[:1].tobytes() == values[1:].tobytes())


def test_records_are_compared_field_by_field() -> None:
    one = np.array([(1, 2.0)], [("x", "i2"), ("y", "f8")])
    other = np.array([(1, 2.0)], np.dtype([("x", ">i8"), ("y", "f4")], align=True))
    assert View(one) == View(other)
    other["y"] = 3
    assert View(one) != View(other)
    assert View(one) != View(np.array([(1, 2.0, 3)], "i2,f8,i2"))
    nested = np.zeros(2, [("a", one.dtype), ("b", "i2", (2, 2))])
    assert View(nested) == View(nested.astype([("a", other.dtype), ("b", ">i4", (2, 2))]))
    nested["a"]["y"] = np.nan
    assert View(nested) != View(nested)


def test_dates_are_equal_if_they_are_the_same_moment() -> None:
    day = View(np.array(["2024-02-29"], "M8[D]"))
    assert day == View(np.array(["2024-02-29"], "M8[s]"))
    assert day == View(np.array(["2024-02-29"], ">M8[D]"))
    assert day != View(np.array(["2024-02-29T00:00:01"], "M8[s]"))
    assert View(np.array([1000], "M8[ns]")) == View(np.array([1], "M8[us]"))
    assert View(np.array([1000], "m8[ns]")) == View(np.array([1], "m8[us]"))


def test_counts_of_different_units_are_not_equal() -> None:
    assert View(np.array([1000], "M8[ns]")) != View(np.array([1000], "M8[ps]"))
    assert View(np.array([1000], "m8[ns]")) != View(np.array([1000], "m8[as]"))


def test_a_date_does_not_equal_a_number() -> None:
    assert View(np.array([1000], "M8[ns]")) != View(np.array([1000], "i8"))


def test_what_is_no_date_equals_nothing_also_in_a_record() -> None:
    values = np.array(["NaT"], "M8[s]")
    assert View(values) != View(values)
    records = values.view([("day", "M8[s]")])
    assert View(records) != View(records)


def test_texts_and_bytes_are_equal_without_the_nuls_at_their_end() -> None:
    assert View(np.array(["ab"], "U3")) == View(np.array(["ab"], "U5")) == View(np.array(["ab"], ">U2"))
    assert View(np.array(["ab"], "U3")) != View(np.array(["abc"], "U5"))
    assert View(np.array([b"ab"], "S3")) == View(np.array([b"ab"], "S5"))


def test_long_doubles_are_equal_if_their_values_are() -> None:
    one = np.array([1.0], "g")
    if one.itemsize == 8:
        pytest.skip("a long double is a double here")
    other = np.full(one.nbytes, 0xAB, "u1").view("g")
    other.view("u1")[:10] = one.view("u1")[:10]
    assert one == other
    assert View(one) == View(other)


def test_shapes_have_to_be_equal() -> None:
    values = np.zeros((2, 3))
    assert View(values) != View(values.reshape(3, 2))
    assert View(values) != View(values.ravel())
    assert View(values[:1]) != View(values)
    assert View(np.zeros((0, 3))) == View(np.zeros((0, 3), "i2"))
    assert View(np.zeros((0, 3))) != View(np.zeros((3, 0)))


def test_every_exporter_equals_its_view(case: Exporter, exporter: object) -> None:
    with View(exporter) as view:
        assert view == exporter
        assert not view != exporter
        assert view == View(exporter)


def test_other_exporters_are_compared_from_both_sides() -> None:
    view = View(b"abc")
    assert view == b"abc" and b"abc" == view
    assert view == bytearray(b"abc") and bytearray(b"abc") == view
    assert view == memoryview(b"abc") and memoryview(b"abc") == view
    assert view == array.array("B", b"abc")
    assert view != b"abd" and view != b"ab"


@pytest.mark.parametrize("other", ["abc", 97, None, [97, 98, 99], object(), {97}, datetime.date(2024, 1, 1)])
def test_what_exports_no_memory_is_not_equal(other: object) -> None:
    view = View(b"abc")
    assert view != other and not view == other and other != view
    assert view.__eq__(other) is NotImplemented


@pytest.mark.parametrize("operator", ["__lt__", "__le__", "__gt__", "__ge__"])
def test_views_have_no_order(operator: str) -> None:
    view = View(b"abc")
    assert getattr(view, operator)(view) is NotImplemented
    with pytest.raises(TypeError):
        sorted([view, view])


def test_memory_behind_pointers_is_compared() -> None:
    rows = np.arange(6.0).reshape(2, 3)
    table = typedview.stack_rows(list(rows))
    assert table == View(rows) and View(rows) == table == rows.astype("f4")
    assert table[:, ::-1] == View(rows[:, ::-1])
    rows[1, 2] = 9
    assert table != View(np.arange(6.0).reshape(2, 3))


def test_a_released_view_equals_only_itself() -> None:
    for make in (View, memoryview):
        one, other = make(b"abc"), make(b"abc")
        one.release()
        assert one == one and one != other and other != one and one != b"abc"


# Hashes.


@pytest.mark.parametrize("make", [View, memoryview])
def test_hashes_follow_the_rules_of_memoryview(make: type) -> None:
    assert hash(make(b"abc")) == hash(b"abc")
    assert hash(make(b"abcdef")[::-2]) == hash(b"fdb")
    assert hash(make(b"abc").cast("c")) == hash(b"abc")
    assert hash(make(b"abcd").cast("B", [2, 2])) == hash(b"abcd")
    for unhashable in (make(bytearray(3)), make(bytearray(3)).toreadonly(), make(b"abcd").cast("H")):
        with pytest.raises((ValueError, TypeError)):
            hash(unhashable)


def test_a_hash_is_kept_after_the_view_is_released() -> None:
    for make in (View, memoryview):
        hashed, other = make(b"abc"), make(b"abc")
        before = hash(hashed)
        hashed.release()
        other.release()
        assert hash(hashed) == before
        with pytest.raises(ValueError):
            hash(other)


def test_views_without_a_hash_say_why() -> None:
    refused(ValueError, "cannot hash writable View object", hash, View(bytearray(3)))
    text = "View: hashing is restricted to formats 'B', 'b' or 'c'"
    refused(ValueError, text, hash, View(b"abcd").cast("H"))
    refused(TypeError, "unhashable type: 'bytearray'", hash, View(bytearray(3)).toreadonly())


@pytest.mark.parametrize("value", [-1, 1, 127, -128])
def test_equal_views_have_equal_hashes(value: int) -> None:
    one, other = View(bytes([value % 256])), View(bytes([value % 256])).cast("b")
    if one == other:
        assert hash(one) == hash(other)
