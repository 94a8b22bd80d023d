"""The ports beside the originals: equal results for any sizes, and what becomes of arguments that do not fit.

The results are equal to the bit, because the ports add in the order of the originals.
"""

import gc
import math
import sys
import threading
from fractions import Fraction

import numpy as np
import ported
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter
from scipy.signal._sosfilt import _sosfilt
from silx.image.shapes import Polygon
from skimage.restoration import _denoise, denoise_tv_bregman
from skimage.restoration._denoise_cy import _denoise_tv_bregman
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.ensemble._hist_gradient_boosting import grower
from sklearn.ensemble._hist_gradient_boosting.common import HISTOGRAM_DTYPE
from sklearn.ensemble._hist_gradient_boosting.histogram import HistogramBuilder

DTYPES = [np.float32, np.float64, np.complex64, np.complex128]
SEEDS = st.integers(0, 2**32 - 1)
few = settings(max_examples=60, deadline=None)


def assert_same(ours: object, theirs: object) -> None:
    """The arrays have one dtype, one shape, and the same bytes."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    np.testing.assert_array_equal(ours, theirs)
    assert ours.tobytes() == theirs.tobytes()


def refusal(kind: type[Exception], function: object, *arguments: object) -> str:
    """The text of the exception that the call raises."""
    with pytest.raises(kind) as caught:
        function(*arguments)
    return str(caught.value)


# Histograms.


def tables(
    seed: int, n_samples: int, n_features: int, n_bins: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bins in Fortran order, gradients and hessians."""
    rng = np.random.default_rng(seed)
    binned = np.asfortranarray(rng.integers(0, n_bins, (n_samples, n_features)).astype(np.uint8))
    return binned, rng.normal(size=n_samples).astype(np.float32), rng.random(n_samples).astype(np.float32)


def both_builders(
    binned: np.ndarray, n_bins: int, *rest: object
) -> tuple[ported.HistogramBuilder, HistogramBuilder]:
    return ported.HistogramBuilder(binned, n_bins, *rest), HistogramBuilder(binned, n_bins, *rest)


@pytest.mark.parametrize("n_threads", [1, 2, 3])
@pytest.mark.parametrize("constant", [False, True])
@given(
    seed=SEEDS,
    n_samples=st.integers(1, 70),
    n_features=st.integers(1, 7),
    n_bins=st.sampled_from([1, 3, 256]),
)
@few
def test_histograms_are_those_of_the_original(
    seed: int, n_samples: int, n_features: int, n_bins: int, constant: bool, n_threads: int
) -> None:
    binned, gradients, hessians = tables(seed, n_samples, n_features, n_bins)
    hessians = hessians[:1] if constant else hessians
    ours, theirs = both_builders(binned, n_bins, gradients, hessians, constant, n_threads)
    rng = np.random.default_rng(seed)
    everything = np.arange(n_samples, dtype=np.uint32)
    part = np.flatnonzero(rng.random(n_samples) < 0.5).astype(np.uint32)
    results = []
    for samples in (everything, part):
        one, other = ours.compute_histograms_brute(samples), theirs.compute_histograms_brute(samples).base
        assert one.dtype == HISTOGRAM_DTYPE
        assert_same(one, other)
        results.append((one, other))
    if len(part) < n_samples and len(part):
        assert_same(ours.ordered_gradients, theirs.ordered_gradients)
        assert_same(ours.ordered_hessians, theirs.ordered_hessians)
    (one, other), (child, same_child) = results
    assert ours.compute_histograms_subtraction(one, child) is one
    assert_same(one, theirs.compute_histograms_subtraction(other, same_child).base)


@pytest.mark.parametrize("n_threads", [1, 2])
@given(seed=SEEDS, allowed=st.lists(st.integers(0, 5), unique=True), step=st.sampled_from([1, 2, -1]))
@few
def test_only_the_histograms_of_allowed_features_are_built(
    seed: int, allowed: list[int], step: int, n_threads: int
) -> None:
    binned, gradients, hessians = tables(seed, 30, 6, 4)
    ours, theirs = both_builders(binned, 4, gradients, hessians, False, n_threads)
    # An array whose elements are `allowed`, with other numbers between them.
    spread = np.repeat(np.array(allowed, np.uint32), abs(step))[::step][: len(allowed)]
    samples = np.arange(0, 30, 2, dtype=np.uint32)
    one = ours.compute_histograms_brute(samples, spread)
    other = theirs.compute_histograms_brute(samples, spread).base
    assert_same(one[spread], other[spread])
    rest = np.setdiff1d(np.arange(6), spread)
    assert one[rest].tobytes() == bytes(one[rest].nbytes)
    whole = ours.compute_histograms_brute(np.arange(30, dtype=np.uint32))
    same = whole.copy()
    ours.compute_histograms_subtraction(whole, one, spread)
    theirs.compute_histograms_subtraction(same, one, spread)
    assert_same(whole, same)


@pytest.mark.parametrize("constant", [False, True])
def test_large_histograms_are_the_same_from_several_threads(constant: bool) -> None:
    binned, gradients, hessians = tables(8, 600_000, 3, 200)
    hessians = hessians[:1] if constant else hessians
    ours, theirs = both_builders(binned, 200, gradients, hessians, constant, 2)
    for samples in (np.arange(600_000, dtype=np.uint32), np.arange(0, 600_000, 2, dtype=np.uint32)):
        assert_same(ours.compute_histograms_brute(samples), theirs.compute_histograms_brute(samples).base)
    assert_same(ours.ordered_gradients, theirs.ordered_gradients)
    binned[-2, 2] = 201
    text = "axis 0: index 201 is out of bounds for length 200"
    assert refusal(IndexError, ours.compute_histograms_brute, samples) == text
    samples[-1] = 600_000
    text = "axis 0: index 600000 is out of bounds for length 600000"
    assert refusal(IndexError, ours.compute_histograms_brute, samples) == text


def test_histograms_may_have_no_bins_and_no_features_but_not_too_many() -> None:
    none, samples = np.zeros(0, np.float32), np.zeros(0, np.uint32)
    ours = ported.HistogramBuilder(np.zeros((0, 2), np.uint8, order="F"), 0, none, none, False, 2)
    assert ours.compute_histograms_brute(samples).shape == (2, 0)
    ours.n_bins = 2**61
    with pytest.raises((ValueError, MemoryError)):
        ours.compute_histograms_brute(samples)
    ours.X_binned, ours.n_bins = np.zeros((0, 0), np.uint8), 3
    assert ours.compute_histograms_brute(samples).shape == (0, 3)


def test_features_that_are_allowed_twice_are_built_once() -> None:
    binned, gradients, hessians = tables(1, 10, 2, 3)
    ours = ported.HistogramBuilder(binned, 3, gradients, hessians, False, 2)
    samples = np.arange(10, dtype=np.uint32)
    expected = ours.compute_histograms_brute(samples)
    assert_same(ours.compute_histograms_brute(samples, np.array([1, 0, 1, 0], np.uint32)), expected)


def test_trees_of_scikit_learn_grow_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.random((600, 4)), rng.random(600)
    options = {"max_iter": 5, "random_state": 0, "interaction_cst": [{0, 1}, {2, 3}]}
    expected = HistGradientBoostingRegressor(**options).fit(x, y).predict(x)
    monkeypatch.setattr(grower, "HistogramBuilder", ported.HistogramBuilder)
    assert_same(HistGradientBoostingRegressor(**options).fit(x, y).predict(x), expected)


def test_an_attribute_can_be_made_another_array() -> None:
    binned, gradients, hessians = tables(2, 12, 2, 5)
    ours = ported.HistogramBuilder(binned, 5, gradients, hessians, False, 1)
    other_binned, other_gradients, _ = tables(3, 12, 3, 5)
    assert (ours.X_binned is binned, ours.gradients is gradients, ours.n_features) == (True, True, 2)
    ours.X_binned, ours.gradients, ours.ordered_gradients = other_binned, other_gradients, np.zeros(12, "f4")
    ours.n_bins, ours.n_threads, ours.hessians_are_constant = 6, 2, True
    assert (ours.n_features, ours.hessians_are_constant) == (3, 1)
    theirs = HistogramBuilder(other_binned, 6, other_gradients, hessians, True, 2)
    samples = np.array([1, 4, 5], np.uint32)
    assert_same(ours.compute_histograms_brute(samples), theirs.compute_histograms_brute(samples).base)
    assert_same(ours.ordered_gradients[:3], other_gradients[samples])
    with pytest.raises(TypeError, match=r"^expected const float\[::1\], got double\[:\] "):
        ours.gradients = np.zeros(12)
    assert ours.gradients is other_gradients
    with pytest.raises(BufferError, match="readonly; take const float"):
        ours.ordered_gradients = np.broadcast_to(np.float32(0), 1)


def test_the_ordered_gradients_are_copies() -> None:
    binned, gradients, hessians = tables(4, 12, 2, 5)
    gradients.setflags(write=False)
    ours = ported.HistogramBuilder(binned, 5, gradients, hessians, False, 1)
    ours.ordered_gradients[:] = 0
    assert gradients.any()


@pytest.mark.parametrize("n_threads", [1, 2])
def test_numbers_that_are_too_large_are_errors_of_the_index(n_threads: int) -> None:
    binned, gradients, hessians = tables(5, 8, 2, 5)
    binned[3, 1] = 7
    ours = ported.HistogramBuilder(binned, 5, gradients, hessians, False, n_threads)
    bins = "axis 0: index 7 is out of bounds for length 5"
    assert refusal(IndexError, ours.compute_histograms_brute, np.arange(8, dtype=np.uint32)) == bins
    samples = "axis 0: index 8 is out of bounds for length 8"
    assert refusal(IndexError, ours.compute_histograms_brute, np.array([0, 8], np.uint32)) == samples
    features = "axis 0: index 2 is out of bounds for length 2"
    some = np.array([0, 1], np.uint32)
    assert refusal(IndexError, ours.compute_histograms_brute, some, np.array([2], np.uint32)) == features


def test_histograms_of_another_type_or_shape_are_refused() -> None:
    binned, gradients, hessians = tables(6, 8, 2, 5)
    ours = ported.HistogramBuilder(binned, 5, gradients, hessians, False, 1)
    whole = ours.compute_histograms_brute(np.arange(8, dtype=np.uint32))
    renamed = whole.astype([("gradients", "f8"), ("hessians", "f8"), ("count", "u4")])
    assert "sum_gradients" in refusal(TypeError, ours.compute_histograms_subtraction, whole, renamed)
    shorter = np.zeros((2, 4), HISTOGRAM_DTYPE)
    text = "view 1 has shape (4,), view 0 has (5,)"
    assert refusal(ValueError, ours.compute_histograms_subtraction, whole, shorter) == text
    text = refusal(BufferError, ours.compute_histograms_subtraction, whole, whole)
    assert text.endswith("pass memory that does not overlap, or a copy")
    text = refusal(
        ValueError, ported.HistogramBuilder, np.zeros((3, 2), np.uint8), 5, gradients, hessians, 0, 1
    )
    assert text.endswith("C order; take const uint8[:, ::1] or pass a Fortran-contiguous copy")


def test_a_builder_keeps_its_arrays_until_it_is_deleted() -> None:
    arrays = tables(7, 8, 2, 5)
    before = [sys.getrefcount(array) for array in arrays]
    ours = ported.HistogramBuilder(arrays[0], 5, *arrays[1:], False, 1)
    assert [sys.getrefcount(array) for array in arrays] > before
    histograms = ours.compute_histograms_brute(np.arange(8, dtype=np.uint32))
    whole = sys.getrefcount(histograms)
    assert ours.compute_histograms_subtraction(histograms, histograms.copy()) is histograms
    del ours
    gc.collect()
    assert [sys.getrefcount(array) for array in arrays] == before
    assert sys.getrefcount(histograms) == whole


# Filters.


def sections(order: int, dtype: type) -> np.ndarray:
    return butter(order, 0.3, output="sos").astype(dtype)


def signals(seed: int, shape: tuple[int, ...], dtype: type) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=shape)
    return (
        values + 1j * rng.normal(size=shape) if np.issubdtype(dtype, np.complexfloating) else values
    ).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@given(seed=SEEDS, order=st.integers(1, 12), n_signals=st.integers(0, 4), n_samples=st.integers(0, 30))
@few
def test_filtered_signals_are_those_of_the_original(
    dtype: type, seed: int, order: int, n_signals: int, n_samples: int
) -> None:
    sos = sections(order, dtype)
    sos.setflags(write=False)
    x, zi = signals(seed, (n_signals, n_samples), dtype), signals(seed, (n_signals, len(sos), 2), dtype)
    y, zf = x.copy(), zi.copy()
    assert ported.sosfilt(sos, x, zi) is None
    _sosfilt(sos.copy(), y, zf)
    assert_same(x, y)
    assert_same(zi, zf)


def test_memory_that_is_not_aligned_is_filtered() -> None:
    sos, zi = sections(5, np.float64), np.zeros((1, 3, 2))
    x = np.frombuffer(bytearray(8 * 10 + 1), np.float64, offset=1).reshape(1, 10)
    x[:] = range(10)
    y, zf = x.copy(), zi.copy()
    ported.sosfilt(sos, x, zi)
    _sosfilt(sos, y, zf)
    assert_same(x, y)


def naive(sos: np.ndarray, x: np.ndarray, zi: np.ndarray) -> None:
    """The filter in plain Python, for any objects with arithmetic."""
    for row, delays in zip(x, zi, strict=True):
        for i, sample in enumerate(row):
            for (b0, b1, b2, _, a1, a2), delay in zip(sos, delays, strict=True):
                out = b0 * sample + delay[0]
                delay[:] = [b1 * sample - a1 * out + delay[1], b2 * sample - a2 * out]
                sample = out
            row[i] = sample


def test_objects_are_filtered_with_their_own_arithmetic() -> None:
    sos = np.array([[Fraction(n, 7) for n in range(1, 7)], [Fraction(3, n) for n in range(2, 8)]], object)
    x = np.array([[Fraction(n, 3) for n in range(5)], [Fraction(n) for n in range(5)]], object)
    zi = np.full((2, 2, 2), Fraction(1, 2), object)
    y, zf = x.copy(), zi.copy()
    ported.sosfilt(sos, x, zi)
    naive(sos, y, zf)
    assert (x == y).all() and (zi == zf).all()
    assert all(type(value) is Fraction for value in x.flat)


def test_objects_without_arithmetic_raise_their_own_error() -> None:
    sos, x, zi = (np.full(shape, 1, object) for shape in [(1, 6), (1, 3), (1, 1, 2)])
    x[0, 1] = "text"
    zi[0, 0, 0] = 0.5
    assert refusal(TypeError, ported.sosfilt, sos, x, zi) == 'can only concatenate str (not "float") to str'


def test_the_objects_that_a_filter_replaces_are_freed() -> None:
    class Number:
        def __mul__(self, other: object) -> "Number":
            return Number()

        __add__ = __sub__ = __mul__

    one = Number()
    before = sys.getrefcount(one)
    sos, x, zi = (np.full(shape, one, object) for shape in [(2, 6), (1, 40), (1, 2, 2)])
    assert sys.getrefcount(one) == before + 12 + 40 + 4
    ported.sosfilt(sos, x, zi)
    assert sys.getrefcount(one) == before + 12
    del sos, x, zi
    assert sys.getrefcount(one) == before


def test_signals_of_another_type_or_shape_are_refused() -> None:
    sos, x, zi = sections(4, np.float64), np.ones((1, 5)), np.zeros((1, 2, 2))
    integers = refusal(TypeError, ported.sosfilt, sos.astype(int), x, zi)
    assert integers.startswith(
        "expected const float | double | float complex | double complex[:, ::1], got int64[:, :]"
    )
    assert refusal(TypeError, ported.sosfilt, sos, x.astype("f4"), zi).startswith(
        "expected double[:, ::1], got float"
    )
    assert refusal(TypeError, ported.sosfilt, sos, x, zi.astype("f4")).startswith(
        "expected double[:, :, ::1], got"
    )
    assert refusal(ValueError, ported.sosfilt, sos, x[:, ::2], zi).startswith("expected double[:, ::1], got")
    assert refusal(TypeError, ported.sosfilt, sos.astype(object), x, zi).startswith(
        "expected object[:, ::1], got"
    )
    five = "40 bytes on the last axis are not one element of 48 bytes"
    assert refusal(ValueError, ported.sosfilt, np.ones((2, 5)), x, zi) == five
    delays = "expected a zi with shape [1, 2, 2], got [1, 3, 2]"
    assert refusal(ValueError, ported.sosfilt, sos, x, np.zeros((1, 3, 2))) == delays
    both = np.zeros((1, 4))
    overlap = refusal(BufferError, ported.sosfilt, np.ones((2, 6)), both, both.reshape(1, 2, 2))
    assert overlap.endswith("pass memory that does not overlap, or a copy")
    x.setflags(write=False)
    assert "readonly" in refusal(BufferError, ported.sosfilt, sos, x, zi)


# Polygons.

coordinates = st.integers(-40, 120).map(lambda n: n / 4)


@given(vertices=st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=12), data=st.data())
@settings(max_examples=200, deadline=None)
def test_masks_and_points_are_those_of_the_original(vertices: list, data: st.DataObject) -> None:
    ours, theirs = ported.Polygon(vertices), Polygon(vertices)
    height, width = data.draw(st.integers(0, 35)), data.draw(st.integers(0, 35))
    assert_same(ours.make_mask(height, width), theirs.make_mask(height, width))
    for row, column in data.draw(st.lists(st.tuples(coordinates, coordinates), max_size=20)):
        assert ours.is_inside(row, column) is theirs.is_inside(row, column)


def test_a_large_mask_is_the_same_from_several_threads() -> None:
    vertices = np.random.default_rng(1).random((50, 2)) * [1000, 1300] - 50
    assert_same(ported.Polygon(vertices).make_mask(901, 1207), Polygon(vertices).make_mask(901, 1207))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16])
@pytest.mark.parametrize("step", [1, -2])
def test_vertices_of_any_type_and_layout_are_taken(dtype: type, step: int) -> None:
    vertices = np.array([[0, 0], [9, 2], [7, 8], [1, 6], [4, 4]], dtype)[::step]
    vertices.setflags(write=False)
    assert_same(ported.Polygon(vertices).make_mask(10, 10), Polygon(vertices.copy()).make_mask(10, 10))


def test_vertices_that_are_floats_are_not_copied() -> None:
    vertices = np.array([[0, 0], [0, 9], [9, 9], [9, 0]], np.float32)
    before = sys.getrefcount(vertices)
    ours = ported.Polygon(vertices)
    assert ours.is_inside(8, 8)
    vertices[2:, 0] = 5
    assert not ours.is_inside(8, 8)
    del ours
    assert sys.getrefcount(vertices) == before


def test_vertices_that_are_not_points_are_refused() -> None:
    assert refusal(ValueError, ported.Polygon, np.zeros((4, 3))) == "expected vertices of 2 numbers, got 3"
    assert refusal(ValueError, ported.Polygon, [1, 2]).startswith(
        "expected const float[:, ::1], got float[:]"
    )
    with pytest.raises(OverflowError):
        ported.Polygon([[0, 0]]).make_mask(-1, 5)


def test_a_polygon_without_area_or_sense_has_no_inside() -> None:
    for vertices in (
        np.zeros((0, 2)),
        [[3, 3]],
        [[math.nan, 1], [5, 5], [0, 9]],
        [[math.inf, 1], [5, math.nan]],
    ):
        assert ported.Polygon(vertices).make_mask(4, 4).shape == (4, 4)
        assert not ported.Polygon(vertices).is_inside(100, 2)
    assert not ported.Polygon(np.zeros((0, 2))).make_mask(4, 4).any()


# Images.


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("isotropic", [False, True])
@given(
    seed=SEEDS,
    shape=st.tuples(st.integers(2, 9), st.integers(2, 9), st.integers(0, 4)),
    iterations=st.integers(0, 6),
    weight=st.floats(0.1, 20),
)
@few
def test_images_are_those_of_the_original(
    dtype: type, isotropic: bool, seed: int, shape: tuple[int, int, int], iterations: int, weight: float
) -> None:
    image = np.random.default_rng(seed).random(shape).astype(dtype)
    image.setflags(write=False)
    ours = np.random.default_rng(seed).random((shape[0] + 2, shape[1] + 2, shape[2])).astype(dtype)
    theirs = ours.copy()
    assert ported.denoise_tv_bregman(image, weight, iterations, 1e-3, isotropic, ours) is None
    if image.size:
        _denoise_tv_bregman(image.copy(), image.dtype.type(weight), iterations, 1e-3, isotropic, theirs)
    assert_same(ours, theirs)


def test_scikit_image_gives_the_same_with_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    image = np.random.default_rng(2).random((20, 30, 3))
    expected = denoise_tv_bregman(image, channel_axis=-1)
    monkeypatch.setattr(_denoise, "_denoise_tv_bregman", ported.denoise_tv_bregman)
    assert_same(denoise_tv_bregman(image, channel_axis=-1), expected)


def test_images_of_another_type_or_shape_are_refused() -> None:
    image, out = np.ones((3, 4, 1)), np.zeros((5, 6, 1))
    arguments = (5.0, 3, 1e-3, True)
    integers = refusal(TypeError, ported.denoise_tv_bregman, image.astype(int), *arguments, out)
    assert integers.startswith("expected const float | double[:, :, ::1], got int64[:, :, :]")
    floats = refusal(TypeError, ported.denoise_tv_bregman, image, *arguments, out.astype("f4"))
    assert floats.startswith("expected double[:, :, ::1], got float[:, :, :]")
    flat = refusal(ValueError, ported.denoise_tv_bregman, image[..., 0], *arguments, out)
    assert flat.startswith("expected const double[:, :, ::1], got double[:, :]")
    assert "(3, 4, 1)" in refusal(
        ValueError, ported.denoise_tv_bregman, image, *arguments, np.zeros((5, 5, 1))
    )
    narrow = refusal(
        IndexError, ported.denoise_tv_bregman, image[:, :1].copy(), *arguments, np.zeros((5, 3, 1))
    )
    assert narrow == "axis 1: index 1 is out of bounds for length 1"
    within = refusal(BufferError, ported.denoise_tv_bregman, out[1:4], *arguments, out)
    assert within.endswith("pass memory that does not overlap, or a copy")


# What all have in common.


def test_other_threads_run_meanwhile() -> None:
    image, out = np.ones((200, 200, 3)), np.zeros((202, 202, 3))
    worker = threading.Thread(target=ported.denoise_tv_bregman, args=(image, 5.0, 40, 0.0, True, out))
    worker.start()
    refusals = set()
    while worker.is_alive():
        try:
            ported.denoise_tv_bregman(image, 5.0, 1, 0.0, True, out)
        except BufferError as exception:
            refusals.add(str(exception))
    worker.join()
    assert any("is locked for writing" in text for text in refusals)


def test_no_argument_is_kept_after_a_call() -> None:
    sos, x, zi = sections(4, np.float64), np.ones((1, 5)), np.zeros((1, 2, 2))
    image, out = np.ones((3, 4, 1)), np.zeros((5, 6, 1))
    arrays = [sos, x, zi, image, out]
    before = [sys.getrefcount(array) for array in arrays]
    ported.sosfilt(sos, x, zi)
    ported.denoise_tv_bregman(image, 5.0, 1, 1e-3, True, out)
    refusal(TypeError, ported.sosfilt, sos, x.astype("f4"), zi)
    gc.collect()
    assert [sys.getrefcount(array) for array in arrays] == before
