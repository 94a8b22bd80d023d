"""Hillshade of real terrain from every kind of object that can hold it, without a copy, beside NumPy.

`make demo` runs it. It prints a table, checks that all results agree, and writes the shaded relief as a PNG.
"""

import argparse
import array
import contextlib
import ctypes
import math
import mmap
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib.cbook
import matplotlib.image
import numpy as np
import terrain

AZIMUTH, ALTITUDE = 315.0, 45.0


@dataclass
class Elevation:
    """Heights in metres, rows from north to south, and the size of a cell in metres."""

    heights: np.ndarray
    cell: tuple[float, float]


@dataclass
class Source:
    """An object that holds a terrain, the shape to read it in, and the address of its first height."""

    name: str
    holder: object
    address: int
    heights: np.ndarray
    shape: tuple[int, int] | None = None


def jacksboro(tiles: int) -> Elevation:
    """Returns the elevation model that matplotlib ships, repeated `tiles` times in both directions."""
    with matplotlib.cbook.get_sample_data("jacksboro_fault_dem.npz") as model:
        heights = model["elevation"].astype(np.int16, copy=False)
        metres_per_degree = 111_200
        south = float(model["ymin"])
        cell = (
            metres_per_degree * float(model["dy"]),
            metres_per_degree * float(model["dx"]) * math.cos(math.radians(south)),
        )
    return Elevation(np.tile(heights, (tiles, tiles)), cell)


def sources(heights: np.ndarray, folder: Path) -> Iterator[Source]:
    """Yields every way to hold the same terrain. A crop holds a part of it."""
    rows, columns = heights.shape
    yield Source("numpy, C order", heights, heights.ctypes.data, heights)
    fortran = np.asfortranarray(heights)
    yield Source("numpy, Fortran order", fortran, fortran.ctypes.data, heights)
    crop = heights[1:-1, 1:-1]
    yield Source("numpy, strided crop", crop, crop.ctypes.data, crop)
    reversed_rows = heights[::-2, ::2]
    yield Source("numpy, reversed, every 2nd", reversed_rows, reversed_rows.ctypes.data, reversed_rows)
    numbers = array.array("h", heights.tobytes())
    yield Source("array.array", numbers, numbers.buffer_info()[0], heights, (rows, columns))
    raw = heights.tobytes()
    yield Source("bytes", raw, np.frombuffer(raw, np.uint8).ctypes.data, heights, (rows, columns))
    path = folder / "terrain.i16"
    path.write_bytes(raw)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        address = np.frombuffer(mapped, np.uint8).ctypes.data
        yield Source("mmap of a file", mapped, address, heights, (rows, columns))
    grid = ((ctypes.c_short * columns) * rows).from_buffer_copy(raw)
    yield Source("ctypes array", grid, ctypes.addressof(grid), heights)
    view = memoryview(raw).cast("h", heights.shape)
    yield Source("memoryview of bytes", view, np.asarray(view).ctypes.data, heights)


def numpy_hillshade(heights: np.ndarray, cell: tuple[float, float]) -> np.ndarray:
    """Returns the same light, computed with a NumPy expression."""
    padded = np.pad(heights, 1, mode="edge").astype(np.float32)
    a, b, c = padded[:-2, :-2], padded[:-2, 1:-1], padded[:-2, 2:]
    d, f = padded[1:-1, :-2], padded[1:-1, 2:]
    g, h, i = padded[2:, :-2], padded[2:, 1:-1], padded[2:, 2:]
    eastwards = ((c + 2 * f + i) - (a + 2 * d + g)) / np.float32(8 * cell[1])
    northwards = ((a + 2 * b + c) - (g + 2 * h + i)) / np.float32(8 * cell[0])
    azimuth, altitude = math.radians(AZIMUTH), math.radians(ALTITUDE)
    east, north = math.sin(azimuth) * math.cos(altitude), math.cos(azimuth) * math.cos(altitude)
    facing = np.float32(math.sin(altitude)) - np.float32(east) * eastwards - np.float32(north) * northwards
    return np.maximum(facing / np.sqrt(1 + eastwards**2 + northwards**2), 0)


@contextlib.contextmanager
def progress(what: str) -> Iterator[None]:
    """Prints once a second how long `what` has been running."""
    finished = threading.Event()

    def tell() -> None:
        seconds = 0
        while not finished.wait(1):
            seconds += 1
            print(f"  {what}: {seconds} s", file=sys.stderr, flush=True)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        finished.set()
        teller.join()


def timed(what: str, work: Callable[[], object], repeats: int) -> tuple[object, float]:
    """Returns the result of `work` and the median of its times in milliseconds."""
    times = []
    with progress(what):
        for _ in range(repeats):
            start = time.perf_counter()
            result = work()
            times.append(time.perf_counter() - start)
    return result, 1000 * sorted(times)[len(times) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiles", type=int, default=8, help="how often the terrain is repeated on each axis")
    parser.add_argument("--repeats", type=int, default=3, help="how often each step is timed")
    parser.add_argument("--picture", type=Path, default=Path("build/relief.png"))
    options = parser.parse_args()

    model = jacksboro(options.tiles)
    rows, columns = model.heights.shape
    print(f"Terrain: {rows} x {columns} int16, {model.heights.nbytes / 1e6:.0f} MB; times are medians in ms")
    row = "{:<27} {:<22} {:>12} {:>10} {:>8} {:>7}".format
    print(row("exporter", "read as", "bytes copied", "typedview", "NumPy", "ratio"))
    light = {"cell": model.cell, "azimuth": AZIMUTH, "altitude": ALTITUDE}
    with tempfile.TemporaryDirectory() as folder:
        for source in sources(model.heights, Path(folder)):
            read_as, address = terrain.describe(source.holder, shape=source.shape)
            copied = 0 if address == source.address else source.heights.nbytes

            def shade(source: Source = source) -> object:
                return terrain.hillshade(source.holder, shape=source.shape, **light)

            def expression(source: Source = source) -> np.ndarray:
                return numpy_hillshade(source.heights, model.cell)

            result, ours = timed(f"{source.name}, typedview", shade, options.repeats)
            expected, numpys = timed(f"{source.name}, NumPy", expression, options.repeats)
            np.testing.assert_allclose(np.asarray(result), expected, atol=1e-5)
            ratio = f"{numpys / ours:.1f}x"
            print(row(source.name, read_as, copied, f"{ours:.1f}", f"{numpys:.1f}", ratio), flush=True)
            if copied:
                sys.exit(f"{source.name}: the kernel read a copy")
    print("All results agree with NumPy to 1e-5.")

    single = jacksboro(1)
    relief = np.asarray(terrain.hillshade(single.heights, **(light | {"cell": single.cell})))
    options.picture.parent.mkdir(parents=True, exist_ok=True)
    matplotlib.image.imsave(options.picture, relief, cmap="gray", vmin=0, vmax=1)
    print(f"The shaded relief is in {options.picture}")


if __name__ == "__main__":
    main()
