"""The catalogue of exporters that every test of acquiring and viewing is run with.

It is separate so that an exporter is added here once, before its bug is fixed, and every test then takes it.
"""

import array
import ctypes
import mmap
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from multiprocessing import shared_memory

import dlpack
import numpy as np

# Where these modules are missing, conftest.py prints the reason.
try:
    import _testbuffer
except ImportError:
    # It is a part of CPython's own test suite, which distributions may leave out.
    _testbuffer = None
try:
    import pyarrow as pa
except ImportError:
    # There are no wheels for some interpreters.
    pa = None


@dataclass(frozen=True)
class Exporter:
    """One way to export memory, and what a consumer must find."""

    name: str
    make: Callable[[], object]
    element: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    elements: list[int | float]
    writable: bool

    def open(self) -> AbstractContextManager[object]:
        """Opens a fresh exporter. If it can be closed, it is at the end, which fails while it is exported."""
        made = self.make()
        return made if isinstance(made, AbstractContextManager) else nullcontext(made)

    @property
    def size(self) -> int:
        return len(self.elements)

    def spec(self, access: str = "const ") -> str:
        """Returns what a consumer that takes any strides asks for: `const double[:, :]`."""
        return f"{access}{self.element}[{', '.join(':' for _ in self.shape)}]"


@dataclass(frozen=True)
class Reference:
    """What Python's memoryview and NumPy say about an exporter."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    itemsize: int
    nbytes: int
    readonly: bool
    address: int
    elements: list[int | float]


def memory_of(exporter: object) -> memoryview:
    """Returns a memoryview of an exporter: through NumPy, which copies nothing, if it has no buffer."""
    if isinstance(exporter, dlpack.Only):
        return memoryview(exporter.producer)
    try:
        return memoryview(exporter)
    except TypeError:
        return memoryview(np.asarray(exporter, copy=False))


def reference(exporter: object) -> Reference:
    """Returns the facts from memoryview, the elements and their address from NumPy. Keeps nothing alive."""
    with memory_of(exporter) as view:
        values = np.asarray(view)
        return Reference(
            shape=view.shape,
            strides=view.strides,
            itemsize=view.itemsize,
            nbytes=view.nbytes,
            readonly=view.readonly,
            address=values.__array_interface__["data"][0],
            elements=values.ravel(order="C").tolist(),
        )


def shown(view: object) -> str:
    """The first line of a view's repr, which describes the memory. The elements are below it."""
    return repr(view).splitlines()[0]


def type_name(exporter: object) -> str:
    """Returns the type's name as messages show it: `numpy.ndarray`, but `bytes` without a module."""
    of = type(exporter)
    return (
        of.__qualname__ if of.__module__ in ("builtins", "__main__") else f"{of.__module__}.{of.__qualname__}"
    )


DOUBLES = [0.5, -1.25, 3.0]
DOUBLE_BYTES = struct.pack("3d", *DOUBLES)
NAMES = {"b": "int8", "B": "uint8", "h": "int16", "H": "uint16", "i": "int32", "I": "uint32", "f": "float"}
NAMES |= {"q": "int64", "Q": "uint64", "d": "double"}
# C's long has 8 bytes on 64-bit Unix and 4 on Windows.
NAMES |= {"l": f"int{8 * struct.calcsize('l')}", "L": f"uint{8 * struct.calcsize('l')}"}


def counted(*shape: int, dtype: str = "f8", order: str = "C") -> np.ndarray:
    """Returns an array that counts up from 0 in index order."""
    return np.arange(np.prod(shape, dtype=int), dtype=dtype).reshape(shape).copy(order)


def readonly(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values


def reinterpreted(values: np.ndarray, dtype: str) -> np.ndarray:
    assert values.dtype == dtype
    return values.view(dtype)


def odd_length_1_strides() -> np.ndarray:
    values = counted(1, 3, 1)
    return np.lib.stride_tricks.as_strided(values, shape=(1, 3, 1), strides=(77, 8, -5))


def record_field() -> np.ndarray:
    records = np.zeros(3, dtype=[("flag", "u1"), ("value", "f8")])
    records["value"] = DOUBLES
    return records["value"]


def anonymous_map() -> mmap.mmap:
    memory = mmap.mmap(-1, 5)
    memory[:] = b"hello"
    return memory


def readonly_file_map() -> mmap.mmap:
    with tempfile.TemporaryFile() as file:
        file.write(b"typed")
        file.flush()
        return mmap.mmap(file.fileno(), 5, access=mmap.ACCESS_READ)


@contextmanager
def shared() -> Iterator[memoryview]:
    block = shared_memory.SharedMemory(create=True, size=len(DOUBLE_BYTES))
    try:
        # The system may round the size up to a whole page.
        with block.buf[: len(DOUBLE_BYTES)] as part, part.cast("d") as view:
            view[0], view[1], view[2] = DOUBLES
            yield view
        block.close()
    finally:
        block.unlink()


def python_exporters() -> Iterator[Exporter]:
    yield Exporter("bytes", lambda: bytes([1, 2, 255]), "uint8", (3,), (1,), [1, 2, 255], False)
    yield Exporter("bytes, empty", bytes, "uint8", (0,), (1,), [], False)
    yield Exporter("bytearray", lambda: bytearray([1, 2, 255]), "uint8", (3,), (1,), [1, 2, 255], True)
    yield Exporter("bytearray, empty", bytearray, "uint8", (0,), (1,), [], True)
    for code in "bBhHiIlLqQ":
        size, low = struct.calcsize(code), 0 if code.isupper() else -(2 ** (8 * struct.calcsize(code) - 1))
        high = low + 2 ** (8 * size) - 1
        values = [low, 1, high]
        yield Exporter(
            f"array {code}",
            lambda code=code, values=values: array.array(code, values),
            NAMES[code],
            (3,),
            (size,),
            values,
            True,
        )
    for code, size in [("f", 4), ("d", 8)]:
        make = lambda code=code: array.array(code, DOUBLES)  # noqa: E731
        yield Exporter(f"array {code}", make, NAMES[code], (3,), (size,), DOUBLES, True)
    yield Exporter("array d, empty", lambda: array.array("d"), "double", (0,), (8,), [], True)

    yield Exporter("ctypes 1-d", lambda: (ctypes.c_double * 3)(*DOUBLES), "double", (3,), (8,), DOUBLES, True)
    yield Exporter("ctypes empty", lambda: (ctypes.c_double * 0)(), "double", (0,), (8,), [], True)
    yield Exporter("ctypes 0-d", lambda: ctypes.c_double(0.5), "double", (), (), [0.5], True)
    yield Exporter(
        "ctypes 2-d double",
        lambda: (ctypes.c_double * 2 * 3)((0.0, 1.0), (2.0, 3.0), (4.0, 5.0)),
        "double",
        (3, 2),
        (16, 8),
        [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
        True,
    )
    yield Exporter(
        "ctypes 2-d short",
        lambda: (ctypes.c_short * 2 * 3)((0, -1), (2, -3), (4, -5)),
        "int16",
        (3, 2),
        (4, 2),
        [0, -1, 2, -3, 4, -5],
        True,
    )
    yield Exporter(
        "ctypes 2-d ubyte",
        lambda: (ctypes.c_ubyte * 2 * 2)((1, 2), (3, 255)),
        "uint8",
        (2, 2),
        (2, 1),
        [1, 2, 3, 255],
        True,
    )

    yield Exporter("mmap anonymous", anonymous_map, "uint8", (5,), (1,), list(b"hello"), True)
    yield Exporter("mmap file readonly", readonly_file_map, "uint8", (5,), (1,), list(b"typed"), False)
    yield Exporter("shared memory", shared, "double", (3,), (8,), DOUBLES, True)

    yield Exporter("memoryview", lambda: memoryview(b"view"), "uint8", (4,), (1,), list(b"view"), False)
    yield Exporter(
        "memoryview cast to d",
        lambda: memoryview(bytearray(DOUBLE_BYTES)).cast("d"),
        "double",
        (3,),
        (8,),
        DOUBLES,
        True,
    )
    yield Exporter(
        "memoryview cast to 2-d h",
        lambda: memoryview(bytearray(struct.pack("6h", *range(6)))).cast("h", (2, 3)),
        "int16",
        (2, 3),
        (6, 2),
        list(range(6)),
        True,
    )
    yield Exporter(
        "memoryview reversed",
        lambda: memoryview(array.array("d", DOUBLES))[::-1],
        "double",
        (3,),
        (-8,),
        DOUBLES[::-1],
        True,
    )
    yield Exporter(
        "memoryview sliced",
        lambda: memoryview(array.array("h", range(7)))[1:6:2],
        "int16",
        (3,),
        (4,),
        [1, 3, 5],
        True,
    )
    yield Exporter(
        "memoryview readonly",
        lambda: memoryview(array.array("d", DOUBLES)).toreadonly(),
        "double",
        (3,),
        (8,),
        DOUBLES,
        False,
    )
    yield Exporter(
        "memoryview empty slice in the middle",
        lambda: memoryview(array.array("d", DOUBLES))[1:1],
        "double",
        (0,),
        (8,),
        [],
        True,
    )


def numpy_exporters() -> Iterator[Exporter]:
    names = {"f4": "float", "f8": "double"} | {
        f"{code}{size}": f"{name}{8 * size}"
        for code, name in [("i", "int"), ("u", "uint")]
        for size in (1, 2, 4, 8)
    }
    for dtype, name in names.items():
        size = int(dtype[1])
        yield Exporter(
            f"numpy {dtype}",
            lambda dtype=dtype: counted(3, dtype=dtype),
            name,
            (3,),
            (size,),
            [0, 1, 2],
            True,
        )

    def doubles(
        name: str,
        make: Callable[[], np.ndarray],
        shape: tuple[int, ...],
        strides: tuple[int, ...],
        elements: list[float],
        writable: bool = True,
    ) -> Exporter:
        return Exporter(f"numpy {name}", make, "double", shape, strides, elements, writable)

    six = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    across = [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]
    yield doubles("C order", lambda: counted(2, 3), (2, 3), (24, 8), six)
    yield doubles("Fortran order", lambda: counted(2, 3, order="F"), (2, 3), (8, 16), six)
    yield doubles("transposed", lambda: counted(2, 3).T, (3, 2), (8, 24), across)
    yield doubles("C order 3-d", lambda: counted(1, 2, 3), (1, 2, 3), (48, 24, 8), six)
    yield doubles("Fortran order 3-d", lambda: counted(3, 1, 2, order="F"), (3, 1, 2), (8, 24, 24), six)
    yield doubles(
        "crop", lambda: counted(4, 5)[1:4:2, 1:4], (2, 3), (80, 8), [6.0, 7.0, 8.0, 16.0, 17.0, 18.0]
    )
    yield doubles("column", lambda: counted(3, 2)[:, 1], (3,), (16,), [1.0, 3.0, 5.0])
    yield doubles("reversed", lambda: counted(3)[::-1], (3,), (-8,), [2.0, 1.0, 0.0])
    yield doubles("reversed 2-d", lambda: counted(2, 3)[::-1, ::-1], (2, 3), (-24, -8), six[::-1])
    yield doubles("broadcast", lambda: np.broadcast_to(7.0, 4), (4,), (0,), [7.0] * 4, False)
    yield doubles(
        "broadcast row",
        lambda: np.broadcast_to(counted(3), (2, 3)),
        (2, 3),
        (0, 8),
        [0.0, 1.0, 2.0] * 2,
        False,
    )
    yield doubles("0-d", lambda: np.array(0.5), (), (), [0.5])
    yield doubles("scalar", lambda: np.float64(0.5), (), (), [0.5], False)
    yield doubles("empty", lambda: np.zeros(0), (0,), (8,), [])
    yield doubles("empty rows", lambda: np.zeros((0, 3)), (0, 3), (24, 8), [])
    yield doubles("empty columns of rows", lambda: np.zeros((3, 0)), (3, 0), (8, 8), [])
    yield doubles(
        "odd strides on axes of length 1", odd_length_1_strides, (1, 3, 1), (77, 8, -5), [0.0, 1.0, 2.0]
    )
    yield doubles("readonly", lambda: readonly(counted(3)), (3,), (8,), [0.0, 1.0, 2.0], False)
    yield doubles("field of a packed record", record_field, (3,), (9,), DOUBLES)
    yield doubles("unaligned", lambda: np.zeros(25, "u1")[1:].view("f8"), (3,), (8,), [0.0] * 3)
    yield doubles("<f8", lambda: reinterpreted(counted(3), "<f8"), (3,), (8,), [0.0, 1.0, 2.0])
    yield doubles("=f8", lambda: reinterpreted(counted(3), "=f8"), (3,), (8,), [0.0, 1.0, 2.0])
    yield Exporter(
        "numpy strided 2-d int16",
        lambda: counted(4, 4, dtype="i2")[::3, ::2],
        "int16",
        (2, 2),
        (24, 4),
        [0, 2, 12, 14],
        True,
    )
    yield Exporter(
        "numpy transposed uint8",
        lambda: counted(2, 2, dtype="u1").T,
        "uint8",
        (2, 2),
        (1, 2),
        [0, 2, 1, 3],
        True,
    )


def testbuffer_exporters() -> Iterator[Exporter]:
    if _testbuffer is None:
        return

    def odd(
        name: str,
        shape: tuple[int, ...],
        found_strides: tuple[int, ...],
        elements: list[float],
        values: list[float] | float = DOUBLES,
        flags: int = _testbuffer.ND_WRITABLE,
        **options: object,
    ) -> Exporter:
        options = {"format": "d", "shape": list(shape), "flags": flags} | options
        writable = bool(flags & _testbuffer.ND_WRITABLE)
        make = lambda: _testbuffer.ndarray(values, **options)  # noqa: E731
        return Exporter(f"_testbuffer {name}", make, "double", shape, found_strides, elements, writable)

    six = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    yield odd("plain", (3,), (8,), DOUBLES)
    yield odd("readonly", (3,), (8,), DOUBLES, flags=0)
    yield odd("format @d", (3,), (8,), DOUBLES, format="@d")
    yield odd("format =d", (3,), (8,), DOUBLES, format="=d")
    yield odd("format 1d", (3,), (8,), DOUBLES, format="1d")
    yield odd("0-d", (), (), [2.5], 2.5)
    yield odd("offset", (2,), (8,), DOUBLES[1:], offset=8)
    yield odd("strided", (3,), (16,), six[::2], six, strides=[16])
    yield odd("reversed", (3,), (-8,), DOUBLES[::-1], strides=[-8], offset=16)
    yield odd("rows reversed", (2, 3), (-24, 8), six[3:] + six[:3], six, strides=[-24, 8], offset=24)
    fortran = _testbuffer.ND_WRITABLE | _testbuffer.ND_FORTRAN
    yield odd("Fortran order", (2, 3), (8, 16), [0.0, 2.0, 4.0, 1.0, 3.0, 5.0], six, fortran)


class ArrayInterface:
    """An object that exports an array through `__array_interface__` alone."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    @property
    def __array_interface__(self) -> dict[str, object]:
        return self.array.__array_interface__


def array_interface_exporters() -> Iterator[Exporter]:
    """Yields NumPy arrays that offer the array interface instead of the buffer protocol."""
    for case in numpy_exporters():
        # A scalar describes an array that nothing keeps alive. For rows without columns NumPy reads other
        # strides.
        if case.name not in ("numpy scalar", "numpy empty columns of rows"):
            make = lambda case=case: ArrayInterface(case.make())  # noqa: E731
            yield replace(case, name=case.name.replace("numpy", "array interface"), make=make)


def arrow_exporters() -> Iterator[Exporter]:
    if pa is None:
        return
    names = {"float32": "float", "float64": "double"}
    names |= {f"{sign}int{8 * size}": f"{sign}int{8 * size}" for sign in ("", "u") for size in (1, 2, 4, 8)}
    for name, element in names.items():
        make = lambda name=name: pa.array([0, 1, 2], name)  # noqa: E731
        strides = (pa.type_for_alias(name).byte_width,)
        yield Exporter(f"arrow {name}", make, element, (3,), strides, [0, 1, 2], False)

    def doubles(name: str, make: Callable[[], object], elements: list[float]) -> Exporter:
        return Exporter(f"arrow {name}", make, "double", (len(elements),), (8,), elements, False)

    yield doubles("empty", lambda: pa.array([], "float64"), [])
    yield doubles("sliced", lambda: pa.array([0.0, *DOUBLES, 0.0])[1:4], DOUBLES)
    yield doubles("sliced to nothing", lambda: pa.array(DOUBLES)[3:], [])
    yield doubles("sliced between nulls", lambda: pa.array([None, *DOUBLES, None])[1:4], DOUBLES)
    yield doubles("of numpy", lambda: pa.array(np.array(DOUBLES)), DOUBLES)
    yield doubles("with a bitmap", lambda: with_a_bitmap(DOUBLES), DOUBLES)
    yield doubles("chunk", lambda: pa.chunked_array([[1.0], DOUBLES]).chunk(1), DOUBLES)


def with_a_bitmap(values: list[float]) -> "pa.Array":
    """Returns an array with a bitmap in which no element is null. The consumer has to count the nulls."""
    buffers = [pa.py_buffer(b"\xff"), pa.py_buffer(struct.pack(f"{len(values)}d", *values))]
    return pa.Array.from_buffers(pa.float64(), len(values), buffers, null_count=-1)


def dlpack_exporters() -> Iterator[Exporter]:
    """Yields NumPy arrays that offer only DLPack."""
    # Scalars have no DLPack. Strides of DLPack count elements, which excludes packed records and odd strides.
    # NumPy reports other strides for empty arrays.
    without = ("numpy scalar", "numpy field of a packed record", "numpy odd strides on axes of length 1")
    for case in numpy_exporters():
        if case.elements and case.name not in without:
            make = lambda case=case: dlpack.Only(case.make())  # noqa: E731
            yield replace(case, name=case.name.replace("numpy", "dlpack"), make=make)


CATALOGUE = [
    *python_exporters(),
    *numpy_exporters(),
    *dlpack_exporters(),
    *testbuffer_exporters(),
    *array_interface_exporters(),
    *arrow_exporters(),
]
