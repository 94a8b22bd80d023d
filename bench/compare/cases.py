"""The cases: a function of the common name, its arguments, and the result that NumPy expects of it.

Every peer that has the function is called with the same objects. `names` has the functions that a peer calls
differently.
"""

import array
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

Call = tuple[Callable[..., Any], tuple[Any, ...]]
RECORD = np.dtype([("a", "i4"), ("b", "f8")], align=True)
COPIES = "Copies"
SMALL_COPIES = "Small copies"
CONVERSIONS = "Conversions"
NUMPY = "NumPy"
COPYTO = "np.copyto"


PAGE = 4096


def nothing() -> None:
    pass


def placed(values: np.ndarray) -> np.ndarray:
    """Returns a copy that begins 16 bytes after the start of a page, as large arrays of NumPy do.

    The time of a copy depends on where the two arrays begin within their pages: `memcpy` took 14 times as
    long when the destination began 8 or 16 bytes further on. The allocator must not choose this.
    """
    memory = np.empty(values.nbytes + PAGE, np.uint8)
    start = (16 - memory.ctypes.data) % PAGE
    copy = memory[start : start + values.nbytes].view(values.dtype).reshape(values.shape)
    copy[...] = values
    return copy


def zeros(*shape: int, dtype: str = "f8") -> np.ndarray:
    return placed(np.zeros(shape, dtype))


def randoms(*shape: int, below: float = 1.0, dtype: str = "f8") -> np.ndarray:
    """Returns numbers from 0 to `below`, which are the same in every run."""
    return placed((np.random.default_rng(1).random(shape) * below).astype(dtype))


@dataclass(frozen=True)
class Case:
    group: str
    name: str
    function: str
    arguments: tuple[Any, ...]
    check: Callable[[Any], bool]
    """Whether the result, or what the call wrote, is right."""
    prepare: Callable[[], None] = nothing
    """Undoes the call, so that the next peer is checked on the same values."""
    calls: dict[str, Call] = field(default_factory=dict)
    """The calls of peers that have none of these functions, by label: those of NumPy."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The function of a peer, by the label of the peer, where it has another name."""
    work: int = 1
    """How many slices, elements or allocations one call is divided into."""
    memcpy: tuple[np.ndarray, np.ndarray] | None = None
    """Bytes to copy with `memcpy` beside the call."""


def equal(expected: Any) -> Callable[[Any], bool]:
    return lambda result: np.allclose(result, expected, rtol=1e-9)


def anything(_: object) -> bool:
    return True


def arguments() -> Iterator[Case]:
    doubles = np.arange(1.0, 101.0)
    records = np.zeros(10, RECORD)
    records["b"] = 1.0
    numbers = array.array("d", range(1, 101))
    octets = np.ones(100, np.uint8)
    group = "Arguments"
    yield Case(group, "no argument", "noarg", (), anything)
    yield Case(group, "any object", "take", (doubles,), anything)
    for name, function, argument in [
        ("ndarray f64 1-d", "first_f64_1d", doubles),
        ("ndarray f64 1-d, const", "first_f64_1d_ro", doubles),
        ("ndarray f64 1-d, contiguous", "first_f64_1d_c", doubles),
        ("ndarray f64 2-d", "first_f64_2d", doubles.reshape(10, 10)),
        ("ndarray f64 [::2]", "first_f64_1d", np.arange(1.0, 201.0)[::2]),
        ("ndarray u8", "first_u8", octets),
        ("ndarray of records", "first_rec", records),
        ("array.array", "first_f64_1d", numbers),
        ("bytearray", "first_u8", bytearray(octets)),
        ("bytes", "first_u8_ro", bytes(octets)),
        ("memoryview", "first_f64_1d", memoryview(numbers)),
    ]:
        yield Case(group, name, function, (argument,), equal(1))


def slices() -> Iterator[Case]:
    table = randoms(1000, 16)
    check = equal((table[:, 0] + table[:, -1]).sum())
    for name, function in [
        ("a row, by value", "slice_rows"),
        ("a row, callee unknown", "slice_rows_noipa"),
        ("table and index", "slice_index"),
        ("table and index, callee unknown", "slice_index_noipa"),
    ]:
        yield Case("Slices", name, function, (table,), check, work=len(table))


def assignment(group: str, name: str, function: str, dst: np.ndarray, src: np.ndarray, **more: Any) -> Case:
    """Returns the case `dst[...] = src`. `more` are other fields of the case."""
    expected = np.broadcast_to(src, dst.shape).astype(dst.dtype)
    return Case(
        group,
        name,
        function,
        (dst, src),
        check=lambda _: np.array_equal(dst, expected),
        prepare=lambda: dst.fill(0),
        calls={NUMPY: (operator.setitem, (dst, ..., src))},
        **more,
    )


def beside_memcpy(dst: np.ndarray, src: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the bytes of `dst` and `src` for `memcpy`, or others if those of `src` are not one block."""
    source = src.ravel(order="K")
    if source.nbytes != dst.nbytes or not np.shares_memory(source, src):
        source = zeros(dst.nbytes, dtype="u1")
    return dst.reshape(-1).view(np.uint8), source.view(np.uint8)


def copy(name: str, function: str, dst: np.ndarray, src: np.ndarray) -> Case:
    return assignment(COPIES, name, function, dst, src, memcpy=beside_memcpy(dst, src))


def squares(side: int) -> Iterator[tuple[str, np.ndarray]]:
    for function, dtype in [("copy_f64_2d", "f8"), ("copy_f32_2d", "f4"), ("copy_u8_2d", "u1")]:
        yield function, randoms(side, side, below=255, dtype=dtype)


def copies() -> Iterator[Case]:
    for name, n in [("8 KB", 1_000), ("1 MB", 125_000), ("32 MB", 4_000_000)]:
        yield copy(f"contiguous f64, {name}", "copy_f64_1d", zeros(n), randoms(n))
    for side in (256, 2048):
        for function, square in squares(side):
            name = f"transposed {function.split('_')[1]}, {side} x {side}"
            yield copy(name, function, placed(np.zeros_like(square)), square.T)
    cube, target = randoms(160, 160, 160), zeros(160, 160, 160)
    for name, axes in [("permuted (2, 0, 1)", (2, 0, 1)), ("reversed (2, 1, 0)", (2, 1, 0))]:
        yield copy(f"{name} f64, 160^3", "copy_f64_3d", target, cube.transpose(axes))
    yield copy("f64 [::2], 4 M", "copy_f64_1d", zeros(4_000_000), randoms(8_000_000)[::2])
    octets = randoms(2048, 2048, below=255, dtype="u1")
    yield copy("u8 [:, ::2], 2048 x 1024", "copy_u8_2d", zeros(2048, 1024, dtype="u1"), octets[:, ::2])
    image = randoms(1024, 1024, 3, below=255, dtype="u1")
    yield copy("u8 [:, :, 0] of RGB, 1024^2", "copy_u8_2d", zeros(1024, 1024, dtype="u1"), image[:, :, 0])
    table, target = randoms(2048, 2048), zeros(2048, 2048)
    yield copy("a row to 2048 rows f64", "bcast_row", target, table[0])
    yield copy("a column to 2048 columns f64", "bcast_col", target, table[:, :1])
    yield shift(randoms(4_000_000))
    yield transposition(randoms(2048, 2048))


def shift(x: np.ndarray) -> Case:
    before = placed(x)
    return Case(
        COPIES,
        "overlapping x[1:] = x[:-1], 4 M",
        "shift1",
        (x,),
        check=lambda _: np.array_equal(x[1:], before[:-1]),
        prepare=lambda: np.copyto(x, before),
        calls={NUMPY: (operator.setitem, (x, slice(1, None), x[:-1]))},
        memcpy=beside_memcpy(placed(before), before),
    )


def transposition(x: np.ndarray) -> Case:
    before = placed(x)
    return Case(
        COPIES,
        f"in place x[...] = x.T, {len(x)} x {len(x)}",
        "transpose_in_place",
        (x,),
        check=lambda _: np.array_equal(x, before.T),
        prepare=lambda: np.copyto(x, before),
        calls={NUMPY: (operator.setitem, (x, ..., x.T))},
        memcpy=beside_memcpy(placed(before), before),
    )


def small_copy(name: str, function: str, dst: np.ndarray, src: np.ndarray) -> Case:
    """Returns the case beside both ways in which NumPy copies, because they differ in the cost of a call."""
    case = assignment(SMALL_COPIES, name, function, dst, src)
    return replace(case, calls=case.calls | {COPYTO: (np.copyto, (dst, src))})


def small_copies() -> Iterator[Case]:
    for n in (100, 1_000, 10_000):
        yield small_copy(f"contiguous f64, {n:,}", "copy_f64_1d", zeros(n), randoms(n))
    for side in (10, 32, 100):
        name = f"transposed f64, {side} x {side}"
        yield small_copy(name, "copy_f64_2d", zeros(side, side), randoms(side, side).T)


def conversions() -> Iterator[Case]:
    for name, function, to, of in [
        ("i32 to f64", "cast_i32_f64", "f8", "i4"),
        ("f64 to f32", "cast_f64_f32", "f4", "f8"),
        ("f64 to i32, checked", "cast_f64_i32", "i4", "f8"),
        ("big-endian f64 to f64", "cast_big_f64_f64", "f8", ">f8"),
        ("big-endian i32 to f64", "cast_big_i32_f64", "f8", ">i4"),
    ]:
        for n in (10_000, 1_000_000):
            # A checked conversion refuses fractions, so there are none.
            dst, src = zeros(n, dtype=to), placed(np.floor(randoms(n, below=1000)).astype(of))
            yield assignment(CONVERSIONS, f"{name}, {n:,}", function, dst, src)


def numpy_axpy(a: float, x: np.ndarray, y: np.ndarray) -> None:
    y += a * x


def numpy_stencil(x: np.ndarray, out: np.ndarray) -> None:
    inner = x[1:-1, 1:-1] + x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    np.multiply(inner, 0.2, out=out[1:-1, 1:-1])


def loops(group: str, n: int, side: int) -> Iterator[Case]:
    x, y = randoms(n), randoms(n, below=2.0)
    for name, function, values in [
        ("sum f64", "sum_f64", x),
        ("sum f64, contiguous", "sum_f64_c", x),
        ("sum f64 [::2]", "sum_f64", randoms(2 * n)[::2]),
    ]:
        yield Case(group, name, function, (values,), equal(values.sum()), calls={NUMPY: (values.sum, ())})
    yield Case(group, "dot f64", "dot", (x, y), equal(x @ y), calls={NUMPY: (np.dot, (x, y))})
    total, added = zeros(n), (0.5, x)
    yield Case(
        group,
        "axpy f64",
        "axpy",
        (*added, total),
        check=lambda _: np.allclose(total, y + 0.5 * x),
        prepare=lambda: np.copyto(total, y),
        calls={NUMPY: (numpy_axpy, (*added, total))},
    )
    grid, out, expected = randoms(side, side), zeros(side, side), zeros(side, side)
    numpy_stencil(grid, expected)
    yield Case(
        group,
        f"stencil f64, {side} x {side}",
        "stencil",
        (grid, out),
        check=lambda _: np.allclose(out, expected),
        prepare=lambda: out.fill(0),
        calls={NUMPY: (numpy_stencil, (grid, out))},
    )


ALLOCATING = {
    "C": "alloc_calloc",
    "Cython": "alloc_array_clone",
    "pybind11": "alloc_array_t",
    "rust-numpy": "alloc_vec_zeroed",
}
RETURNING = {
    "C": "retnew_np_simplenew",
    "Cython": "retnew_np_empty_base",
    "nanobind": "retnew_capsule_numpy",
    "pybind11": "retnew_array_t",
    "rust-numpy": "retnew_vec_into_pyarray",
}


def new_memory() -> Iterator[Case]:
    group = "New memory"
    sizes = {"8": 8, "1,000": 1_000, "10^6": 1_000_000}
    for name, n in sizes.items():
        repeats = 1000 if n <= 1000 else 20
        row, arguments = f"Owned, {name}", (n, repeats)
        yield Case(group, row, "alloc_owned", arguments, anything, names=ALLOCATING, work=repeats)
    for kind, function, names in [
        ("ndarray, {}", "retnew_ndarray", RETURNING),
        ("ndarray, {}, beside PyArray::zeros", "retnew_ndarray", {"rust-numpy": "retnew_pyarray_zeros"}),
        ("View, {}", "retnew_owned", RETURNING),
    ]:
        for name, n in sizes.items():
            calls = {NUMPY: (np.zeros, (n,))}
            yield Case(group, kind.format(name), function, (n,), ends(n), calls=calls, names=names)


def ends(n: int) -> Callable[[Any], bool]:
    """Returns a check of new memory. The peers write 1 to both ends of it, and NumPy has only zeros."""

    def check(result: Any) -> bool:
        array = np.asarray(result)
        return len(array) == n and array[0] == array[-1] and array[0] in (0, 1)

    return check


def results() -> Iterator[Case]:
    line, table = np.arange(100.0), np.arange(100.0).reshape(10, 10)
    whole, part = slice(None), (slice(1, None), slice(None, None, 2))
    for name, kind, argument, index in [
        ("the argument, 1-d", "1d", line, whole),
        ("the argument, 2-d", "2d", table, whole),
        ("a slice [1:, ::2]", "slice", table, part),
    ]:
        names = {
            "C": f"ret_ndarray_{kind}",
            "Cython": f"ret_asarray_{kind}",
            "nanobind": f"ret_numpy_{kind}",
            "pybind11": f"ret_wrap_{kind}",
            "rust-numpy": f"ret_borrow_{kind}",
        }

        def same(result: Any, expected: np.ndarray = argument[index]) -> bool:
            return np.array_equal(np.asarray(result), expected)

        calls = {NUMPY: (operator.getitem, (argument, index))}
        yield Case("Results", name, f"ret_view_{kind}", (argument,), same, calls=calls, names=names)


def all_cases() -> Iterator[Case]:
    yield from arguments()
    yield from slices()
    yield from copies()
    yield from small_copies()
    yield from conversions()
    yield from loops("Loops in L1", 1_500, 50)
    yield from loops("Loops in L2", 20_000, 150)
    yield from new_memory()
    yield from results()
