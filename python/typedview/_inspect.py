"""The command line: `python -m typedview inspect` prints what memory a file or an object has.

It is apart from `explain` because it is about texts: options, expressions, and what the shell is told.
"""

import argparse
import array
import importlib
import importlib.util
import os
from collections.abc import Sequence
from typing import Any, NoReturn

import typedview

_DESCRIPTION = """\
Print what memory a file or an object has: its elements, shape, strides, order and owner. The elements are
shown below; of many, only the first and the last ones.

TARGET is the path of a file, or a Python expression. If a file with this name exists, it is the file.
A .npy file says its elements itself; for any other file, --dtype says them. Files are mapped, not read.

Any other TARGET is evaluated as Python code, with everything that code can do: pass no text that you do
not trust. It can use the names np (if NumPy is installed), array (the module) and typedview.

The exit status is 0, or 1 if --spec refuses the memory, or 2 if TARGET or an option cannot be used.
"""

_EXAMPLES = """\
examples:
  python -m typedview inspect table.npy --spec "const double[:, ::1]"
  python -m typedview inspect samples.raw --dtype "big-endian int16" --shape=-1,2 --offset 44
  python -m typedview inspect "np.zeros((4, 3)).T"
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line, and returns the exit status."""
    parser = _Parser(prog="python -m typedview", description="Typed views of memory.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"typedview {typedview.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    inspect = commands.add_parser(
        "inspect",
        help="print what memory a file or an object has",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    inspect.add_argument("target", metavar="TARGET", help="a path or a Python expression")
    inspect.add_argument("--spec", help="say whether this spec accepts the memory, such as 'double[:]'")
    inspect.add_argument(
        "--dtype",
        help="the elements of a raw file: a name such as 'double', or a format such as 'd'",
    )
    inspect.add_argument(
        "--shape",
        type=_shape,
        help="the shape of a raw file, such as 3,4 for 3 rows of 4 elements; one length may be -1, as in "
        "--shape=-1,4, which is what is left (default: all elements on one axis)",
    )
    inspect.add_argument(
        "--offset", type=int, help="the number of bytes before the first element of a raw file (default: 0)"
    )
    options = parser.parse_args(arguments)
    try:
        text, is_refused = _inspect(options)
    except _Unusable as unusable:
        # The messages about specs have further lines, with a mark below the fault.
        inspect.error(str(unusable).partition("\n")[0])
    print(text)
    return int(is_refused)


class _Unusable(Exception):
    """What was given on the command line cannot be used, for the reason in the text."""


def _shape(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(length) for length in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 3,4") from None


def _inspect(options: argparse.Namespace) -> tuple[str, bool]:
    """Returns what is printed, and whether the spec refuses the memory."""
    target = options.target
    try:
        typedview.explain(b"", options.spec)
    except ValueError as fault:
        raise _Unusable(f"spec {options.spec!r}: {fault}") from None
    if os.path.exists(target):
        exporter: Any = _file(options)
    elif options.dtype is None and options.shape is None and options.offset is None:
        exporter = _value(target)
    else:
        raise _Unusable(f"there is no file {target!r}, and only files have --dtype, --shape and --offset")
    try:
        view = typedview.View(exporter)
        text = f"{typedview.explain(exporter, options.spec)}\n\n{view!r}"
    except (TypeError, ValueError, BufferError) as fault:
        raise _Unusable(str(fault)) from None
    if options.spec is None:
        return text, False
    try:
        typedview.View(exporter, options.spec)
    except (TypeError, ValueError, BufferError):
        return text, True
    return text, False


def _file(options: argparse.Namespace) -> typedview.View:
    try:
        return typedview.open(
            options.target, dtype=options.dtype, shape=options.shape, offset=options.offset or 0
        )
    except OSError as error:
        raise _Unusable(f"{options.target}: {error.strerror}") from None
    except (TypeError, ValueError) as fault:
        raise _Unusable(str(fault)) from None


def _value(expression: str) -> object:
    """Evaluates an expression."""
    names: dict[str, object] = {"array": array, "typedview": typedview}
    if importlib.util.find_spec("numpy"):
        names["np"] = importlib.import_module("numpy")
    try:
        return eval(expression, names)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise _Unusable(f"{expression!r} is no file, and as an expression it raises {reason}") from None
