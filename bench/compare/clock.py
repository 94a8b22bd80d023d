"""Times calls of the peers: in every round each peer of a case gives one sample, in a new random order.

The calls are made by `time_calls` of `typedview_bench`, so that the loop of the interpreter is not measured.
A neighbour on the same processor slows some machines down for minutes. The same short call is timed beside
each round, and rounds in which it was slow are left out.
"""

import ctypes
import gc
import math
import os
import random
import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .cases import Call, Case
from .figures import MEMCPY, Row
from .modules import Modules

TimeCalls = Callable[[Callable[..., Any], tuple[Any, ...], int], float]
SAMPLE = 200_000
"""The shortest sample, in nanoseconds."""
LARGE = 16 << 20
"""From how many bytes on a block of memory is new whenever it is allocated. Smaller ones are used again."""
M_MMAP_THRESHOLD = -3
M_TRIM_THRESHOLD = -1
SLOW = 1.2
"""How many times its best the call beside a round may take."""
FEWEST_QUIET = 0.25
"""The share of rounds that are used in any case: those with the fastest call beside them."""


@dataclass(frozen=True)
class Effort:
    """How long to measure: in each pass, every case gets a share of its rounds."""

    passes: int
    seconds: float
    """What all passes together spend on a case, within the limits of rounds."""
    fewest: int
    most: int


FULL = Effort(passes=10, seconds=6, fewest=30, most=300)
QUICK = Effort(passes=1, seconds=0.2, fewest=3, most=20)


def quiet_process() -> None:
    """Keeps this process on one core, and makes memory cost the same whatever was freed before."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    gc.disable()
    # In glibc, what was freed before decides whether a large block is new, with page faults, or used again.
    # An in-place transpose of 32 MiB with a temporary of that size took 42 ms or 10 ms.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_TRIM_THRESHOLD, LARGE)


def checked(case: Case, calls: dict[str, Call]) -> dict[str, Call]:
    """Returns the calls with the right result. Refusals are reported, a wrong result ends the program."""
    right = {}
    for label, (function, arguments) in calls.items():
        case.prepare()
        try:
            result = function(*arguments)
        except (BufferError, TypeError, ValueError) as error:
            print(f"{case.group}, {case.name}: {label} refuses: {error}", file=sys.stderr)
            continue
        if label != MEMCPY and not case.check(result):
            sys.exit(f"{case.group}, {case.name}: {label} gives a wrong result: {result!r}")
        right[label] = function, arguments
    return right


class Bench:
    """A case with the calls to time, and how many of them make a sample."""

    def __init__(self, case: Case, modules: Modules) -> None:
        self.row = Row(case)
        self.time_calls: TimeCalls = modules.time_calls
        self.calls = checked(case, modules.calls(case))
        self.counts = {label: self.count(*call) for label, call in self.calls.items()}
        self.row.samples = {label: [] for label in self.calls}
        self.beside: list[float] = []
        """Nanoseconds of the call beside each round: the slower of those before and after it."""

    def count(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> int:
        count, time = 1, self.time_calls(function, arguments, 1)
        while time < SAMPLE / 4:
            count *= 4
            time = self.time_calls(function, arguments, count)
        return max(1, round(count * SAMPLE / time))

    def call_beside(self) -> float:
        return self.time_calls(sorted, ((),), 500)

    def one_round(self) -> float:
        """Takes a sample of each peer, and returns the seconds that they took together."""
        total, before = 0.0, self.call_beside()
        for label in random.sample(list(self.calls), len(self.calls)):
            function, arguments = self.calls[label]
            count = self.counts[label]
            if count > 1:
                self.time_calls(function, arguments, 1)
            time = self.time_calls(function, arguments, count)
            self.row.samples[label].append(time / count / self.row.case.work)
            total += time / 1e9
        self.beside.append(max(before, self.call_beside()))
        return total

    def quiet_rounds(self, limit: float) -> Row:
        """Returns the row with the rounds beside which the call took at most `limit`, or the best of them."""
        by_speed = sorted(range(len(self.beside)), key=self.beside.__getitem__)
        count = sum(time <= limit for time in self.beside)
        used = sorted(by_speed[: max(count, math.ceil(len(by_speed) * FEWEST_QUIET), 2)])
        samples = {label: [times[i] for i in used] for label, times in self.row.samples.items()}
        return Row(self.row.case, samples, quiet=count / len(self.beside))

    def one_pass(self, effort: Effort) -> None:
        spent, rounds = 0.0, 0
        fewest, most = math.ceil(effort.fewest / effort.passes), effort.most // effort.passes
        while rounds < fewest or (rounds < most and spent < effort.seconds / effort.passes):
            spent += self.one_round()
            rounds += 1


def measure(cases: Iterable[Case], modules: Modules, effort: Effort) -> list[Row]:
    """Measures all cases in passes, each of which goes through them in a new random order."""
    benches = [Bench(case, modules) for case in cases]
    for number in range(effort.passes):
        print(f"pass {number + 1} of {effort.passes} over {len(benches)} cases", file=sys.stderr, flush=True)
        for bench in random.sample(benches, len(benches)):
            bench.one_pass(effort)
    best = statistics.quantiles([time for bench in benches for time in bench.beside], n=20)[0]
    return [bench.quiet_rounds(SLOW * best) for bench in benches]
