"""`typedview.View`: the facts about any exporter, and how long it stays exported.

It is separate because this part of the library needs no Rust. test_acquire.py tests what Rust receives.
"""

import array
import ctypes
import gc
import sys
import weakref
from collections.abc import Callable

import numpy as np
import pytest
import typedview
from cycles import assert_lives_until_release
from exporters import Exporter, memory_of, shown, type_name
from refused import refused
from typedview import View

FACTS = ["obj", "shape", "strides", "ndim", "itemsize", "nbytes", "dtype", "readonly"]


def order_of(exporter: object) -> str:
    with memory_of(exporter) as view:
        return "C" if view.c_contiguous else "F" if view.f_contiguous else "strided"


# Facts.


def test_the_facts_are_those_of_memoryview(case: Exporter, exporter: object) -> None:
    with View(exporter) as view, memory_of(exporter) as expected:
        for fact in ("shape", "strides", "ndim", "itemsize", "nbytes", "readonly"):
            assert getattr(view, fact) == getattr(expected, fact), fact


def test_the_facts_are_those_of_the_catalogue(case: Exporter, exporter: object) -> None:
    with View(exporter) as view:
        assert (view.shape, view.dtype, view.readonly) == (case.shape, case.element, not case.writable)


def test_a_view_knows_the_exporter(case: Exporter, exporter: object) -> None:
    with View(exporter) as view:
        assert view.obj is exporter


def test_repr_is_in_spec_notation(case: Exporter, exporter: object) -> None:
    extents = ", ".join(str(extent) for extent in case.shape)
    access = "" if case.writable else ", readonly"
    text = f"View({case.element}[{extents}], {order_of(exporter)}{access}, owner={type_name(exporter)})"
    with View(exporter) as view:
        assert shown(view) == text


@pytest.mark.parametrize(
    ("exporter", "text"),
    [
        (b"abc", "View(uint8[3], C, readonly, owner=bytes)"),
        (array.array("h", [1, 2]), "View(int16[2], C, owner=array.array)"),
        (np.zeros((4, 3)), "View(double[4, 3], C, owner=numpy.ndarray)"),
        (np.zeros((4, 3), order="F"), "View(double[4, 3], F, owner=numpy.ndarray)"),
        (np.zeros((4, 3))[::2], "View(double[2, 3], strided, owner=numpy.ndarray)"),
        (np.broadcast_to(1.0, 3), "View(double[3], strided, readonly, owner=numpy.ndarray)"),
        (np.array(1.0), "View(double[], C, owner=numpy.ndarray)"),
        (np.zeros(3, ">f8"), "View(big-endian double[3], C, owner=numpy.ndarray)"),
        (np.zeros(3, ">i2"), "View(big-endian int16[3], C, owner=numpy.ndarray)"),
        (np.zeros(3, "?"), "View(bool[3], C, owner=numpy.ndarray)"),
        (np.zeros(3, "D"), "View(double complex[3], C, owner=numpy.ndarray)"),
        (np.zeros(3, "e"), "View(half[3], C, owner=numpy.ndarray)"),
        (np.zeros(3, "S4"), "View(bytes4[3], C, owner=numpy.ndarray)"),
        (np.zeros(3, "O"), "View(object[3], C, owner=numpy.ndarray)"),
    ],
)
def test_repr_tells_element_extents_order_access_and_owner(exporter: object, text: str) -> None:
    assert shown(View(exporter)) == text


def test_the_picture_of_a_view_without_axes_shows_its_element() -> None:
    picture = View(array.array("h", [5, 7]))[1, ...]._repr_html_()
    assert picture is not None and ">7</text>" in picture


def test_no_element_has_no_bytes_however_large_the_other_extents_are() -> None:
    # The product of the extents exceeds 64 bits before it is multiplied by 0.
    exporter = (ctypes.c_double * 0 * 2**40 * 2**40)()
    view = View(exporter)
    assert (view.shape, view.nbytes) == ((2**40, 2**40, 0), 0)


def test_64_axes_are_viewed() -> None:
    assert View(np.zeros((1,) * 64)).shape == (1,) * 64


def test_a_view_follows_the_memory_it_does_not_copy() -> None:
    exporter = array.array("d", [1.0])
    view = View(exporter)
    exporter[0] = 2.0
    assert view.obj[0] == 2.0


@pytest.mark.parametrize("fact", FACTS)
def test_facts_cannot_be_set(fact: str) -> None:
    view = View(b"abc")
    with pytest.raises(AttributeError):
        setattr(view, fact, None)


def test_the_package_names_its_version() -> None:
    assert typedview.__version__ == "0.1.0"


# Release.


def test_an_exporter_stays_exported_until_the_view_is_released() -> None:
    memory = bytearray(3)
    view = View(memory)
    refused(BufferError, "Existing exports of data: object cannot be re-sized", memory.append, 1)
    view.release()
    memory.append(1)
    assert len(memory) == 4


def test_an_exporter_stays_exported_until_the_view_is_gone() -> None:
    memory = bytearray(3)
    view = View(memory)
    refused(BufferError, "Existing exports of data: object cannot be re-sized", memory.append, 1)
    del view
    memory.append(1)
    assert len(memory) == 4


def test_an_exporter_stays_exported_until_the_block_ends() -> None:
    memory = bytearray(3)
    with View(memory):
        refused(BufferError, "Existing exports of data: object cannot be re-sized", memory.append, 1)
    memory.append(1)
    assert len(memory) == 4


def test_an_exporter_stays_exported_until_its_last_view_is_released() -> None:
    memory = bytearray(3)
    first, second = View(memory), View(memory)
    first.release()
    refused(BufferError, "Existing exports of data: object cannot be re-sized", memory.append, 1)
    second.release()
    memory.append(1)
    assert len(memory) == 4


def test_a_block_that_raises_releases_the_view() -> None:
    memory = bytearray(3)
    with pytest.raises(LookupError), View(memory):
        raise LookupError
    memory.append(1)
    assert len(memory) == 4


def test_a_block_gives_the_view_itself() -> None:
    view = View(b"abc")
    with view as given:
        assert given is view


def test_releasing_twice_is_releasing_once() -> None:
    memory = bytearray(3)
    before = sys.getrefcount(memory)
    view = View(memory)
    view.release()
    view.release()
    assert sys.getrefcount(memory) == before


def test_a_released_block_ends_quietly() -> None:
    with View(b"abc") as view:
        view.release()


def test_a_view_holds_two_references_to_the_exporter(case: Exporter, exporter: object) -> None:
    # test_resized.py tests why. The view of an Arrow array has it as owner, and also holds what it exports.
    # Python 3.12 and later does not count references to its single empty bytes object.
    two = 0 if case.name == "bytes, empty" and sys.version_info >= (3, 12) else 2
    before = sys.getrefcount(exporter)
    view = View(exporter)
    assert sys.getrefcount(exporter) == before + two
    view.release()
    assert sys.getrefcount(exporter) == before


@pytest.mark.parametrize("fact", FACTS)
def test_a_released_view_has_no_facts(fact: str) -> None:
    view = View(bytearray(3))
    view.release()
    refused(ValueError, "operation forbidden on a released View", lambda: getattr(view, fact))


def test_a_released_view_cannot_be_entered() -> None:
    view = View(bytearray(3))
    view.release()
    refused(ValueError, "operation forbidden on a released View", view.__enter__)


def test_a_released_view_still_has_a_repr() -> None:
    view = View(bytearray(3))
    view.release()
    assert repr(view) == "View(released)"


# Garbage collection.


class Bytes(bytearray):
    """A bytearray that can have attributes and weak references, which its base class cannot."""


class Doubles(array.array):
    """An array that can have attributes, which its base class cannot."""


Triple = ctypes.c_double * 3


class Values(np.ndarray):
    """A NumPy array that can have attributes, which its base class cannot."""


CYCLES: dict[str, Callable[[], object]] = {
    "bytearray": lambda: Bytes(3),
    "numpy": lambda: np.zeros(3).view(Values),
}

# The collector may free their memory before it drops the view, or it cannot be known that it does not.
KEPT_CYCLES: dict[str, Callable[[], object]] = {
    "array.array": lambda: Doubles("d", [1.0]),
    "ctypes": lambda: Triple(),
}


@pytest.mark.parametrize("kind", CYCLES)
def test_an_exporter_that_refers_to_its_view_is_collected(kind: str) -> None:
    exporter = CYCLES[kind]()
    exporter.view = View(exporter)
    alive = weakref.ref(exporter)
    del exporter
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize("kind", CYCLES)
def test_an_exporter_that_refers_to_its_view_through_others_is_collected(kind: str) -> None:
    exporter = CYCLES[kind]()
    exporter.views = [{"view": View(exporter)}]
    alive = weakref.ref(exporter)
    del exporter
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize("kind", KEPT_CYCLES)
@pytest.mark.parametrize("through", [lambda exporter: exporter, memoryview])
def test_an_exporter_that_refers_to_its_view_may_live_until_the_view_is_released(
    kind: str, through: Callable
) -> None:
    assert_lives_until_release(KEPT_CYCLES[kind], through)


def test_a_view_in_use_is_not_collected() -> None:
    memory = bytearray(3)
    view = View(memory)
    gc.collect()
    assert view.obj is memory


# Refusals.

NO_BUFFER = "not a buffer; pass an array.array, a numpy.ndarray or another exporter"


@pytest.mark.parametrize(("thing", "name"), [([1], "list"), (3, "int"), (None, "None"), ("x", "str")])
def test_what_is_no_buffer_is_refused(thing: object, name: str) -> None:
    refused(TypeError, f"cannot view {name}: {NO_BUFFER}", View, thing)


def test_a_record_is_an_element() -> None:
    view = View(np.zeros(3, [("a", "f8"), ("b", "i4")]))
    assert shown(view) == "View(record{double a, int32 b}[3], C, owner=numpy.ndarray)"
    assert (view.dtype, view.itemsize, view.strides) == ("record{double a, int32 b}", 12, (12,))


def test_an_itemsize_of_0_is_refused() -> None:
    text = "cannot view numpy.ndarray: elements of 0 bytes cannot be viewed"
    refused(ValueError, text, View, np.zeros(3, "V0"))


def test_pointers_to_rows_are_suboffsets() -> None:
    testbuffer = pytest.importorskip("_testbuffer", reason="this Python was installed without _testbuffer")
    exporter = testbuffer.ndarray([1.0, 2.0], shape=[1, 2], format="d", flags=testbuffer.ND_PIL)
    with View(exporter) as view, memoryview(exporter) as reference:
        assert view.suboffsets == reference.suboffsets == (0, -1)
        assert shown(view) == "View(double[1, 2], indirect, readonly, owner=ndarray)"
    assert View(b"abc").suboffsets == memoryview(b"abc").suboffsets == ()


def test_dates_have_a_unit_though_numpy_has_no_buffer_for_them() -> None:
    assert shown(View(np.zeros(3, "M8[s]"))) == "View(datetime64[s][3], C, owner=numpy.ndarray)"


def test_a_released_memoryview_speaks_for_itself() -> None:
    exporter = memoryview(b"abc")
    exporter.release()
    refused(ValueError, "operation forbidden on released memoryview object", View, exporter)


def test_a_refused_exporter_is_not_held() -> None:
    memory = bytearray(16)
    exporter = np.ndarray(1, "V0", memory)
    with pytest.raises(ValueError):
        View(exporter)
    del exporter
    memory.append(1)
    assert len(memory) == 17


def test_a_view_needs_an_exporter() -> None:
    with pytest.raises(TypeError):
        View()
    with pytest.raises(TypeError):
        View(b"a", b"b")


def test_a_view_has_no_subclasses() -> None:
    with pytest.raises(TypeError, match="is not an acceptable base type"):
        type("Sub", (View,), {})
