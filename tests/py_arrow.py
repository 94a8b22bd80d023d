"""A producer of the Arrow PyCapsule interface that fills in whatever it is told, through Python's C API.

It is separate because pyarrow only tells the truth, and does not report what has been released.
"""

import ctypes
from ctypes import c_char_p, c_int64, c_void_p

RELEASE = ctypes.CFUNCTYPE(None, c_void_p)
DESTROY = ctypes.PYFUNCTYPE(None, c_void_p)

new_capsule = ctypes.PYFUNCTYPE(ctypes.py_object, c_void_p, c_char_p, c_void_p)(
    ("PyCapsule_New", ctypes.pythonapi)
)


class ArrowSchema(ctypes.Structure):
    _fields_ = (
        ("format", c_char_p),
        ("name", c_char_p),
        ("metadata", c_char_p),
        ("flags", c_int64),
        ("n_children", c_int64),
        ("children", c_void_p),
        ("dictionary", c_void_p),
        ("release", c_void_p),
        ("private_data", c_void_p),
    )


class ArrowArray(ctypes.Structure):
    _fields_ = (
        ("length", c_int64),
        ("null_count", c_int64),
        ("offset", c_int64),
        ("n_buffers", c_int64),
        ("n_children", c_int64),
        ("buffers", c_void_p),
        ("children", c_void_p),
        ("dictionary", c_void_p),
        ("release", c_void_p),
        ("private_data", c_void_p),
    )


class Part:
    """A struct in a capsule, and the number of times it was released."""

    def __init__(self, name: bytes, struct: ctypes.Structure) -> None:
        self.name, self.struct, self.released = name, struct, 0
        # C code calls these functions, so they must live as long as this object.
        self.release, self.destroy = RELEASE(self.count), DESTROY(self.destroyed)
        struct.release = ctypes.cast(self.release, c_void_p)

    def count(self, struct: int) -> None:
        self.released += 1
        type(self.struct).from_address(struct).release = None

    def destroyed(self, _capsule: int) -> None:
        """Releases the struct with its capsule if no consumer has moved it out, as the interface requires."""
        if self.struct.release is not None:
            self.count(ctypes.addressof(self.struct))

    def capsule(self) -> object:
        return new_capsule(ctypes.addressof(self.struct), self.name, ctypes.cast(self.destroy, c_void_p))


class Told:
    """An exporter of three doubles, once, which tells the truth except where the arguments say otherwise."""

    def __init__(
        self,
        elements: ctypes.Array | None = None,
        bitmap: bytes | None = None,
        format: bytes | None = b"g",
        dictionary: int | None = None,
        schema_name: bytes = b"arrow_schema",
        array_name: bytes = b"arrow_array",
        **array: int | None,
    ) -> None:
        self.elements = (ctypes.c_double * 3)(0.5, -1.25, 3.0) if elements is None else elements
        self.bitmap = None if bitmap is None else ctypes.create_string_buffer(bitmap)
        address = lambda memory: None if memory is None else ctypes.addressof(memory)  # noqa: E731
        self.buffers = (c_void_p * 2)(address(self.bitmap), address(self.elements))
        told = {"length": 3, "null_count": 0, "offset": 0, "n_buffers": 2, "buffers": address(self.buffers)}
        self.schema = Part(schema_name, ArrowSchema(format=format, dictionary=dictionary))
        self.array = Part(array_name, ArrowArray(**told | array))

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return self.schema.capsule(), self.array.capsule()

    @property
    def released(self) -> tuple[int, int]:
        """The numbers of times that the schema and the array were released."""
        return self.schema.released, self.array.released
