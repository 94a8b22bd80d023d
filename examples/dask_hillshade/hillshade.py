"""Hillshade of a terrain that is larger than the memory of a worker, on a cluster of Dask.

The terrain is a mapped file. A block is sent from the mapped pages themselves, without a copy of it in this
process, and the light of a block comes back as a view, which is copied into a second mapped file.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import terrain
import typedview
from dask.sizeof import sizeof
from distributed import Client, LocalCluster, as_completed
from typedview import View

CELL = (90.0, 90.0)
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Block:
    """Rows of a terrain, and the same rows with their halo: the neighbours that the stencil reads."""

    rows: slice
    with_halo: slice

    @property
    def inner(self) -> slice:
        """The rows, counted from the first row of the halo."""
        start = self.rows.start - self.with_halo.start
        return slice(start, start + self.rows.stop - self.rows.start)


@dataclass(frozen=True)
class Report:
    """What a run on a cluster has used, in bytes. The peak is None if the system does not tell it."""

    blocks: int
    memory_limit: int
    peak: int | None
    restarts: int


def blocks(rows: int, size: int) -> Iterator[Block]:
    """Yields blocks of `size` rows; the last one can be shorter. A halo ends at the border of the terrain."""
    for start in range(0, rows, size):
        stop = min(start + size, rows)
        yield Block(slice(start, stop), slice(max(start - 1, 0), min(stop + 1, rows)))


def map_new(path: Path, shape: tuple[int, int]) -> View:
    """Returns a new file of float32, mapped to be written."""
    with path.open("wb") as file:
        file.truncate(4 * shape[0] * shape[1])
    return typedview.open(path, "float[:, ::1]", dtype="float", shape=shape, mode="r+")


def make_terrain(path: Path, shape: tuple[int, int]) -> None:
    """Writes a terrain of hills and ridges: heights in metres as float32."""
    heights = np.asarray(map_new(path, shape))
    across = np.arange(shape[1], dtype=np.float32)
    for start in range(0, shape[0], 256):
        down = np.arange(start, min(start + 256, shape[0]), dtype=np.float32)[:, np.newaxis]
        hills = 900 * np.sin(down / 310) * np.cos(across / 270)
        heights[start : start + 256] = hills + 40 * np.sin((down + 2 * across) / 23) + across / 16


def shade(heights: View, inner: slice) -> View:
    """Returns the light on the inner rows of a block. It runs on the workers."""
    return View(terrain.hillshade(heights, cell=CELL))[inner]


def count_views() -> None:
    """Tells Dask how much memory a view stands for. Otherwise it would not count the elements."""
    sizeof.register(View, lambda view: view.nbytes)


def peak_memory() -> int | None:
    """Returns the most memory that this process has had so far, or None if the system does not tell it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peaks[0]) * 1024 if peaks else None


def shade_on(client: Client, heights: View, light: View, block_rows: int) -> Report:
    """Computes the light on all rows, and writes it into `light`. The client holds a few blocks at a time."""
    count_views()
    client.run(count_views)
    pids = client.run(os.getpid)
    waiting = blocks(heights.shape[0], block_rows)
    rows_of = {}
    running = as_completed(with_results=True)

    def send_next() -> None:
        block = next(waiting, None)
        if block is None:
            return
        # The rows are one block of memory, so that they are sent from there. A hash would read them first.
        # Without `direct` they would be sent to the scheduler, and by the scheduler to the worker.
        [sent] = client.scatter([heights[block.with_halo]], hash=False, direct=True)
        result = client.submit(shade, sent, block.inner, pure=False)
        rows_of[result] = block.rows
        running.add(result)

    workers = len(pids)
    for _ in range(2 * workers):
        send_next()
    done = 0
    for result, shaded in running:
        light[rows_of.pop(result)] = shaded
        done += 1
        # Without references to it, the workers forget the block and its light.
        result.release()
        del result, shaded
        send_next()

    peaks = [peak for peak in client.run(peak_memory).values() if peak is not None]
    limits = client.run(lambda dask_worker: dask_worker.memory_manager.memory_limit)
    same = client.run(os.getpid).items() & pids.items()
    return Report(done, max(limits.values()), max(peaks, default=None), workers - len(same))


def cluster(memory_limit: int) -> LocalCluster:
    """Returns two workers with a process each. They listen on this machine only.

    Dask starts its web server even without a dashboard. It gets any port, as another cluster may have 8787.
    """
    return LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        memory_limit=memory_limit,
        dashboard_address="127.0.0.1:0",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=8000, help="rows of the terrain")
    parser.add_argument("--columns", type=int, default=6400, help="columns of the terrain")
    parser.add_argument("--block", type=int, default=400, help="rows of a block")
    parser.add_argument("--limit", type=int, default=160, help="megabytes that a worker may have")
    options = parser.parse_args()

    shape = options.rows, options.columns
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "terrain.f32")
        make_terrain(path, shape)
        heights = typedview.open(path, "const float[:, ::1]", dtype="float", shape=shape)
        light = map_new(Path(folder, "light.f32"), shape)
        print(
            f"Terrain: {shape[0]} x {shape[1]} float32, {heights.nbytes / MEGABYTE:.0f} MB in a mapped file"
        )
        with cluster(options.limit * MEGABYTE) as workers, Client(workers, direct_to_workers=True) as client:
            start = time.perf_counter()
            report = shade_on(client, heights, light, options.block)
            seconds = time.perf_counter() - start
        print(f"Workers: 2 processes with {report.memory_limit / MEGABYTE:.0f} MB each", end="")
        print(f", {report.peak / MEGABYTE:.0f} MB at most in use" if report.peak else "")
        print(f"Blocks: {report.blocks} of {options.block} rows, {seconds:.2f} s; {report.restarts} restarts")
        start = time.perf_counter()
        alone = terrain.hillshade(heights, cell=CELL)
        print(f"This process alone: {time.perf_counter() - start:.2f} s")
        if not np.array_equal(np.asarray(light), np.asarray(alone)):
            sys.exit("The results differ")
        print("Both results are the same, bit for bit.")


if __name__ == "__main__":
    main()
