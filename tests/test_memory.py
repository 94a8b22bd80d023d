"""Allocations that fail: they raise `MemoryError`, and nothing is written."""

import numpy as np
import pytest
import typedview_probe as probe

MANY = 1 << 40
"""Of float64, 8 TiB."""

TEXT = "cannot allocate 8796093022208 bytes"


@pytest.mark.parametrize("copy", [probe.copied, probe.copied_f, probe.listed])
def test_a_copy_of_one_number_repeated_beyond_memory(copy) -> None:
    with pytest.raises(MemoryError, match=f"^{TEXT}$"):
        copy(np.broadcast_to(np.zeros(1), (MANY,)))
    assert np.asarray(copy(np.broadcast_to(np.ones(1), (3,)))).tolist() == [1.0, 1.0, 1.0]


def test_a_copy_onto_itself_needs_no_other_memory() -> None:
    one = np.full(1, 7.0)
    # Each index leads to the one number, so there is nothing to be moved.
    probe.reverse(np.lib.stride_tricks.as_strided(one, (MANY,), (0,)))
    assert one[0] == 7.0
    three = np.arange(3.0)
    probe.reverse(three)
    assert three.tolist() == [2.0, 1.0, 0.0]


def test_a_copy_onto_itself_that_needs_too_much_writes_nothing() -> None:
    side = 1 << 20
    x = np.arange(2.0 * side)
    windows = np.lib.stride_tricks.as_strided(x, (side, side), (8, 8))
    with pytest.raises(MemoryError, match=f"^{TEXT}$"):
        probe.copy_into(windows, windows[::-1])
    assert np.array_equal(x, np.arange(2.0 * side))


def test_new_memory_beyond_what_there_is() -> None:
    with pytest.raises(MemoryError, match=f"^{TEXT}$"):
        probe.zeroed([MANY])
    with pytest.raises(ValueError, match="exceeds the address space"):
        probe.zeroed([MANY, MANY])
