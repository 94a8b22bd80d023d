"""Masked arrays of NumPy: their memory contains the elements that the mask hides, so a mask is refused."""

import numpy as np
import pytest
import typedview_probe as probe
from refused import refused
from typedview import View

MASK = "its mask hides elements; pass x.data, or x.filled(...)"


class Derived(np.ma.MaskedArray):
    pass


def masked(dtype: str, kind: type = np.ma.MaskedArray) -> np.ma.MaskedArray:
    return np.ma.array(np.zeros(3, dtype), mask=[False, True, False]).view(kind)


@pytest.mark.parametrize("kind", [np.ma.MaskedArray, Derived])
def test_an_array_with_a_mask_is_refused(kind: type) -> None:
    values = masked("f8", kind)
    name = f"{kind.__module__}.{kind.__qualname__}"
    refused(
        ValueError, f"expected const double[:], got {name}: {MASK}", probe.read, "const double[:]", values
    )
    refused(ValueError, f"expected double[:], got {name}: {MASK}", probe.fill, values, 1.0)
    refused(ValueError, f"cannot view {name}: {MASK}", View, values)
    refused(ValueError, f"cannot view {name}: {MASK}", probe.offsets, values)


def test_dates_with_a_mask_are_refused() -> None:
    # NumPy exports no buffer for dates, but an array interface without the mask.
    values = masked("M8[D]")
    text = f"expected const datetime64[D][...], got numpy.ma.MaskedArray: {MASK}"
    refused(ValueError, text, probe.elements, "Datetime<time::Day>", values)
    refused(ValueError, f"cannot view numpy.ma.MaskedArray: {MASK}", View, values)


def test_a_mask_that_hides_nothing_may_hide_something_later() -> None:
    values = np.ma.array([1.0, 2.0], mask=False)
    assert values.mask.tolist() == [False, False]
    text = f"expected const double[:], got numpy.ma.MaskedArray: {MASK}"
    refused(ValueError, text, probe.read, "const double[:]", values)


def test_without_a_mask_it_is_an_array() -> None:
    values = np.ma.array([1.0, 2.0])
    assert values.mask is np.ma.nomask
    assert probe.read("const double[:]", values)[3] == [1.0, 2.0]
    probe.fill(values, 3.0)
    assert values.tolist() == [3.0, 3.0]


def test_what_the_refusal_says_helps() -> None:
    values = masked("f8")
    assert probe.read("const double[:]", values.data)[3] == [0.0, 0.0, 0.0]
    assert probe.read("const double[:]", values.filled(7.0))[3] == [0.0, 7.0, 0.0]


def test_a_mask_that_cannot_be_had_is_no_leave_to_look() -> None:
    class Raising(np.ma.MaskedArray):
        @property
        def mask(self) -> object:
            raise KeyboardInterrupt

    for values in (masked("f8", Raising), masked("M8[s]", Raising)):
        for take in (View, lambda x: probe.read("const double[:]", x), probe.offsets):
            with pytest.raises(KeyboardInterrupt):
                take(values)
