"""Every element in every carrier: read, written, locked and returned with the values that NumPy has.

test_elements.py and test_records.py say what each element is. These tests say nothing about a single one.
"""

import numpy as np
import pytest
import typedview_probe as probe
from elements import (
    COMBINATIONS,
    ELEMENTS,
    GAP,
    Carrier,
    Element,
    elements_of,
    filled,
    gaps,
    has_format,
)
from typedview import View


def parameter(element: Element, carrier: Carrier) -> object:
    return pytest.param(element, carrier, id=f"{element.name}: {carrier.name}")


every = pytest.mark.parametrize(("element", "carrier"), [parameter(*pair) for pair in COMBINATIONS])
every_writable = pytest.mark.parametrize(
    ("element", "carrier"), [parameter(*pair) for pair in COMBINATIONS if pair[1].writable]
)
every_readonly = pytest.mark.parametrize(
    ("element", "carrier"), [parameter(*pair) for pair in COMBINATIONS if not pair[1].writable]
)
every_element = pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.name)


@every
def test_elements_are_those_of_numpy(element: Element, carrier: Carrier) -> None:
    carried = carrier.carry(element)
    wanted = elements_of(element, carried.values)
    with View(carried.exporter) as view:
        assert (view.itemsize, view.shape) == (element.dtype.itemsize, carried.values.shape)
    # The second call finds the dtype or the format remembered.
    for _ in range(2):
        assert probe.elements(element.rust, carried.exporter) == wanted
    assert probe.elements_of_locked(element.rust, carried.exporter) == wanted
    assert probe.elements_of_open(element.rust, carried.exporter) == (True, wanted)
    assert probe.size_of_some(element.rust, carried.exporter) == len(wanted)
    if carried.values.ndim == 1:
        assert probe.elements(element.rust, carried.exporter, "Strided<1>") == wanted
        if carried.values.flags.c_contiguous:
            assert probe.elements(element.rust, carried.exporter, "C<1>") == wanted


@every_writable
def test_what_is_written_is_there_and_nothing_else(element: Element, carrier: Carrier) -> None:
    for how in ("set", "copy", "locked", "fill"):
        carried = carrier.carry(element)
        target, between = carried.values, gaps(carried.values)
        source = filled(element.dtype, *target.shape, 2)[..., 1]
        if how == "fill" and source.size > 0:
            source[...] = source.flat[0].copy()
        probe.write(element.rust, how, carried.exporter, source)
        assert elements_of(element, target) == elements_of(element, source)
        assert gaps(target) == (gaps(source) if element.names_its_gaps else between)


@every_readonly
def test_memory_that_is_readonly_is_not_written(element: Element, carrier: Carrier) -> None:
    carried = carrier.carry(element)
    before = elements_of(element, carried.values)
    with pytest.raises(BufferError, match=r"readonly; take const .* or pass writable memory"):
        probe.write(element.rust, "set", carried.exporter, filled(element.dtype, *carried.values.shape))
    assert elements_of(element, carried.values) == before


@every_element
def test_aligned_elements_are_lent_as_a_slice(element: Element) -> None:
    values = filled(element.dtype, 3)
    assert probe.elements_of_slice(element.rust, values) == elements_of(element, values)


@every_element
def test_what_is_handed_over_is_what_came(element: Element) -> None:
    values = filled(element.dtype, 3)
    owned = probe.handed_over(element.rust, values)
    assert (owned.shape, owned.itemsize, owned.nbytes) == ((3,), element.dtype.itemsize, values.nbytes)
    assert elements_of(element, np.asarray(owned)) == elements_of(element, values)
    if has_format(element):
        assert probe.elements(element.rust, owned) == elements_of(element, values)
        assert probe.elements(element.rust, memoryview(owned)) == elements_of(element, values)


@every_element
def test_numpy_finds_the_dtype_of_what_is_handed_over(element: Element) -> None:
    back = np.asarray(probe.handed_over(element.rust, filled(element.dtype, 3)))
    if element.rust == "[u8; 4]":
        # Bytes without a meaning are a sub-array in Rust.
        assert (back.dtype, back.shape) == (np.dtype("u1"), (3, 4))
        return
    assert places(back.dtype) == places(element.dtype)
    # Padding that has not been written is 0.
    assert set(gaps(back)) <= {GAP if element.names_its_gaps else 0}


@every_element
def test_the_array_interface_says_what_numpys_says(element: Element) -> None:
    owned = probe.handed_over(element.rust, filled(element.dtype, 3))
    if not hasattr(owned, "__array_interface__"):
        # A sub-array outside of a record has no typestr.
        assert element.rust.startswith("[")
        return
    said, numpys = owned.__array_interface__, np.asarray(owned).__array_interface__
    assert (said["typestr"], said["data"], said["shape"]) == (
        numpys["typestr"],
        numpys["data"],
        numpys["shape"],
    )
    assert said["descr"] == numpys["descr"]


def places(dtype: np.dtype, offset: int = 0) -> list[tuple]:
    """Returns name, offset and type of each field. Fields that have no name in Rust get an empty one."""
    if dtype.names is None:
        shape = (*dtype.shape, dtype.itemsize) if dtype.base.kind == "V" else dtype.shape
        return [("", offset, "|u1" if dtype.base.kind == "V" else dtype.base.str, shape)]
    if dtype.base.names is not None and dtype.shape:
        return places(dtype.base, offset)
    found = []
    for name in dtype.names:
        field, at = dtype.fields[name][:2]
        said = "" if (name.startswith("f") and name[1:].isdigit()) or name in UNNAMED else name
        found += [(f"{said}.{path}", *rest) for path, *rest in places(field, offset + at)]
    return [*found, ("", offset, "itemsize", dtype.itemsize)]


# Field names of tuples in Rust, whose fields have no names there.
UNNAMED = {"open", "close", "any", "names"}


@every_element
def test_none_may_stand_for_any_of_them(element: Element) -> None:
    assert probe.size_of_some(element.rust, None) is None
