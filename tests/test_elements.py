"""Elements that are not plain numbers: read as NumPy reads them, returned as NumPy understands them.

They are separate from the numbers of the catalogue because each has its own kind of value in Python.
"""

import ctypes
import sys
from collections.abc import Callable

import numpy as np
import pytest
import typedview_probe as probe
from refused import refused

NATIVE, FOREIGN = ("<", ">") if sys.byteorder == "little" else (">", "<")

DATES = np.array(["2026-11-22", "1969-12-31", "NaT"], "M8[ns]")
TEXTS = ["", "añ", "日本語"]


def as_python(values: np.ndarray) -> list[object]:
    if values.dtype.kind in "Mm":
        return [None if np.isnat(value) else int(value.astype("i8")) for value in values]
    return values.tolist()


# By name of the case: the name of the element in Rust, and a function that makes a fresh array of NumPy.
CASES: dict[str, tuple[str, Callable[[], np.ndarray]]] = {
    "bool": ("Bool", lambda: np.array([True, False, True])),
    "bool of bytes that are neither": ("Bool", lambda: np.array([0, 1, 2, 255], "u1").view("?")),
    "half": ("f16", lambda: np.array([0.5, -1.25, np.inf], "f2")),
    "complex64": ("Complex<f32>", lambda: np.array([1 + 2j, -0.5j, 3], "c8")),
    "complex128": ("Complex<f64>", lambda: np.array([1 + 2j, -0.5j, 3], "c16")),
    "big int16": ("Big<i16>", lambda: np.array([1, -2, 300], ">i2")),
    "big uint32": ("Big<u32>", lambda: np.array([1, 2**32 - 1], ">u4")),
    "big int64": ("Big<i64>", lambda: np.array([1, -(2**63)], ">i8")),
    "big float": ("Big<f32>", lambda: np.array([0.5, -2.0], ">f4")),
    "big double": ("Big<f64>", lambda: np.array([0.1, -2.0], ">f8")),
    "big half": ("Big<f16>", lambda: np.array([0.5, -2.0], ">f2")),
    "big complex": ("Big<Complex<f64>>", lambda: np.array([1 + 2j, -3j], ">c16")),
    "little double": ("Little<f64>", lambda: np.array([0.1, -2.0], "<f8")),
    "bytes": ("Bytes<3>", lambda: np.array([b"a", b"", b"a\0b"], "S3")),
    "text": ("Text<3>", lambda: np.array(TEXTS, "U3")),
    "text of foreign byte order": (
        "Big<Text<3>>" if FOREIGN == ">" else "Text<3>",
        lambda: np.array(TEXTS, ">U3"),
    ),
    "dates": ("Datetime<time::Nanosecond>", lambda: DATES.copy()),
    "days": ("Datetime<time::Day>", lambda: DATES.astype("M8[D]")),
    "dates of foreign byte order": ("Big<Datetime<time::Second>>", lambda: DATES.astype(">M8[s]")),
    "spans": ("Timedelta<time::Second>", lambda: np.array([1, -5, "NaT"], "m8[s]")),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "order",
    [lambda x: x, lambda x: x[::-1], lambda x: x[1:], lambda x: np.repeat(x, 2)[::2], lambda x: x[:0]],
    ids=["whole", "reversed", "part", "strided", "empty"],
)
def test_elements_are_those_of_numpy(name: str, order: Callable[[np.ndarray], np.ndarray]) -> None:
    element, make = CASES[name]
    values = order(make())
    assert probe.elements(element, values) == as_python(values)
    # The second call finds the dtype remembered.
    assert probe.elements(element, values) == as_python(values)


@pytest.mark.parametrize("name", CASES)
def test_elements_without_an_axis_are_read_too(name: str) -> None:
    element, make = CASES[name]
    values = make()
    assert probe.elements(element, values[:1].reshape(())) == as_python(values[:1])


@pytest.mark.parametrize(
    "name", [name for name in CASES if "date" not in name and name not in ("days", "spans")]
)
def test_a_memoryview_of_them_says_the_same(name: str) -> None:
    element, make = CASES[name]
    assert probe.elements(element, memoryview(make())) == as_python(make())


def test_unaligned_elements_are_read_by_value() -> None:
    memory = np.zeros(1 + 3 * 16, "u1")
    values = memory[1:].view("c16")
    values[:] = [1j, 2, -3j]
    assert probe.elements("Complex<f64>", values) == [1j, 2, -3j]


def test_sub_arrays_of_a_field_are_elements() -> None:
    records = np.zeros(2, [("flag", "u1"), ("point", "f8", 3), ("turn", "i2", (2, 2))])
    records["point"] = [[1, 2, 3], [4, 5, 6]]
    records["turn"] = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    # NumPy turns sub-arrays into axes when one field is taken. A record of a single field keeps them.
    for name, element in [("point", "[f64; 3]"), ("turn", "[[i16; 2]; 2]")]:
        assert records[name].ndim > 1
        with pytest.raises(TypeError):
            probe.elements(element, records[name])
    points = (ctypes.c_double * 3 * 2)((1, 2, 3), (4, 5, 6))
    with pytest.raises(TypeError):
        probe.elements("[f64; 3]", points)


def test_bytes_of_any_meaning_are_bytes() -> None:
    assert probe.elements("[u8; 4]", np.array([b"abcd", b"x"], "S4")) == [list(b"abcd"), list(b"x\0\0\0")]
    assert probe.elements("[u8; 4]", np.array([b"abcd"], "V4")) == [list(b"abcd")]


def test_void_of_2_bytes_may_be_bfloat16() -> None:
    # The arrays of ml_dtypes say no more about themselves than this.
    values = np.array([0x3F80, 0xC020], "u2").view("V2")
    assert probe.elements("bf16", values) == probe.elements("bf16", memoryview(values)) == [1.0, -2.5]
    back = np.asarray(probe.handed_over("bf16", values))
    assert (back.dtype, back.tobytes()) == (np.dtype("V2"), values.tobytes())


def test_what_is_no_character_is_replaced() -> None:
    surrogate, beyond = 0xD800, 0x110000
    values = np.array([surrogate, ord("x"), beyond], "u4").view("U3")
    assert probe.elements("Text<3>", values) == ["\ufffdx\ufffd"]


def test_another_unit_is_another_element() -> None:
    text = (
        "expected const datetime64[ns][...], got datetime64[s][:] with shape (3,), strides (8,) "
        "from numpy.ndarray: datetime64[s] is not datetime64[ns]"
    )
    refused(TypeError, text, lambda x: probe.elements("Datetime<time::Nanosecond>", x), DATES.astype("M8[s]"))


@pytest.mark.parametrize(
    ("element", "values", "got"),
    [
        ("Bool", np.zeros(2, "u1"), "uint8"),
        ("f16", np.zeros(2, "i2"), "int16"),
        ("Complex<f64>", np.zeros(2, "c8"), "float complex"),
        ("Big<f64>", np.zeros(2, "f8"), "double"),
        ("Bytes<3>", np.zeros(2, "S4"), "bytes4"),
        ("Text<3>", np.zeros(2, "U2"), "text8"),
        ("Timedelta<time::Second>", np.zeros(2, "M8[s]"), "datetime64[s]"),
    ],
)
def test_another_element_is_refused_by_name(element: str, values: np.ndarray, got: str) -> None:
    with pytest.raises(TypeError, match=rf"got {got.replace('[', '.').replace(']', '.')}\[:\] with shape"):
        probe.elements(element, values)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in CASES
        if CASES[name][0]
        in (
            "Bool",
            "f16",
            "Complex<f32>",
            "Complex<f64>",
            "Big<i16>",
            "Big<f64>",
            "Little<f64>",
            "Bytes<3>",
            "Text<3>",
            "Big<Text<3>>",
            "Datetime<time::Nanosecond>",
            "Timedelta<time::Second>",
        )
    ],
)
def test_what_is_handed_over_has_the_same_dtype(name: str) -> None:
    element, make = CASES[name]
    values = make()
    back = np.asarray(probe.handed_over(element, values))
    assert back.dtype == values.dtype
    assert as_python(back) == as_python(values)


def test_dates_that_are_handed_over_have_no_format() -> None:
    dates = probe.handed_over("Datetime<time::Nanosecond>", DATES)
    text = "View(datetime64[ns][3], C): PEP 3118 has no format for them"
    refused(BufferError, text, memoryview, dates)
    assert dates.__array_interface__["typestr"] == f"{NATIVE}M8[ns]"
