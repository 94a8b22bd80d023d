"""Views of memory that holds references: what is read, what is counted, and what is refused.

They are separate from other elements because a reference that is copied has to be counted.
"""

import ctypes
import sys
import sysconfig

import numpy as np
import pytest
import typedview_probe as probe
from refused import refused

if sysconfig.get_config_var("Py_GIL_DISABLED"):
    pytest.skip("views of objects need a GIL", allow_module_level=True)


def test_objects_are_read_in_index_order() -> None:
    values = np.array([["a", 1], [None, [2]]], dtype=object)
    for view in (values, values.T, values[::-1, ::-1], values[:, 1:]):
        assert probe.objects(view) == view.ravel().tolist()


def test_an_object_that_is_read_is_counted() -> None:
    thing = object()
    values = np.array([thing, None])
    before = sys.getrefcount(thing)
    read = probe.object(values, 0)
    assert read is thing
    assert sys.getrefcount(thing) == before + 1
    del read
    assert sys.getrefcount(thing) == before


def test_no_reference_reads_as_none() -> None:
    values = np.array([object(), None])
    # NumPy leaves null pointers in new arrays of objects. Here one is written over a reference to None, whose
    # reference count does not matter.
    values[0] = None
    address = values.__array_interface__["data"][0]
    none = ctypes.c_void_p.from_address(address)
    none.value, kept = None, none.value
    assert probe.object(values, 0) is None
    probe.store(values, 0, "x")
    assert values[0] == "x"
    assert kept == id(None)


def test_storing_counts_what_comes_and_what_goes() -> None:
    first, second = object(), object()
    values = np.array([first, first])
    before = sys.getrefcount(first), sys.getrefcount(second)
    probe.store(values, 0, second)
    assert values[0] is second
    assert (sys.getrefcount(first), sys.getrefcount(second)) == (before[0] - 1, before[1] + 1)


def test_what_goes_may_run_code_that_looks() -> None:
    values = np.array([None, None])

    class Looks:
        def __del__(self) -> None:
            seen.append(values[0])

    seen: list[object] = []
    values[0] = Looks()
    probe.store(values, 0, "new")
    assert seen == ["new"]


def test_an_index_out_of_bounds_stores_nothing() -> None:
    thing = object()
    before = sys.getrefcount(thing)
    with pytest.raises(IndexError, match="axis 0: index 2 is out of bounds for length 2"):
        probe.store(np.array([None, None]), 2, thing)
    assert sys.getrefcount(thing) == before


def test_numbers_are_no_objects() -> None:
    text = (
        "expected const object[:], got double[:] with shape (2,), strides (8,) from numpy.ndarray: "
        "double is not object"
    )
    refused(TypeError, text, probe.object, np.zeros(2), 0)


def test_readonly_memory_is_not_stored_to() -> None:
    values = np.array([None, None])
    values.flags.writeable = False
    with pytest.raises(BufferError, match="readonly"):
        probe.store(values, 0, 1)


# Who owns the references.

BORROWED = (
    "expected references that the exporter owns, got {}: only the memory of a numpy.ndarray is known to; "
    "pass numpy.array(x, object)"
)


def test_references_that_ctypes_counts_are_refused() -> None:
    thing = object()
    memory = (ctypes.py_object * 2)(thing, thing)
    before = sys.getrefcount(thing)
    text = BORROWED.format(f"{type(memory).__module__}.{type(memory).__qualname__}")
    refused(TypeError, text, probe.store, memory, 0, None)
    refused(TypeError, text, probe.object, memory, 0)
    assert sys.getrefcount(thing) == before
    over = np.asarray(memory)
    refused(TypeError, BORROWED.format("numpy.ndarray"), probe.store, over, 0, None)


def test_references_of_an_array_interface_are_refused() -> None:
    class Forged:
        __array_interface__ = {"version": 3, "shape": (1,), "typestr": "|O8", "data": bytes(8)}  # noqa: RUF012

    with pytest.raises(TypeError):
        probe.object(Forged(), 0)


def test_a_view_of_an_array_that_owns_its_references_is_taken() -> None:
    values = np.array([["a", 1], [None, [2]]], dtype=object)
    assert probe.objects(values[1:].T) == [None, [2]]
    assert probe.objects(values.copy()) == ["a", 1, None, [2]]


# Arrays of objects as results, and arguments that are found to hold objects.


def test_a_new_array_holds_what_was_stored() -> None:
    found = probe.lines("one\ntwo\nthree")
    assert type(found) is np.ndarray and found.dtype == object
    assert found.tolist() == ["one", "two", "three"]
    assert probe.lines("").tolist() == []
    probe.store(found, 0, None)


def test_a_new_array_counts_each_reference_once() -> None:
    text = "\n".join(f"line {number}" for number in range(50))
    first = probe.lines(text)[3]
    assert sys.getrefcount(first) == 2


def test_a_new_array_has_the_order_of_numpy() -> None:
    assert probe.objects_in_fortran_order([3, 1]).tolist() == [[None]] * 3
    with pytest.raises(ValueError, match=r"expected object\[::1, :\], got .*: C order"):
        probe.objects_in_fortran_order([3, 2])
    with pytest.raises(ValueError, match="ndim 1 is not 2"):
        probe.objects_in_fortran_order([3])


def test_an_argument_of_objects_has_a_body_of_its_own() -> None:
    objects = np.array([1, 2.5, 10**30], dtype=object)
    for values in (objects, np.arange(3), np.arange(3.0)):
        expected = [value + 1 for value in values.tolist()]
        probe.increment(values)
        assert values.tolist() == expected
    refused(
        TypeError, BORROWED.format("numpy.ndarray"), probe.increment, np.asarray((ctypes.py_object * 1)(1))
    )
    assert probe.count_objects(objects[::2]) == 2


def test_what_cannot_be_added_stays_as_it_was() -> None:
    objects = np.array([1, "x", 3], dtype=object)
    with pytest.raises(TypeError):
        probe.increment(objects)
    assert objects.tolist() == [2, "x", 3]
    probe.store(objects, 1, 2)
