"""The costs that the recipes of docs/cookbook quote: the fastest of many runs, in microseconds.

Build typedview and the extension `guide` with `--release` first. The fastest run is printed, because other
programs on the machine make runs slower, and never faster.
"""

import ctypes
import pickle
import struct
import tempfile
import timeit
from array import array
from collections.abc import Callable
from pathlib import Path

import guide
import numpy as np
import typedview
from typedview import View


def show(what: str, run: Callable[[], object]) -> None:
    """Prints how long `run` takes. A sample takes a millisecond, or one call."""
    run()
    calls = max(1, int(0.001 / timeit.timeit(run, number=3) * 3))
    seconds = min(timeit.repeat(run, number=calls, repeat=300 if calls > 1 else 30)) / calls
    print(f"{what:<62} {1e6 * seconds:>12.2f}", flush=True)


def image_crops() -> None:
    picture = np.zeros((1024, 1024, 3), np.uint8)
    crop = picture[100:900, 100:900]
    show("invert, a crop of 800 x 800", lambda: guide.invert(crop))
    show("np.subtract(255, crop, out=crop)", lambda: np.subtract(255, crop, out=crop))
    show("brightness of the crop", lambda: guide.brightness(crop))
    tiny = picture[:2, :2]
    show("invert, a crop of 2 x 2", lambda: guide.invert(tiny))


def file_records() -> None:
    raw = bytearray(9_000_000)
    readings = np.frombuffer(raw, [("time", ">u4"), ("sensor", "u1"), ("value", ">f4")])
    readings["sensor"] = np.arange(len(readings)) % 2
    show("values_of, 1,000,000 records", lambda: guide.values_of(readings, 1))
    show("the same by NumPy", lambda: readings["value"][readings["sensor"] == 1].astype("f4"))
    show(
        "the same by struct.iter_unpack",
        lambda: [value for _, sensor, value in struct.iter_unpack(">IBf", raw) if sensor == 1],
    )
    show("times, 1,000,000 records", lambda: guide.times(readings))


def mapped_archives(folder: Path) -> None:
    shape = (1000, 1000)
    for offset in (192, 189):
        path = folder / f"{offset}.raw"
        path.write_bytes(bytes(offset) + np.ones(shape, np.float32).tobytes())
        heights = typedview.open(path, dtype="float", shape=shape, offset=offset)
        show(f"peak, 1,000,000 floats from byte {offset} on", lambda heights=heights: guide.peak(heights))
    show("typedview.open", lambda: typedview.open(path, dtype="float", shape=shape, offset=offset))
    show("np.memmap", lambda: np.memmap(path, np.float32, "r", offset, shape))


def ring_buffers() -> None:
    samples = array("d", bytes(8 * 256))
    ring = guide.Ring(array("d", bytes(8 * 1024)))

    def pass_on() -> None:
        ring.push(samples)
        ring.consume(256)

    show("push and consume, 256 samples", pass_on)
    ring.consume(len(ring))
    ring = guide.Ring(array("d", bytes(8 * 512)))
    ring.push(samples)
    show("readable, one view", ring.readable)
    ring.consume(200)
    ring.push(samples)
    ring.push(samples)
    assert len(ring.readable()) == 2
    show("readable, two views", ring.readable)


def row_threads() -> None:
    small, large = np.ones((4, 3)), np.ones((4000, 1000))
    show("row_totals, 4 x 3, 2 threads", lambda: guide.row_totals(small, 2))
    show("row_totals_by_rayon, 4 x 3", lambda: guide.row_totals_by_rayon(small))
    show("scale_row, 4 x 3", lambda: guide.scale_row(small, 0, 1.0))
    show("row_totals, 4000 x 1000, 1 thread", lambda: guide.row_totals(large, 1))
    show("row_totals, 4000 x 1000, 2 threads", lambda: guide.row_totals(large, 2))
    show("row_totals_by_rayon, 4000 x 1000", lambda: guide.row_totals_by_rayon(large))


def dask_blocks() -> None:
    block = typedview.zeros((400, 6400), "float")
    show("pickle.dumps with a buffer beside it, 10 MB", lambda: out_of_band(block))
    show("pickle.dumps with the elements in it, 10 MB", lambda: pickle.dumps(block, protocol=5))
    show("rise, 10 MB", lambda: guide.rise(block))


def out_of_band(block: View) -> bytes:
    buffers: list[pickle.PickleBuffer] = []
    return pickle.dumps(block, protocol=5, buffer_callback=buffers.append)


class Tensor:
    """An object that has no other protocol than DLPack."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __dlpack__(self, **options: object) -> object:
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)


def arrow_and_dlpack() -> None:
    numbers = np.ones(3)
    totals, tensor = guide.running_total(numbers), Tensor(numbers)
    show("running_total, an ndarray of 3", lambda: guide.running_total(numbers))
    show("running_total, a DLPack tensor of 3", lambda: guide.running_total(tensor))
    show("np.from_dlpack of the result", lambda: np.from_dlpack(totals))
    try:
        import pyarrow as pa
    except ImportError:
        print("pyarrow is not installed")
        return
    column = pa.array(numbers)
    show("running_total, an Arrow array of 3", lambda: guide.running_total(column))
    show(
        "pa.Array.from_buffers of the result",
        lambda: pa.Array.from_buffers(pa.float64(), 3, [None, pa.py_buffer(totals)]),
    )


def c_memory() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.argtypes, libc.malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
    libc.free.argtypes, libc.free.restype = [ctypes.c_void_p], None
    show("squares, 4, and its release", lambda: guide.squares(4))
    show("malloc and free by ctypes", lambda: libc.free(libc.malloc(24)))
    show(
        "malloc, from_address and free by ctypes",
        lambda: typedview.from_address(libc.malloc(24), 3, "double", free=libc.free),
    )


def main() -> None:
    image_crops()
    file_records()
    with tempfile.TemporaryDirectory() as folder:
        mapped_archives(Path(folder))
    ring_buffers()
    row_threads()
    dask_blocks()
    arrow_and_dlpack()
    c_memory()


if __name__ == "__main__":
    main()
