"""The ports beside the published Cython code: equal results, and the ratio of their times.

It prints a table. A ratio below 1 means that the port is faster. All times are medians of calls in turn.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import ported
from scipy.signal import butter
from scipy.signal._sosfilt import _sosfilt
from silx.image.shapes import Polygon
from skimage.restoration._denoise_cy import _denoise_tv_bregman
from sklearn.ensemble._hist_gradient_boosting import grower
from sklearn.ensemble._hist_gradient_boosting.histogram import HistogramBuilder

RNG = np.random.default_rng(12345)


@dataclass
class Case:
    """One line of the table: a call of the port and the same call of the original."""

    port: str
    what: str
    ours: Callable[[], object]
    theirs: Callable[[], object]
    # What puts the arguments back that a call has changed. It is not timed.
    restore: Callable[[], object] = lambda: None
    # The number of calls that are timed together.
    calls: int = 1


def equal(case: Case, one: object, other: object) -> None:
    one, other = np.asarray(one), np.asarray(other)
    if one.dtype != other.dtype or one.tobytes() != other.tobytes():
        sys.exit(f"{case.port}, {case.what}: the results differ")


def timed(function: Callable[[], object], case: Case) -> float:
    case.restore()
    start = time.perf_counter()
    for _ in range(case.calls):
        function()
    return (time.perf_counter() - start) / case.calls


ROW = "{:<10} {:<52} {:>12} {:>12} {:>7}".format


def run(case: Case, repeats: int) -> None:
    """Times a case, and prints its line."""
    pairs = [(timed(case.ours, case), timed(case.theirs, case)) for _ in range(repeats)]
    ours, theirs = (1e6 * statistics.median(times) for times in zip(*pairs, strict=True))
    print(ROW(case.port, case.what, f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.2f}"), flush=True)


def histograms() -> Iterator[Case]:
    for n_samples, n_features, n_bins, calls in [
        (200, 5, 64, 20),
        (100_000, 10, 256, 1),
        (1_000_000, 4, 256, 1),
    ]:
        binned = np.asfortranarray(RNG.integers(0, n_bins, (n_samples, n_features)).astype(np.uint8))
        gradients = RNG.normal(size=n_samples).astype(np.float32)
        hessians = RNG.random(n_samples).astype(np.float32)
        everything = np.arange(n_samples, dtype=np.uint32)
        half = np.flatnonzero(RNG.random(n_samples) < 0.5).astype(np.uint32)
        for constant, n_threads in [(False, 1), (True, 1), (False, 2)]:
            arguments = (
                binned,
                n_bins,
                gradients,
                hessians[:1] if constant else hessians,
                constant,
                n_threads,
            )
            ours, theirs = ported.HistogramBuilder(*arguments), HistogramBuilder(*arguments)
            # The threads of OpenMP stay busy for milliseconds after a loop, which would delay the next call.
            rest = (lambda: time.sleep(0.02)) if n_threads > 1 else (lambda: None)
            size = f"{n_samples}x{n_features}, {'no ' if constant else ''}hessians, {n_threads} thread(s)"
            for name, samples in [("root", everything), ("node", half)]:
                case = Case(
                    "histograms",
                    f"{name} {size}",
                    lambda ours=ours, samples=samples: ours.compute_histograms_brute(samples),
                    lambda theirs=theirs, samples=samples: theirs.compute_histograms_brute(samples),
                    restore=rest,
                    calls=calls,
                )
                equal(case, case.ours(), case.theirs())
                yield case
            child = ours.compute_histograms_brute(half)
            one = ours.compute_histograms_brute(everything)
            other = one.copy()
            case = Case(
                "histograms",
                f"subtraction {size}",
                lambda ours=ours, one=one, child=child: ours.compute_histograms_subtraction(one, child),
                lambda theirs=theirs, other=other, child=child: theirs.compute_histograms_subtraction(
                    other, child
                ),
                restore=rest,
                calls=20,
            )
            equal(case, case.ours(), case.theirs())
            yield case


def boosting() -> Iterator[Case]:
    """Trees of scikit-learn that are grown with one builder and with the other."""
    binned = np.asfortranarray(RNG.integers(0, 255, (50_000, 10)).astype(np.uint8))
    gradients = RNG.normal(size=50_000).astype(np.float32)
    hessians = RNG.random(50_000).astype(np.float32)

    def grow(builder: type) -> object:
        grower.HistogramBuilder = builder
        tree = grower.TreeGrower(binned, gradients, hessians, max_leaf_nodes=31, n_threads=1)
        tree.grow()
        grower.HistogramBuilder = HistogramBuilder
        return tree.make_predictor(np.zeros((10, 255)) + np.arange(255.0)).nodes

    case = Case(
        "histograms",
        "a tree of 31 leaves, grown by scikit-learn",
        lambda: grow(ported.HistogramBuilder),
        lambda: grow(HistogramBuilder),
    )
    equal(case, case.ours(), case.theirs())
    yield case


def filters() -> Iterator[Case]:
    for dtype in (np.float32, np.float64, np.complex64, np.complex128):
        for order, n_signals, n_samples, calls in [
            (4, 1, 16, 100),
            (2, 4, 20_000, 1),
            (4, 4, 20_000, 1),
            (8, 4, 20_000, 1),
        ]:
            sos = butter(order, 0.2, output="sos").astype(dtype)
            signals = RNG.normal(size=(n_signals, n_samples)).astype(dtype)
            x, zi = np.zeros_like(signals), np.zeros((n_signals, len(sos), 2), dtype)

            def restore(x=x, zi=zi, signals=signals) -> None:
                x[:], zi[:] = signals, 1

            case = Case(
                "sosfilt",
                f"{np.dtype(dtype)}, {len(sos)} section(s), {n_signals}x{n_samples}",
                lambda sos=sos, x=x, zi=zi: ported.sosfilt(sos, x, zi),
                lambda sos=sos, x=x, zi=zi: _sosfilt(sos, x, zi),
                restore,
                calls,
            )
            results = []
            for function in (case.ours, case.theirs):
                restore()
                function()
                results.append((x.copy(), zi.copy()))
            for one, other in zip(*results, strict=True):
                equal(case, one, other)
            yield case


def polygons() -> Iterator[Case]:
    for n, size, calls in [(5, 20, 20), (5, 500, 1), (100, 500, 1), (20, 2000, 1), (1000, 2000, 1)]:
        vertices = (RNG.random((n, 2)) * 1.4 - 0.2) * size
        ours, theirs = ported.Polygon(vertices), Polygon(vertices)
        case = Case(
            "polygon",
            f"mask {size}x{size} of {n} vertices",
            lambda ours=ours, size=size: ours.make_mask(size, size),
            lambda theirs=theirs, size=size: theirs.make_mask(size, size),
            calls=calls,
        )
        equal(case, case.ours(), case.theirs())
        yield case
    for n in (5, 1000):
        vertices = RNG.random((n, 2))
        ours, theirs = ported.Polygon(vertices), Polygon(vertices)
        case = Case(
            "polygon",
            f"is_inside of {n} vertices",
            lambda ours=ours: ours.is_inside(0.4, 0.6),
            lambda theirs=theirs: theirs.is_inside(0.4, 0.6),
            calls=100,
        )
        equal(case, case.ours(), case.theirs())
        yield case


def images() -> Iterator[Case]:
    for dtype in (np.float32, np.float64):
        for shape, calls in [((8, 8, 1), 10), ((256, 256, 1), 1), ((128, 128, 3), 1)]:
            for isotropic in (True, False):
                image = RNG.random(shape).astype(dtype)
                out = np.zeros((shape[0] + 2, shape[1] + 2, shape[2]), dtype)
                arguments = (image, image.dtype.type(5), 10, 1e-3, isotropic, out)

                def restore(out=out) -> None:
                    out[:] = 0

                case = Case(
                    "bregman",
                    f"{np.dtype(dtype)} {shape}, {'isotropic' if isotropic else 'anisotropic'}",
                    lambda arguments=arguments: ported.denoise_tv_bregman(*arguments),
                    lambda arguments=arguments: _denoise_tv_bregman(*arguments),
                    restore,
                    calls,
                )
                results = []
                for function in (case.ours, case.theirs):
                    restore()
                    function()
                    results.append(out.copy())
                equal(case, *results)
                yield case


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15, help="how often each line is timed")
    options = parser.parse_args()
    print(ROW("port", "", "port/us", "original/us", "ratio"))
    for cases in (histograms, boosting, filters, polygons, images):
        for case in cases():
            run(case, options.repeats)
    print("All results are those of the originals, to the bit.")


if __name__ == "__main__":
    main()
