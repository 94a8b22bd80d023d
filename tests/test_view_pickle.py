"""Views that travel: by pickle, by copies, to other processes and in memory that processes share."""

import copy
import gc
import io
import multiprocessing
import pickle
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import shared_memory

import numpy as np
import pytest
import typedview_probe as probe
from elements import ELEMENTS, RECORDS, Element, filled, gaps
from refused import refused
from typedview import View, stack_rows, zeros
from typedview._typedview import _from_pickle

PROTOCOLS = [2, 3, 4, 5]
SPAWN = multiprocessing.get_context("spawn")


def travelled(view: View) -> Iterator[View]:
    """Yields the view as it arrives by every protocol, in band and out of band."""
    for protocol in PROTOCOLS:
        yield pickle.loads(pickle.dumps(view, protocol))
    pickled, buffers = out_of_band(view)
    yield pickle.loads(pickled, buffers=buffers)
    # A transport may deliver the buffers in memory that cannot be written.
    yield pickle.loads(pickled, buffers=[bytes(memoryview(buffer)) for buffer in buffers])


def out_of_band(view: View) -> tuple[bytes, list[pickle.PickleBuffer]]:
    buffers: list[pickle.PickleBuffer] = []
    return pickle.dumps(view, 5, buffer_callback=buffers.append), buffers


def address_of(view: object) -> int:
    return np.asarray(view).ctypes.data


def counted(*shape: int) -> View:
    return View(np.arange(float(np.prod(shape, dtype=int))).reshape(shape))


# Elements.

CHANGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "whole": lambda values: values,
    "reversed": lambda values: values[::-1],
    "strided": lambda values: values[::2],
    "empty": lambda values: values[:0],
    "0-d": lambda values: values[:1].reshape(()),
    "Fortran order": lambda values: values[:4].reshape(2, 2).T,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.name)
def test_every_element_arrives(element: Element, change: str) -> None:
    view = View(CHANGES[change](filled(element.dtype, 5)))
    for again in travelled(view):
        assert type(again) is View
        assert (again.dtype, again.shape) == (view.dtype, view.shape)
        assert (again.itemsize, again.readonly) == (view.itemsize, False)
        assert again.tobytes() == view.tobytes()


@pytest.mark.parametrize("element", RECORDS, ids=lambda element: element.name)
def test_records_arrive_with_their_names_offsets_and_padding(element: Element) -> None:
    values = filled(element.dtype, 3)
    for again in travelled(View(values)):
        arrived = np.asarray(again)
        assert arrived.dtype.names == element.dtype.names
        assert [arrived.dtype.fields[name][1] for name in arrived.dtype.names] == [
            element.dtype.fields[name][1] for name in element.dtype.names
        ]
        assert gaps(arrived) == gaps(values)
        np.testing.assert_array_equal(arrived, values)


DATED = np.dtype(
    {"names": ["day", "at"], "formats": ["M8[D]", (">m8[25us]", (2,))], "offsets": [4, 16], "itemsize": 40}
)


@pytest.mark.parametrize("dtype", ["M8[25us]", "m8[W]", "M8", "m8", DATED, [("outer", DATED, (2,))]])
def test_dates_arrive_although_no_buffer_can_hold_them(dtype: object) -> None:
    values = np.zeros(3, dtype)
    for again in travelled(View(values)):
        assert again.dtype == View(values).dtype
        # NumPy reads gaps between dates as fields.
        assert np.asarray(again).dtype == np.asarray(View(values)).dtype


def test_objects_do_not_travel() -> None:
    text = "elements object refer to Python objects, and are not written as bytes"
    inner = "elements record{object a} refer to Python objects, and are not written as bytes"
    for protocol in PROTOCOLS:
        refused(TypeError, text, pickle.dumps, View(np.zeros(3, "O")), protocol)
        refused(TypeError, inner, pickle.dumps, View(np.zeros(3, [("a", "O")])), protocol)


# Layouts.

LAYOUTS: dict[str, Callable[[], View]] = {
    "C order": lambda: counted(2, 3, 4),
    "Fortran order": lambda: counted(2, 3, 4).T,
    "permuted": lambda: counted(2, 3, 4).transpose(1, 0, 2),
    "rows": lambda: counted(4, 3)[1:3],
    "columns": lambda: counted(4, 3)[:, 1:],
    "reversed": lambda: counted(4, 3)[::-1, ::-2],
    "broadcast": lambda: counted(3).broadcast_to(2, 3),
    "indirect": lambda: stack_rows([counted(3), counted(3)]),
    "indirect and strided": lambda: stack_rows([counted(3), counted(3)])[::-1, ::2],
    "0-d": lambda: counted(),
    "empty": lambda: counted(0),
    "no columns": lambda: counted(3, 0),
    "no rows, in Fortran order": lambda: counted(3, 0).T,
    "axes of length 1": lambda: counted(1, 3, 1)[:, ::2],
    "64 axes": lambda: counted(*[1] * 64),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_arrives_as_one_block(layout: str) -> None:
    view = LAYOUTS[layout]()
    for again in travelled(view):
        assert (again.shape, again.suboffsets, again.tolist()) == (view.shape, (), view.tolist())
        assert again.readonly is view.readonly
        # Fortran order stays; what is no block arrives in C order.
        assert again.c_contiguous is (view.c_contiguous or not view.f_contiguous)
        assert again.f_contiguous or not view.f_contiguous


# Buffers out of band.


@pytest.mark.parametrize("layout", ["C order", "Fortran order", "rows", "0-d"])
def test_a_block_is_one_buffer_at_its_own_address(layout: str) -> None:
    view = LAYOUTS[layout]()
    pickled, buffers = out_of_band(view)
    assert [memoryview(buffer).nbytes for buffer in buffers] == [view.nbytes]
    assert address_of(buffers[0]) == address_of(view)
    assert address_of(pickle.loads(pickled, buffers=buffers)) == address_of(view)


@pytest.mark.parametrize(
    "layout", ["permuted", "columns", "reversed", "broadcast", "indirect", "indirect and strided"]
)
def test_what_is_no_block_is_copied_once(layout: str) -> None:
    view = LAYOUTS[layout]()
    pickled, buffers = out_of_band(view)
    assert [memoryview(buffer).nbytes for buffer in buffers] == [view.nbytes]
    again = pickle.loads(pickled, buffers=buffers)
    assert address_of(again) == address_of(buffers[0])
    assert again == view


def test_the_pickle_of_a_large_view_is_small() -> None:
    pickled, _ = out_of_band(zeros((1000, 1000), "double"))
    assert len(pickled) < 200


def test_a_part_does_not_take_the_whole_along() -> None:
    for protocol in PROTOCOLS:
        assert len(pickle.dumps(zeros(1_000_000, "uint8")[10:20], protocol)) < 300


def test_a_buffer_keeps_the_memory() -> None:
    values = np.arange(3.0)
    before = sys.getrefcount(values)
    view = View(values)
    pickled, buffers = out_of_band(view)
    del view
    assert sys.getrefcount(values) > before
    assert pickle.loads(pickled, buffers=buffers).tolist() == [0.0, 1.0, 2.0]
    buffers.clear()
    gc.collect()
    assert sys.getrefcount(values) == before


def test_pickling_does_not_keep_the_memory() -> None:
    values = np.arange(6.0)
    before = sys.getrefcount(values)
    for view in (View(values), View(values)[::2], View(values.reshape(2, 3)).T):
        for again in travelled(view):
            again.release()
    del view, again
    gc.collect()
    assert sys.getrefcount(values) == before


def test_a_released_view_is_not_pickled() -> None:
    view = counted(3)
    view.release()
    for protocol in PROTOCOLS:
        refused(ValueError, "operation forbidden on a released View", pickle.dumps, view, protocol)


# Who may write.


def test_readonly_stays_readonly() -> None:
    for view in (View(b"abc"), counted(2, 3).toreadonly(), counted(4)[::2].toreadonly()):
        for again in travelled(view):
            assert again.readonly
        pickled, buffers = out_of_band(view)
        assert memoryview(buffers[0]).readonly
        assert pickle.loads(pickled, buffers=[bytearray(memoryview(buffers[0]))]).readonly


def test_what_arrives_can_be_written_alone() -> None:
    view = counted(2, 3)
    *copies, _, of_bytes = travelled(view)
    for again in (*copies, of_bytes):
        again[...] = 7
        assert again.tolist() == [[7.0] * 3] * 2
    assert view == counted(2, 3)


def test_within_a_process_buffers_share_the_memory() -> None:
    view = counted(2, 3)
    pickled, buffers = out_of_band(view)
    pickle.loads(pickled, buffers=buffers)[0, 0] = 7
    assert view[0, 0] == 7


def test_bytes_that_a_transport_delivers_are_never_written() -> None:
    pickled, buffers = out_of_band(counted(3))
    delivered = bytes(memoryview(buffers[0]))
    before = bytes(bytearray(delivered))
    pickle.loads(pickled, buffers=[delivered])[...] = 7
    assert delivered == before


# Copies.


@pytest.mark.parametrize("layout", LAYOUTS)
def test_copies_have_the_same_elements(layout: str) -> None:
    view = LAYOUTS[layout]()
    shallow, deep = copy.copy(view), copy.deepcopy(view)
    for other in (shallow, deep):
        assert (other.shape, other.dtype, other.tolist()) == (view.shape, view.dtype, view.tolist())
    assert (shallow.strides, shallow.readonly) == (view.strides, view.readonly)
    assert deep.c_contiguous is (view.c_contiguous or not view.f_contiguous)
    if view.size and not view.suboffsets:
        assert address_of(shallow) == address_of(view) != address_of(deep)


def test_a_shallow_copy_shares_the_memory_and_a_deep_one_does_not() -> None:
    view = counted(3)
    shallow, deep = copy.copy(view), copy.deepcopy(view)
    view[0] = 7
    assert (shallow[0], deep[0]) == (7, 0)
    view.release()
    assert shallow[0] == 7


def test_deep_copies_of_one_view_are_one_view() -> None:
    view = counted(3)
    first, second = copy.deepcopy([view, view])
    assert first is second
    first, second = pickle.loads(pickle.dumps([view, view]))
    assert first is second


def test_objects_are_not_copied_deeply() -> None:
    values = np.array([1, "two"], "O")
    assert np.asarray(copy.copy(View(values))).tolist() == [1, "two"]
    with pytest.raises(TypeError, match="refer to Python objects"):
        copy.deepcopy(View(values))


# Other processes.


def doubled(view: View) -> tuple[View, tuple, str, bool]:
    """Runs in another process."""
    result = view.copy("A")
    if result.nbytes:
        np.asarray(result)[...] *= 2
    return result, view.shape, view.dtype, view.readonly


@pytest.fixture(scope="module")
def executor() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, mp_context=SPAWN) as executor:
        yield executor


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_executor_takes_and_returns_views(executor: ProcessPoolExecutor, layout: str) -> None:
    view = LAYOUTS[layout]()
    result, *facts = executor.submit(doubled, view).result(60)
    assert facts == [view.shape, view.dtype, view.readonly]
    np.testing.assert_array_equal(np.asarray(result), 2 * np.asarray(view.copy()))


def test_a_pool_takes_and_returns_views() -> None:
    views = [counted(2, 3), counted(2, 3).T, counted(4)[::2], stack_rows([counted(2), counted(2)])]
    with SPAWN.Pool(1) as pool:
        results = pool.map(doubled, views)
    for view, (result, *_) in zip(views, results, strict=True):
        np.testing.assert_array_equal(np.asarray(result), 2 * np.asarray(view.copy()))


# Memory that processes share.


@pytest.fixture
def block() -> Iterator[shared_memory.SharedMemory]:
    block = shared_memory.SharedMemory(create=True, size=48)
    try:
        yield block
        # Raises if something still has the memory.
        block.close()
    finally:
        block.unlink()


def of_block(block: shared_memory.SharedMemory) -> View:
    # The system may round the size up to a whole page.
    return View(block.buf)[:48].cast("d", (2, 3))


def add_one(name: str) -> list[list[float]]:
    """Runs in another process."""
    block = shared_memory.SharedMemory(name)
    view = of_block(block)
    numbers = view.tolist()
    for i, j in np.ndindex(view.shape):
        view[i, j] += 1
    del view
    block.close()
    return numbers


def test_another_process_sees_what_a_view_writes(
    executor: ProcessPoolExecutor, block: shared_memory.SharedMemory
) -> None:
    view = of_block(block)
    view[...] = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert executor.submit(add_one, block.name).result(60) == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert view.tolist() == [[2.0, 3.0, 4.0], [5.0, 6.0, 7.0]]


@pytest.mark.parametrize("part", [lambda view: view, lambda view: view[:8], lambda view: view[:48].cast("d")])
def test_shared_memory_is_not_closed_under_a_view(
    block: shared_memory.SharedMemory, part: Callable[[View], View]
) -> None:
    view = part(View(block.buf))
    with pytest.raises(BufferError):
        block.close()
    # The attempt has released the block's own memoryview or has left it; the view is as it was.
    view[0] = 7
    assert view[0] == 7
    view.release()
    block.close()


# Pickles that somebody has changed.


def rebuilt(buffer: object, *arguments: object) -> object:
    return _from_pickle(buffer, *arguments)


def deep(format: object, levels: int) -> object:
    for _ in range(levels):
        format = (8, [("a", 0, format)])
    return format


TAMPERED: dict[str, tuple] = {
    "another shape": (bytes(24), "d", (2,), "C", False),
    "a shape of another size": (bytes(24), "d", (2, 2), "C", False),
    "a shape that overflows": (bytes(24), "d", (2**62, 2**62), "C", False),
    "a shape that overflows to 24 bytes": (bytes(24), "d", (2**61 + 3,), "C", False),
    "a negative length": (bytes(24), "d", (-3,), "C", False),
    "two negative lengths": (bytes(24), "d", (-1, -3), "C", False),
    "a length of no size": (bytes(24), "d", (2**64,), "C", False),
    "too many axes": (bytes(8), "d", (1,) * 65, "C", False),
    "a shape of texts": (bytes(24), "d", ("3",), "C", False),
    "a shape of floats": (bytes(24), "d", (3.0,), "C", False),
    "a shape that is a text": (bytes(24), "d", "3", "C", False),
    "no shape": (bytes(24), "d", None, "C", False),
    "another order": (bytes(24), "d", (3,), "A", False),
    "no order": (bytes(24), "d", (3,), None, False),
    "an order that is no text": (bytes(24), "d", (3,), "\ud800", False),
    "readonly as a number": (bytes(24), "d", (3,), "C", 1),
    "a shorter buffer": (bytes(23), "d", (3,), "C", False),
    "a longer buffer": (bytes(25), "d", (3,), "C", False),
    "an empty buffer": (b"", "d", (3,), "C", False),
    "a strided buffer": (memoryview(bytes(48))[::2], "d", (3,), "C", False),
    "a buffer of objects": (np.zeros(3, "O"), "d", (3,), "C", False),
    "a buffer of pointers to rows": (stack_rows([bytes(8), bytes(8)]), "d", (2,), "C", False),
    "no buffer": (None, "d", (3,), "C", False),
    "objects": (bytes(24), "O", (3,), "C", False),
    "objects by their name": (bytes(24), "object", (3,), "C", False),
    "objects as a typestr": (bytes(24), "|O", (3,), "C", False),
    "objects in a record": (bytes(24), "T{=O:a:}", (3,), "C", False),
    "objects in a nested record": (bytes(24), "T{T{=O:a:}:b:}", (3,), "C", False),
    "objects in a sub-array": (bytes(24), "(3)O", (1,), "C", False),
    "objects in a field": (bytes(24), (8, [("a", 0, "O")]), (3,), "C", False),
    "objects in a field of a field": (bytes(24), deep("T{=O:a:}", 3), (3,), "C", False),
    "objects in a described sub-array": (bytes(24), ((3,), "O"), (1,), "C", False),
    "objects without elements": (b"", "O", (0,), "C", False),
    "an unknown format": (bytes(24), "no such format", (3,), "C", False),
    "a format of no bytes": (b"", "0s", (3,), "C", False),
    "a format that is a number": (bytes(24), 8, (3,), "C", False),
    "a format that is bytes": (bytes(24), b"d", (3,), "C", False),
    "a format that is no text": (bytes(24), "\ud800", (3,), "C", False),
    "a format that is a dtype": (bytes(24), np.dtype("d"), (3,), "C", False),
    "formats nested too deeply": (bytes(8), deep("d", 1000), (1,), "C", False),
    "a format text nested too deeply": (bytes(8), "T{" * 1000 + "d" + "}" * 1000, (1,), "C", False),
    "a field behind the record": (bytes(24), (8, [("a", 8, "d")]), (3,), "C", False),
    "a field that overflows": (bytes(24), (8, [("a", 2**64 - 4, "d")]), (3,), "C", False),
    "a negative offset": (bytes(24), (8, [("a", -8, "d")]), (3,), "C", False),
    "a negative itemsize": (bytes(24), (-8, [("a", 0, "d")]), (3,), "C", False),
    "an itemsize of no size": (bytes(24), (2**64, [("a", 0, "d")]), (3,), "C", False),
    "a sub-array that overflows": (bytes(24), ((2**62, 2**62), "d"), (3,), "C", False),
    "a field without a format": (bytes(24), (8, [("a", 0)]), (3,), "C", False),
    "a field whose name is a number": (bytes(24), (8, [(1, 0, "d")]), (3,), "C", False),
    "two fields of one name": (bytes(16), (16, [("a", 0, "d"), ("a", 8, "d")]), (1,), "C", False),
}


@pytest.mark.parametrize("change", TAMPERED)
def test_a_changed_pickle_is_refused(change: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        rebuilt(*TAMPERED[change])


def test_a_format_that_contains_itself_is_refused() -> None:
    fields: list[tuple] = []
    fields.append(("a", 0, (8, fields)))
    refused(
        ValueError,
        "the pickle of a View is damaged: its format is nested too deeply",
        rebuilt,
        bytes(8),
        (8, fields),
        (1,),
        "C",
        False,
    )


@pytest.mark.parametrize("size", [2**40, 2**62])
@pytest.mark.parametrize("place", ["SIZES, 'C', False", "(1,), 'C', False"])
def test_a_changed_pickle_cannot_exhaust_the_memory(size: int, place: str) -> None:
    # A pickle can name `range`, whose length is not that of anything in memory.
    format = "'d'" if place.startswith("SIZES") else "(SIZES, 'd')"
    program = f"""
    from typedview._typedview import _from_pickle
    SIZES = range({size})
    try:
        _from_pickle(b"", {format}, {place})
    except (TypeError, ValueError):
        print("refused")
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (0, "refused\n")


def test_bytes_of_pickles_can_be_cut_and_changed() -> None:
    view = View(filled(RECORDS[0].dtype, 3))
    for protocol in PROTOCOLS:
        pickled = pickle.dumps(view, protocol)
        start = pickled.index(b"_from_pickle") + len(b"_from_pickle")
        for i in range(start, len(pickled)):
            for changed in (pickled[:i], pickled[:i] + b"\xff" + pickled[i + 1 :]):
                try:
                    arrived = pickle.loads(changed)
                except Exception:
                    continue
                # What still arrives can be used.
                if type(arrived) is View:
                    assert len(arrived.tobytes()) == arrived.nbytes


# Which names a pickle has.


def names_in(pickled: bytes) -> set[tuple[str, str]]:
    """Returns the modules and the names that a pickle asks for."""
    found = set()

    class Unpickler(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> object:
            found.add((module, name))
            return super().find_class(module, name)

    Unpickler(io.BytesIO(pickled)).load()
    return found


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_pickle_asks_for_nothing_dangerous(protocol: int) -> None:
    # Readers that allow only some names cannot allow `builtins.getattr`.
    modules = {module.partition(".")[0] for module, _ in names_in(pickle.dumps(counted(3), protocol))}
    # Before protocol 3, bytes are pickled as a call of `_codecs.encode`.
    assert modules - {"_codecs"} == {"typedview"}


# Results of extensions.


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_results_of_an_extension_arrive(protocol: int) -> None:
    result = probe.counted(2, 3)
    again = pickle.loads(pickle.dumps(result, protocol))
    assert type(again) is View
    assert again.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


def test_results_of_an_extension_arrive_in_another_process(executor: ProcessPoolExecutor) -> None:
    result, *_ = executor.submit(doubled, probe.counted(2, 3)).result(60)
    assert result.tolist() == [[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]


def test_results_of_an_extension_are_copied() -> None:
    result = probe.counted(2, 3)
    assert copy.copy(result) == copy.deepcopy(result) == result


def test_an_extension_can_pickle_before_typedview_is_imported() -> None:
    program = """
    import pickle
    import typedview_probe as probe

    pickled = pickle.dumps(probe.counted(2, 3))
    import typedview
    print(type(pickle.loads(pickled)) is typedview.View)
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "True\n", "")
