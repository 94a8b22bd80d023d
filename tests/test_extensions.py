"""Extensions that were built separately wait for each other, whichever of them was loaded first.

The one that releases its claim wakes the other. It is separate because it needs an extension with callbacks
(the probe) beside one that waits (examples/smooth). What two extensions refuse each other is tested in
examples/smooth/test_smooth.py.
"""

import subprocess
import sys
import sysconfig

import pytest

# Without a GIL, memory that another thread writes cannot even be taken as an argument.
pytestmark = pytest.mark.skipif(
    bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    reason="without a GIL the memory cannot be taken meanwhile",
)

# The first extension to make a claim publishes the table. If a thread does not end, the program does not end.
PROGRAM = """
import {first}, {second}
import threading
from array import array

series = array("d", [0.0, 9.0, 0.0])
{use}
held, finish = threading.Event(), threading.Event()
done = []

def hold(i=0):
    held.set()
    assert finish.wait(60)
    done.append("held")
    return 3.0

def wait():
    {wait}
    done.append("waited")

holder = threading.Thread(target=lambda: {hold})
holder.start()
assert held.wait(60)
waiter = threading.Thread(target=wait)
waiter.start()
waiter.join(0.05)
print(waiter.is_alive())
try:
    {again}
except BufferError as refusal:
    print(refusal)
finish.set()
holder.join(60)
waiter.join(60)
print(done[-1], series.tolist())
"""

USE = {"typedview_probe": "typedview_probe.fill(series[:0], 0.0)", "smooth": "smooth.smooth(series[:0])"}
ADVICE = "on another thread; pass memory that does not overlap, or a copy"

# By case: the extension that holds the memory, and the one that waits for it.
PAIRS = {
    "smooth waits for the probe": (
        {
            "hold": "typedview_probe.while_read(series, hold)",
            "wait": "smooth.smooth(series, patience=60)",
            "again": "smooth.smooth(series, patience=0.01)",
        },
        # A later claim conflicts with the one that waits.
        "cannot take double[:] for writing: its memory is about to be locked for writing as double[:] "
        f"{ADVICE}",
        "waited [3.0, 3.0, 3.0]",
    ),
    "the probe waits for smooth": (
        {
            "hold": "smooth.record(series, hold)",
            "wait": "done.append(typedview_probe.sum_within(series, 60))",
            "again": "typedview_probe.sum_within(series, 0.01)",
        },
        f"cannot lock const double[:] for reading: its memory is in use for writing as double[:] {ADVICE}",
        "waited [3.0, 3.0, 3.0]",
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("used", USE)
@pytest.mark.parametrize("first", USE)
def test_one_extension_waits_until_the_other_is_done(pair: str, first: str, used: str) -> None:
    parts, refusal, end = PAIRS[pair]
    (second,) = USE.keys() - {first}
    program = PROGRAM.format(first=first, second=second, use=USE[used], **parts)
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert (result.stdout.splitlines(), result.stderr) == (["True", refusal, end], "")
