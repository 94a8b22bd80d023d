"""What an attack on `View` found: each test is a program that crashed, hung or lied.

They are together because they have nothing else in common.
"""

import subprocess
import sys
import textwrap
import threading
from typing import Annotated

import numpy as np
import pytest
from refused import refused
from threads import in_threads
from typedview import View, typed, zeros


@pytest.mark.parametrize("use", ["fill", "copy", "exchange", "tobytes"])
def test_long_operations_of_two_threads_end(use: str) -> None:
    # From 1 MiB on, they run while other threads do.
    one, other = zeros(1 << 17), zeros(1 << 17)
    operations = {
        "fill": (lambda: one.fill(1.0), lambda: one.fill(2.0)),
        "copy": (lambda: one.__setitem__(..., other), lambda: one.__setitem__(..., other)),
        "exchange": (lambda: one.__setitem__(..., other), lambda: other.__setitem__(..., one)),
        "tobytes": (lambda: one.__setitem__(..., other), lambda: one.tobytes()),
    }[use]

    def repeated(operation: object) -> None:
        for _ in range(40):
            operation()

    assert in_threads(*[lambda operation=operation: repeated(operation) for operation in operations]) == [
        None,
        None,
    ]


def ends_well(program: str, printed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, printed, "")


def test_an_element_without_room_is_an_error() -> None:
    program = """
    from typedview import zeros
    try:
        zeros(0, f"{2**60}s").fill(b"x")
    except MemoryError as error:
        print(error)
    """
    ends_well(program, f"not enough memory for an element of {2**60} bytes\n")


def test_lists_of_a_wrong_shape_are_refused_before_they_are_read() -> None:
    value: object = 1.0
    for _ in range(40):
        value = [value, value]
    text = f"cannot copy shape ({', '.join(['2'] * 40)}) into shape (3,)"
    refused(ValueError, text, lambda: zeros(3).__setitem__(..., value))


def test_sub_arrays_without_bytes_are_no_work() -> None:
    view = View(b"\0").reinterpret("T{(1000000000000,0)B:a:B:b:}")
    assert view[0] == ([], 0)


def test_names_that_are_one_to_python_are_numbered() -> None:
    values = np.zeros(1, [("ﬁ", "u1"), ("fi", "u1")])
    assert View(values)[0]._fields == ("_0", "_1")


def test_a_readonly_view_of_memory_that_changes_has_no_hash() -> None:
    text = "cannot hash a readonly view of memory that another View can write"
    refused(ValueError, text, hash, zeros(3, "B").toreadonly())
    refused(TypeError, "unhashable type: 'bytearray'", hash, View(bytearray(3)).toreadonly())
    assert hash(View(b"abc")[1:]) == hash(b"bc")


def test_const_and_writable_contradict_each_other() -> None:
    text = "a const spec asks for memory that is not written: leave out const, or writable=True"
    refused(ValueError, text, lambda: View(bytearray(3), "const uint8[:]", writable=True))


def test_parameters_may_have_the_names_of_builtins() -> None:
    @typed
    def sums(enumerate: int, *rows: Annotated[View, "const double[:]"]) -> list[float]:
        return [sum(row) * enumerate for row in rows]

    assert sums(2, zeros(2), np.ones(2)) == [0, 4]


def test_a_view_that_ends_on_another_thread_ends() -> None:
    memory = bytearray(8)
    views = [View(memory)[i:] for i in range(8)]
    threads = [threading.Thread(target=views.pop) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    memory.append(0)
