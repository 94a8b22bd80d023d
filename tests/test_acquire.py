"""Acquiring: what Rust receives when Python passes an exporter, and that writes reach the exporter's memory.

The refusals are in test_refusals.py, which checks them by their texts.
"""

import array
import sys

import numpy as np
import pytest
import typedview_probe as probe
from exporters import CATALOGUE, Exporter, reference
from hypothesis import given
from hypothesis import strategies as st

SPECS = {
    0: ["const double[]"],
    1: ["const double[:]", "const double[::1]"],
    2: [
        "const double[:, :]",
        "const double[:, ::1]",
        "const double[::1, :]",
        "const double[:, ::contiguous]",
    ],
    3: [
        "const double[:, :, :]",
        "const double[:, :, ::1]",
        "const double[::1, :, :]",
        "const double[:, :, ::contiguous]",
    ],
}

ORDERS = {
    "C order": lambda: np.arange(24.0),
    "0-d": lambda: np.array(4.0),
    "step 2": lambda: np.arange(24.0)[::2],
    "reversed": lambda: np.arange(24.0)[::-1],
    "one element": lambda: np.arange(24.0)[5:6],
    "one element, step 7": lambda: np.arange(24.0)[5:6:7],
    "no element": lambda: np.zeros(0),
    "stride 0": lambda: np.broadcast_to(1.0, 3),
    "2-d C order": lambda: np.arange(24.0).reshape(4, 6),
    "2-d Fortran order": lambda: np.arange(24.0).reshape(4, 6, order="F"),
    "2-d transposed": lambda: np.arange(24.0).reshape(4, 6).T,
    "2-d columns": lambda: np.arange(24.0).reshape(4, 6)[:, 1:3],
    "2-d rows": lambda: np.arange(24.0).reshape(4, 6)[1:3],
    "2-d every second row": lambda: np.arange(24.0).reshape(4, 6)[::2],
    "2-d one column": lambda: np.arange(24.0).reshape(4, 6)[:, 2:3],
    "2-d one row": lambda: np.arange(24.0).reshape(4, 6)[2:3],
    "2-d one row of Fortran order": lambda: np.arange(24.0).reshape(4, 6, order="F")[2:3],
    "2-d rows reversed": lambda: np.arange(24.0).reshape(4, 6)[::-1],
    "2-d no row": lambda: np.zeros((0, 3)),
    "2-d no column": lambda: np.zeros((3, 0)),
    "3-d C order": lambda: np.arange(24.0).reshape(2, 3, 4),
    "3-d Fortran order": lambda: np.arange(24.0).reshape(2, 3, 4, order="F"),
    "3-d axes turned": lambda: np.arange(24.0).reshape(2, 3, 4).transpose(1, 2, 0),
    "3-d outer and inner of length 1": lambda: np.arange(24.0).reshape(1, 24, 1),
    "3-d middle of length 1": lambda: np.arange(24.0).reshape(2, 3, 4)[:, 1:2],
}

AXES = st.lists(st.integers(0, 4), min_size=0, max_size=3)


@st.composite
def strided_arrays(draw: st.DrawFn) -> np.ndarray:
    """Draws an array of up to 3 axes, sliced along each, with its axes in any order."""
    shape = draw(AXES)
    values = np.arange(np.prod(shape, dtype=int), dtype="f8").reshape(shape)
    sliced = values[(..., *(draw(st.slices(length)) for length in shape))]
    return sliced.transpose(draw(st.permutations(range(len(shape)))))


@st.composite
def overlapping_slices(draw: st.DrawFn) -> tuple[int, slice, slice, int]:
    """Draws a length, two slices of it, and the length of the shorter slice."""
    length = draw(st.integers(0, 12))
    target, source = draw(st.slices(length)), draw(st.slices(length))
    most = min(len(range(*target.indices(length))), len(range(*source.indices(length))))
    return length, target, source, draw(st.integers(0, most))


def moving(shape: tuple[int, ...], strides: tuple[int, ...]) -> list[int]:
    """Returns the strides that matter: those of axes longer than 1, if there are elements."""
    return [] if 0 in shape else [stride for length, stride in zip(shape, strides, strict=True) if length > 1]


def meets(values: np.ndarray, spec: str) -> bool:
    """Whether the elements of an array lie in the order that a spec asks for."""
    if "[::1, " in spec:
        return values.flags.f_contiguous
    if "::contiguous]" in spec:
        return values.size == 0 or values.shape[-1] == 1 or values.strides[-1] == values.itemsize
    return values.flags.c_contiguous if "::1]" in spec else True


def test_the_catalogue_says_what_memoryview_and_numpy_say(case: Exporter, exporter: object) -> None:
    found = reference(exporter)
    assert (found.shape, found.elements, found.readonly) == (case.shape, case.elements, not case.writable)
    assert moving(found.shape, found.strides) == moving(case.shape, case.strides)


def test_an_exporter_is_read_with_its_shape_and_elements(case: Exporter, exporter: object) -> None:
    shape, _, _, elements = probe.read(case.spec(), exporter)
    assert (tuple(shape), elements) == (case.shape, case.elements)


def test_an_exporter_is_read_with_its_strides_in_bytes(case: Exporter, exporter: object) -> None:
    shape, strides, _, _ = probe.read(case.spec(), exporter)
    assert moving(tuple(shape), tuple(strides)) == moving(case.shape, case.strides)


def test_an_exporter_is_read_where_its_memory_is(case: Exporter, exporter: object) -> None:
    _, _, address, _ = probe.read(case.spec(), exporter)
    if case.size:
        assert address == reference(exporter).address


def test_reading_holds_nothing_afterwards(case: Exporter, exporter: object) -> None:
    before = sys.getrefcount(exporter)
    probe.read(case.spec(), exporter)
    assert sys.getrefcount(exporter) == before


def test_reading_a_thousand_times_leaks_no_reference(case: Exporter, exporter: object) -> None:
    before = sys.getrefcount(exporter)
    for _ in range(1000):
        probe.read(case.spec(), exporter)
    assert sys.getrefcount(exporter) == before


def test_bytes_that_were_read_can_be_resized() -> None:
    exporter = bytearray(3)
    probe.read("const uint8[:]", exporter)
    exporter.append(7)
    assert probe.read("const uint8[:]", exporter)[3] == [0, 0, 0, 7]


def test_an_array_that_was_written_can_be_resized() -> None:
    exporter = array.array("d", [1.0, 2.0])
    probe.fill(exporter, 5.0)
    exporter.append(6.0)
    assert exporter.tolist() == [5.0, 5.0, 6.0]


@pytest.mark.parametrize("order", ORDERS)
def test_a_spec_of_an_order_takes_what_numpy_flags_say(order: str) -> None:
    values = ORDERS[order]()
    for spec in SPECS[values.ndim]:
        if meets(values, spec):
            assert probe.read(spec, values)[3] == values.ravel().tolist()
        else:
            with pytest.raises(ValueError, match=r"^expected const double\["):
                probe.read(spec, values)


@given(strided_arrays())
def test_any_slice_of_an_array_reads_as_numpy_lists_it(values: np.ndarray) -> None:
    shape, strides, address, elements = probe.read(SPECS[values.ndim][0], values)
    assert tuple(shape) == values.shape
    assert np.reshape(elements, values.shape).tolist() == values.tolist()
    assert moving(values.shape, tuple(strides)) == moving(values.shape, values.strides)
    assert values.size == 0 or address == values.__array_interface__["data"][0]


@given(strided_arrays())
def test_any_slice_of_an_array_is_contiguous_exactly_when_numpy_says(values: np.ndarray) -> None:
    for spec in SPECS[values.ndim]:
        try:
            elements = probe.read(spec, values)[3]
        except ValueError:
            elements = None
        assert elements == (values.ravel().tolist() if meets(values, spec) else None)


def test_none_is_taken_where_the_argument_is_optional() -> None:
    assert probe.size_or_none(None) is None
    assert probe.size_or_none() is None
    assert probe.size_or_none(np.zeros(3)) == 3


@pytest.mark.parametrize(
    "case",
    [case for case in CATALOGUE if case.writable and case.element == "double" and len(case.shape) == 1],
    ids=lambda case: case.name,
)
def test_a_fill_reaches_the_exporter(case: Exporter, exporter: object) -> None:
    before = sys.getrefcount(exporter)
    probe.fill(exporter, 1.5)
    assert reference(exporter).elements == [1.5] * case.size
    assert sys.getrefcount(exporter) == before


def test_a_fill_stays_between_the_elements_of_a_slice() -> None:
    values = np.zeros(6)
    probe.fill(values[1::2], 9.0)
    assert values.tolist() == [0.0, 9.0, 0.0, 9.0, 0.0, 9.0]


def test_a_fill_of_contiguous_memory_reaches_the_exporter() -> None:
    values = np.zeros(3)
    probe.fill_contiguous(values, 9.0)
    assert values.tolist() == [9.0, 9.0, 9.0]


def test_a_fill_of_a_packed_record_field_leaves_the_other_fields() -> None:
    records = np.zeros(3, dtype=[("flag", "u1"), ("value", "f8"), ("end", "u2")])
    records["flag"], records["end"] = 1, 2
    probe.fill(records["value"], 9.0)
    assert records.tolist() == [(1, 9.0, 2)] * 3


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in CATALOGUE
        if case.writable and case.element == "double" and len(case.shape) == 2 and case.size
    ],
    ids=lambda case: case.name,
)
def test_a_set_element_reaches_the_exporter(case: Exporter, exporter: object) -> None:
    probe.set(exporter, [1, 1], 77.0)
    expected = np.reshape(case.elements, case.shape)
    expected[1, 1] = 77.0
    assert reference(exporter).elements == expected.ravel().tolist()


@given(overlapping_slices())
def test_copying_within_an_array_is_as_from_a_copy_made_first(
    slices: tuple[int, slice, slice, int],
) -> None:
    length, to, frm, size = slices
    values = np.arange(float(length))
    expected = values.copy()
    expected[to][:size] = values[frm][:size].copy()
    probe.copy(values[to][:size], values[frm][:size])
    assert values.tolist() == expected.tolist()


@given(st.integers(0, 15), st.integers(0, 15), st.sampled_from([8, 16, -8]), st.sampled_from([8, 16, -8]))
def test_copying_between_elements_that_overlap_partly_is_as_from_a_copy_made_first(
    to: int, frm: int, to_stride: int, frm_stride: int
) -> None:
    memory = np.random.default_rng(7).integers(0, 255, 96, dtype="u1")
    expected = memory.copy()

    def part(of: np.ndarray, first: int, stride: int) -> np.ndarray:
        first += 40 if stride < 0 else 0
        return np.ndarray(3, "f8", of, first, (stride,))

    part(expected, to, to_stride)[:] = part(memory, frm, frm_stride).copy()
    probe.copy(part(memory, to, to_stride), part(memory, frm, frm_stride))
    assert memory.tolist() == expected.tolist()


def test_copying_from_a_broadcast_element_repeats_it() -> None:
    values = np.arange(3.0)
    probe.copy(values, np.broadcast_to(values[2:], 3))
    assert values.tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize("ndim", [0, 1, 2, 8, 9, 32, 64])
def test_any_number_of_axes_is_read(ndim: int) -> None:
    array = np.arange(2.0 ** min(ndim, 3)).reshape((2,) * min(ndim, 3) + (1,) * max(ndim - 3, 0)).T
    shape, _, address, elements = probe.read("const double[...]", array)
    assert tuple(shape) == array.shape
    assert address == array.ctypes.data
    assert elements == array.flatten().tolist()


def test_axes_that_may_hold_pointers_take_memory_without() -> None:
    array = np.arange(12.0).reshape(3, 4)[::-1, ::2]
    shape, strides, _, elements = probe.read("const double[::generic, ::generic]", array)
    assert (tuple(shape), tuple(strides)) == (array.shape, array.strides)
    assert elements == array.flatten().tolist()


def test_rows_behind_pointers_are_read_where_they_are() -> None:
    testbuffer = pytest.importorskip("_testbuffer", reason="this Python was installed without _testbuffer")
    flags = testbuffer.ND_PIL | testbuffer.ND_WRITABLE
    exporter = testbuffer.ndarray([float(i) for i in range(6)], shape=[2, 3], format="d", flags=flags)
    shape, _, _, elements = probe.read("const double[::generic, ::generic]", exporter)
    assert (shape, elements) == ([2, 3], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    backwards = exporter[::-1, ::2]
    assert probe.read("const double[::generic, ::generic]", backwards)[3] == [3.0, 5.0, 0.0, 2.0]
