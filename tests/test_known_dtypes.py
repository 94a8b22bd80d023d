"""Dtypes that have been seen before: what is remembered of them, how many, and for how long.

It is separate because this shows only when references are counted, or when a dtype is changed in place.
"""

import gc
import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typedview_probe as probe
from refused import refused

# The number of dtypes that are remembered.
PLACES = 32
NUMBERS = itertools.count()

is_free_threaded = not getattr(sys, "_is_gil_enabled", lambda: True)()
remembers = pytest.mark.skipif(is_free_threaded, reason="without a GIL no dtype is remembered")


def fresh(first: str = "i2") -> np.dtype:
    """Returns a dtype that is not remembered, nor its format: its names are new, and Rust asks for none."""
    number = next(NUMBERS)
    return np.dtype([(f"a{number}", first), (f"b{number}", "f4")], align=True)


def counts(dtypes: list[np.dtype]) -> list[int]:
    gc.collect()
    return [sys.getrefcount(dtype) for dtype in dtypes]


@remembers
def test_a_dtype_is_kept_once_however_often_it_comes() -> None:
    dtypes = [fresh()]
    values = np.zeros(3, dtypes[0])
    [before] = counts(dtypes)
    for _ in range(5):
        probe.elements("Pair", values)
        probe.elements("Pair", values[::2], "Strided<1>")
        probe.write("Pair", "locked", values, values.copy())
    assert counts(dtypes) == [before + 1]


@remembers
def test_a_dtype_is_kept_when_another_has_had_its_format() -> None:
    first = fresh()
    probe.elements("Pair", np.zeros(3, first))
    dtypes = [np.dtype([(name, first[name]) for name in first.names], align=True)]
    values = np.zeros(3, dtypes[0])
    [before] = counts(dtypes)
    for _ in range(5):
        probe.elements("Pair", values)
    assert counts(dtypes) == [before + 1]


@pytest.mark.parametrize("element", ["Packed", "f64", "Days"])
def test_a_dtype_that_is_refused_is_not_kept(element: str) -> None:
    dtypes = [fresh()]
    values = np.zeros(3, dtypes[0])
    before = counts(dtypes)
    for _ in range(3):
        with pytest.raises(TypeError):
            probe.elements(element, values)
    assert counts(dtypes) == before


def test_a_memoryview_has_no_dtype_to_keep() -> None:
    dtypes = [fresh()]
    values = np.zeros(3, dtypes[0])
    before = counts(dtypes)
    for _ in range(3):
        probe.elements("Pair", memoryview(values))
    assert counts(dtypes) == before


@remembers
def test_no_more_dtypes_are_kept_than_there_are_places() -> None:
    dtypes = [fresh() for _ in range(100)]
    arrays = [np.array([(i, i / 2)], dtype) for i, dtype in enumerate(dtypes)]
    before = counts(dtypes)
    for _ in range(2):
        for i, values in enumerate(arrays):
            assert probe.elements("Pair", values) == [(i, i / 2)]
    kept = [now - then for now, then in zip(counts(dtypes), before, strict=True)]
    assert set(kept) <= {0, 1}
    assert 1 <= sum(kept) <= PLACES


def test_another_dtype_at_the_same_address_is_another() -> None:
    addresses: list[int] = []
    for _ in range(200):
        for first in ("i2", "u2"):
            dtype = fresh(first)
            addresses.append(id(dtype))
            values = np.zeros(1, dtype)
            if first == "i2":
                assert probe.elements("Pair", values) == [(0, 0.0)]
                continue
            a, b = dtype.names
            text = (
                f"expected const Pair[...], got record{{uint16 {a}, float {b}}}[:] with shape (1,), "
                f"strides (8,) from numpy.ndarray: expected int16 but got uint16 in field {a} at offset 0"
            )
            refused(TypeError, text, probe.elements, "Pair", values)
    # The addresses of dtypes that are kept have not been reused, but some others have.
    assert len(set(addresses)) < len(addresses)


def test_equal_dtypes_of_other_classes_are_the_same_record() -> None:
    fields = [("flag", "u1"), ("price", "f8")]
    values = np.array([(1, 1.5), (2, 2.5)], np.dtype(fields, align=True))
    of_records = values.view(np.dtype((np.record, values.dtype)))
    assert of_records.dtype.type is np.record
    for same in (values, of_records, values.view(np.recarray), memoryview(values), values.copy()):
        for _ in range(2):
            assert probe.read_aligned(same) == values.tolist()


def test_titles_are_no_names() -> None:
    titled = np.dtype([(("the flag", "flag"), "u1"), (("the price", "price"), "f8")], align=True)
    assert probe.read_aligned(np.array([(1, 1.5)], titled)) == [(1, 1.5)]


# Dtypes that are changed in place.


def test_a_dtype_that_is_renamed_before_it_is_seen_has_its_new_names() -> None:
    dtype = np.dtype([("flag", "u1"), ("price", "f8")], align=True)
    values = np.zeros(1, dtype)
    dtype.names = ("flag", "cost")
    text = (
        "expected const Aligned[:], got record{uint8 flag, double cost}[:] with shape (1,), strides (16,) "
        "from numpy.ndarray: expected field price but got field cost at offset 8"
    )
    refused(TypeError, text, probe.read_aligned, values)


@pytest.fixture(scope="module")
def after_changes() -> dict[str, str]:
    """Returns the outcome of each change in changed_dtypes.py."""
    command = [sys.executable, Path(__file__).parent / "changed_dtypes.py"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (
            "names",
            "expected const Tail[...], got record{double cost, uint8 flag}[:] with shape (1,), strides (16,) "
            "from numpy.ndarray: expected field price but got field cost",
        ),
        (
            "fewer fields",
            "expected const Aligned[...], got record{uint8 flag}[:] with shape (1,), strides (1,) "
            "from numpy.ndarray: expected double price but got no more fields at offset 8",
        ),
        (
            "a field that is an object",
            "expected const Packed[...], got record{uint8 flag, object price}[:] with shape (1,), "
            "strides (9,) from numpy.ndarray: "
            "expected double but got object in field price at offset 1",
        ),
        (
            "fewer bytes",
            "expected const bytes3[...], got bytes1[:] with shape (1,), strides (1,) "
            "from numpy.ndarray: bytes1 is not bytes3",
        ),
        (
            "less text",
            "expected const text12[...], got text4[:] with shape (1,), strides (4,) "
            "from numpy.ndarray: text4 is not text12",
        ),
        (
            "byte order",
            "expected const big-endian double[...], got double[:] with shape (1,), strides (8,) "
            "from numpy.ndarray: double is not big-endian double",
        ),
        (
            "the item of a sub-array",
            "expected const SubArrays[...], got record{uint8 flag, (3)int64 point, (2, 2)int16 turn}[:] "
            "with shape (1,), strides (40,) from numpy.ndarray: "
            "expected double but got int64 in field point at offset 8",
        ),
        (
            "the names of a record inside",
            "expected const Nested[...], got record{uint8 id, record{uint8 cost, double flag} trade, "
            "int16 last}[:] with shape (1,), strides (32,) from numpy.ndarray: "
            "expected field flag but got field cost in field trade at offset 8",
        ),
        (
            "the byte order of a field",
            "expected const Foreign[...], got record{int32 a, double b, big-endian int16 c, uint16 d, "
            "big-endian double complex e}[:] with shape (1,), strides (32,) from numpy.ndarray: "
            "expected big-endian int32 but got int32 in field a at offset 0",
        ),
        (
            "the dict of the fields",
            "expected const Gapped[...], got record{uint8 flag, int64 price}[:] with shape (1,), "
            "strides (40,) from numpy.ndarray: expected double but got int64 in field price at offset 16",
        ),
        (
            "the unit of a date",
            "expected const datetime64[D][...], got datetime64[s][:] with shape (1,), strides (8,) "
            "from numpy.ndarray: datetime64[s] is not datetime64[D]",
        ),
    ],
)
def test_a_dtype_that_is_changed_in_place_is_another(
    after_changes: dict[str, str], change: str, refusal: str
) -> None:
    assert after_changes[change] == refusal
