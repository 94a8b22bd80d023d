"""Extensions that were built apart wait for each other: who is done tells the other, whichever came first.

Apart because it needs an extension with callbacks, the probe, beside one that waits, examples/smooth; what
two extensions refuse each other is examples/smooth/test_smooth.py's.
"""

import subprocess
import sys
import sysconfig

import pytest

# Without a GIL, memory that another thread writes cannot even be taken.
pytestmark = pytest.mark.skipif(
    bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    reason="without a GIL the memory cannot be taken meanwhile",
)

# The first extension to make a claim publishes the table; all threads end, or the program does not.
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

# One holds, the other waits.
PAIRS = {
    "smooth waits for the probe": (
        {
            "hold": "typedview_probe.while_read(series, hold)",
            "wait": "smooth.smooth(series, patience=60)",
            "again": "smooth.smooth(series, patience=0.01)",
        },
        # Whoever comes later is held against the one that waits.
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
