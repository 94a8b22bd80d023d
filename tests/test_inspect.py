"""`python -m typedview`: what the command line prints, and its exit status.

It is separate because it is about texts; `explain`, which makes most of them, is tested with `View`.
"""

import pathlib
import subprocess
import sys

import numpy as np
import pytest
import typedview
from typedview._inspect import main

DOUBLES = np.arange(6.0).reshape(2, 3)


@pytest.fixture(autouse=True)
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Provides the current folder, with a `.npy` file and a raw file."""
    monkeypatch.chdir(tmp_path)
    np.save("table.npy", DOUBLES)
    DOUBLES.tofile("table.raw")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture) -> object:
    """Provides a function that returns the exit status, the output, and what stderr shows."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(arguments)
        except SystemExit as end:
            status = end.code
        return (status, *capsys.readouterr())

    return run


FACTS = """\
element   double (8 bytes, format 'd')
shape     (2, 3): 6 elements, 48 bytes
strides   (24, 8) bytes
order     contiguous in C order
access    {access}
owner     {owner}
"""

OF_FILE = FACTS.format(access="read only", owner="mmap.mmap")

# What is printed.


def test_a_npy_file_is_explained_and_shown(run) -> None:
    assert run("inspect", "table.npy") == (0, f"{OF_FILE}\n{typedview.open('table.npy')!r}\n", "")


def test_a_raw_file_is_explained_and_shown(run) -> None:
    view = typedview.open("table.raw", dtype="double", shape=(2, 3))
    expected = (0, f"{OF_FILE}\n{view!r}\n", "")
    assert run("inspect", "table.raw", "--dtype", "double", "--shape", "2,3") == expected
    assert run("inspect", "table.raw", "--dtype", "d", "--shape=-1,3") == expected
    status, output, _ = run("inspect", "table.raw", "--dtype=d", "--offset=40")
    assert (status, output.splitlines()[-1]) == (0, "[5.0]")


def test_an_expression_is_explained_and_shown(run) -> None:
    expression = "np.array([[0.0, 1, 2], [3, 4, 5]])"
    facts = FACTS.format(access="read and write", owner="numpy.ndarray")
    assert run("inspect", expression) == (0, f"{facts}\n{typedview.View(DOUBLES)!r}\n", "")


@pytest.mark.parametrize("expression", ["array.array('d', [1])", "typedview.zeros(3)", "b'abc'"])
def test_an_expression_can_use_the_modules(run, expression: str) -> None:
    assert run("inspect", expression)[0] == 0


def test_many_elements_are_elided(run) -> None:
    status, output, _ = run("inspect", "np.arange(1000)")
    assert (status, output.splitlines()[-1]) == (0, "[0, 1, 2, ..., 997, 998, 999]")


def test_a_file_wins_over_an_expression(run, folder: pathlib.Path) -> None:
    folder.joinpath("np").write_bytes(b"abc")
    status, output, _ = run("inspect", "np", "--dtype", "uint8")
    assert (status, output.splitlines()[-1]) == (0, "[97, 98, 99]")


def test_a_spec_that_is_accepted_ends_with_0(run) -> None:
    status, output, errors = run("inspect", "table.npy", "--spec", "const double[:, ::1]")
    assert (status, errors) == (0, "")
    assert "spec      const double[:, ::1] is accepted\n" in output


@pytest.mark.parametrize("target", ["table.npy", "np.zeros(3)", "b'abc'", "array.array('d', [1])"])
def test_a_spec_that_is_refused_ends_with_1(run, target: str) -> None:
    status, output, errors = run("inspect", target, "--spec", "double[:, ::1]")
    assert (status, errors) == (1, "")
    assert "spec      double[:, ::1] is refused: expected double[:, ::1], got " in output


# What cannot be used.


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], ": the following arguments are required: COMMAND"),
        (["inspect"], " inspect: the following arguments are required: TARGET"),
        (["inspect", "b''", "--shape", "3,b"], " inspect: argument --shape: '3,b' is not like 3,4"),
        (["inspect", "b''", "--offset", "b"], " inspect: argument --offset: invalid int value: 'b'"),
        (["inspect", "b''", "--spe", "double[:]"], ": unrecognized arguments: --spe double[:]"),
        (
            ["inspect", "absent.npy"],
            " inspect: 'absent.npy' is no file, and as an expression it raises NameError: "
            "name 'absent' is not defined",
        ),
        (
            ["inspect", "[1].x"],
            " inspect: '[1].x' is no file, and as an expression it raises AttributeError: "
            "'list' object has no attribute 'x'",
        ),
        (
            ["inspect", "1 +"],
            " inspect: '1 +' is no file, and as an expression it raises SyntaxError: "
            "invalid syntax (<string>, line 1)",
        ),
        (
            ["inspect", "12"],
            " inspect: cannot view int: not a buffer; "
            "pass an array.array, a numpy.ndarray or another exporter",
        ),
        (["inspect", "b''", "--spec", "double[:"], " inspect: spec 'double[:': the bracket is not closed"),
        (
            ["inspect", "b''", "--dtype", "d"],
            " inspect: there is no file \"b''\", and only files have --dtype, --shape and --offset",
        ),
        (["inspect", "table.raw"], " inspect: table.raw: this is no .npy file: give the dtype of a raw file"),
        (
            ["inspect", "table.raw", "--dtype", "d", "--shape", "7"],
            " inspect: table.raw: 56 bytes are needed, but the file has 48",
        ),
        (
            ["inspect", "table.npy", "--shape", "7"],
            " inspect: shape and offset are those of a raw file, which needs a dtype, too",
        ),
        (["inspect", "."], " inspect: .: Is a directory"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_ends_with_2(run, arguments: list[str], error: str) -> None:
    assert run(*arguments) == (2, "", f"python -m typedview{error}\n")


# As a command.


def test_the_module_is_a_command() -> None:
    def command(*arguments: str) -> tuple[int, str, str]:
        ended = subprocess.run(
            [sys.executable, "-m", "typedview", *arguments], capture_output=True, text=True, check=False
        )
        return ended.returncode, ended.stdout, ended.stderr

    assert command("--version") == (0, f"typedview {typedview.__version__}\n", "")
    assert command("inspect", "b'abc'", "--spec", "double[:]")[0] == 1
    assert command("inspect", "12")[0] == 2


def test_the_help_says_that_expressions_are_evaluated(run) -> None:
    status, output, _ = run("inspect", "--help")
    assert status == 0
    assert "evaluated as Python code, with everything that code can do" in output
