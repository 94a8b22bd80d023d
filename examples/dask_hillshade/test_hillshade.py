"""Tests of the Dask example: the light, the memory of the workers, and how views travel."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import typedview
from typedview import View

pytest.importorskip("distributed", reason="there is no Dask for this Python")
import terrain
from distributed import Client
from distributed.protocol import deserialize, serialize
from hillshade import CELL, blocks, cluster, make_terrain, map_new, shade_on

# 205 MB, which is more than a worker may have.
SHAPE = (8000, 6400)
LIMIT = 160_000_000
BLOCK = 400


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Provides a cluster of two workers. Starting it takes seconds."""
    with cluster(LIMIT) as workers, Client(workers, direct_to_workers=True) as client:
        yield client


@pytest.fixture
def heights(tmp_path: Path) -> View:
    """Provides a small terrain in a mapped file."""
    path = tmp_path / "terrain.f32"
    make_terrain(path, (8, 5))
    return typedview.open(path, "const float[:, ::1]", dtype="float", shape=(8, 5))


def address_of(exporter: object) -> int:
    return np.asarray(exporter).ctypes.data


# The light.


def test_a_terrain_that_no_worker_could_hold_is_shaded(client: Client, tmp_path: Path) -> None:
    make_terrain(tmp_path / "terrain.f32", SHAPE)
    heights = typedview.open(tmp_path / "terrain.f32", "const float[:, ::1]", dtype="float", shape=SHAPE)
    light = map_new(tmp_path / "light.f32", SHAPE)
    report = shade_on(client, heights, light, BLOCK)
    assert report.blocks == 20
    assert report.restarts == 0
    assert report.memory_limit == LIMIT < heights.nbytes
    assert report.peak is None or report.peak < LIMIT
    # As integers, so that no two of them are equal unless all bits are.
    expected = View(terrain.hillshade(heights, cell=CELL)).reinterpret("uint32")
    assert np.array_equal(np.asarray(light.reinterpret("uint32")), np.asarray(expected))


@pytest.mark.parametrize("size", [1, 3, 7, 8, 100])
def test_blocks_of_every_size_give_the_same_light(client: Client, heights: View, size: int) -> None:
    light = typedview.zeros(heights.shape, "float")
    report = shade_on(client, heights, light, size)
    assert report.blocks == -(-8 // size)
    np.testing.assert_array_equal(np.asarray(light), np.asarray(terrain.hillshade(heights, cell=CELL)))


def test_a_halo_ends_at_the_border() -> None:
    found = [(block.rows, block.with_halo, block.inner) for block in blocks(8, 3)]
    assert found == [
        (slice(0, 3), slice(0, 4), slice(0, 3)),
        (slice(3, 6), slice(2, 7), slice(1, 4)),
        (slice(6, 8), slice(5, 8), slice(1, 3)),
    ]


# How a view travels.


def test_rows_are_one_buffer_out_of_band_at_their_own_address(heights: View) -> None:
    rows = heights[2:6]
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(rows, protocol=5, buffer_callback=buffers.append)
    assert [memoryview(buffer).nbytes for buffer in buffers] == [rows.nbytes]
    assert address_of(buffers[0]) == address_of(rows) == address_of(heights) + 2 * 5 * 4
    assert len(pickled) < 200
    again = pickle.loads(pickled, buffers=buffers)
    assert address_of(again) == address_of(rows)


def test_columns_are_copied_once_into_one_buffer(heights: View) -> None:
    columns = heights[:, ::2]
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(columns, protocol=5, buffer_callback=buffers.append)
    assert [memoryview(buffer).nbytes for buffer in buffers] == [columns.nbytes]
    address = address_of(buffers[0])
    assert not address_of(heights) <= address < address_of(heights) + heights.nbytes
    # The receiver views the same copy.
    again = pickle.loads(pickled, buffers=buffers)
    assert address_of(again) == address
    assert again == columns


def test_dask_sends_the_memory_of_a_view_as_a_frame(heights: View) -> None:
    rows = heights[2:6]
    header, frames = serialize(rows)
    assert header["serializer"] == "pickle"
    assert [memoryview(frame).nbytes for frame in frames[1:]] == [rows.nbytes]
    assert address_of(frames[1]) == address_of(rows)
    assert len(frames[0]) < 200
    again = deserialize(header, frames)
    assert (address_of(again), again.shape, again.readonly) == (address_of(rows), (4, 5), True)


def test_dask_sends_a_copy_of_what_is_strided(heights: View) -> None:
    header, frames = serialize(heights[::2, ::-1])
    assert [memoryview(frame).nbytes for frame in frames[1:]] == [4 * 5 * 4]
    assert deserialize(header, frames) == heights[::2, ::-1]


def received(view: View) -> tuple[str, bool, bool, list]:
    """Runs on a worker: what it has received. The elements are where the transport has put them."""
    return (
        str(view.dtype),
        view.c_contiguous,
        isinstance(view.obj, (memoryview, bytearray, bytes)),
        view.tolist(),
    )


def test_a_worker_views_what_its_transport_has_received(client: Client, heights: View) -> None:
    [sent] = client.scatter([heights[2:6]], hash=False, direct=True)
    assert client.submit(received, sent, pure=False).result() == ("float", True, True, heights[2:6].tolist())


# The script.


def test_the_script_runs(tmp_path: Path) -> None:
    sizes = ["--rows", "300", "--columns", "200", "--block", "64"]
    command = [sys.executable, "-W", "error", Path(__file__).with_name("hillshade.py"), *sizes]
    result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stderr) == (0, "")
    assert "Blocks: 5 of 64 rows" in result.stdout
    assert "0 restarts" in result.stdout
    assert result.stdout.endswith("Both results are the same, bit for bit.\n")
