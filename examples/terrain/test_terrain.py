"""Tests of the terrain example as users call it: every holder, bad input by its text, nothing kept alive."""

import array
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import terrain

# The heights are a sample file that comes with matplotlib.
pytest.importorskip("matplotlib", reason="there is no matplotlib for this Python")
from demo import jacksboro, numpy_hillshade, sources


def test_every_holder_gives_the_light_that_numpy_gives(tmp_path: Path) -> None:
    model = jacksboro(1)
    seen = set()
    for source in sources(model.heights, tmp_path):
        read_as, address = terrain.describe(source.holder, shape=source.shape)
        assert address == source.address, f"{source.name} was copied"
        light = terrain.hillshade(source.holder, shape=source.shape, cell=model.cell)
        np.testing.assert_allclose(np.asarray(light), numpy_hillshade(source.heights, model.cell), atol=1e-5)
        seen.add(read_as)
    assert seen == {"const int16[:, ::1]", "const int16[::1, :]", "const int16[:, :]"}


def test_float_terrain_gives_the_same_light() -> None:
    heights = jacksboro(1).heights
    for floats in (heights.astype(np.float32), heights.astype(np.float32, order="F")):
        np.testing.assert_array_equal(terrain.hillshade(floats), terrain.hillshade(heights))


def test_flat_terrain_has_the_light_of_the_altitude() -> None:
    light = np.asarray(terrain.hillshade(np.zeros((2, 2), np.int16), altitude=30))
    np.testing.assert_allclose(light, np.full((2, 2), 0.5), atol=1e-6)


def test_a_slope_that_faces_the_sun_is_brighter() -> None:
    rising_eastwards = np.tile(np.arange(4, dtype=np.int16), (4, 1))
    from_the_west = np.asarray(terrain.hillshade(rising_eastwards, azimuth=270))
    from_the_east = np.asarray(terrain.hillshade(rising_eastwards, azimuth=90))
    assert (from_the_west > from_the_east).all()


@pytest.mark.parametrize(
    ("heights", "shape", "exception", "text"),
    [
        (
            np.zeros((0, 403), np.int16),
            None,
            ValueError,
            "a terrain of shape (0, 403) has no slope: it needs 2 rows and 2 columns",
        ),
        (
            np.zeros((1, 1), np.int16),
            None,
            ValueError,
            "a terrain of shape (1, 1) has no slope: it needs 2 rows and 2 columns",
        ),
        (
            np.array([[1, 2, 3], [4, 5, np.nan]], np.float32),
            None,
            ValueError,
            "terrain[1, 2] is NaN: fill it in or crop it away",
        ),
        (
            np.zeros((3, 3)),
            None,
            TypeError,
            "expected const int16[:, :], got double[:, :] with shape (3, 3), strides (24, 8) "
            "from numpy.ndarray: double is not int16",
        ),
        (
            np.zeros((3, 3), ">i2"),
            None,
            TypeError,
            "expected const int16[:, :], got big-endian int16[:, :] with shape (3, 3), strides (6, 2) "
            "from numpy.ndarray: foreign byte order; pass a copy in native byte order",
        ),
        (
            array.array("h", [1, 2, 3]),
            None,
            ValueError,
            "expected const int16[:, :], got int16[:] with shape (3,), strides (2,) "
            "from array.array: ndim 1 is not 2",
        ),
        (array.array("h", [1, 2, 3]), (2, 2), ValueError, "shape (2, 2) has 4 elements, the memory has 3"),
        (
            bytes(7),
            (2, 2),
            ValueError,
            "7 bytes on the last axis are no whole number of elements of 2 bytes",
        ),
        (
            [[1, 2], [3, 4]],
            None,
            TypeError,
            "cannot view list: not a buffer; pass an array.array, a numpy.ndarray or another exporter",
        ),
    ],
)
def test_bad_terrain_is_refused_by_name(
    heights: object, shape: tuple[int, int] | None, exception: type[Exception], text: str
) -> None:
    before = sys.getrefcount(heights)
    with pytest.raises(exception) as refusal:
        terrain.hillshade(heights, shape=shape)
    assert str(refusal.value).removeprefix("argument 'terrain': ") == text
    del refusal
    assert sys.getrefcount(heights) == before


def test_python_runs_on_meanwhile() -> None:
    heights = jacksboro(6).heights
    steps, finished = 0, threading.Event()

    def count() -> None:
        nonlocal steps
        while not finished.is_set():
            steps += 1

    counter = threading.Thread(target=count)
    counter.start()
    before = steps
    terrain.hillshade(heights)
    during = steps - before
    finished.set()
    counter.join()
    assert during > 1000


def test_the_demo_runs_and_leaves_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "relief.png"
    command = [sys.executable, Path(__file__).with_name("demo.py"), "--tiles", "1", "--picture", picture]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "All results agree with NumPy" in result.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
