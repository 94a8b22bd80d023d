"""A consumer that makes any buffer request, through Python's C API.

It is separate because memoryview and NumPy make only one kind of request each, and `_testbuffer` only a few.
"""

import ctypes
from dataclasses import dataclass
from types import SimpleNamespace

FLAGS = SimpleNamespace(
    SIMPLE=0, WRITABLE=1, FORMAT=4, ND=8, STRIDES=0x18, C=0x38, F=0x58, ANY=0x98, INDIRECT=0x118
)


class PyBuffer(ctypes.Structure):
    _fields_ = (
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.c_void_p),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p),
        ("shape", ctypes.POINTER(ctypes.c_ssize_t)),
        ("strides", ctypes.POINTER(ctypes.c_ssize_t)),
        ("suboffsets", ctypes.POINTER(ctypes.c_ssize_t)),
        ("internal", ctypes.c_void_p),
    )


@dataclass(frozen=True)
class Answer:
    """What an exporter filled in, with None for a null pointer."""

    address: int | None
    owner: int | None
    len: int
    itemsize: int
    readonly: bool
    ndim: int
    format: str | None
    shape: tuple[int, ...] | None
    strides: tuple[int, ...] | None
    suboffsets: tuple[int, ...] | None
    content: bytes


def request(exporter: object, flags: int) -> Answer:
    """Acquires the exporter's memory with these flags, records what it says, and releases it."""
    raw = PyBuffer()
    ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(exporter), ctypes.byref(raw), ctypes.c_int(flags))
    try:
        numbers = [
            tuple(pointer[: raw.ndim]) if pointer else None
            for pointer in (raw.shape, raw.strides, raw.suboffsets)
        ]
        return Answer(
            raw.buf,
            raw.obj,
            raw.len,
            raw.itemsize,
            bool(raw.readonly),
            raw.ndim,
            raw.format.decode() if raw.format is not None else None,
            *numbers,
            ctypes.string_at(raw.buf, raw.len),
        )
    finally:
        ctypes.pythonapi.PyBuffer_Release(ctypes.byref(raw))
