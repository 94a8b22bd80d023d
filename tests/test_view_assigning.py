"""Assigning to a View: arrays, sequences and single values, converted as NumPy does it, whole or not at all.

It is separate because the model here is `numpy.copyto` on a copy. test_view_elements.py sets single elements.
"""

import array
import operator

import numpy as np
import pytest
import typedview
from exporters import CATALOGUE, Exporter, memory_of
from hypothesis import given
from hypothesis import strategies as st
from refused import refused
from typedview import View, zeros

NUMBERS = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
DTYPES = [np.dtype(code) for code in NUMBERS] + [
    np.dtype(code).newbyteorder() for code in NUMBERS if code[-1] != "1"
]
VALUES = [0, 1, 2, 3, 100, 127, 128, 255, 256, 1000, 2**15, 2**16 + 1, 2**24 + 1, 2**31, 2**53 + 1, 2**62 + 1]
FLOATS = [0.0, -0.0, 0.1, 1.5, -2.75, 65504.0, 65520.0, 1e-8, 3e38, 1e300, np.inf, -np.inf, np.nan]


def values_of(dtype: np.dtype) -> np.ndarray:
    """Values of a dtype, among them its limits."""
    with np.errstate(all="ignore"):
        if dtype.kind in "iu":
            limits = np.iinfo(dtype)
            numbers = [n for n in (*VALUES, *(-n for n in VALUES), limits.min, limits.max)]
            return np.array([n for n in numbers if limits.min <= n <= limits.max], dtype)
        if dtype.kind == "b":
            return np.array([True, False, True])
        floats = np.array([*FLOATS, *(-np.array(FLOATS)), *map(float, VALUES)])
        return (floats + 1j * floats[::-1] if dtype.kind == "c" else floats).astype(dtype)


def is_equal(found: np.ndarray, expected: np.ndarray) -> bool:
    """Whether two arrays have equal bytes, or a NaN of any bits at the same places."""
    return np.array_equal(found, expected, equal_nan=True) and np.array_equal(
        np.signbit(found.real), np.signbit(expected.real) | np.isnan(expected.real) & np.signbit(found.real)
    )


@pytest.mark.parametrize("source", DTYPES, ids=lambda dtype: dtype.str)
def test_numbers_are_converted_as_numpy_converts_them(source: np.dtype) -> None:
    values = values_of(source)
    for target in DTYPES:
        found, expected = np.zeros(values.shape, target), np.zeros(values.shape, target)
        if np.can_cast(source, target, "same_kind"):
            with np.errstate(all="ignore"):
                np.copyto(expected, values, casting="same_kind")
            View(found)[:] = values
            assert is_equal(found, expected), (source, target)
            converted = View(values).astype(target)
            assert is_equal(np.asarray(converted), expected), (source, target)
        else:
            names = View(values).dtype, View(found).dtype
            with pytest.raises(TypeError) as caught:
                View(found)[:] = values
            assert all(name in str(caught.value) for name in names)
            with pytest.raises(TypeError):
                View(values).astype(target)
            assert not found.any()


shapes = st.lists(st.integers(0, 3), max_size=3)


@given(shapes, st.data(), st.sampled_from(["i4", ">i2", "u1", "f8"]))
def test_arrays_are_repeated_as_in_numpy(shape: list[int], data: st.DataObject, dtype: str) -> None:
    taken = shape[data.draw(st.integers(0, len(shape))) :]
    taken = [data.draw(st.sampled_from([length, length, 1, 2])) for length in taken]
    source = np.arange(int(np.prod(taken)), dtype="u1").reshape(taken)
    found, expected = np.full(shape, 9, dtype), np.full(shape, 9, dtype)
    try:
        expected[...] = source
    except ValueError:
        for value in (source, View(source), *([source.tolist()] if source.size else [])):
            with pytest.raises(ValueError):
                View(found)[...] = value
    else:
        for value in (source, View(source), *([source.tolist()] if source.size else [])):
            found[...] = 9
            View(found)[...] = value
            assert found.tolist() == expected.tolist()


@pytest.mark.parametrize(
    "value",
    [
        [1, 2],
        [[1, 2], [3, 4]],
        [[1], [2, 3]],
        [1, [2]],
        [[1, 2, 3], 4],
        [[[1, 2, 3]], [[1], 2, 3]],
        [[1, 2, 3], []],
    ],
)
def test_sequences_of_another_shape_are_refused(value: list) -> None:
    memory = np.full((2, 3), 9.0)
    for sequence in (value, tuple(value)):
        with pytest.raises(ValueError):
            View(memory)[:] = sequence
    assert (memory == 9).all()


def test_a_ragged_sequence_says_where() -> None:
    view = zeros((2, 2))
    text = "ragged sequence: the first one at depth 1 has 2 items, another one 1 items"
    refused(ValueError, text, operator.setitem, view, slice(None), [[1, 2], [3]])
    text = "ragged sequence: the first one at depth 1 has 2 items, another one is a single value"
    refused(ValueError, text, operator.setitem, view, slice(None), [[1, 2], 3])


def test_a_sequence_that_contains_itself_is_refused() -> None:
    value: list = []
    value.append(value)
    text = "sequences are nested more than 64 levels deep"
    with pytest.raises(ValueError, match=text):
        zeros(3)[:] = value


# Overlap.

overlaps = st.tuples(
    *(st.integers(0, 12) for _ in range(4)), *(st.sampled_from([1, 2, 3, -1, -2]) for _ in range(2))
)


@given(overlaps, st.sampled_from(["i4", "f8", "u1"]))
def test_parts_of_one_memory_are_copied_as_if_the_source_were_copied_first(case: tuple, dtype: str) -> None:
    start, other, length, _, step, other_step = case
    found = np.arange(40, dtype=dtype)
    expected = found.copy()
    target, source = slice(start + 12, None, step), slice(other + 12, None, other_step)
    length = min(length, len(found[target]), len(found[source]))
    expected[target][:length] = expected[source][:length].copy()
    view = View(found)
    view[target][:length] = view[source][:length]
    assert found.tolist() == expected.tolist()


@given(st.permutations([0, 1, 2]), st.permutations([0, 1, 2]), st.sampled_from([1, -1]), st.booleans())
def test_axes_of_one_memory_are_exchanged(to: list, of: list, step: int, through_numpy: bool) -> None:
    found = np.arange(27, dtype="i2").reshape(3, 3, 3)
    expected = found.copy()
    expected.transpose(to)[...] = found.transpose(of)[::step].copy()
    view = View(found)
    view.transpose(to)[...] = found.transpose(of)[::step] if through_numpy else view.transpose(of)[::step]
    assert found.tolist() == expected.tolist()


@given(
    st.integers(0, 8),
    st.integers(0, 8),
    st.sampled_from([("f8", "f4"), ("f4", "f8"), ("i8", "u1"), (">i4", "<i2")]),
)
def test_conversions_of_one_memory_read_before_they_write(
    start: int, other: int, dtypes: tuple[str, str]
) -> None:
    found = np.zeros(64, "u1")
    target, source = (
        found[at : at + 4 * np.dtype(dtype).itemsize].view(dtype)
        for at, dtype in zip((start, other), dtypes, strict=True)
    )
    source[:] = [1, 2, 3, 100]
    View(target)[:] = View(source)
    assert target.tolist() == [1, 2, 3, 100]


# Exporters.


def test_every_exporter_can_be_assigned(case: Exporter, exporter: object) -> None:
    target = zeros(case.shape or (1,), case.element)
    target[:] = exporter
    assert target.reshape(-1).tolist() == case.elements
    wide = zeros((2, *case.shape), "double" if case.element in ("float", "double") else case.element)
    wide[:] = exporter
    assert wide.reshape(-1).tolist() == case.elements * 2


def test_every_writable_exporter_can_be_written(case: Exporter, exporter: object) -> None:
    with View(exporter) as view:
        if not case.writable:
            text = "cannot modify read-only memory"
            refused(TypeError, text, operator.setitem, view, ..., 1)
            refused(TypeError, text, view.fill, 1)
            return
        view[...] = 1
        with memory_of(exporter) as memory:
            assert np.asarray(memory).ravel().tolist() == [1] * case.size
        view.fill(2)
        assert view.tobytes() == zeros(case.shape, case.element).tobytes() or case.size > 0
        assert view.reshape(-1).tolist() == [2] * case.size if view.c_contiguous else True


def test_the_catalogue_has_readonly_and_writable_exporters() -> None:
    assert {case.writable for case in CATALOGUE} == {True, False}


# Records.

PAIR = np.dtype([("x", "i2"), ("y", "f8")])


def test_records_are_assigned_whole_and_by_field() -> None:
    values = np.zeros((2, 2), PAIR)
    view = View(values)
    view[:] = [[(1, 2), (3, 4)], [(5, 6), (7, 8)]]
    assert values["x"].tolist() == [[1, 3], [5, 7]]
    view["x"] = 9
    view["y"] = [[0.5], [1.5]]
    assert values.tolist() == [[(9, 0.5), (9, 0.5)], [(9, 1.5), (9, 1.5)]]
    view[:, 0] = (1, 1)
    view[1] = values[0]
    assert values.tolist() == [[(1, 1.0), (9, 0.5)], [(1, 1.0), (9, 0.5)]]
    view.fill({"x": 3, "y": 4})
    assert values.tolist() == [[(3, 4.0)] * 2] * 2


@pytest.mark.parametrize("assign", ["item", "slice", "fill", "array", "view"])
def test_fields_that_a_view_does_not_show_stay(assign: str) -> None:
    values = np.zeros(2, [("a", "i4"), ("hidden", "i4"), ("b", "i4")])
    values["hidden"] = 7
    source = np.full(2, 3, values.dtype)[["a", "b"]]
    view = View(values[["a", "b"]])
    match assign:
        case "item":
            view[0], view[1] = (3, 3), (3, 3)
        case "slice":
            view[:] = [(3, 3), (3, 3)]
        case "fill":
            view.fill((3, 3))
        case "array":
            view[:] = source
        case "view":
            view[:] = View(source)
    assert values.tolist() == [(3, 7, 3)] * 2


def test_elements_that_are_sub_arrays_take_sequences() -> None:
    view = View(bytearray(48)).cast("(3)d")
    view[0] = [1, 2, 3]
    view.fill([4, 5, 6])
    view[:] = [[1, 2, 3], [4, 5, 6]]
    assert view.tolist() == [[1, 2, 3], [4, 5, 6]]


# Nothing is half written.


class Raises:
    def __float__(self) -> float:
        raise LookupError("mine")

    __index__ = __complex__ = __float__


@pytest.mark.parametrize("dtype", ["i4", "f8", ">f4", "c16"])
@pytest.mark.parametrize("bad", [Raises(), "x", None, 10**400])
def test_a_value_that_raises_leaves_everything_as_it_was(dtype: str, bad: object) -> None:
    memory = np.arange(6, dtype=dtype).reshape(2, 3)
    before = memory.tolist()
    view = View(memory)
    for key, value in [
        ((slice(None)), [[7, 7, 7], [7, bad, 7]]),
        (slice(None, None, -1), [[7, 7, 7], [7, 7, bad]]),
        (0, (7, bad, 7)),
        ((0, 1), bad),
        (..., bad),
    ]:
        with pytest.raises((LookupError, TypeError, ValueError, OverflowError)):
            view[key] = value
    assert memory.tolist() == before


def test_a_record_whose_second_value_raises_is_not_written() -> None:
    memory = np.ones(2, PAIR)
    for value in [(7, Raises()), {"x": 7, "y": Raises()}]:
        for key in (0, slice(None)):
            with pytest.raises(LookupError):
                View(memory)[key] = value
    assert memory.tolist() == [(1, 1.0)] * 2


def test_a_list_that_shrinks_while_it_is_read_is_refused() -> None:
    value: list = [[1.0, 2.0], [3.0, 4.0]]

    class Shrinks:
        def __float__(self) -> float:
            value[1].clear()
            return 0.0

    value[0][0] = Shrinks()
    view = zeros((2, 2))
    with pytest.raises(ValueError, match="ragged"):
        view[:] = value
    assert view.tolist() == [[0, 0], [0, 0]]


# Copies.


@given(
    st.lists(st.integers(0, 3), max_size=3),
    st.sampled_from(["C", "F", "A"]),
    st.booleans(),
    st.sampled_from("CF"),
)
def test_a_copy_has_memory_of_its_own(shape: list[int], order: str, is_reversed: bool, of: str) -> None:
    values = np.arange(int(np.prod(shape)), dtype="i2").reshape(shape).copy(of)
    values = values[(..., *(slice(None, None, -1) for _ in shape))] if is_reversed else values
    for found in (View(values).copy(order), View(values).astype("double", order)):
        expected = values.copy(order)
        assert found.tolist() == expected.tolist()
        assert (found.c_contiguous, found.f_contiguous) == (
            expected.flags.c_contiguous,
            expected.flags.f_contiguous,
        )
        assert not found.readonly
        assert not np.shares_memory(np.asarray(found), values)


def test_a_copy_of_a_readonly_view_may_be_written() -> None:
    copy = View(b"abc").copy()
    copy[0] = 1
    assert copy.tolist() == [1, 98, 99]
    assert View(np.eye(2)).copy_fortran().f_contiguous


def test_references_to_objects_are_not_copied_as_bytes() -> None:
    view = View(np.array([1, None], object))
    for change in (
        view.copy,
        lambda: view.fill(1),
        lambda: view.astype("double"),
        lambda: operator.setitem(view, ..., view),
    ):
        with pytest.raises((TypeError, NotImplementedError)):
            change()


def test_memory_behind_pointers_is_assigned() -> None:
    rows = [array.array("d", [1, 2]), array.array("d", [3, 4])]
    table = typedview.stack_rows(rows)
    table[:, 0] = [7, 8]
    table[1] = table[0]
    table[0, 1] = 9
    assert [row.tolist() for row in rows] == [[7, 9], [7, 2]]
    table[:] = table[::-1]
    assert [row.tolist() for row in rows] == [[7, 2], [7, 9]]
