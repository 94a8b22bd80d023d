"""The garbage collector: what it clears while a view is kept, and what it collects.

It clears all objects of a cycle before it drops them. Code that runs in between, such as the finaliser of an
object that the collector does not see, can reach views whose exporters have been cleared.
"""

import ctypes
import gc
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import typedview_probe as probe

SIZE = 1000


class Wrapper:
    """An exporter whose memory belongs to an attribute, which is deleted when the object is cleared."""

    def __init__(self) -> None:
        self.array = np.full((1, SIZE), 7.0)

    @property
    def __array_interface__(self) -> dict:
        return self.array.__array_interface__


class Array(np.ndarray):
    """An exporter that keeps its memory when it is cleared."""


class Row(ctypes.c_double * SIZE):
    """An exporter that frees its memory when it is cleared."""


class Rows(Row * 1):
    """The same with two axes."""


def rows() -> Rows:
    exporter = Rows()
    exporter[0][:] = [7.0] * SIZE
    return exporter


def array() -> Array:
    return np.full((1, SIZE), 7.0).view(Array)


class Finalised:
    """Finds the keepers that the collector has not dropped when this object is finalised."""

    def __init__(self, keeper: object, found: list) -> None:
        self.kind, self.found = type(keeper), found
        # Keepers of other tests, which are in cycles that are not collected.
        self.others = {id(each) for each in gc.get_objects() if each is not keeper}

    def __del__(self) -> None:
        keepers = [each for each in gc.get_objects() if type(each) is self.kind]
        self.found.extend(each for each in keepers if id(each) not in self.others)


@pytest.fixture
def paused() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def clear_around(keep: Callable, owner: object, through: Callable) -> list:
    """Makes garbage of an exporter and its keeper, and returns the keepers that survive the collection."""
    kept, found = keep(through(owner)), []
    # The collector does not look into arrays of objects, so the finaliser runs when the array is dropped.
    finalised = [np.array([Finalised(kept, found)], dtype=object)]
    finalised.append(finalised)
    cycle = [kept, finalised]
    cycle.append(cycle)
    owner.cycle = cycle
    del kept, finalised, cycle, owner
    gc.collect()
    return found


def itself(exporter: object) -> object:
    return exporter


@pytest.mark.usefixtures("paused")
@pytest.mark.parametrize(
    ("make", "through"),
    [
        (Wrapper, itself),
        (rows, itself),
        (array, itself),
        (rows, memoryview),
        (array, memoryview),
        (rows, np.asarray),
    ],
)
@pytest.mark.parametrize(
    ("keep", "total"),
    [
        (probe.Keeper, probe.Keeper.sum),
        (probe.export_dyn, lambda exported: np.asarray(exported).sum()),
    ],
)
def test_memory_stays_although_the_collector_clears_its_exporter(
    make: Callable, through: Callable, keep: Callable, total: Callable
) -> None:
    found = clear_around(keep, make(), through)
    reused = [np.full(SIZE, 1e300) for _ in range(3)]
    assert [total(each) for each in found] == [7.0 * SIZE] * len(found)
    assert len(reused) == 3


@pytest.mark.usefixtures("paused")
def test_the_finaliser_reaches_keepers_that_are_garbage() -> None:
    # Otherwise the test above would show nothing.
    def keep(exporter: object) -> probe.Keeper:
        keeper = probe.Keeper(exporter)
        keeper.other = [keeper]
        return keeper

    (keeper,) = clear_around(keep, array(), itself)
    assert keeper.sum() == 7.0 * SIZE
