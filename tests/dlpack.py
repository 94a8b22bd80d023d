"""DLPack by hand: the C structs, and producers that say anything and count the calls of their deleters.

It is separate because NumPy only makes tensors that are well formed, and does not offer the C exchange API.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

CPU, CUDA, CUDA_HOST, ROCM_HOST, MANAGED = (1, 0), (2, 0), (3, 0), (11, 0), (13, 0)
READONLY, COPIED = 1, 2
INT, UINT, FLOAT, HANDLE, BFLOAT, COMPLEX, BOOL = range(7)


class Version(ctypes.Structure):
    _fields_ = (("major", ctypes.c_uint32), ("minor", ctypes.c_uint32))


class Tensor(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    )


DELETER = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)


class Versioned(ctypes.Structure):
    _fields_ = (
        ("version", Version),
        ("context", ctypes.c_void_p),
        ("deleter", DELETER),
        ("flags", ctypes.c_uint64),
        ("tensor", Tensor),
    )


class Legacy(ctypes.Structure):
    _fields_ = (("tensor", Tensor), ("context", ctypes.c_void_p), ("deleter", DELETER))


FROM_OBJECT = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.POINTER(ctypes.c_void_p))
TO_OBJECT = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
SET_ERROR = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p)
ALLOCATE = ctypes.PYFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(Tensor), ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p, SET_ERROR
)
STREAM = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_int32, ctypes.c_int32, ctypes.POINTER(ctypes.c_void_p))


class Exchange(ctypes.Structure):
    _fields_ = (
        ("version", Version),
        ("previous", ctypes.c_void_p),
        ("allocate", ALLOCATE),
        ("from_object", FROM_OBJECT),
        ("to_object", TO_OBJECT),
        ("borrow", ctypes.c_void_p),
        ("stream", STREAM),
    )


NAMES = {Versioned: b"dltensor_versioned", Legacy: b"dltensor"}
EXCHANGE = b"dlpack_exchange_api"

_new = ctypes.pythonapi.PyCapsule_New
_new.restype, _new.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
_name = ctypes.pythonapi.PyCapsule_GetName
_name.restype, _name.argtypes = ctypes.c_char_p, (ctypes.py_object,)


def capsule(struct: ctypes.Structure, name: bytes) -> object:
    """Returns a capsule that frees nothing. The caller must keep the struct and the name alive."""
    return _new(ctypes.addressof(struct), name, None)


def name_of(made: object) -> bytes:
    return _name(made)


def content_of(made: object, kind: type[Versioned] | type[Legacy]) -> Versioned | Legacy:
    """Returns the tensor of a capsule that has not been consumed, without copying it."""
    return kind.from_address(_pointer(made, NAMES[kind]))


def numbers(values: tuple[int, ...] | None) -> ctypes.Array | None:
    return None if values is None else (ctypes.c_int64 * len(values))(*values)


@dataclass
class Producer:
    """A producer of a tensor of doubles that says what it is told to, and counts how often it is deleted.

    It exports its tensor once.
    """

    values: np.ndarray = field(default_factory=lambda: np.arange(6.0))
    shape: tuple[int, ...] | None = (6,)
    strides: tuple[int, ...] | None = (1,)
    ndim: int | None = None
    dtype: tuple[int, int, int] = (FLOAT, 64, 1)
    device: tuple[int, int] = CPU
    told_device: object = CPU
    byte_offset: int = 0
    null: bool = False
    flags: int = 0
    version: tuple[int, int] = (1, 3)
    kind: type[Versioned] | type[Legacy] = Versioned
    name: bytes | None = None
    deletes: bool = True
    deleted: int = 0
    calls: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        def delete(address: int) -> None:
            assert address == ctypes.addressof(self.struct)
            self.deleted += 1

        self.deleter = DELETER(delete) if self.deletes else DELETER()
        self.numbers = numbers(self.shape), numbers(self.strides)
        tensor = Tensor(
            None if self.null else self.values.ctypes.data,
            *self.device,
            len(self.shape or ()) if self.ndim is None else self.ndim,
            *self.dtype,
            *(ctypes.cast(array, ctypes.POINTER(ctypes.c_int64)) for array in self.numbers),
            self.byte_offset,
        )
        if self.kind is Versioned:
            self.struct = Versioned(Version(*self.version), None, self.deleter, self.flags, tensor)
        else:
            self.struct = Legacy(tensor, None, self.deleter)
        self.name = self.name or NAMES[self.kind]
        self.capsule = capsule(self.struct, self.name)

    def __dlpack_device__(self) -> object:
        return self.told_device

    def __dlpack__(self, **options: object) -> object:
        self.calls.append(options)
        return self.capsule


@dataclass
class Only:
    """An object that offers another object's memory through DLPack alone."""

    producer: object

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.producer.__dlpack_device__()

    def __dlpack__(self, **options: object) -> object:
        return self.producer.__dlpack__(**options)


@dataclass
class Old:
    """A producer from before versions existed: no argument of `__dlpack__`, and a tensor without flags."""

    producer: object

    def __dlpack__(self) -> object:
        return self.producer.__dlpack__()


def exchanging(
    from_object: Callable[[object, ctypes.POINTER], int] | None,
    version: tuple[int, int] = (1, 3),
    previous: Exchange | None = None,
    name: bytes = EXCHANGE,
) -> type:
    """Returns a class with an exchange table, whose C function exports the instances."""
    function = FROM_OBJECT(from_object) if from_object else FROM_OBJECT()
    table = Exchange(
        Version(*version), ctypes.addressof(previous) if previous else None, from_object=function
    )
    attributes = {
        "__dlpack_c_exchange_api__": capsule(table, name),
        "kept": (table, function, name, previous),
    }
    return type("Exchanging", (), attributes)


def table_of(exporter: type) -> Exchange:
    """Returns the table of the exchange that a type has."""
    return Exchange.from_address(_pointer(exporter.__dlpack_c_exchange_api__, EXCHANGE))
