"""One table of claims for a process: in subinterpreters, in forked children, and at the end of the process.

It is separate because each test needs a process of its own.
"""

import os
import subprocess
import sys
import sysconfig
import textwrap

import pytest

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def output(program: str) -> list[str]:
    """Returns the lines that a Python program prints. The program must succeed and write no errors."""
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.splitlines()


# Subinterpreters.

# Objects cannot be passed from one interpreter to another, so only the address of the memory is passed.
SUBINTERPRETER = """
import ctypes, sys

if sys.version_info >= (3, 13):
    import _interpreters as interpreters
    other = interpreters.create("legacy")
else:
    import _xxsubinterpreters as interpreters
    other = interpreters.create(isolated=False)

memory = (ctypes.c_double * 3)(1.0, 2.0, 3.0)
USE = '''
import ctypes, {inside}
memory = (ctypes.c_double * 3).from_address({address})
try:
    {use}
    print("granted")
except BufferError as refusal:
    print(refusal)
'''

def inside(name, use):
    program = USE.format(inside=name, use=use, address=ctypes.addressof(memory))
    failed = interpreters.run_string(other, program)
    assert failed is None, failed
"""


@pytest.mark.skipif(FREE_THREADED, reason="a legacy subinterpreter shares a GIL")
@pytest.mark.parametrize("first", ["the main interpreter", "the subinterpreter"])
def test_extensions_of_two_interpreters_share_one_table(first: str) -> None:
    earlier = 'inside("typedview_probe", "typedview_probe.fill(memory, 4.0)")' if "sub" in first else ""
    program = f"""
    import smooth
    {earlier}

    def enough(change):
        inside("typedview_probe", "typedview_probe.fill(memory, 5.0)")
        return True

    smooth.smooth_until(memory, enough)
    inside("typedview_probe", "typedview_probe.fill(memory, 6.0)")
    print(list(memory))
    """
    refusal = (
        "cannot take double[:] for writing: its memory is locked for writing as double[:]; "
        "pass memory that does not overlap, or a copy"
    )
    granted = ["granted"] if earlier else []
    expected = [*granted, refusal, "granted", "[6.0, 6.0, 6.0]"]
    assert output(SUBINTERPRETER + textwrap.dedent(program)) == expected


# Forks.


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_forgets_the_threads_of_its_parent() -> None:
    program = """
    import os, threading, warnings
    from array import array
    import typedview_probe as probe

    warnings.simplefilter("ignore", DeprecationWarning)
    mine, others, waited = (array("d", [1.0, 2.0]) for _ in range(3))
    held, finish = threading.Event(), threading.Event()

    def hold():
        held.set()
        assert finish.wait(60)

    holder = threading.Thread(target=probe.while_locked_mut, args=(others, hold))
    holder.start()
    assert held.wait(60)
    waiter = threading.Thread(target=probe.fill_within, args=(others, 5.0, 60.0))
    waiter.start()
    waiter.join(0.1)

    def refused(memory):
        try:
            probe.fill(memory, 3.0)
        except BufferError as refusal:
            return True
        return False

    def fork():
        child = os.fork()
        if child == 0:
            # What another thread had, and waited for, is free; what this thread has is not.
            ok = not refused(others) and refused(mine) and probe.sum_within(others, 1.0) == 6.0
            os._exit(0 if ok else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        print(refused(others), refused(mine))

    probe.while_locked(mine, fork)
    finish.set()
    holder.join(60)
    waiter.join(60)
    print(others.tolist(), refused(mine), refused(others))
    """
    assert output(program) == ["0", "True True", "[5.0, 5.0] False False"]


# The end of the process.


@pytest.mark.parametrize("use", ["while_read", "while_written", "while_locked", "while_locked_mut"])
def test_a_daemon_thread_may_hold_memory_when_the_interpreter_ends(use: str) -> None:
    program = f"""
    import threading, time
    from array import array
    import typedview_probe as probe

    memory, held = array("d", [1.0, 2.0]), threading.Event()

    def hold():
        held.set()
        time.sleep(0.05)

    threading.Thread(target=probe.{use}, args=(memory, hold), daemon=True).start()
    assert held.wait(60)
    print("ends")
    """
    assert output(program) == ["ends"]


def test_a_daemon_thread_may_wait_when_the_interpreter_ends() -> None:
    program = """
    import threading, time
    from array import array
    import typedview_probe as probe

    memory, held, finish = array("d", [1.0, 2.0]), threading.Event(), threading.Event()

    def hold():
        held.set()
        finish.wait(60)

    threading.Thread(target=probe.while_locked, args=(memory, hold), daemon=True).start()
    assert held.wait(60)
    threading.Thread(target=probe.fill_within, args=(memory, 1.0, 60.0), daemon=True).start()
    time.sleep(0.1)
    print("ends")
    """
    assert output(program) == ["ends"]
