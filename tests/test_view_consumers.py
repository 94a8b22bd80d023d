"""Consumers of memory: the standard library and other packages do with a View what they do with bytes.

It is separate because each test hands a View to code that is not ours.
"""

import array
import binascii
import ctypes
import hashlib
import io
import mmap
import pickle
import socket
import struct
import zlib

import numpy as np
import pytest
import typedview
from exporters import Exporter, pa
from refused import refused
from typedview import View, zeros

DATA = bytes(range(256)) * 4


@pytest.fixture(params=["whole", "slice", "cast", "readonly", "rows"])
def view(request: pytest.FixtureRequest) -> View:
    """Views of the bytes DATA, which are one block."""
    match request.param:
        case "whole":
            return View(bytearray(DATA))
        case "slice":
            return View(bytearray(b"x" + DATA + b"x"))[1:-1]
        case "cast":
            return View(array.array("d", DATA)).cast("B")
        case "rows":
            return View(np.frombuffer(bytearray(DATA), "u1").reshape(4, 256))
    return View(DATA)


def test_python_reads_the_bytes(view: View) -> None:
    assert bytes(view) == DATA
    assert bytearray(view) == DATA
    assert b"".join([view, view]) == DATA + DATA
    assert memoryview(view).tobytes() == DATA
    assert hashlib.sha256(view).digest() == hashlib.sha256(DATA).digest()
    assert zlib.decompress(zlib.compress(view)) == DATA
    assert zlib.crc32(view) == zlib.crc32(DATA)
    assert binascii.hexlify(view) == binascii.hexlify(DATA)
    assert struct.unpack_from(">I", view, 4) == struct.unpack_from(">I", DATA, 4)
    assert struct.unpack("1024B", view) == tuple(DATA)
    values = array.array("B")
    values.frombytes(view)
    assert values.tobytes() == DATA
    if view.ndim == 1:
        assert int.from_bytes(view, "big") == int.from_bytes(DATA, "big")


def test_files_read_and_write_the_bytes(view: View, tmp_path: object) -> None:
    assert io.BytesIO(view).getvalue() == DATA
    with io.BytesIO() as file:
        assert file.write(view) == len(DATA)
        assert file.getvalue() == DATA
    path = tmp_path / "bytes"
    assert path.write_bytes(view) == len(DATA)
    if view.readonly:
        with path.open("rb", 0) as file, pytest.raises(TypeError, match="read-write"):
            file.readinto(view)
        return
    for buffering in (0, -1):
        view[:] = 0
        with path.open("rb", buffering) as file:
            assert file.readinto(view) == len(DATA)
        assert view.tobytes() == DATA


def test_sockets_send_and_receive_the_bytes(view: View) -> None:
    left, right = socket.socketpair()
    with left, right:
        left.sendall(view)
        received = zeros(len(DATA), "uint8")
        assert right.recv_into(received, len(DATA), socket.MSG_WAITALL) == len(DATA)
        assert received.tobytes() == DATA
        right.sendmsg([view[:2], view[2:4]])
        assert left.recv(8192) == view[:4].tobytes()


def test_struct_packs_into_a_view() -> None:
    view = zeros(8, "uint8")
    struct.pack_into("<IH", view, 2, 7, 8)
    assert view.tolist() == [0, 0, 7, 0, 0, 0, 8, 0]
    with pytest.raises((TypeError, BufferError)):
        struct.pack_into("<I", view.toreadonly(), 0, 7)


@pytest.mark.parametrize("make", [View, memoryview])
def test_what_is_no_block_is_refused_by_those_that_need_one(make: type) -> None:
    strided = make(bytearray(DATA))[::2]
    for consume in (hashlib.sha256, zlib.crc32, io.BytesIO, binascii.hexlify):
        with pytest.raises(BufferError):
            consume(strided)
    assert bytes(strided) == DATA[::2]


def test_numpy_has_the_same_memory(case: Exporter, exporter: object) -> None:
    view = View(exporter)
    values = np.asarray(view)
    assert values.shape == case.shape
    assert values.ravel().tolist() == case.elements
    assert values.flags.writeable == case.writable
    if view.c_contiguous and case.size:
        assert np.frombuffer(view, values.dtype).tolist() == case.elements
    del values
    view.release()


@pytest.mark.parametrize("dtype", ["M8[s]", "m8[ns]", "U3", "S3", "?", "f2", ">f8", "i2,f8", "(2,2)i2"])
def test_numpy_has_the_same_elements(dtype: str) -> None:
    values = np.zeros(3, [("x", dtype)])["x"] if "(" in dtype else np.zeros(3, dtype)
    found = np.asarray(View(values))
    assert (found.dtype, found.shape) == (values.dtype, values.shape)
    assert np.shares_memory(found, values)


def test_memoryview_has_the_same_memory(case: Exporter, exporter: object) -> None:
    view = View(exporter)
    with memoryview(view) as found:
        facts = ("shape", "strides", "suboffsets", "itemsize", "nbytes", "readonly", "format", "ndim")
        assert [getattr(found, fact) for fact in facts] == [getattr(view, fact) for fact in facts]
        assert found.obj is view
        assert found.tobytes() == view.tobytes()
    view.release()


def test_a_pickle_buffer_has_the_same_memory() -> None:
    memory = bytearray(DATA)
    view = View(memory)
    buffer = pickle.PickleBuffer(view)
    buffer.raw()[0] = 9
    assert memory[0] == 9
    with pytest.raises(BufferError):
        view.release()
    buffer.release()
    view.release()
    memory.append(1)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("dtype", ["f8", ">i2", "M8[D]", "U3", "i2,f8", "?"])
def test_a_pickled_view_is_equal(protocol: int, dtype: str) -> None:
    values = np.zeros((2, 3), dtype)[::-1]
    for array_of in (values, values.T, values[:, :0], values[0, 0:1].reshape(())):
        view = View(array_of)
        found = pickle.loads(pickle.dumps(view, protocol))
        assert (found == view, found.shape, found.dtype) == (True, view.shape, view.dtype)
        assert found.readonly == view.readonly


def test_ctypes_has_the_same_memory() -> None:
    view = zeros(4, "int32")
    numbers = (ctypes.c_int32 * 4).from_buffer(view)
    numbers[1] = 5
    assert view.tolist() == [0, 5, 0, 0]
    text = "the view has 1 exported buffer: release what was made of it first"
    refused(BufferError, text, view.release)
    with pytest.raises(TypeError):
        (ctypes.c_int32 * 4).from_buffer(view.toreadonly())
    assert (ctypes.c_int32 * 4).from_buffer_copy(view.toreadonly())[1] == 5


def test_a_map_is_closed_once_its_views_are_released() -> None:
    with mmap.mmap(-1, 4096) as memory:
        view = View(memory)
        part = view[10:20]
        part[:] = b"0123456789"
        assert memory[10:20] == b"0123456789"
        memory[0:10] = view[10:20]
        assert memory.find(view[12:14]) == 2
        view.release()
        refused(BufferError, "cannot close exported pointers exist", memory.close)
        part.release()


def test_pillow_has_the_same_pixels() -> None:
    image = pytest.importorskip("PIL.Image", reason="there is no Pillow")
    pixels = np.arange(24, dtype="u1").reshape(2, 4, 3)
    view = View(pixels)
    assert image.fromarray(view).tobytes() == pixels.tobytes()
    assert image.frombuffer("RGB", (4, 2), view, "raw", "RGB", 0, 1).tobytes() == pixels.tobytes()
    assert View(image.fromarray(pixels)).tolist() == pixels.tolist()


@pytest.mark.skipif(pa is None, reason="there is no pyarrow for this Python")
def test_arrow_has_the_same_memory() -> None:
    values = np.arange(4.0)
    view = View(values)
    buffer = pa.py_buffer(view)
    assert (buffer.address, buffer.size) == (values.ctypes.data, 32)
    assert buffer.is_mutable
    assert not pa.py_buffer(view.toreadonly()).is_mutable
    assert View(buffer).tobytes() == values.tobytes()
    text = "the view has 1 exported buffer: release what was made of it first"
    refused(BufferError, text, view.release)
    del buffer
    view.release()


def test_dlpack_has_the_same_memory() -> None:
    view = zeros((2, 3), "float")
    found = np.from_dlpack(view)
    found[1, 2] = 7
    assert view[1, 2] == 7
    del view
    assert found[1, 2] == 7


def test_a_view_of_a_view_has_the_same_owner() -> None:
    values = np.zeros(3)
    for view in (View(View(values)), View(memoryview(View(values))), View(values)[1:].toreadonly()):
        assert view.obj is values or isinstance(view.obj, memoryview)
    assert typedview.zeros(3).obj is None
