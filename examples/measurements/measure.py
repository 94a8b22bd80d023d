"""Daily returns of a share and the picture of a head scan, read from the files without a copy, beside NumPy.

`make demo` runs it. It prints a table, checks that all results equal NumPy's, and writes two pictures.
"""

import argparse
import mmap
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib.cbook
import measurements
import numpy as np
from matplotlib.figure import Figure

BLACK, WHITE = 10, 200
SHAPE = (256, 256)


@dataclass
class Source:
    """An object that holds measurements, the address of the first, and NumPy's array of the same memory."""

    name: str
    holder: object
    address: int
    array: np.ndarray
    shape: tuple[int, int] | None = None


def of_array(name: str, array: np.ndarray) -> Source:
    return Source(name, array, array.ctypes.data, array)


def address_of(memory: object) -> int:
    return np.frombuffer(memory, np.uint8).ctypes.data


def price_sources(folder: Path) -> Iterator[Source]:
    """Yields every way to hold the prices of the share that matplotlib ships."""
    path = matplotlib.cbook.get_sample_data("goog.npz", asfileobj=False)
    with zipfile.ZipFile(path) as archive:
        # A member that is stored without compression could be mapped from the archive itself.
        assert archive.getinfo("price_data.npy").compress_type == zipfile.ZIP_DEFLATED
        unpacked = Path(archive.extract("price_data.npy", folder))
    prices = np.load(unpacked)
    yield of_array("numpy, records", prices)
    yield of_array("numpy, every 5th record", prices[::5])
    with unpacked.open("rb") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        start, records = file.tell(), file.read()
        yield Source("bytes of the file", records, address_of(records), prices)
        with (
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
            memoryview(mapped)[start:] as records,
        ):
            yield Source("mmap of the file", records, address_of(records), prices)


def scan_sources() -> Iterator[Source]:
    """Yields every way to hold the layer of a head scan that matplotlib ships."""
    with matplotlib.cbook.get_sample_data("s1045.ima.gz") as file:
        raw = file.read()
    scan = np.frombuffer(raw, ">u2").reshape(SHAPE)
    yield of_array("numpy, big-endian", scan)
    yield of_array("numpy, mirrored, every 2nd", scan[::2, ::-2])
    yield Source("memoryview of numpy", memoryview(scan), scan.ctypes.data, scan)
    yield Source("bytes of the file", raw, address_of(raw), scan, SHAPE)


def numpy_returns(prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the same days, which must be in order, and returns, computed with NumPy expressions."""
    dates, closes = prices["date"], prices["adj_close"]
    assert (dates[1:] > dates[:-1]).all()
    return dates[1:], closes[1:] / closes[:-1] - 1


def numpy_histogram(scan: np.ndarray) -> np.ndarray:
    """Returns the same counts, computed by NumPy."""
    return np.bincount(scan.ravel())


def numpy_grey(scan: np.ndarray) -> np.ndarray:
    """Returns the same picture, computed with a NumPy expression."""
    above_black = (np.clip(scan, BLACK, WHITE) - BLACK).astype(np.uint32)
    return ((above_black * ((255 << 24) // (WHITE - BLACK)) + (1 << 23)) >> 24).astype(np.uint8)


@dataclass
class Job:
    """A computation on measurements, by typedview and by NumPy."""

    name: str
    describe: Callable[[Source], tuple[str, int]]
    ours: Callable[[Source], object]
    numpys: Callable[[np.ndarray], object]


RETURNS = Job(
    "daily returns",
    lambda source: measurements.describe_prices(source.holder),
    lambda source: measurements.daily_returns(source.holder),
    numpy_returns,
)
HISTOGRAM = Job(
    "histogram",
    lambda source: measurements.describe_scan(source.holder, shape=source.shape),
    lambda source: measurements.histogram(source.holder, shape=source.shape),
    numpy_histogram,
)
GREY = Job(
    "grey picture",
    lambda source: measurements.describe_scan(source.holder, shape=source.shape),
    lambda source: measurements.grey(source.holder, BLACK, WHITE, shape=source.shape),
    numpy_grey,
)


def arrays(result: object) -> list[np.ndarray]:
    return [np.asarray(one) for one in (result if isinstance(result, tuple) else (result,))]


def timed(work: Callable[[], object], repeats: int) -> tuple[object, float]:
    """Returns the result of `work` and the median of its times in microseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return result, 1e6 * sorted(times)[len(times) // 2]


ROW = "{:<14} {:<27} {:<31} {:>12} {:>10} {:>8} {:>7}".format


def compare(job: Job, source: Source, repeats: int) -> list[np.ndarray]:
    """Runs a job with typedview and with NumPy, prints a line, and returns the results, which are equal."""
    read_as, address = job.describe(source)
    copied = 0 if address == source.address else source.array.nbytes
    result, ours = timed(lambda: job.ours(source), repeats)
    expected, numpys = timed(lambda: job.numpys(source.array), repeats)
    numbers = (f"{ours:.1f}", f"{numpys:.1f}", f"{numpys / ours:.1f}x")
    print(ROW(job.name, source.name, read_as, copied, *numbers), flush=True)
    if copied:
        sys.exit(f"{source.name}: the kernel read a copy")
    found = arrays(result)
    for one, other in zip(found, arrays(expected), strict=True):
        np.testing.assert_array_equal(one, other)
    return found


def draw_prices(prices: np.ndarray, days: np.ndarray, returns: np.ndarray, path: Path) -> None:
    figure = Figure(figsize=(9, 6), layout="constrained")
    above, below = figure.subplots(2, sharex=True)
    above.plot(prices["date"], prices["adj_close"], linewidth=1)
    above.set(title="GOOG", ylabel="adjusted close in dollars")
    below.vlines(days, 0, 100 * returns, linewidth=0.6)
    below.set(xlabel="date", ylabel="daily return in percent")
    for axes in (above, below):
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=100)


def draw_scan(grey: np.ndarray, histogram: np.ndarray, path: Path) -> None:
    figure = Figure(figsize=(10, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.imshow(grey, cmap="gray", vmin=0, vmax=255)
    left.set(title=f"intensities from {BLACK} to {WHITE}")
    left.set_axis_off()
    right.bar(np.arange(len(histogram)), histogram, width=1)
    right.set(title="cells of each intensity", xlabel="intensity", yscale="log")
    for edge in (BLACK, WHITE):
        right.axvline(edge, color="black", linestyle="--", linewidth=1)
    figure.savefig(path, dpi=100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=200, help="how often each step is timed")
    parser.add_argument("--pictures", type=Path, default=Path("build"), help="the folder of the pictures")
    options = parser.parse_args()

    print(
        "Prices: goog.npz, 1047 records of 56 bytes; they are deflated, so a temporary file has them for mmap"
    )
    print("Scan: s1045.ima.gz, 256 x 256 big-endian uint16; times are medians in microseconds")
    print(ROW("", "exporter", "read as", "bytes copied", "typedview", "NumPy", "ratio"))
    with tempfile.TemporaryDirectory() as folder:
        by_price = [
            (source, compare(RETURNS, source, options.repeats)) for source in price_sources(Path(folder))
        ]
    scans = list(scan_sources())
    counts, *_ = [compare(HISTOGRAM, source, options.repeats) for source in scans]
    greys, *_ = [compare(GREY, source, options.repeats) for source in scans]
    print("All results are NumPy's, to the bit.")

    options.pictures.mkdir(parents=True, exist_ok=True)
    source, (days, returns) = by_price[0]
    draw_prices(source.array, days, returns, options.pictures / "prices.png")
    draw_scan(*greys, *counts, options.pictures / "scan.png")
    print(f"The pictures are {options.pictures / 'prices.png'} and {options.pictures / 'scan.png'}")


if __name__ == "__main__":
    main()
