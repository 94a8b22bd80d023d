"""`open`: a file as a view, without reading it.

It is apart from `View` because it is about files: their length, their header, and how they are mapped.
"""

import ast
import builtins
import math
import mmap
import os
from collections.abc import Sequence
from operator import index
from typing import Literal, SupportsIndex, TypeAlias

from typedview._typedview import View, zeros

_Path: TypeAlias = str | bytes | os.PathLike[str] | os.PathLike[bytes]

# How a file is opened, and how it is mapped.
_MODES = {"r": ("rb", mmap.ACCESS_READ), "r+": ("r+b", mmap.ACCESS_WRITE), "c": ("rb", mmap.ACCESS_COPY)}

_MAGIC = b"\x93NUMPY"

# The encoding of the header, and how many bytes say its length.
_VERSIONS = {(1, 0): ("latin-1", 2), (2, 0): ("latin-1", 4), (3, 0): ("utf-8", 4)}

# Enough for thousands of fields. NumPy has a limit, too: a long expression can exhaust Python's parser.
_LONGEST_HEADER = 1 << 18


def open(
    path: _Path,
    spec: str | None = None,
    *,
    dtype: object = None,
    shape: SupportsIndex | Sequence[SupportsIndex] | None = None,
    offset: int = 0,
    mode: Literal["r", "r+", "c"] = "r",
) -> View:
    """Maps a file into memory, and returns a view of its elements. Nothing is read until elements are used.

    Without `dtype`, the file is a `.npy` file of any version, which says its elements and their shape itself.
    With `dtype`, as for `zeros`, its elements begin after `offset` bytes. `shape` is an integer or a sequence
    of integers, of which one may be -1: what is left. Without it, all elements up to the end of the file are
    on one axis. The view is checked against `spec` as by `View`.

    In the mode "r" the view is readonly. In the mode "r+" it can be written, and the file changes with it;
    `view.obj.flush()` waits until the disk has the changes. In the mode "c" it can be written, and the file
    stays as it is.

    The file stays mapped until the view and all of its slices are gone. While it is mapped, nobody may make
    it shorter: on Unix, a program that then uses the missing part is ended by the signal SIGBUS.

    Errors: OSError if the file cannot be opened or mapped. ValueError for a header that cannot be read, for
    a file that is too short, and for arguments that do not fit the file. For a spec what `View` raises, with
    the file in front.

    >>> import pathlib, tempfile
    >>> import typedview
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "table.raw")
    ...     _ = path.write_bytes(bytes([7, 0, 1, 2, 3, 4, 5, 6]))
    ...     table = typedview.open(path, "const uint8[:, ::1]", dtype="uint8", shape=(-1, 3), offset=2)
    >>> table.tolist()
    [[1, 2, 3], [4, 5, 6]]
    """
    if mode not in _MODES:
        raise ValueError(f"mode must be 'r', 'r+' or 'c', not {mode!r}")
    if dtype is None and (shape is not None or offset != 0):
        raise TypeError("shape and offset are those of a raw file, which needs a dtype, too")
    if offset < 0:
        raise ValueError(f"offset must not be negative, but is {offset}")
    name = os.fsdecode(path)
    memory = _mapped(path, name, mode)
    is_npy = memory[: len(_MAGIC)].tobytes() == _MAGIC
    if dtype is not None and is_npy and offset == 0:
        raise ValueError(f"{name}: this is a .npy file, which says its dtype itself: leave out dtype")
    if dtype is None and not is_npy:
        raise ValueError(f"{name}: this is no .npy file: give the dtype of a raw file")
    if dtype is None:
        view = _npy(memory, name)
    else:
        view = _elements(memory, name, dtype, _lengths(shape), offset)
    if spec is None:
        return view
    try:
        return View(view, spec)
    except (TypeError, ValueError, BufferError) as refusal:
        raise type(refusal)(f"{name}: {refusal}") from None


def _mapped(path: _Path, name: str, mode: str) -> View:
    """Returns the bytes of a whole file. The view keeps the mapping, which needs no open file."""
    how, access = _MODES[mode]
    with builtins.open(os.fspath(path), how) as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise ValueError(f"{name}: the file is empty, 1 byte or more is needed")
        try:
            return View(mmap.mmap(file.fileno(), 0, access=access))
        except OSError as error:
            raise OSError(error.errno, error.strerror, name) from None


def _lengths(shape: SupportsIndex | Sequence[SupportsIndex] | None) -> tuple[int, ...]:
    if shape is None:
        return (-1,)
    return tuple(map(index, [shape] if isinstance(shape, SupportsIndex) else shape))


def _elements(memory: View, name: str, dtype: object, shape: tuple[int, ...], offset: int) -> View:
    """Returns the elements that begin after `offset` bytes. One length may be -1."""
    # A view without elements says how large they are.
    itemsize = zeros(0, dtype).itemsize
    is_open = min(shape, default=0) < 0
    end = offset if is_open else offset + math.prod(shape) * itemsize
    _require(memory, name, end)
    data: View = memory[offset:] if is_open else memory[offset:end]
    try:
        return data.reinterpret(dtype).reshape(shape)
    except (ValueError, IndexError, OverflowError) as fault:
        raise ValueError(f"{name}: {fault}") from None


def _require(memory: View, name: str, needed: int) -> None:
    if needed > len(memory):
        raise ValueError(f"{name}: {needed} bytes are needed, but the file has {len(memory)}")


def _npy(memory: View, name: str) -> View:
    """Returns the elements of a `.npy` file, whose format is documented in `numpy.lib.format`."""
    _require(memory, name, len(_MAGIC) + 2)
    major, minor = memory[len(_MAGIC)], memory[len(_MAGIC) + 1]
    if (major, minor) not in _VERSIONS:
        raise ValueError(f"{name}: version {major}.{minor} of the .npy format is not known")
    encoding, size_of_length = _VERSIONS[major, minor]
    start = len(_MAGIC) + 2 + size_of_length
    _require(memory, name, start)
    length = int.from_bytes(memory[start - size_of_length : start].tobytes(), "little")
    _require(memory, name, start + length)
    if length > _LONGEST_HEADER:
        raise ValueError(f"{name}: the header has {length} bytes, more than {_LONGEST_HEADER}")
    try:
        header = ast.literal_eval(memory[start : start + length].tobytes().decode(encoding))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise ValueError(f"{name}: the header is no dict of constants") from None
    match header:
        case {"descr": str() | list() as descr, "fortran_order": bool(is_fortran), "shape": tuple(shape)} if (
            len(header) == 3 and all(type(length) is int and length >= 0 for length in shape)
        ):
            pass
        case _:
            raise ValueError(f"{name}: the header does not say descr, fortran_order and shape as NumPy does")
    try:
        zeros(0, descr)
    except (TypeError, ValueError) as fault:
        raise ValueError(f"{name}: {fault}") from None
    view = _elements(memory, name, descr, shape[::-1] if is_fortran else shape, start + length)
    return view.T if is_fortran else view
