"""Memory that moves under a view: what is refused while a view is kept."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import typedview_probe as probe
from typedview import View

REFUSED = "cannot resize an array that references or is referenced"
GROWN = 100_000


def resize(holder: list[np.ndarray]) -> None:
    """Resizes the array through the only reference besides those of the view."""
    holder.pop().resize(GROWN)


@pytest.mark.parametrize(
    ("keep", "values"),
    [
        (View, np.zeros(3)),
        (View, np.zeros(3, ">f8")),
        (View, np.zeros(3, [("a", "u1"), ("b", "f8")])),
        (View, np.zeros(3, "M8[s]")),
        (probe.export, np.zeros(3)),
        (probe.export_part, np.zeros((3, 3))),
    ],
)
def test_an_array_is_not_resized_under_a_view_that_is_kept(keep: Callable, values: np.ndarray) -> None:
    # NumPy allows one other reference, and the standard library's memoryview holds just one.
    holder = [values.copy()]
    kept = keep(holder[0])
    with pytest.raises(ValueError, match=REFUSED):
        resize(holder)
    assert np.asarray(kept.obj if keep is View else kept).size > 0


KEEPERS = [View, probe.export, lambda x: probe.Keeper(x.reshape(1, -1))]


@pytest.mark.parametrize("keep", KEEPERS)
def test_the_base_of_an_array_is_not_resized(keep: Callable) -> None:
    view = np.zeros(3)[:]
    kept = keep(view)
    with pytest.raises(ValueError, match=REFUSED):
        view.base.resize(GROWN)
    del kept
    view.base.resize(GROWN)


@pytest.mark.parametrize("keep", [View, probe.export])
def test_an_array_behind_a_memoryview_is_not_resized(keep: Callable) -> None:
    holder = [np.zeros(3)]
    kept = keep(memoryview(holder[0]))
    with pytest.raises(ValueError, match=REFUSED):
        resize(holder)
    del kept


@pytest.mark.parametrize("keep", KEEPERS)
def test_a_bytearray_behind_an_array_is_not_cleared(keep: Callable) -> None:
    # NumPy gives the buffer back at once and only refers to the bytearray.
    memory = bytearray(24)
    kept = keep(np.ndarray(3, "f8", memory))
    with pytest.raises(BufferError):
        memory.clear()
    del kept
    memory.clear()


@pytest.mark.parametrize("keep", KEEPERS)
def test_a_mapped_file_behind_an_array_is_not_closed(keep: Callable, tmp_path: Path) -> None:
    mapped = np.memmap(tmp_path / "mapped", "f8", "w+", shape=3)
    kept = keep(mapped)
    with pytest.raises(BufferError):
        mapped._mmap.close()
    del kept
    mapped._mmap.close()


@pytest.mark.parametrize("during", [probe.while_read, probe.while_locked, probe.while_locked_mut])
def test_an_array_is_not_resized_during_a_call(during) -> None:
    holder = [np.zeros(3)]

    def callback() -> None:
        with pytest.raises(ValueError, match=REFUSED):
            resize(holder)

    assert during(holder[0], callback) == 0.0
    assert not holder


@pytest.mark.parametrize("keep", [View, probe.export])
def test_both_references_are_given_back(keep) -> None:
    values = np.zeros(3)
    before = sys.getrefcount(values)
    kept = keep(values)
    assert sys.getrefcount(values) == before + 2
    del kept
    assert sys.getrefcount(values) == before
    values.resize(GROWN)


@pytest.mark.parametrize("keep", [View, probe.export])
def test_a_circle_through_both_references_is_collected(keep) -> None:
    class Array(np.ndarray):
        pass

    values = np.zeros(3).view(Array)
    values.own = keep(values)
    gone = weakref.ref(values)
    del values
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("keep", ["typedview.View", "typedview_probe.export"])
def test_a_memoryview_is_not_taken_from_those_who_have_it_when_all_are_garbage(keep: str) -> None:
    # CPython before 3.13 crashes if the collector is told of the memoryview, as pickle.PickleBuffer tells it.
    script = f"""
import gc, typedview, typedview_probe
class Holder: pass
for _ in range(3):
    memory = memoryview(bytearray(24)).cast("d")
    kept, holder = {keep}(memory), Holder()
    holder.own, holder.memory, holder.kept = holder, memory, kept
    del memory, kept, holder
    gc.collect()
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_a_view_that_is_released_lets_go() -> None:
    holder = [np.zeros(3)]
    view = View(holder[0])
    view.release()
    resize(holder)
