"""Formats: which texts describe a number, and with which messages the others are refused.

It is separate because there are many of them. One exporter gives each of them to the same three doubles.
Where Cython's memoryviews read a text differently, a comment says how.
"""

import array
import struct
import sys
import warnings

import numpy as np
import pytest
import typedview_probe as probe
from hostile import NAME, Liar
from refused import refused
from typedview import View

READ = "const double[:]"
LITTLE = sys.byteorder == "little"
# The marks of this machine's byte order, and of the other byte order.
NATIVE, FOREIGN = ("<", ">!") if LITTLE else (">!", "<")
SWAPPED = "big-endian" if LITTLE else "little-endian"


def read(exporter: object, spec: str = READ) -> list[float]:
    return probe.read(spec, exporter)[3]


def refuses(exception: type[Exception], reason: str, **lies: object) -> None:
    """Asserts that arguments and `View` both refuse an exporter with these lies, for the same reason."""
    liar = Liar(**lies)
    liar.refuses(exception, f"expected {READ}, got {NAME}: {reason}", read)
    liar.refuses(exception, f"cannot view {NAME}: {reason}", View)


# Formats that describe a number.


@pytest.mark.parametrize(
    "text", ["d", "@d", "=d", "^d", "1d", "@1d", "01d", " d", "d ", "\td\n", *(f"{mark}d" for mark in NATIVE)]
)
def test_a_number_may_say_its_byte_order_and_that_it_is_one(text: str) -> None:
    liar = Liar(format=text.encode())
    assert read(liar.exporter) == [0.5, -1.25, 3.0]
    with View(liar.exporter) as view:
        assert view.dtype == "double"


@pytest.mark.parametrize("mark", ["", "@", "^", "=", *NATIVE])
@pytest.mark.parametrize("code", "bBhHiIlLqQnN")
def test_an_integer_is_known_by_its_size_not_by_its_letter(mark: str, code: str) -> None:
    native = mark in ("", "@", "^")
    if code in "nN" and not native:
        reason = (
            f"format '{mark}{code}': '{code}' at column 2 has no standard size, only C's, behind '@' or '^'"
        )
        refuses(ValueError, reason, format=(mark + code).encode())
        return
    size = struct.calcsize(("@" if native else "=") + code)
    name = f"{'uint' if code.isupper() else 'int'}{8 * size}"
    liar = Liar(format=(mark + code).encode(), itemsize=size, shape=[24 // size], strides=[size])
    expected = np.frombuffer(liar.memory, f"{'u' if code.isupper() else 'i'}{size}").tolist()
    assert read(liar.exporter, f"const {name}[:]") == expected


@pytest.mark.parametrize("mark", ["", "@", "=", "<", ">", "!"])
def test_one_byte_has_no_byte_order(mark: str) -> None:
    liar = Liar(format=f"{mark}B".encode(), itemsize=1, shape=[24], strides=[1])
    assert read(liar.exporter, "const uint8[:]") == list(liar.memory.tobytes())


@pytest.mark.parametrize("mark", FOREIGN)
def test_numbers_in_foreign_byte_order_are_refused(mark: str) -> None:
    text = (
        f"expected {READ}, got {SWAPPED} double[:] with shape (3,), strides (8,) from {NAME}: "
        "foreign byte order; pass a copy in native byte order"
    )
    Liar(format=f"{mark}d".encode()).refuses(TypeError, text, read)


# Formats that describe another element.


@pytest.mark.parametrize(
    ("text", "itemsize", "found"),
    [
        ("l" if struct.calcsize("l") == 8 else "q", 8, "int64"),
        ("q", 8, "int64"),
        ("Q", 8, "uint64"),
        ("f", 4, "float"),
        ("e", 2, "half"),
        ("?", 1, "bool"),
        ("c", 1, "bytes1"),
        ("s", 1, "bytes1"),
        ("8s", 8, "bytes8"),
        ("u", 2, "text2"),
        ("w", 4, "text4"),
        ("2w", 8, "text8"),
        ("Zf", 8, "float complex"),
        ("O", struct.calcsize("P"), "object"),
        ("P", struct.calcsize("P"), "pointer"),
        ("x", 1, "void1"),
        ("8x", 8, "void8"),
    ],
)
def test_another_element_is_refused_by_its_name(text: str, itemsize: int, found: str) -> None:
    length = 24 // itemsize
    refusal = (
        f"expected {READ}, got {found}[:] with shape ({length},), strides ({itemsize},) from {NAME}: "
        f"{found} is not double"
    )
    lies = {"itemsize": itemsize, "shape": [length], "strides": [itemsize]}
    Liar(format=text.encode(), len=length * itemsize, **lies).refuses(TypeError, refusal, read)


def test_a_complex_number_is_no_record_of_two() -> None:
    # Cython takes a record of two numbers for a complex number, and the reverse.
    lies = {"itemsize": 16, "shape": [1], "strides": [16], "len": 16}
    for text, found in [
        (b"Zd", "double complex"),
        (b"T{d:real:d:imag:}", "record{double real, double imag}"),
    ]:
        got = f"{found}[:] with shape (1,), strides (16,) from {NAME}: {found} is not double"
        Liar(format=text, **lies).refuses(TypeError, f"expected {READ}, got {got}", read)


# Well-formed formats that are not a single number.


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(1)d", "(1)double"),
        ("( 1 )d", "(1)double"),
        # Cython takes the record for its only field.
        ("T{d}", "record{double}"),
        ("T{d:a:}", "record{double a}"),
        ("d:name:", "record{double name}"),
        ("T{T{T{d:a:}:b:}:c:}", "record{record{record{double a} b} c}"),
        ("T{f:a:f:b:}", "record{float a, float b}"),
        ("(2)f", "(2)float"),
        ("2f", "(2)float"),
        ("T{}", "record{}"),
    ],
)
def test_a_record_of_the_size_of_a_number_is_none(text: str, found: str) -> None:
    got = f"{found}[:] with shape (3,), strides (8,) from {NAME}"
    Liar(format=text.encode()).refuses(TypeError, f"expected {READ}, got {got}: {found} is not double", read)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("dd", "16"),
        ("2d", "16"),
        ("0d", "0"),
        ("00d", "0"),
        ("xd", "16"),
        ("dx", "9 or 16"),
        ("(3)d", "24"),
        ("(2,3)d", "48"),
        ("(2)(3)d", "48"),
        # Cython never stops reading the first of these, and crashes on the second.
        ("( 3)i", "12"),
        ("d(2)d", "24"),
        ("T{d:a:d:b:}", "16"),
        ("T{B:a:=d:b:}", "9"),
        ("T{b:a:T{d:a:}:b:i:c:}", "24"),
        # Python has no standard size for g, but ctypes writes it.
        ("<g" if LITTLE else ">g", "16"),
    ],
)
def test_a_record_that_is_not_what_the_exporter_says_is_refused(text: str, size: str) -> None:
    refuses(ValueError, f"format '{text}' has itemsize {size}, but the exporter says 8", format=text.encode())


# Malformed formats.


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("y", "unknown type code at column 1"),
        ("z", "unknown type code at column 1"),
        ("a", "unknown type code at column 1"),
        ("<3y", "unknown type code at column 3"),
        ("Z", "unknown type code at column 1"),
        ("Zx", "unknown type code at column 1"),
        ("Zi", "unknown type code at column 1"),
        ("<<d", "unknown type code at column 2"),
        ("<@d", "unknown type code at column 2"),
        ("-d", "unknown type code at column 1"),
        ("+1d", "unknown type code at column 1"),
        (")", "unknown type code at column 1"),
        ("1 d", "unknown type code at column 2"),
        # Records, names and axes that do not begin or do not end.
        ("T", "'T' at column 1 is not followed by '{'"),
        ("Tx", "'T' at column 1 is not followed by '{'"),
        ("T{", "'T{' at column 1 is not closed"),
        ("T{d", "'T{' at column 1 is not closed"),
        ("}", "'}' at column 1 closes nothing"),
        ("d}", "'}' at column 2 closes nothing"),
        (":", "the name at column 1 belongs to no type code"),
        ("(", "'(' at column 1 is not closed"),
        ("(2", "'(' at column 1 is not closed"),
        ("()d", "an extent is missing at column 2"),
        ("(-1)d", "an extent is missing at column 2"),
        ("(2,)d", "an extent is missing at column 4"),
        ("(2 3)d", "',' or ')' is missing at column 4"),
        # Sizes that exceed the address space.
        ("2305843009213693953d", "the item at column 1 exceeds the address space"),
        ("99999999999999999999999999d", "the item at column 1 exceeds the address space"),
        # Python has no standard size for these codes.
        ("=g", "'g' at column 2 has no standard size, only C's, behind '@' or '^'"),
        ("=Zg", "'g' at column 3 has no standard size, only C's, behind '@' or '^'"),
        ("=n", "'n' at column 2 has no standard size, only C's, behind '@' or '^'"),
        # Codes that are recognised, and not supported.
        ("&d", "'&' at column 1 is a pointer to another type, which is not supported"),
        ("&&d", "'&' at column 1 is a pointer to another type, which is not supported"),
        ("X{}", "'X' at column 1 is a pointer to a function, which is not supported"),
        ("X{d->d}", "'X' at column 1 is a pointer to a function, which is not supported"),
        ("t", "'t' at column 1 is a bit field, which is not supported"),
        ("8p", "'p' at column 2 is a Pascal string, which is not supported"),
    ],
)
def test_a_malformed_format_is_refused_where_it_is(text: str, fault: str) -> None:
    refuses(ValueError, f"format '{text}': {fault}", format=text.encode())


def test_a_format_that_is_empty_is_refused() -> None:
    refuses(ValueError, "format '' names no element", format=b"")


@pytest.mark.parametrize(
    ("text", "shown", "column"),
    [
        ("é".encode(), "é", 1),
        (b"\xff", "\N{REPLACEMENT CHARACTER}", 1),
        (b"d\x80", "d\N{REPLACEMENT CHARACTER}", 2),
        (b"\x01", r"\u{1}", 1),
        (b"d\x1b[31m", r"d\u{1b}[31m", 2),
    ],
    ids=["a letter", "no text", "a number and no text", "a control character", "an escape sequence"],
)
def test_a_format_that_is_no_text_is_shown_on_one_line(text: bytes, shown: str, column: int) -> None:
    refuses(ValueError, f"format '{shown}': unknown type code at column {column}", format=text)


@pytest.mark.parametrize(
    ("part", "end", "fault"),
    [
        ("d", "", " has itemsize 800000, but the exporter says 8"),
        ("T{", "", ": 'T{' at column 129 is more than 64 levels deep"),
        ("1", "d", ": the item at column 1 exceeds the address space"),
        ("(", "", ": an extent is missing at column 2"),
    ],
)
def test_a_very_long_format_is_refused_and_shown_in_part(part: str, end: str, fault: str) -> None:
    text = part * 100_000 + end
    refuses(ValueError, f"format '{text[:100]}...'{fault}", format=text.encode())


# Format and itemsize.


@pytest.mark.parametrize(
    ("text", "size"),
    [("b", 1), ("?", 1), ("c", 1), ("s", 1), ("3s", 3), ("h", 2), ("i", 4), ("f", 4), ("=l", 4), ("3x", 3)],
)
def test_a_format_of_another_size_is_refused(text: str, size: int) -> None:
    refuses(ValueError, f"format '{text}' has itemsize {size}, but the exporter says 8", format=text.encode())


@pytest.mark.parametrize("text", [None, b"B"])
def test_larger_bytes_are_what_ctypes_calls_unions(text: bytes | None) -> None:
    # A missing format also means bytes, whatever the itemsize is.
    reason = (
        "format 'B' has itemsize 1, but the exporter says 8; ctypes writes 'B' for a union or a packed struct"
    )
    refuses(ValueError, reason, format=text)


@pytest.mark.parametrize(
    ("text", "itemsize", "found"), [("f", 4, "float"), ("dd", 16, "record{double, double}")]
)
def test_nothing_is_refused_for_its_format_too(text: str, itemsize: int, found: str) -> None:
    # Cython checks no layout if there are no elements. The library always checks the format.
    got = f"{found}[:] with shape (0,), strides ({itemsize},) from {NAME}: {found} is not double"
    Liar(format=text.encode(), itemsize=itemsize, len=0, shape=[0], strides=[itemsize]).refuses(
        TypeError, f"expected {READ}, got {got}", read
    )


# Which of several faults is reported. The order is: the element, the axes, the access, the order.


@pytest.mark.parametrize(
    ("lies", "exception", "got", "reason"),
    [
        (
            {"format": b"q", "ndim": 2, "shape": [1, 3], "strides": [24, 8], "readonly": True},
            TypeError,
            "const int64[:, :] with shape (1, 3), strides (24, 8)",
            "int64 is not double",
        ),
        (
            {"format": f"{FOREIGN[0]}d".encode(), "ndim": 2, "shape": [1, 3], "strides": [24, 8]},
            TypeError,
            f"{SWAPPED} double[:, :] with shape (1, 3), strides (24, 8)",
            "foreign byte order; pass a copy in native byte order",
        ),
        (
            {"ndim": 2, "shape": [1, 3], "strides": [24, 8], "readonly": True},
            ValueError,
            "const double[:, :] with shape (1, 3), strides (24, 8)",
            "ndim 2 is not 1",
        ),
        (
            {"readonly": True, "shape": [2], "len": 16, "strides": [16]},
            BufferError,
            "const double[:] with shape (2,), strides (16,)",
            "readonly; take const double[::1] or pass writable memory",
        ),
        (
            {"shape": [2], "len": 16, "strides": [16]},
            ValueError,
            "double[:] with shape (2,), strides (16,)",
            "not C-contiguous; take double[:] or pass a C-contiguous copy",
        ),
        (
            {"shape": [2], "len": 16, "strides": [4]},
            ValueError,
            "double[:] with shape (2,), strides (4,)",
            "not C-contiguous; take double[:] or pass a C-contiguous copy",
        ),
        (
            {"shape": [2], "len": 16, "strides": [-8], "suboffsets": [0]},
            ValueError,
            "double[::indirect] with shape (2,), strides (-8,), suboffsets (0,)",
            "axis 0 holds pointers; take double[::indirect] or pass a C-contiguous copy",
        ),
    ],
    ids=["element", "byte order", "axes", "access", "order", "elements that overlap", "pointers"],
)
def test_the_first_fault_is_told(
    lies: dict[str, object], exception: type[Exception], got: str, reason: str
) -> None:
    Liar(**lies).refuses(
        exception,
        f"expected double[::1], got {got} from {NAME}: {reason}",
        lambda exporter: probe.fill_contiguous(exporter, 1.0),
    )


@pytest.mark.parametrize("spec", ["const double[:, ::1]", "const double[::1, :]", "const double[:, :]"])
def test_the_order_of_nothing_is_any(spec: str) -> None:
    liar = Liar(ndim=2, shape=[3, 0], strides=[-5, 77], len=0)
    assert read(liar.exporter, spec) == []


@pytest.mark.parametrize("spec", ["const double[:, ::1]", "const double[::1, :]", "const double[:, :]"])
def test_the_stride_of_an_axis_of_length_1_is_any(spec: str) -> None:
    liar = Liar(ndim=2, shape=[1, 3], strides=[-5, 8])
    assert read(liar.exporter, spec) == [0.5, -1.25, 3.0]


# Real exporters of unusual formats.


@pytest.mark.parametrize("code", [code for code in "uw" if code in array.typecodes])
def test_an_array_of_text_is_refused(code: str) -> None:
    with warnings.catch_warnings():
        # Python 3.13 deprecates "u".
        warnings.simplefilter("ignore", DeprecationWarning)
        exporter = array.array(code, "abc")
    size = exporter.itemsize
    found = f"text{size}"
    text = (
        f"expected {READ}, got {found}[:] with shape (3,), strides ({size},) from array.array: "
        f"{found} is not double"
    )
    refused(TypeError, text, read, exporter)


def test_a_memoryview_cast_to_native_sizes_is_read() -> None:
    # Cython knows neither n nor N.
    memory = memoryview(array.array("q", [1, -2, 3])).cast("B").cast("n")
    assert read(memory, "const int64[:]") == [1, -2, 3]
