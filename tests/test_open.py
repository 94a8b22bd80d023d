"""`typedview.open`: files as views, compared with what NumPy reads from them.

It is separate because it is about files: their headers, their lengths, and who may write them.
"""

import doctest
import gc
import io
import mmap
import os
import pathlib
import struct
import sys
import weakref

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
import typedview
import typedview._open
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refused import refused
from typedview import View

DOUBLES = np.arange(12.0).reshape(3, 4)


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    """Provides the path of a file that does not exist yet."""
    return tmp_path / "file"


def npy(header: str, version: tuple[int, int] = (1, 0), data: bytes = b"") -> bytes:
    """Returns the bytes of a `.npy` file with a header, also one that NumPy would not write."""
    encoded = header.encode("utf-8" if version == (3, 0) else "latin-1")
    length = struct.pack("<H" if version == (1, 0) else "<I", len(encoded))
    return b"\x93NUMPY" + bytes(version) + length + encoded + data


def opened(path: pathlib.Path, **options: object) -> View:
    """Opens a file with options, for checks of refusals."""
    return typedview.open(path, **options)


def test_the_docstrings_are_right() -> None:
    assert doctest.testmod(typedview._open).failed == 0


# Files of NumPy.

SIZES = st.integers(1, 4)
SCALARS = st.one_of(
    arrays.boolean_dtypes(),
    arrays.integer_dtypes(endianness="?"),
    arrays.unsigned_integer_dtypes(endianness="?"),
    arrays.floating_dtypes(endianness="?"),
    arrays.complex_number_dtypes(endianness="?"),
    arrays.datetime64_dtypes(endianness="?"),
    arrays.timedelta64_dtypes(endianness="?"),
    SIZES.map(lambda size: np.dtype(f"S{size}")),
    st.tuples(st.sampled_from("<>"), SIZES).map(lambda code: np.dtype(f"{code[0]}U{code[1]}")),
    SIZES.map(lambda size: np.dtype(f"V{size}")),
    st.sampled_from([np.dtype("longdouble"), np.dtype("clongdouble")]),
)


@st.composite
def records(draw: st.DrawFn, items: st.SearchStrategy) -> np.dtype:
    """Draws records: packed, aligned, or with gaps that the offsets leave."""
    formats = draw(st.lists(st.tuples(items, st.sampled_from([(), (2,), (2, 3)])), min_size=1, max_size=4))
    formats = [np.dtype(pair) for pair in formats]
    names = [f"f{i}é" if draw(st.booleans()) else f"f{i}" for i in range(len(formats))]
    if draw(st.booleans()):
        return np.dtype(list(zip(names, formats, strict=True)), align=draw(st.booleans()))
    offsets, end = [], 0
    for dtype in formats:
        offsets.append(end + draw(st.integers(0, 5)))
        end = offsets[-1] + dtype.itemsize
    itemsize = end + draw(st.integers(0, 5))
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": itemsize})


DTYPES = st.one_of(SCALARS, st.recursive(SCALARS, records, max_leaves=4))


@st.composite
def filled(draw: st.DrawFn) -> np.ndarray:
    """Draws arrays of any dtype and shape, in C or Fortran order, filled with different bytes."""
    dtype = draw(DTYPES)
    shape = draw(arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    size = int(np.prod(shape)) * dtype.itemsize
    seed = np.arange(size, dtype="u8")
    # Letters are valid in every element but a bool, and 1 and 0 are valid there.
    data = (seed % 2 if "b1" in str(dtype.descr) else seed % 26 + 97).astype("u1").tobytes()
    if "U" in str(dtype.descr):
        data = bytes(size)
    made = np.frombuffer(data, dtype).reshape(shape) if size else np.zeros(shape, dtype)
    return np.array(made, order=draw(st.sampled_from("CF")))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(filled(), st.sampled_from([(1, 0), (2, 0), (3, 0)]))
@pytest.mark.filterwarnings("ignore:Stored array in format:UserWarning")
def test_a_file_of_numpy_has_the_elements_that_numpy_reads(
    tmp_path: pathlib.Path, array: np.ndarray, version: tuple[int, int]
) -> None:
    path = tmp_path / "array.npy"
    with open(path, "wb") as file:
        try:
            np.lib.format.write_array(file, array, version)
        except UnicodeEncodeError:
            np.lib.format.write_array(file, array, (3, 0))
    expected, view = np.load(path), typedview.open(path)
    assert view.shape == expected.shape
    assert view.strides == expected.strides or expected.size < 2 or 1 in expected.shape
    assert view.itemsize == expected.dtype.itemsize
    # The elements are compared, because NumPy does not read the padding of records.
    assert view == expected
    assert view.dtype == View(expected).dtype
    assert (view.readonly, type(view.obj)) == (True, mmap.mmap)


@pytest.mark.parametrize(
    "dtype",
    [
        [("a", "u1"), ("b", "<f8")],
        [("a", "u1"), ("b", ">f8", (2, 3)), ("c", [("x", "<i2"), ("y", "S3")], (2,))],
        [(("a title", "a"), "<i4")],
        {"names": ["a", "b"], "formats": ["u1", "<f8"], "offsets": [3, 8], "itemsize": 24},
        [("day", "<M8[D]"), ("span", ">m8[25us]")],
    ],
)
def test_records_have_their_fields(path: pathlib.Path, dtype: object) -> None:
    array = np.zeros(3, dtype)
    array.view("u1")[:] = range(array.nbytes)
    with open(path, "wb") as file:
        np.save(file, array)
    view = typedview.open(path)
    assert view.dtype == View(array).dtype
    for name in array.dtype.names:
        assert view[name].strides == array[name].strides
        assert view[name].tobytes() == array[name].tobytes()


def test_a_file_in_fortran_order_is_a_transposed_view(path: pathlib.Path) -> None:
    with open(path, "wb") as file:
        np.save(file, np.asfortranarray(DOUBLES))
    view = typedview.open(path, "const double[::1, :]")
    assert (view.shape, view.strides) == ((3, 4), (8, 24))
    assert view.tolist() == DOUBLES.tolist()


def test_bytes_behind_the_elements_are_ignored(path: pathlib.Path) -> None:
    file = io.BytesIO()
    np.save(file, DOUBLES)
    path.write_bytes(file.getvalue() + b"more")
    assert typedview.open(path).tolist() == DOUBLES.tolist()


def test_a_file_without_elements_is_an_empty_view(path: pathlib.Path) -> None:
    path.write_bytes(npy("{'descr': '<f8', 'fortran_order': True, 'shape': (0, 3)}"))
    assert typedview.open(path).shape == (0, 3)


# Files that are refused.

HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}"
NO_DICT = "the header is no dict of constants"
OTHER_KEYS = "the header does not say descr, fortran_order and shape as NumPy does"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty, 1 byte or more is needed"),
        (b"PK\x03\x04", "this is no .npy file: give the dtype of a raw file"),
        (b"\x93NUMPY", "8 bytes are needed, but the file has 6"),
        (b"\x93NUMPY\x01\x00\x10", "10 bytes are needed, but the file has 9"),
        (b"\x93NUMPY\x02\x00\x10\x00\x00", "12 bytes are needed, but the file has 11"),
        (b"\x93NUMPY\x01\x00\x10\x00{}", "26 bytes are needed, but the file has 12"),
        (b"\x93NUMPY\x01\x01\x00\x00", "version 1.1 of the .npy format is not known"),
        (b"\x93NUMPY\x04\x00\x00\x00", "version 4.0 of the .npy format is not known"),
        (
            npy(HEADER, data=bytes(23)),
            f"{10 + len(HEADER) + 24} bytes are needed, but the file has {10 + len(HEADER) + 23}",
        ),
        (npy(""), NO_DICT),
        (npy("{"), NO_DICT),
        (npy("open('/etc/passwd')"), NO_DICT),
        (npy("-" * 60000 + "1"), NO_DICT),
        (npy("(" * 60000), NO_DICT),
        (npy("\xff", (3, 0)).replace(b"\xc3\xbf", b"\xff\xff"), NO_DICT),
        (npy(" " * (1 << 19), (2, 0)), "the header has 524288 bytes, more than 262144"),
        (npy("[]"), OTHER_KEYS),
        (npy("{'descr': '<f8', 'shape': (3,)}"), OTHER_KEYS),
        (npy("{'descr': '<f8', 'fortran_order': 0, 'shape': (3,)}"), OTHER_KEYS),
        (npy("{'descr': '<f8', 'fortran_order': False, 'shape': [3]}"), OTHER_KEYS),
        (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}"), OTHER_KEYS),
        (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (True,)}"), OTHER_KEYS),
        (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3.0,)}"), OTHER_KEYS),
        (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'more': 1}"), OTHER_KEYS),
        (npy("{'descr': 8, 'fortran_order': False, 'shape': (3,)}"), OTHER_KEYS),
        (npy("{'descr': [], 'fortran_order': False, 'shape': (3,)}"), "elements record{} have no bytes"),
    ],
)
def test_a_damaged_file_is_refused(path: pathlib.Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)
    refused(ValueError, f"{path}: {reason}", opened, path)


@pytest.mark.parametrize("shape", [(2**70,), (2**40, 2**40)])
def test_a_shape_that_no_file_has_is_refused(path: pathlib.Path, shape: tuple[int, ...]) -> None:
    content = npy(f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}")
    path.write_bytes(content)
    needed = len(content) + 8 * int(np.prod(shape, dtype=object))
    refused(ValueError, f"{path}: {needed} bytes are needed, but the file has {len(content)}", opened, path)


def test_objects_are_refused(path: pathlib.Path) -> None:
    for dtype in ["O", [("a", "O")]]:
        with open(path, "wb") as file:
            np.save(file, np.zeros(3, dtype), allow_pickle=True)
        element = "object" if dtype == "O" else "record{object a}"
        text = f"elements {element} refer to Python objects, and are not written as bytes"
        refused(ValueError, f"{path}: {text}", opened, path)


@given(st.binary(max_size=80), st.sampled_from([b"\x01\x00", b"\x02\x00", b"\x03\x00"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_a_view_or_a_refusal(tmp_path: pathlib.Path, rest: bytes, version: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\x93NUMPY" + version + rest)
    with pytest.raises(ValueError, match="file: "):
        typedview.open(path)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_file_with_one_other_byte_is_a_view_or_a_refusal(
    tmp_path: pathlib.Path, data: st.DataObject
) -> None:
    file = io.BytesIO()
    np.save(file, np.zeros((2, 3), [("a", "<f8"), ("b", ">i2", (2,))]))
    content = bytearray(file.getvalue())
    content[data.draw(st.integers(0, 127))] = data.draw(st.integers(0, 255))
    path = tmp_path / "file"
    path.write_bytes(content)
    try:
        view = typedview.open(path)
    except ValueError as error:
        assert str(error).startswith(f"{path}: ")
    else:
        assert len(view.tobytes()) == view.nbytes <= len(content)


# Raw files.


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0, 1, 2, 3, 4, 5, 6, 7]]),
        ({"shape": None}, [[0, 1, 2, 3, 4, 5, 6, 7]]),
        ({"shape": 3}, [[0, 1, 2]]),
        ({"shape": -1}, [[0, 1, 2, 3, 4, 5, 6, 7]]),
        ({"shape": (2, 3)}, [[[0, 1, 2], [3, 4, 5]]]),
        ({"shape": [2, -1]}, [[[0, 1, 2, 3], [4, 5, 6, 7]]]),
        ({"shape": ()}, [0]),
        ({"shape": 0}, [[]]),
        ({"shape": np.int64(2)}, [[0, 1]]),
        ({"offset": 4}, [[2, 3, 4, 5, 6, 7]]),
        ({"offset": 16}, [[]]),
        ({"offset": 14, "shape": 1}, [[7]]),
    ],
)
def test_a_raw_file_has_the_elements_that_are_asked_for(
    path: pathlib.Path, options: dict, expected: list
) -> None:
    path.write_bytes(np.arange(8, dtype="<i2").tobytes())
    assert typedview.open(path, dtype=np.dtype("<i2"), **options).tolist() == expected[0]


@pytest.mark.parametrize(
    "dtype",
    ["big-endian int16", ">h", np.dtype(">i2"), np.dtype([("a", "<i4"), ("b", ">u2")]), float, "T{B:a:h:b:}"],
)
def test_every_dtype_of_views_can_be_mapped(path: pathlib.Path, dtype: object) -> None:
    path.write_bytes(bytes(range(48)))
    view = typedview.open(path, dtype=dtype)
    assert view.dtype == typedview.zeros(0, dtype).dtype
    assert view.tobytes() == bytes(range(48))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"shape": 3}, "24 bytes are needed, but the file has 20"),
        ({"shape": (1, 2), "offset": 5}, "21 bytes are needed, but the file has 20"),
        ({"shape": (), "offset": 13}, "21 bytes are needed, but the file has 20"),
        ({"offset": 21}, "21 bytes are needed, but the file has 20"),
        ({"shape": (2**70, 2)}, f"{2**74} bytes are needed, but the file has 20"),
        ({}, "20 bytes on the last axis are no whole number of elements of 8 bytes"),
        ({"shape": (-1, 3), "offset": 4}, "2 elements cannot have a shape with 3 elements a row"),
        ({"shape": (-1, 0), "offset": 4}, "2 elements cannot have a shape with 0 elements a row"),
    ],
)
def test_a_raw_file_of_another_length_is_refused(path: pathlib.Path, options: dict, reason: str) -> None:
    path.write_bytes(bytes(20))
    refused(ValueError, f"{path}: {reason}", lambda: typedview.open(path, dtype="double", **options))


def test_an_empty_raw_file_is_refused(path: pathlib.Path) -> None:
    path.write_bytes(b"")
    text = f"{path}: the file is empty, 1 byte or more is needed"
    refused(ValueError, text, lambda: typedview.open(path, dtype="double"))


# Arguments.


@pytest.mark.parametrize(
    ("options", "exception", "text"),
    [
        ({"mode": "w"}, ValueError, "mode must be 'r', 'r+' or 'c', not 'w'"),
        ({"shape": 3}, TypeError, "shape and offset are those of a raw file, which needs a dtype, too"),
        ({"offset": 8}, TypeError, "shape and offset are those of a raw file, which needs a dtype, too"),
        ({"dtype": "double", "offset": -1}, ValueError, "offset must not be negative, but is -1"),
        ({"dtype": "double", "shape": 2.5}, TypeError, "'float' object is not iterable"),
        (
            {"dtype": "double", "shape": (2.5,)},
            TypeError,
            "'float' object cannot be interpreted as an integer",
        ),
    ],
)
def test_arguments_that_mean_nothing_are_refused(
    path: pathlib.Path, options: dict, exception: type[Exception], text: str
) -> None:
    path.write_bytes(bytes(8))
    refused(exception, text, lambda: typedview.open(path, **options))


def test_a_npy_file_is_not_read_as_a_raw_file_by_mistake(path: pathlib.Path) -> None:
    content = npy(HEADER, data=bytes(24))
    path.write_bytes(content)
    text = f"{path}: this is a .npy file, which says its dtype itself: leave out dtype"
    refused(ValueError, text, lambda: typedview.open(path, dtype="double"))
    assert typedview.open(path, dtype="double", offset=len(content) - 24).shape == (3,)


def test_a_file_that_does_not_exist_is_named(path: pathlib.Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        typedview.open(path)
    assert caught.value.filename == str(path)


@pytest.mark.parametrize("of", [str, os.fsencode, pathlib.Path])
def test_a_path_can_have_every_type(path: pathlib.Path, of: type) -> None:
    path.write_bytes(b"abc")
    assert typedview.open(of(path), dtype="uint8").tolist() == [97, 98, 99]


def test_a_spec_is_checked(path: pathlib.Path) -> None:
    path.write_bytes(bytes(24))
    assert typedview.open(path, "const double[:]", dtype="double").shape == (3,)
    text = f"{path}: expected double[:], got const double[:] with shape (3,), strides (8,) from mmap.mmap: "
    text += "readonly; take const double[:] or pass writable memory"
    refused(BufferError, text, lambda: typedview.open(path, "double[:]", dtype="double"))
    assert typedview.open(path, "double[:]", dtype="double", mode="c").shape == (3,)


# Modes.


@pytest.mark.parametrize(("mode", "readonly", "after"), [("r", True, 0), ("r+", False, 7), ("c", False, 0)])
def test_the_mode_says_who_sees_what_is_written(
    path: pathlib.Path, mode: str, readonly: bool, after: int
) -> None:
    path.write_bytes(bytes(3))
    view = typedview.open(path, dtype="uint8", mode=mode)
    assert view.readonly is readonly
    if readonly:
        refused(TypeError, "cannot modify read-only memory", view.__setitem__, 0, 7)
    else:
        view[0] = 7
        assert view.tolist() == [7, 0, 0]
    del view
    assert path.read_bytes() == bytes([after, 0, 0])


def test_a_readonly_file_can_be_mapped_in_the_modes_that_leave_it_as_it_is(path: pathlib.Path) -> None:
    path.write_bytes(bytes(3))
    path.chmod(0o400)
    for mode in ("r", "c"):
        assert typedview.open(path, dtype="uint8", mode=mode).size == 3
    if os.access(path, os.W_OK):
        pytest.skip("this user may write every file")
    with pytest.raises(PermissionError):
        typedview.open(path, dtype="uint8", mode="r+")


# Lifetimes.


def test_the_file_is_mapped_until_the_view_and_its_slices_are_gone(path: pathlib.Path) -> None:
    path.write_bytes(bytes(24))
    view = typedview.open(path, dtype="double")
    mapping = view.obj
    refused(BufferError, "cannot close exported pointers exist", mapping.close)
    part = view[1:]
    del view
    refused(BufferError, "cannot close exported pointers exist", mapping.close)
    del part
    mapping.close()


def test_nobody_but_the_view_keeps_the_mapping(path: pathlib.Path) -> None:
    path.write_bytes(bytes(24))
    view = typedview.open(path, dtype="double")
    gone = weakref.ref(view.obj)
    part = view[1:]
    del view
    assert gone() is not None
    del part
    assert gone() is None


@pytest.mark.skipif(sys.platform != "linux", reason="/proc lists the open files of a process on Linux")
def test_refusals_leave_no_file_open(path: pathlib.Path) -> None:
    path.write_bytes(npy("{"))
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        with pytest.raises(ValueError):
            typedview.open(path)
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before


def test_elements_are_read_when_they_are_used(path: pathlib.Path) -> None:
    # The file has a terabyte without contents, which takes no room on the disk.
    with open(path, "wb") as file:
        try:
            file.truncate(1 << 40)
        except OSError:
            pytest.skip("this file system has no files of a terabyte")
    view = typedview.open(path, dtype="double", shape=(-1, 1 << 17))
    assert (view.shape, view[-1, -1]) == ((1 << 20, 1 << 17), 0.0)
