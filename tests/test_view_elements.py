"""Elements of a View as Python objects: read as NumPy's `item()` reads them, written exactly or not at all.

It is separate because it tests one element at a time. test_view_assigning.py sets many of them.
"""

import datetime
import operator
import struct
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest
from elements import CARRIERS, ELEMENTS, Element, covered, filled, gaps
from hypothesis import given
from hypothesis import strategies as st
from refused import refused
from typedview import View, zeros

each_element = pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.name)


def plain(value: object) -> object:
    """Returns an element without the NULs at the end of bytes, which NumPy leaves out and struct does not."""
    match value:
        case bytes():
            return value.rstrip(b"\0")
        case tuple() | list():
            made = tuple if isinstance(value, tuple) else list
            return made(plain(item) for item in value)
        case np.ndarray():
            return [plain(item) for item in value.tolist()]
    return value


def covered_bytes(values: np.ndarray) -> list[list[int]]:
    """The bytes of the fields of each element, without its padding."""
    rows = np.ascontiguousarray(values).view("u1").reshape(-1, values.itemsize)
    return rows[:, covered(values.dtype)].tolist()


@each_element
def test_an_element_is_what_numpy_reads(element: Element) -> None:
    values = filled(element.dtype, 7)
    view = View(values)
    for i in range(-7, 7):
        found, expected = plain(view[i]), plain(values[i].item())
        assert found == expected or found != found
        assert type(found) is type(expected)
    assert plain(view.tolist()) == [plain(values[i].item()) for i in range(7)]


@each_element
def test_an_element_that_is_written_back_is_the_same(element: Element) -> None:
    values = filled(element.dtype, 7)
    view = View(values)
    for i in range(7):
        view[i] = view[i]
        view[i, ...] = view[i]
    assert covered_bytes(values) == covered_bytes(filled(element.dtype, 7))


@each_element
def test_padding_keeps_its_bytes(element: Element) -> None:
    values = filled(element.dtype, 3)
    view, before = View(values), gaps(values)
    view[0], view[1] = view[1], view[0]
    assert gaps(values) == before


@each_element
def test_an_element_of_another_array_is_written_as_numpy_writes_it(element: Element) -> None:
    values, source = np.zeros(3, element.dtype), filled(element.dtype, 3)
    view = View(values)
    for i, item in enumerate(View(source)):
        view[i] = item
    assert covered_bytes(values) == covered_bytes(source)


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.name)
def test_every_carrier_gives_the_same_elements(carrier: object) -> None:
    for element in filter(carrier.takes, ELEMENTS):
        carried = carrier.carry(element)
        view = View(carried.exporter)
        indices = list(np.ndindex(carried.values.shape))
        found = [plain(view[index]) for index in indices]
        assert found == [plain(carried.values[index].item()) for index in indices]
        if carrier.writable and not view.readonly:
            for index in indices:
                view[index] = view[index]
            assert [plain(view[index]) for index in indices] == found


# Integers.

INTEGERS = [(code, size) for code in "iu" for size in (1, 2, 4, 8)]


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(("code", "size"), INTEGERS)
def test_an_integer_fits_or_is_refused(code: str, size: int, order: str) -> None:
    values = np.zeros(1, f"{order}{code}{size}")
    view = View(values)
    name = view.dtype.removeprefix("big-endian ")
    low = -(2 ** (8 * size - 1)) if code == "i" else 0
    high = low + 2 ** (8 * size) - 1
    for number in (low, high, 0, 1, True):
        view[0] = number
        assert (view[0], values.item()) == (number, number)
    for number in (low - 1, high + 1, 2**64, -(2**64), 10**59):
        text = f"{number} does not fit {name}, which holds {low} to {high}"
        refused(ValueError, text, operator.setitem, view, 0, number)
    assert view[0] == 1


@pytest.mark.parametrize("number", [1.0, 1j, "1", b"1", None, Fraction(1), np.float64(1)])
def test_an_integer_takes_no_other_number(number: object) -> None:
    text = f"an element int32 takes an integer, not {type(number).__name__}"
    refused(TypeError, text, operator.setitem, zeros(1, "int32"), 0, number)


class Number:
    """An object whose methods give a number, and count their calls."""

    def __init__(self, value: object) -> None:
        self.value, self.calls = value, 0

    def give(self) -> object:
        self.calls += 1
        if isinstance(self.value, type):
            raise self.value("mine")
        return self.value


class Index(Number):
    __index__ = Number.give


class Float(Number):
    __float__ = Number.give


class Complex(Number):
    __complex__ = Number.give


@pytest.mark.parametrize(
    ("kind", "value", "dtypes"),
    [
        (Index, 3, ["int8", "uint64", "half", "float", "double", "double complex", "big-endian int16"]),
        (Float, 3.0, ["half", "bfloat16", "float", "double", "float complex", "big-endian float"]),
        (Complex, 3j, ["float complex", "double complex"]),
    ],
)
def test_an_object_is_asked_once_for_its_number(kind: type, value: object, dtypes: list[str]) -> None:
    for dtype in dtypes:
        view, number = zeros(1, dtype), kind(value)
        view[0] = number
        assert (dtype, view[0], number.calls) == (dtype, value, 1)


@pytest.mark.parametrize(
    ("kind", "dtype"), [(Index, "int32"), (Index, "double"), (Float, "double"), (Complex, "double complex")]
)
@pytest.mark.parametrize("exception", [LookupError, TypeError, ValueError, KeyboardInterrupt])
def test_what_a_method_raises_is_passed_on(kind: type, dtype: str, exception: type) -> None:
    view = zeros(1, dtype)
    refused(exception, "mine", operator.setitem, view, 0, kind(exception))
    assert view[0] == 0


# Floats.


@pytest.mark.parametrize("dtype", ["double", "big-endian double", "double complex"])
def test_an_integer_that_a_double_cannot_hold_is_refused(dtype: str) -> None:
    view = zeros(1, dtype)
    for number in (2**53, -(2**53), 2**53 + 2, 2**1000):
        view[0] = number
        assert view[0] == number
    for number in (2**53 + 1, -(2**53) - 1, 2**1000 + 1):
        with pytest.raises(ValueError, match="has no exact value as "):
            view[0] = number
    with pytest.raises(ValueError, match="does not fit "):
        view[0] = 10**400


@pytest.mark.parametrize(("dtype", "digits"), [("float", 24), ("half", 11), ("bfloat16", 8)])
def test_an_integer_that_a_short_float_cannot_hold_is_refused(dtype: str, digits: int) -> None:
    view = zeros(1, dtype)
    view[0] = 2**digits
    assert view[0] == 2**digits
    with pytest.raises(ValueError, match="has no exact value as "):
        view[0] = 2**digits + 1


def test_an_integer_of_numpy_is_exact_or_refused_too() -> None:
    with pytest.raises(ValueError, match="has no exact value as "):
        zeros(1, "double")[0] = np.int64(2**53 + 1)


@pytest.mark.parametrize(
    ("dtype", "largest"),
    [
        ("float", (2 - 2.0**-23) * 2.0**127),
        ("half", 65504.0),
        ("bfloat16", (2 - 2.0**-7) * 2.0**127),
        ("float complex", (2 - 2.0**-23) * 2.0**127),
    ],
)
def test_a_float_that_is_too_large_is_refused(dtype: str, largest: float) -> None:
    view = zeros(1, dtype)
    for number in (largest, -largest, float("inf"), float("-inf")):
        view[0] = number
        assert view[0] == number
    for number in (largest * 1.01, -1e300):
        with pytest.raises(ValueError, match=f"does not fit {dtype}"):
            view[0] = number


@given(st.floats(), st.sampled_from(["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]))
def test_a_float_is_rounded_as_numpy_rounds_it(number: float, dtype: str) -> None:
    values = np.zeros(1, dtype)
    with np.errstate(over="ignore"):
        expected = np.array(number).astype(dtype)
    if np.isinf(expected) and not np.isinf(number):
        with pytest.raises(ValueError, match="does not fit"):
            View(values)[0] = number
        return
    View(values)[0] = number
    assert np.isnan(number) or values.tobytes() == expected.tobytes()
    assert View(values)[0] == number or np.isnan(View(values)[0]) == np.isnan(number)


@given(st.integers(0, 2**16 - 1), st.sampled_from("<>"))
def test_every_half_is_read(bits: int, order: str) -> None:
    values = np.array([bits], f"{order}u2").view(f"{order}f2")
    found, expected = View(values)[0], values[0].item()
    assert struct.pack("d", found) == struct.pack("d", expected) or (found != found and expected != expected)


@given(st.integers(0, 2**16 - 1))
def test_every_bfloat16_is_the_upper_half_of_a_float(bits: int) -> None:
    values = np.array([bits], "u2")
    found = View(values).reinterpret("bfloat16")[0]
    (expected,) = struct.unpack("f", struct.pack("I", bits << 16))
    assert found == expected or (found != found and expected != expected)


def test_bfloat16_of_ml_dtypes_is_read_from_its_bytes() -> None:
    values = np.array([1.5, -0.0, np.inf], ml_dtypes.bfloat16)
    # NumPy exports no buffer of a dtype that is not its own.
    with pytest.raises(ValueError, match="cannot include dtype 'E' in a buffer"):
        View(values)
    assert View(values.view("V2")).reinterpret("bfloat16").tolist() == [1.5, -0.0, np.inf]


@pytest.mark.parametrize("value", ["1", b"1", None, [1.0], 1j, object()])
def test_a_float_takes_only_real_numbers(value: object) -> None:
    text = f"an element double takes a real number, not {type(value).__name__}"
    refused(TypeError, text, operator.setitem, zeros(1, "double"), 0, value)


@pytest.mark.parametrize("value", ["1", b"1", None, [1.0], object()])
def test_a_complex_number_takes_only_numbers(value: object) -> None:
    text = f"an element double complex takes a number, not {type(value).__name__}"
    refused(TypeError, text, operator.setitem, zeros(1, "double complex"), 0, value)


def test_subclasses_are_numbers() -> None:
    classes = [type("Sub", (base,), {}) for base in (int, float, complex, bytes, str)]
    for base, dtype, value in zip(
        classes, ["i4", "f8", "c16", "S2", "U2"], [3, 0.5, 2j, b"ab", "ab"], strict=True
    ):
        view = View(np.zeros(1, dtype))
        view[0] = base(value)
        assert view[0] == value


def test_bool_is_the_truth_of_a_value() -> None:
    view = zeros(1, "bool")
    for value in (1, 0.5, "x", [0]):
        view[0] = value
        assert view[0] is True
    for value in (0, "", None):
        view[0] = value
        assert view[0] is False
    with pytest.raises(ValueError, match="truth value"):
        view[0] = np.zeros(2)


# Bytes and texts.


def test_bytes_and_texts_that_are_too_long_are_refused() -> None:
    code, text = View(np.array([b"xyz"])), View(np.array(["xyz"]))
    code[0], text[0] = b"a", "ñ"
    assert (code[0].rstrip(b"\0"), text[0]) == (b"a", "ñ")
    refused(ValueError, f"b'abcd' does not fit {code.dtype}", operator.setitem, code, 0, b"abcd")
    refused(ValueError, f"'abcd' does not fit {text.dtype}", operator.setitem, text, 0, "abcd")
    refused(TypeError, f"an element {code.dtype} takes bytes, not str", operator.setitem, code, 0, "a")
    refused(TypeError, f"an element {text.dtype} takes a str, not bytes", operator.setitem, text, 0, b"a")
    refused(TypeError, f"an element {text.dtype} takes a str, not int", operator.setitem, text, 0, 1)


def test_two_characters_of_two_bytes_are_read() -> None:
    memory = "ab".encode("utf-16-le")
    assert View(memory).cast("u").tolist() == ["a", "b"]
    assert View(memory).cast("2u")[0] == "ab"


# Dates.


@pytest.mark.parametrize("kind", "Mm")
@pytest.mark.parametrize(
    "unit", ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "25s", "7D"]
)
@pytest.mark.parametrize("order", "<>")
def test_a_date_is_what_numpy_reads(kind: str, unit: str, order: str) -> None:
    counts = [0, 1, -1, 5, 12345, -9999, 2**40, -(2**40), 2**62, "NaT"]
    values = np.array(counts, f"{order}{kind}8[{unit}]")

    def numpy_reads(index: int) -> object:
        try:
            return values[index].item()
        except OverflowError:  # NumPy 2.5 refuses a date that it cannot count in seconds; 2.4 reads its count
            return int(values[index].astype(np.int64))

    assert View(values).tolist() == [numpy_reads(index) for index in range(len(values))]


@pytest.mark.parametrize("dtype", ["M8[D]", "M8[s]", "M8[us]", "M8[ns]", ">M8[ms]", "M8[h]"])
def test_a_date_is_written_exactly(dtype: str) -> None:
    values = np.zeros(3, dtype)
    view = View(values)
    view[0], view[1], view[2] = datetime.date(2024, 2, 29), datetime.datetime(1969, 12, 31), None
    assert values.tolist() == np.array(["2024-02-29", "1969-12-31", "NaT"], dtype).tolist()


def test_a_date_between_two_units_is_refused() -> None:
    days, zone = View(np.zeros(1, "M8[D]")), datetime.UTC
    noon = datetime.datetime(2024, 2, 29, 12)
    with pytest.raises(ValueError, match="is no whole number of units"):
        days[0] = noon
    text = "a date with a time zone has no exact value here: convert it to UTC"
    refused(ValueError, text, operator.setitem, days, 0, noon.replace(tzinfo=zone))
    text = "an element of time takes a date, an int or None, not str"
    refused(TypeError, text, operator.setitem, days, 0, "2024-02-29")
    refused(ValueError, f"{2**63} does not fit 64 bits", operator.setitem, days, 0, 2**63)


# Records.

PAIR = np.dtype([("x", "i2"), ("y", "f8")])


def test_a_record_is_a_named_tuple_and_takes_tuples_lists_and_mappings() -> None:
    view = View(np.zeros(1, PAIR))
    for value in ((1, 2.5), [1, 2.5], {"y": 2.5, "x": 1}, view[0].__class__(1, 2.5)):
        view[0] = (0, 0)
        view[0] = value
        assert (view[0], view[0].x, view[0].y) == ((1, 2.5), 1, 2.5)


@pytest.mark.parametrize(
    ("value", "exception", "text"),
    [
        ((1,), ValueError, "record{int16 x, double y} has 2 fields, and 1 values are given"),
        ((1, 2, 3), ValueError, "record{int16 x, double y} has 2 fields, and 3 values are given"),
        ({"x": 1}, KeyError, "'y'"),
        ({"x": 1, "y": 2, "z": 3}, ValueError, "1 names are no fields of record{int16 x, double y}"),
        (1, TypeError, "record{int16 x, double y} takes a tuple or a mapping, not int"),
        ((2**15, 0), ValueError, "32768 does not fit int16, which holds -32768 to 32767"),
    ],
)
def test_what_is_no_record_is_refused(value: object, exception: type, text: str) -> None:
    values = np.array([(3, 4)], PAIR)
    refused(exception, text, operator.setitem, View(values), 0, value)
    assert values.tolist() == [(3, 4)]


def test_what_a_record_does_not_show_stays() -> None:
    values = np.ones(2, [("a", "i4"), ("hidden", "i4"), ("b", "i4")])
    view = View(values[["a", "b"]])
    view[0] = (5, 6)
    assert values.tolist() == [(5, 1, 6), (1, 1, 1)]


def test_a_sub_array_takes_as_many_items_as_it_has() -> None:
    view = View(np.zeros(1, [("p", "f8", (2, 2))]))
    view[0] = ([[1, 2], (3, 4)],)
    assert view[0] == ([[1.0, 2.0], [3.0, 4.0]],)
    text = "expected 2 items of a sub-array, got 3"
    refused(ValueError, text, operator.setitem, view, 0, ([[1, 2], [3, 4, 5]],))
    refused(ValueError, text, operator.setitem, view, 0, ([1, 2, 3],))
