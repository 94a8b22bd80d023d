"""Dispatch: the choice of one of several types for an argument, and what is refused.

It is separate from acquiring with one type, because these tests check the choice itself.
"""

import array
import gc
import sys
import warnings

import numpy as np
import pytest
import typedview_probe as probe
from exporters import Exporter
from refused import refused

NAMES = {"i2": "int16", "i8": "int64", "f4": "float", "f8": "double"}
SIX = np.arange(6).reshape(2, 3)


@pytest.mark.parametrize("dtype", NAMES)
@pytest.mark.parametrize(
    ("order", "axes"),
    [("C", ":, ::1"), ("F", "::1, :"), ("pitched", ":, ::contiguous"), ("strided", ":, :")],
)
def test_element_and_order_choose_the_type(dtype: str, order: str, axes: str) -> None:
    values = SIX.astype(dtype)
    match order:
        case "pitched":
            values = np.repeat(values, 2, axis=0)[::2]
        case "strided":
            values = np.repeat(values, 2, axis=1)[:, ::2]
        case _:
            values = values.copy(order)
    for exporter in (values, memoryview(values), memoryview(values).toreadonly()):
        assert probe.dispatched(exporter) == (f"const {NAMES[dtype]}[{axes}]", 15.0)


def test_an_element_that_is_spelt_otherwise_is_the_same() -> None:
    for dtype in ("q", "l", "=i8", "<i8" if sys.byteorder == "little" else ">i8"):
        assert probe.dispatched(SIX.astype(dtype))[0] == "const int64[:, ::1]"


def test_every_exporter_is_taken_as_what_it_is(case: Exporter, exporter: object) -> None:
    if len(case.shape) != 2 or case.element not in NAMES.values():
        with pytest.raises((TypeError, ValueError)):
            probe.dispatched(exporter)
    else:
        spec, total = probe.dispatched(exporter)
        assert spec.startswith(f"const {case.element}[")
        assert total == sum(case.elements)


def test_an_element_of_none_of_the_types_is_refused_with_all_of_them() -> None:
    text = (
        "expected const int16 | int64 | float | double[:, :], "
        "got uint8[:, :] with shape (2, 3), strides (3, 1) from numpy.ndarray: "
        "uint8 is neither int16, int64, float nor double"
    )
    refused(TypeError, text, probe.dispatched, SIX.astype("u1"))


def test_a_foreign_byte_order_is_none_of_the_types() -> None:
    swapped = SIX.astype("f8").astype(">f8" if sys.byteorder == "little" else "<f8")
    foreign = "big" if sys.byteorder == "little" else "little"
    with pytest.raises(TypeError, match=f"got {foreign}-endian double"):
        probe.dispatched(swapped)


def test_another_ndim_is_refused_by_the_last_layout() -> None:
    text = (
        "expected const double[:, :], got double[:] with shape (3,), strides (8,) from array.array: "
        "ndim 1 is not 2"
    )
    refused(ValueError, text, probe.dispatched, array.array("d", [1.0, 2.0, 3.0]))


def test_what_is_to_be_written_must_be_writable() -> None:
    values = SIX.astype("f8")
    probe.clear(values)
    assert not values.any()
    values.flags.writeable = False
    text = (
        "expected double[:, :], "
        "got const double[:, :] with shape (2, 3), strides (24, 8) from numpy.ndarray: "
        "readonly; take const double[:, :] or pass writable memory"
    )
    refused(BufferError, text, probe.clear, values)


def test_an_array_that_changes_meanwhile_is_taken_as_it_is_then() -> None:
    values = SIX.astype("f8")

    def reshape() -> None:
        # NumPy deprecates this since 2.5, and it is what the test is about.
        with warnings.catch_warnings(action="ignore"):
            values.shape = (3, 2)

    assert probe.dispatched_after(values, reshape) == ("const double[:, ::1]", 15.0)
    before = sys.getrefcount(values)
    gc.collect()
    assert sys.getrefcount(values) == before


@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16"])
@pytest.mark.parametrize("step", [1, 2])
def test_arguments_of_one_type_get_one_element_and_one_layout(dtype: str, step: int) -> None:
    y, x = np.arange(6, dtype=dtype), np.repeat(np.arange(6, dtype=dtype), 2)[::2]
    x = x.copy() if step == 1 else x
    name = {"f4": "float", "f8": "double", "c8": "float complex", "c16": "double complex"}[dtype]
    assert probe.multiply(y, x) == f"const {name}[{'::1' if step == 1 else ':'}]"
    assert (y == np.arange(6) ** 2).all()


def test_the_first_argument_chooses_the_element_of_the_others() -> None:
    y, x = np.ones(3, "f4"), np.ones(3, "f8")
    text = (
        "expected const float[:], got double[:] with shape (3,), strides (8,) from numpy.ndarray: "
        "double is not float"
    )
    refused(TypeError, text, probe.multiply, y, x)
    text = (
        "expected float | double | float complex | double complex[:], "
        "got int64[:] with shape (3,), strides (8,) from numpy.ndarray: "
        "int64 is neither float, double, float complex nor double complex"
    )
    refused(TypeError, text, probe.multiply, np.ones(3, "i8"), x)
    assert (y == 1).all()


def test_arguments_of_independent_types_get_every_pair() -> None:
    for counts in ("u1", "i4"):
        for weights in ("f4", "f8"):
            assert probe.weighted(np.arange(4, dtype=counts), np.full(4, 0.5, weights)) == 3.0
    refused(
        TypeError,
        "expected const float | double[:], got int64[:] with shape (4,), strides (8,) from numpy.ndarray: "
        "int64 is neither float nor double",
        probe.weighted,
        np.arange(4, dtype="u1"),
        np.arange(4),
    )


@pytest.mark.parametrize("dtype", ["i2", "f8"])
def test_the_type_of_a_result_may_depend_on_the_choice(dtype: str) -> None:
    result = np.asarray(probe.doubled(np.arange(4, dtype=dtype)))
    assert result.dtype == np.dtype(dtype)
    assert result.tolist() == [0, 2, 4, 6]
