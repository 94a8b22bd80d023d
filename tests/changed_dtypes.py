"""A program that changes dtypes in place after the library has seen them, and prints what then happens.

Each change ends in a refusal or in elements. The program runs in a process of its own, because a dtype is
remembered only when its format has not been seen before. test_known_dtypes.py checks what it prints.
"""

import json

import numpy as np
import typedview_probe as probe

FLAG = {"flag": (np.dtype("u1"), 0)}
PACKED = np.dtype([("flag", "u1"), ("price", "f8")])
ALIGNED = np.dtype(PACKED.descr, align=True)
TAIL = np.dtype([("price", "f8"), ("flag", "u1")], align=True)
POINTS = np.dtype([("flag", "u1"), ("point", "f8", 3), ("turn", "i2", (2, 2))], align=True)
NESTED = np.dtype([("id", "u1"), ("trade", np.dtype(PACKED.descr, align=True)), ("last", "i2")], align=True)
SWAPPED = np.dtype([("a", ">i4"), ("b", "<f8"), ("c", ">i2"), ("d", "<u2"), ("e", ">c16")])
GAPPED = np.dtype({"names": ["flag", "price"], "formats": ["u1", "f8"], "offsets": [3, 16], "itemsize": 40})
# Each entry: the change, the element in Rust, its dtype, optionally the field that changes, and the state for
# NumPy's `__setstate__` (None: only the names change; a dict: the dict of the fields is updated).
CHANGES = [
    ("names", "Tail", TAIL, None),
    ("fewer fields", "Aligned", ALIGNED, (3, "|", None, ("flag",), FLAG, 1, 1, 0)),
    (
        "a field that is an object",
        "Packed",
        PACKED,
        (3, "|", None, ("flag", "price"), FLAG | {"price": (np.dtype("O"), 1)}, 9, 1, 63),
    ),
    ("fewer bytes", "Bytes<3>", np.dtype("S3"), (3, "|", None, None, None, 1, 1, 0)),
    ("less text", "Text<3>", np.dtype("U3"), (3, "=", None, None, None, 4, 4, 0)),
    ("byte order", "Big<f64>", np.dtype(">f8"), (3, "<", None, None, None, -1, -1, 0)),
    (
        "the item of a sub-array",
        "SubArrays",
        POINTS,
        "point",
        (3, "|", (np.dtype("i8"), (3,)), None, None, 24, 8, 0),
    ),
    ("the names of a record inside", "Nested", NESTED, "trade", None),
    ("the byte order of a field", "Foreign", SWAPPED, "a", (3, "<", None, None, None, -1, -1, 0)),
    ("the dict of the fields", "Gapped", GAPPED, {"price": (np.dtype("i8"), 16)}),
    (
        "the unit of a date",
        "Datetime<time::Day>",
        np.dtype("M8[D]"),
        (4, "<", None, None, None, -1, -1, 0, ({}, (b"s", 1, 1, 1))),
    ),
]


def outcome(element: str, dtype: np.dtype, *change: object) -> str:
    *field, state = change
    for _ in range(2):
        probe.elements(element, np.zeros(1, dtype))
    changed = dtype.fields[field[0]][0] if field else dtype
    if isinstance(state, dict):
        # NumPy keeps this very dict, so updating it changes the dtype.
        changed.__reduce__()[2][4].update(state)
    elif state is None:
        changed.names = ("cost", "flag")
    else:
        changed.__setstate__(state)
    # The memory is large enough for the dtype as it was. Only NumPy itself can make memory of objects.
    values = np.empty(1, dtype) if dtype.hasobject else np.frombuffer(bytearray(64), dtype, count=1)
    assert values.dtype is dtype
    try:
        return repr(probe.elements(element, values))
    except (TypeError, ValueError) as refusal:
        return str(refusal)


if __name__ == "__main__":
    print(json.dumps({change: outcome(*rest) for change, *rest in CHANGES}))
