"""Write exporters.txt: formats of NumPy and ctypes, with the offsets that those give themselves.

Run it with NumPy 2.4 and CPython 3.11, whose ctypes leaves padding out. What it prints is the file; an
argument is the number of records made by chance that are added to those below, a second one their seed.
"""

import ctypes
import random
import sys
from collections.abc import Iterator

import numpy as np


def leaves(dtype: np.dtype, path: str, offset: int) -> Iterator[str]:
    """Each element that is no record, with its offset; of a sub-array the first item and the second."""
    if dtype.subdtype is not None:
        # NumPy has sub-arrays of sub-arrays, and the shape of all of them where it takes their field.
        item, shape = dtype.base, dtype.shape
        while item.subdtype is not None:
            item, shape = item.base, shape + item.shape
        yield from leaves(item, path, offset)
        if np.prod(shape) > 1:
            yield from leaves(item, f"{path}'", offset + item.itemsize)
    elif dtype.fields is not None:
        for name in dtype.names:
            field, at = dtype.fields[name][:2]
            yield from leaves(field, f"{path}.{name}" if path else name, offset + at)
    else:
        yield f"{path}@{offset}"


def leaves_of_ctypes(kind: type, path: str, offset: int) -> Iterator[str]:
    if hasattr(kind, "_fields_"):
        for name, field in kind._fields_:
            at = getattr(kind, name).offset
            yield from leaves_of_ctypes(field, f"{path}.{name}" if path else name, offset + at)
    elif hasattr(kind, "_length_"):
        item = kind._type_
        while hasattr(item, "_length_"):
            item = item._type_
        yield from leaves_of_ctypes(item, path, offset)
        if ctypes.sizeof(kind) > ctypes.sizeof(item):
            yield from leaves_of_ctypes(item, f"{path}'", offset + ctypes.sizeof(item))
    else:
        yield f"{path}@{offset}"


def aligned(fields: list) -> np.dtype:
    return np.dtype(fields, align=True)


PADDED = aligned([("d", "f8"), ("b", "u1")])
PACKED = np.dtype([("d", "f8"), ("b", "u1")])
SMALL = aligned([("x", "i2"), ("y", "u1")])

DTYPES = [
    aligned([("a", "u1"), ("d", "f8")]),
    np.dtype([("a", "u1"), ("d", "f8")]),
    PADDED,
    PACKED,
    aligned([("r", PADDED), ("c", "u1")]),
    aligned([("r", PADDED), ("c", "f8")]),
    aligned([("r", PADDED, (2,)), ("c", "u1")]),
    aligned([("c", "u1"), ("r", PADDED, (2, 3))]),
    np.dtype([("c", "u1"), ("r", PADDED, (2, 3))]),
    np.dtype([("r", PADDED), ("c", "u1")]),
    np.dtype([("c", "u1"), ("r", PADDED), ("e", "u1")]),
    aligned([("r", PACKED), ("c", "u1")]),
    aligned([("r", PACKED), ("c", "f8")]),
    aligned([("r", PACKED, (2,)), ("c", "f8")]),
    np.dtype([("r", PACKED, (2, 3)), ("c", "f8")]),
    aligned([("p", SMALL), ("q", "i4")]),
    aligned([("p", SMALL), ("q", "u1")]),
    aligned([("p", aligned([("s", SMALL), ("z", "u1")])), ("q", "i8")]),
    aligned([("id", "i8"), ("points", [("x", "i2"), ("y", "i2")], (3,))]),
    np.dtype([("a", ">i4"), ("b", "f8"), ("c", ">i2"), ("d", "u1"), ("e", "i8")]),
    np.dtype([("i", "i4"), ("q", ">i8"), ("l", "i8")]),
    np.dtype([("m", ">f4", (2, 3)), ("n", "f8", (1,)), ("o", ("i4", (2,)), (3,))]),
    np.dtype(
        [("s", "S5"), ("u", "U3"), ("b", "?"), ("v", "V7"), ("z", "c16"), ("g", "g"), ("e", "e"), ("O", "O")]
    ),
    aligned([("s", "S5"), ("u", "U3"), ("b", "?"), ("v", "V7"), ("z", "c8"), ("G", "G"), ("e", "e")]),
    np.dtype({"names": ["a", "b"], "formats": ["u1", "f8"], "offsets": [3, 16], "itemsize": 40}),
    np.dtype({"names": ["d", "b"], "formats": ["f8", "u1"], "offsets": [0, 8], "itemsize": 12}),
    np.dtype({"names": ["a"], "formats": ["f8"], "offsets": [4], "itemsize": 16}),
    np.dtype({"names": ["r", "c"], "formats": [PACKED, "u1"], "offsets": [0, 9], "itemsize": 24}),
    np.dtype([("a", "i4"), ("b", "f8"), ("c", "u1")])[["a", "b"]],
    np.dtype([("empty", "V0"), ("none", "i4", (0,)), ("b", "i4")]),
    np.dtype([("Größe", "i4"), ("two words", "i2")]),
]


def by_chance(depth: int = 2) -> np.dtype:
    """A record of any kind: packed, aligned, with room between fields and behind them."""
    types = ["u1", "i2", "i4", "f8", ">i4", ">f8", "S3", "c8", "g", "?", "U2", "V3"]
    fields, packed = [], []
    for name in "abcd"[: random.randint(1, 4)]:
        kind = by_chance(depth - 1) if depth and random.random() < 0.4 else np.dtype(random.choice(types))
        shape = random.choice([(), (), (), (1,), (2,), (2, 3)])
        fields.append((name, kind, shape))
        packed.append(np.dtype((kind, shape)))
    # Room that no alignment explains, only where it can be told from the text: not in a record of a record.
    style = random.choice(
        ["packed", "aligned", "some fields", "offsets"] if depth == 2 else ["packed", "aligned"]
    )
    if style == "some fields":
        names = random.sample([name for name, *_ in fields], random.randint(1, len(fields)))
        return np.dtype(fields, align=random.random() < 0.5)[sorted(names)]
    if style != "offsets":
        return np.dtype(fields, align=style == "aligned")
    offsets, end = [], 0
    for kind in packed:
        end += random.choice([0, 0, 1, 3, 4, 8])
        offsets.append(end)
        end += kind.itemsize
    return np.dtype(
        {
            "names": [name for name, *_ in fields],
            "formats": packed,
            "offsets": offsets,
            "itemsize": end + random.choice([0, 0, 1, 4, 7, 8]),
        }
    )


def struct(*fields: tuple, base: type = ctypes.Structure, **more: object) -> type:
    return type("Struct", (base,), {**more, "_fields_": fields})


UINT8, INT, DOUBLE = ctypes.c_uint8, ctypes.c_int, ctypes.c_double
PAIR = struct(("d", DOUBLE), ("a", UINT8))

STRUCTS = [
    struct(("a", UINT8), ("d", DOUBLE)),
    PAIR,
    struct(("i", PAIR), ("c", UINT8)),
    struct(("i", PAIR * 2), ("c", UINT8)),
    struct(("c", UINT8), ("m", DOUBLE * 3 * 2)),
    struct(("c", ctypes.c_char * 5), ("i", INT), ("w", ctypes.c_wchar), ("h", ctypes.c_short)),
    struct(("w", ctypes.c_wchar), ("c", ctypes.c_char), ("p", ctypes.c_void_p), ("g", ctypes.c_longdouble)),
    struct(("l", ctypes.c_long), ("q", ctypes.c_longlong), ("b", ctypes.c_bool), ("o", ctypes.py_object)),
    struct(("a", UINT8), ("d", DOUBLE), ("i", INT), base=ctypes.BigEndianStructure),
]


def line(exporter: object, places: Iterator[str]) -> str:
    view = memoryview(exporter)
    return "\t".join([view.format, str(view.itemsize), " ".join(places)])


def main() -> None:
    random.seed(sys.argv[2] if len(sys.argv) > 2 else 1)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    for dtype in [*DTYPES, *(by_chance() for _ in range(count))]:
        # Two elements, since NumPy looks at the strides for what it calls aligned.
        print(line(np.zeros(2, dtype), leaves(dtype, "", 0)))
    for kind in STRUCTS:
        print(line(kind(), leaves_of_ctypes(kind, "", 0)))


if __name__ == "__main__":
    main()
