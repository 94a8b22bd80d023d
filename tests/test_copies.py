"""Copies between views of Python objects: small ones while attached, large ones beside other threads."""

import itertools
import threading

import numpy as np
import pytest
import typedview_probe as probe

# Copies of 1 MiB and more detach from the interpreter.
SMALL, LARGE = (40, 30), (500, 600)


def table(shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(1).integers(-1000, 1000, shape).astype("f8")


@pytest.mark.parametrize("shape", [SMALL, LARGE])
def test_a_copy_is_that_of_numpy(shape: tuple[int, int]) -> None:
    source = table(shape)
    for view, target in itertools.product(
        (source, source[::-1], source[:, ::-1], source[:1], source[0]),
        (np.zeros(shape), np.zeros(shape, order="F"), np.zeros((shape[0], 2 * shape[1]))[:, ::2]),
    ):
        probe.copy_into(target, view)
        assert np.array_equal(target, np.broadcast_to(view, shape))


@pytest.mark.parametrize("side", [30, 700])
def test_a_copy_onto_itself_is_exact(side: int) -> None:
    x = table((side, side))
    for view in (lambda x: x.T, lambda x: x[::-1], lambda x: np.rot90(x), lambda x: x[0], lambda x: x[:, :1]):
        expected = np.array(np.broadcast_to(view(x), x.shape))
        probe.copy_into(x, view(x))
        assert np.array_equal(x, expected)
    x = table((side, side))
    expected = x.copy()
    expected[1:] = x[:-1]
    probe.copy_into(x[1:], x[:-1])
    assert np.array_equal(x, expected)


@pytest.mark.parametrize("shape", [SMALL, LARGE])
def test_numbers_are_converted_as_numpy_converts_them(shape: tuple[int, int]) -> None:
    source = table(shape)
    target = np.zeros(shape)
    probe.decode_into(target, source.astype(">i4").T.copy().T)
    assert np.array_equal(target, source)
    integers = np.zeros(shape, "i2")
    probe.convert_exact_into(integers[::-1], source)
    assert np.array_equal(integers[::-1], source)


@pytest.mark.parametrize("shape", [SMALL, LARGE])
def test_a_refused_copy_writes_and_locks_nothing(shape: tuple[int, int]) -> None:
    source, target = table(shape), np.ones(shape, "i2")
    source[3, 4] = 0.5
    message = r"^the element at index \(3, 4\) is 0\.5, which int16 cannot hold$"
    with pytest.raises(ValueError, match=message):
        probe.convert_exact_into(target, source)
    assert (target == 1).all()
    doubles = np.zeros(shape)
    with pytest.raises(ValueError, match=r"^cannot copy shape \(7,\) into shape "):
        probe.copy_into(doubles, np.ones(7))
    assert not doubles.any()
    probe.copy_into(doubles, source)
    probe.copy_into(source, doubles)


def test_other_threads_run_while_much_is_copied() -> None:
    x = table((3000, 3001))
    target = np.zeros_like(x)
    started, stop = threading.Event(), threading.Event()
    counts = []

    def count() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            started.set()
        counts.append(number)

    thread = threading.Thread(target=count)
    thread.start()
    started.wait()
    try:
        for _ in range(5):
            probe.copy_into(target, x[::-1, ::-1])
    finally:
        stop.set()
        thread.join()
    assert np.array_equal(target, x[::-1, ::-1])
    assert counts[0] > 1


def test_memory_that_others_read_is_copied_too() -> None:
    x = table(LARGE)
    target = np.zeros(LARGE)
    held = probe.export(x.reshape(-1))
    probe.copy_into(target, memoryview(x))
    assert np.array_equal(target, x)
    probe.copy_into(target.reshape(-1), held)
    assert np.array_equal(target, x)
