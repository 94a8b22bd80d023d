"""How long memory stays: release of Views and slices, and Python code in the middle of an operation.

It is separate because each test ends with a count of references or exports. test_view_threads.py has threads.
"""

import array
import gc
import operator
import subprocess
import sys
import tracemalloc
import weakref
from collections.abc import Callable
from pickle import PickleBuffer

import numpy as np
import pytest
import typedview
from refused import refused
from typedview import View, zeros

RELEASED = "operation forbidden on a released View"
EXPORTED = "Existing exports of data: object cannot be re-sized"

each_class = pytest.mark.parametrize("make", [View, memoryview])


def is_exported(memory: bytearray) -> bool:
    """Whether something keeps a bytearray from being resized."""
    try:
        memory.append(0)
    except BufferError as error:
        assert str(error) == EXPORTED
        return True
    memory.pop()
    return False


# Release, as memoryview's.


@each_class
def test_slices_keep_the_memory_until_all_are_released(make: type) -> None:
    memory = bytearray(8)
    view = make(memory)
    parts = [view[1:], view[::2], view.cast("h"), view.toreadonly(), view[1:][1:], make(view)]
    view.release()
    for part in parts:
        assert is_exported(memory)
        assert part[0] == 0
        part.release()
    assert not is_exported(memory)


@each_class
def test_slices_keep_the_memory_until_all_are_gone(make: type) -> None:
    memory = bytearray(8)
    parts = [make(memory)[1:][1:], make(memory)[::2]]
    assert is_exported(memory)
    parts.pop()
    assert is_exported(memory)
    parts.pop()
    assert not is_exported(memory)


@each_class
def test_a_released_slice_of_a_view_that_is_gone_gives_the_memory_back(make: type) -> None:
    memory = bytearray(8)
    with make(memory)[1:] as part:
        assert is_exported(memory)
    assert not is_exported(memory), part


@each_class
def test_a_view_that_is_exported_is_not_released(make: type) -> None:
    memory = bytearray(8)
    view = make(memory)
    exports = [PickleBuffer(view), PickleBuffer(view)]
    for _ in range(2):
        with pytest.raises(BufferError):
            view.release()
        assert view[0] == 0
        exports.pop()
    view.release()
    assert not is_exported(memory)


def test_a_refused_release_counts_the_buffers() -> None:
    view = View(bytearray(8))
    one, other = memoryview(view), memoryview(view)
    text = "the view has 2 exported buffers: release what was made of it first"
    refused(BufferError, text, view.release)
    one.release()
    text = "the view has 1 exported buffer: release what was made of it first"
    refused(BufferError, text, view.release)
    other.release()
    view.release()


@each_class
def test_the_view_of_an_exported_slice_is_released(make: type) -> None:
    memory = bytearray(b"abcd")
    view = make(memory)
    part = view[1:]
    exported = PickleBuffer(part)
    view.release()
    with pytest.raises(BufferError):
        part.release()
    assert bytes(exported) == b"bcd"
    exported.release()
    part.release()
    assert not is_exported(memory)


@each_class
def test_an_iterator_of_a_released_view_is_refused(make: type) -> None:
    memory = bytearray(4)
    view = make(memory)
    for start in (iter, reversed):
        items = start(view)
        assert next(items) == 0
    view.release()
    assert not is_exported(memory)
    with pytest.raises(ValueError):
        next(items)


def test_what_has_the_address_keeps_the_memory() -> None:
    memory = bytearray(8)
    view = View(memory)
    interface = view.__array_interface__
    view.release()
    assert is_exported(memory) and interface["shape"] == (8,)
    refused(ValueError, RELEASED, operator.getitem, view, 0)
    del view
    assert not is_exported(memory)


METHODS: dict[str, Callable] = {
    "[]": lambda view: view[0],
    "[:]": lambda view: view[:],
    "[] =": lambda view: operator.setitem(view, 0, 1),
    "[:] =": lambda view: operator.setitem(view, slice(None), b"12345678"),
    "len": len,
    "iter": iter,
    "reversed": reversed,
    "in": lambda view: 1 in view,
    "memoryview": memoryview,
    "View": View,
    "hash": hash,
    "locked": lambda view: view.locked(),
    **{
        name: operator.methodcaller(name)
        for name in ("tolist", "tobytes", "hex", "toreadonly", "copy", "transpose")
    },
    **{
        name: operator.methodcaller(name, 1) for name in ("index", "count", "fill", "reshape", "broadcast_to")
    },
    **{name: operator.methodcaller(name, "B") for name in ("cast", "reinterpret", "astype", "field")},
    **{
        name: operator.methodcaller(name)
        for name in ("__dlpack__", "copy_fortran", "__copy__", "is_c_contig")
    },
    **{
        name: operator.attrgetter(name)
        for name in ("T", "size", "format", "base", "contiguous", "__array_interface__")
    },
}


@pytest.mark.parametrize("method", METHODS)
def test_a_released_view_cannot_be_used(method: str) -> None:
    memory = bytearray(8)
    view = View(memory)
    view.release()
    refused(ValueError, RELEASED, METHODS[method], view)
    assert not is_exported(memory)


@each_class
def test_an_iterator_that_has_ended_keeps_no_memory(make: type) -> None:
    memory = bytearray(8)
    items = iter(make(memory))
    assert is_exported(memory)
    assert list(items) == [0] * 8
    assert not is_exported(memory)


def test_views_slices_and_iterators_die_with_their_last_reference() -> None:
    view = View(bytearray(8))
    alive = [weakref.ref(view), weakref.ref(view[:1])]
    assert alive[1]() is None
    part = view[1:]
    items = iter(view)
    del view
    assert alive[0]() is not None
    del part
    assert alive[0]() is not None
    del items
    assert alive[0]() is None


# Python code in the middle.


ONES = np.ones(8, "u1")


class Hostile:
    """An operand that calls a function whenever Python asks it for anything."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act

    def __index__(self) -> int:
        self.act()
        return 1

    def __float__(self) -> float:
        self.act()
        return 1.0

    def __complex__(self) -> complex:
        self.act()
        return 1j

    def __bool__(self) -> bool:
        self.act()
        return True

    def __eq__(self, other: object) -> bool:
        self.act()
        return False

    __hash__ = None

    def __len__(self) -> int:
        self.act()
        return 1

    def __getitem__(self, key: object) -> object:
        self.act()
        return 1

    @property
    def __array_interface__(self) -> dict:
        self.act()
        return ONES.__array_interface__


USES: dict[str, Callable[[View, Hostile], object]] = {
    "index": lambda view, hostile: view[hostile],
    "slice": lambda view, hostile: view[hostile:].tolist(),
    "slice of a tuple": lambda view, hostile: view[None, hostile:, ...].tolist(),
    "key of an assignment": lambda view, hostile: operator.setitem(view, hostile, 1),
    "slice of an assignment": lambda view, hostile: operator.setitem(view, slice(hostile), 1),
    "value": lambda view, hostile: operator.setitem(view, 0, hostile),
    "value of a list": lambda view, hostile: operator.setitem(view, slice(2), [1, hostile]),
    "exporter": lambda view, hostile: operator.setitem(view, ..., hostile),
    "fill": lambda view, hostile: view.fill(hostile),
    "equal": lambda view, hostile: view == hostile,
    "in": lambda view, hostile: hostile in view,
    "index of": lambda view, hostile: view.index(hostile),
    "count": lambda view, hostile: view.count(hostile),
    "start": lambda view, hostile: view.index(200, hostile),
    "shape": lambda view, hostile: view.reshape(hostile, -1).tolist(),
    "broadcast": lambda view, hostile: view.broadcast_to(hostile, 8).tolist(),
    "axes": lambda view, hostile: view.transpose(hostile).tolist(),
    "cast": lambda view, hostile: view.cast("B", [hostile, 8]).tolist(),
}


@pytest.mark.parametrize("dtype", ["B", "half", "float", "double", "bool", "double complex"])
@pytest.mark.parametrize("use", USES)
def test_code_that_releases_the_view_cannot_reach_freed_memory(use: str, dtype: str) -> None:
    size = zeros(1, dtype).itemsize
    memory = bytearray(8 * size)
    whole = View(memory)
    view = whole.reinterpret(dtype)

    def act() -> None:
        view.release()
        whole.release()
        assert not is_exported(memory)
        memory.clear()

    try:
        USES[use](view, Hostile(act))
    except (ValueError, TypeError, NotImplementedError) as error:
        assert str(error) == RELEASED or not isinstance(error, ValueError) or use in ("index of", "start")
    assert not memory or memory == bytearray(8 * size)


@pytest.mark.parametrize("use", USES)
def test_code_that_resizes_the_memory_is_refused(use: str) -> None:
    memory = bytearray(8)
    view, seen = View(memory), []

    def act() -> None:
        for change in (lambda: memory.append(1), lambda: memory.extend(bytes(10**6)), memory.clear):
            with pytest.raises(BufferError):
                change()
        seen.append(True)

    try:
        USES[use](view, Hostile(act))
    except (ValueError, TypeError, IndexError):
        pass
    assert seen
    view.release()
    assert not is_exported(memory)


def test_a_collection_in_the_middle_of_a_list_finds_the_view_and_releases_it() -> None:
    class Cycle:
        def __del__(self) -> None:
            view.release()

    view = View(np.zeros((300, 4), [("x", "f8"), ("y", "f8")]))
    cycle = Cycle()
    cycle.itself = cycle
    del cycle
    refused_or_whole: object = None
    threshold = gc.get_threshold()
    gc.set_threshold(1)
    try:
        refused_or_whole = view.tolist()
    except ValueError as error:
        assert str(error) == RELEASED
    finally:
        gc.set_threshold(*threshold)
    assert refused_or_whole is None or len(refused_or_whole) == 300


def test_an_exception_in_flight_survives_the_end_of_a_view() -> None:
    # The view is on the stack when the exception is raised, so `free` runs while the exception is on its way.
    code = """
import ctypes, typedview
memory, freed = (ctypes.c_int32 * 3)(), []
def free(address): freed.append(address)
try:
    [typedview.from_address(ctypes.addressof(memory), 3, "int32", free=free), 1 // 0]
except ZeroDivisionError:
    assert freed == [ctypes.addressof(memory)]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# References.


def test_thousands_of_operations_leave_no_references() -> None:
    exporter, other = np.arange(24.0).reshape(4, 6), array.array("d", range(6))
    gc.collect()
    before = sys.getrefcount(exporter), sys.getrefcount(other), sys.getrefcount(None)
    for _ in range(1000):
        view = View(exporter)
        view[0] = other
        view[1:, ::2] = view[1, 0]
        view[:, 0] = [1, 2, 3, 4]
        _ = view == exporter, view != other, list(view), view.T.tolist(), view.copy().astype("f"), repr(view)
        _ = view[0].index(1.0), view.cast("B").cast("d", [4, 6]), memoryview(view), np.asarray(view[1:])
        for bad in ("x", [1, [2]], None, [1, 2]):
            with pytest.raises((TypeError, ValueError)):
                view[0] = bad
        with pytest.raises(IndexError):
            _ = view[9]
    del view, _
    gc.collect()
    after = sys.getrefcount(exporter), sys.getrefcount(other), sys.getrefcount(None)
    assert after[:2] == before[:2]
    # Less than one for each round.
    assert after[2] - before[2] < 900


def test_memory_does_not_grow() -> None:
    values = np.zeros(100, [("x", "f8"), ("y", "i4", 3)])

    def work() -> None:
        view = View(values)
        view[1:] = view[:-1].tolist()
        typedview.stack_rows([view, view])[0, 1:].tolist()
        _ = view.copy(), zeros(1000), view["x"].astype("float"), view == view.copy()
        with view.locked():
            view[0] = view[1]

    for _ in range(20):
        work()
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(100):
            work()
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()
