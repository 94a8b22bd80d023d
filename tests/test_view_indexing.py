"""Indexing a View: the elements that a key selects are those that NumPy selects, in the same memory.

It is separate because the model here is a NumPy array of the same memory. test_view.py tests the facts.
"""

import itertools
import operator

import numpy as np
import pytest
import typedview
from exporters import _testbuffer
from hypothesis import assume, given
from hypothesis import strategies as st
from refused import refused
from typedview import View

lengths = st.one_of(st.integers(0, 4), st.just(1))
shapes = st.lists(lengths, max_size=4).map(tuple)


def counted(shape: tuple[int, ...], dtype: str = "i4") -> np.ndarray:
    return np.arange(int(np.prod(shape)), dtype=dtype).reshape(shape)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    """Arrays in C, Fortran and any other order of axes: strided, reversed and repeated."""
    shape = draw(shapes)
    wide = counted(tuple(2 * length + 1 for length in shape))
    steps = [draw(st.sampled_from([1, 2, -1, -2])) for _ in shape]
    strided = wide[(..., *(slice(None, None, step) for step in steps))]
    strided = strided[(..., *(slice(0, length) for length in shape))]
    match draw(st.sampled_from(["C", "F", "strided", "transposed", "broadcast"])):
        case "strided":
            return strided
        case "transposed":
            return strided.transpose(draw(st.permutations(range(len(shape)))))
        case "broadcast":
            once = tuple(draw(st.sampled_from([slice(None), slice(0, 1)])) for _ in shape)
            part = strided[(..., *once)]
            repeated = [new if old == 1 else old for old, new in zip(part.shape, shape, strict=True)]
            return np.broadcast_to(part, repeated)
        case order:
            return counted(shape).copy(order)


bounds = st.one_of(st.none(), st.integers(-7, 7), st.sampled_from([2**63, -(2**63) - 1, 2**70]))
steps = st.one_of(st.none(), st.integers(-4, 4).filter(bool), st.sampled_from([2**62, -(2**70), 2**70]))
slices = st.builds(slice, bounds, bounds, steps)


@st.composite
def keys(draw: st.DrawFn, shape: tuple[int, ...]) -> object:
    """Keys that a shape has: indices, slices, new axes and an ellipsis."""
    taken = draw(st.integers(0, len(shape)))
    before = draw(st.integers(0, taken))
    has_ellipsis = draw(st.booleans())
    axes = [*range(before), *range(len(shape) - taken + before, len(shape))] if has_ellipsis else range(taken)
    items: list[object] = []
    for place, axis in enumerate(axes):
        if has_ellipsis and place == before:
            items.append(...)
        items.extend([None] * draw(st.sampled_from([0, 0, 0, 1, 2])))
        length = shape[axis]
        index = st.integers(-length, length - 1) if length else slices
        items.append(draw(st.one_of(index, slices)))
    if has_ellipsis and ... not in items:
        items.append(...)
    return items[0] if len(items) == 1 and draw(st.booleans()) else tuple(items)


arrays_and_keys = arrays().flatmap(lambda values: st.tuples(st.just(values), keys(values.shape)))


def is_same(view: View, expected: np.ndarray) -> None:
    """Asserts that a view has the layout and the memory of an array."""
    found = np.asarray(view)
    assert view.shape == expected.shape
    assert view.tolist() == expected.tolist()
    assert view.size == expected.size
    assert view.ndim == expected.ndim
    if expected.size:
        # NumPy gives axes of length 1, and empty arrays, other strides where they do not matter.
        moves = [length > 1 for length in expected.shape]
        strides = zip(view.strides, expected.strides, moves, strict=True)
        assert all(mine == others for mine, others, matters in strides if matters)
        first = found.__array_interface__["data"][0]
        assert first == expected.__array_interface__["data"][0]
        assert np.shares_memory(found, expected)


@given(arrays_and_keys)
def test_a_key_selects_what_it_selects_in_numpy(case: tuple[np.ndarray, object]) -> None:
    values, key = case
    found, expected = View(values)[key], values[key]
    if isinstance(expected, np.ndarray):
        assert isinstance(found, View)
        is_same(found, expected)
    else:
        assert (type(found), found) == (int, expected.item())


@given(arrays_and_keys)
def test_a_slice_is_readonly_if_its_view_is(case: tuple[np.ndarray, object]) -> None:
    values, key = case
    part, readonly = View(values)[key], View(values).toreadonly()[key]
    if isinstance(part, View):
        assert part.readonly == (not values.flags.writeable)
        assert readonly.readonly


def stacked(rows: np.ndarray) -> tuple[View, np.ndarray]:
    """A table of pointers to the rows of an array, and the array."""
    return typedview.stack_rows(list(rows)), rows


@given(
    st.tuples(st.integers(1, 3), lengths, lengths)
    .map(counted)
    .flatmap(lambda values: st.tuples(st.just(values), keys(values.shape)))
)
def test_a_key_selects_behind_pointers_what_it_selects_in_numpy(case: tuple[np.ndarray, object]) -> None:
    # A test of its own has new axes before the pointers.
    key = case[1] if isinstance(case[1], tuple) else (case[1],)
    assume(None not in [item for item in key if item is not ...][:1])
    table, values = stacked(case[0])
    found, expected = table[case[1]], values[case[1]]
    assert (found.tolist() if isinstance(found, View) else found) == expected.tolist()
    if isinstance(found, View):
        assert found.shape == expected.shape


@pytest.mark.skipif(_testbuffer is None, reason="this Python was installed without _testbuffer")
@given(
    st.lists(st.integers(1, 3), min_size=1, max_size=4).flatmap(
        lambda shape: st.tuples(st.just(shape), keys(tuple(shape)))
    )
)
def test_a_key_selects_in_a_tree_of_pointers_what_it_selects_in_numpy(case: tuple[list[int], object]) -> None:
    values = counted(tuple(case[0]))
    tree = _testbuffer.ndarray(values.ravel().tolist(), shape=case[0], format="i", flags=_testbuffer.ND_PIL)
    view, key = View(tree), case[1]
    assert view.tolist() == values.tolist()
    expected = values[key]
    try:
        found = view[key]
    except ValueError as error:
        # An index on an axis of pointers needs indices on the axes before it.
        assert "pointers" in str(error)
        return
    assert (found.tolist() if isinstance(found, View) else found) == expected.tolist()


def test_64_axes_are_indexed() -> None:
    values = np.zeros((1,) * 63 + (2,), "i4")
    values[..., 1] = 5
    view = View(values)
    assert view[(0,) * 63 + (1,)] == view[(-1,) * 64] == 5
    assert view[..., 1].shape == (1,) * 63
    is_same(view[(slice(None),) * 64], values)
    with pytest.raises(ValueError, match="64"):
        _ = view[None]


def test_an_index_on_each_axis_gives_an_element_and_an_ellipsis_a_view() -> None:
    view = View(np.array(5, "i4"))
    assert view[()] == 5
    assert (view[...].shape, view[...].tolist()) == ((), 5)
    assert View(counted((2, 2)))[1, 1, ...].shape == ()
    assert View(counted((2, 2)))[()].shape == (2, 2)


@pytest.mark.parametrize(
    ("key", "exception", "text"),
    [
        (2, IndexError, "axis 0: index 2 is out of bounds for length 2"),
        (-3, IndexError, "axis 0: index -3 is out of bounds for length 2"),
        ((0, 3), IndexError, "axis 1: index 3 is out of bounds for length 3"),
        ((slice(None), -4), IndexError, "axis 1: index -4 is out of bounds for length 3"),
        ((..., 3), IndexError, "axis 1: index 3 is out of bounds for length 3"),
        (2**64, IndexError, "cannot fit 'int' into an index-sized integer"),
        ((0, 0, 0), TypeError, "3 indices for a view with 2 axes"),
        ("x", TypeError, 'elements int32 have no fields, so no field "x"'),
        (slice(None, None, 0), ValueError, "slice step cannot be zero"),
    ],
)
def test_a_key_that_selects_nothing_is_refused(key: object, exception: type, text: str) -> None:
    refused(exception, text, operator.getitem, View(counted((2, 3))), key)


@pytest.mark.parametrize("key", [1.0, b"x", [0], {}, 1j, np.float64(1), object])
def test_other_objects_are_no_keys(key: object) -> None:
    name = type(key).__name__
    text = f"a view is indexed by integers, slices, ..., None and names of fields, not by {name}"
    refused(TypeError, text, operator.getitem, View(b"abc"), key)
    refused(TypeError, text, operator.getitem, View(b"abc"), (key,))


def test_an_index_behind_a_new_axis_is_an_index_on_the_first_axis() -> None:
    table, values = stacked(counted((2, 3)))
    assert table[None, 1].tolist() == values[None, 1].tolist()


@given(arrays())
def test_iterating_gives_what_it_gives_in_numpy(values: np.ndarray) -> None:
    view = View(values)
    if values.ndim == 0:
        refused(TypeError, "0-dim memory has no length", len, view)
        refused(TypeError, "invalid indexing of 0-dim memory", iter, view)
        refused(TypeError, "invalid indexing of 0-dim memory", reversed, view)
        return
    plain = lambda items: [item.tolist() if isinstance(item, View) else item for item in items]  # noqa: E731
    assert len(view) == len(values)
    assert plain(view) == values.tolist()
    assert plain(reversed(view)) == values[::-1].tolist()
    assert operator.length_hint(iter(view)) == len(values)


def test_an_iterator_that_has_ended_stays_at_its_end() -> None:
    found = iter(View(b"ab"))
    assert list(found) == [97, 98]
    assert (next(found, None), next(found, None), operator.length_hint(found)) == (None, None, 0)


@given(st.lists(st.integers(-3, 3), max_size=8), st.integers(-3, 3), bounds, bounds)
def test_values_are_found_where_a_list_has_them(
    items: list[int], value: int, start: int | None, stop: int | None
) -> None:
    view = View(np.array(items, "i2")[::-1])
    items = items[::-1]
    assert (value in view) == (value in items)
    assert view.count(value) == items.count(value)
    start, stop = 0 if start is None else start, 2**63 if stop is None else stop
    try:
        expected = items.index(value, start, stop)
    except ValueError:
        refused(ValueError, "the value is not in the view", view.index, value, start, stop)
    else:
        assert view.index(value, start, stop) == expected


def test_only_one_axis_is_searched() -> None:
    view = View(counted((2, 2)))
    refused(NotImplementedError, "index() needs one axis, the view has 2", view.index, 1)
    refused(NotImplementedError, "count() needs one axis, the view has 2", view.count, 1)


@given(arrays(), st.sampled_from(["C", "F", "A", None]))
def test_bytes_are_those_of_numpy_in_every_order(values: np.ndarray, order: str | None) -> None:
    assert View(values).tobytes(order) == values.tobytes(order or "C")
    assert View(values).tolist() == values.tolist()
    assert View(values).hex(":") == values.tobytes().hex(":")


def test_an_unknown_order_is_refused() -> None:
    view = View(b"abc")
    for function in (view.tobytes, view.copy):
        refused(ValueError, "order must be 'C', 'F', 'A' or None", function, "K")


@given(arrays().flatmap(lambda x: st.tuples(st.just(x), st.permutations(range(x.ndim)), st.data())))
def test_axes_are_rearranged_as_in_numpy(case: tuple[np.ndarray, list[int], st.DataObject]) -> None:
    values, axes, data = case
    axes = [data.draw(st.sampled_from([axis, axis - values.ndim])) for axis in axes]
    view = View(values)
    is_same(view.T, values.T)
    is_same(view.transpose(), values.T)
    if axes:
        is_same(view.transpose(*axes), values.transpose(*axes))
        is_same(view.transpose(axes), values.transpose(axes))


@pytest.mark.parametrize("axes", [(0,), (0, 0), (0, 2), (0, -3), (0, 1, 2)])
def test_what_is_no_permutation_is_refused(axes: tuple[int, ...]) -> None:
    with pytest.raises((ValueError, IndexError)):
        View(counted((2, 3))).transpose(*axes)


@given(arrays(), st.lists(st.integers(-1, 6), max_size=4))
def test_a_reshaped_view_is_that_of_numpy_or_refused(values: np.ndarray, shape: list[int]) -> None:
    try:
        expected = np.reshape(values, shape, copy=False)
    except ValueError:
        with pytest.raises(ValueError):
            View(values).reshape(shape)
    else:
        is_same(View(values).reshape(shape), expected)
        if shape:
            is_same(View(values).reshape(*shape), expected)


@given(arrays())
def test_every_factorisation_is_reshaped_as_in_numpy(values: np.ndarray) -> None:
    factors = [length for length in range(1, 13) if values.size % length == 0]
    for shape in itertools.chain([(-1,)], ((length, -1) for length in factors)):
        try:
            expected = np.reshape(values, shape, copy=False)
        except ValueError:
            with pytest.raises(ValueError):
                View(values).reshape(*shape)
        else:
            is_same(View(values).reshape(*shape), expected)


@given(arrays(), st.lists(st.integers(0, 4), max_size=5))
def test_a_repeated_view_is_that_of_numpy_or_refused(values: np.ndarray, shape: list[int]) -> None:
    shape[len(shape) - values.ndim :] = values.shape if len(shape) > values.ndim else shape
    try:
        expected = np.broadcast_to(values, shape)
    except ValueError:
        with pytest.raises(ValueError):
            View(values).broadcast_to(shape)
    else:
        found = View(values).broadcast_to(shape)
        is_same(found, expected)
        assert found.readonly


@given(st.integers(0, 4), st.sampled_from(["<i2", ">i4", "|u1", "<f8", ">c16"]), st.booleans())
def test_other_elements_of_the_same_bytes_are_those_of_numpy(
    rows: int, dtype: str, is_reversed: bool
) -> None:
    values = counted((rows, 16), "u1")[:: -1 if is_reversed else 1]
    is_same(View(values).reinterpret(dtype), values.view(dtype))
    is_same(View(values).reinterpret(np.dtype(dtype)).reinterpret("B"), values)


@pytest.mark.parametrize("shape", [None, [3, 4], (2, 3, 2), [12]])
@pytest.mark.parametrize("format", "bBhHiIqQfd?")
def test_a_cast_is_that_of_memoryview(format: str, shape: list[int] | None) -> None:
    memory = bytearray(range(96))[: 12 * np.dtype(format).itemsize]
    arguments = (format,) if shape is None else (format, shape)
    found, expected = View(memory).cast(*arguments), memoryview(memory).cast(*arguments)
    facts = ("format", "shape", "strides", "itemsize", "nbytes", "readonly", "c_contiguous")
    assert [getattr(found, fact) for fact in facts] == [getattr(expected, fact) for fact in facts]
    assert found.tolist() == expected.tolist()
    assert found.cast("B") == expected.cast("B")


def test_a_field_is_that_of_numpy() -> None:
    values = np.zeros((2, 3), [("a", "i2"), ("b", [("x", "f8"), ("y", ">i4", (2, 2))])])[::-1, ::2]
    values["a"], values["b"]["y"] = counted((2, 2)), counted((2, 2, 2, 2))
    view = View(values)
    is_same(view["a"], values["a"])
    is_same(view.field("b")["y"], values["b"]["y"])
    refused(KeyError, '\'no field "c" in ' + view.dtype + "'", view.field, "c")
