"""Use the same memory from two extensions and eight threads for a minute, and check it against a model.

Each thread takes parts of a few arrays again and again, to read or to write, locked or not, at once or after
waiting, and takes more parts while it has them. Some calls raise. A thread that is inside a callback has the
memory for certain. A thread that is inside a call may have it. The rules are those of SOUNDNESS.md:

- two uses of the same memory at the same time do not conflict;
- a use is refused only for a use that, during the call, had the memory, or some near it, or waited for it;
- what is written under a lock is unchanged at the end of the lock;
- at the end nothing is held: each array can be locked as a whole, and has the references that it had before.
"""

import argparse
import collections
import random
import sys
import threading
import time
from dataclasses import dataclass

import numpy as np
import typedview_probe as one
import typedview_probe_numpy as other

THREADS = 8
SIZES = [40, 40, 1000]
READ, WRITE, SHARED, EXCLUSIVE = "reads", "writes", "locks for reading", "locks for writing"
CALLS = {READ: "while_read", WRITE: "while_written", SHARED: "while_locked", EXCLUSIVE: "while_locked_mut"}
FREE_THREADED = not getattr(sys, "_is_gil_enabled", lambda: True)()


class Planned(Exception):
    """The exception that a callback raises on purpose."""


@dataclass(eq=False)
class Use:
    """A part of an array that a thread uses or wants to use."""

    array: int
    places: slice
    mode: str
    thread: int
    ended: float | None = None

    def numbers(self) -> range:
        return range(*self.places.indices(SIZES[self.array]))

    def overlaps(self, other: "Use") -> bool:
        return self.array == other.array and not set(self.numbers()).isdisjoint(other.numbers())

    def is_near(self, other: "Use") -> bool:
        """Whether the table may take the two for overlapping, as it does for steps of different lengths."""
        one, two = self.numbers(), other.numbers()
        return self.array == other.array and one[0] <= two[-1] and two[0] <= one[-1]

    def excludes(self, other: "Use") -> bool:
        """Whether the two may not use the same memory at the same time."""
        modes = {self.mode, other.mode}
        if EXCLUSIVE in modes:
            return True
        if SHARED in modes:
            return WRITE in modes
        return FREE_THREADED and self.thread != other.thread and WRITE in modes


class Model:
    """The uses that have memory for certain, and the uses that may have it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.has: list[Use] = []
        self.wants: list[Use] = []
        self.ended: collections.deque[Use] = collections.deque(maxlen=10_000)
        self.violations: list[str] = []
        self.counts: collections.Counter[str] = collections.Counter()

    def begin(self, use: Use) -> float:
        with self.lock:
            self.wants.append(use)
            return time.monotonic()

    def end(self, use: Use, begun: float, refused: bool) -> None:
        with self.lock:
            self.wants.remove(use)
            use.ended = time.monotonic()
            late = [past for past in self.ended if past.ended >= begun]
            if refused and not any(use.is_near(met) and use.excludes(met) for met in [*self.wants, *late]):
                self.violations.append(f"{use} was refused, and nobody was in the way")
            self.ended.append(use)

    def enter(self, use: Use) -> None:
        with self.lock:
            for held in self.has:
                if use.overlaps(held) and use.excludes(held):
                    self.violations.append(f"{use} beside {held}")
            self.has.append(use)
            self.counts[use.mode] += 1

    def leave(self, use: Use) -> None:
        with self.lock:
            self.has.remove(use)


class Worker(threading.Thread):
    def __init__(self, number: int, seed: int, until: float, arrays: list[np.ndarray], model: Model) -> None:
        super().__init__()
        self.number, self.until, self.arrays, self.model = number, until, arrays, model
        self.random = random.Random(f"{seed} {number}")

    def run(self) -> None:
        while time.monotonic() < self.until and not self.model.violations:
            self.use(0)

    def use(self, depth: int) -> None:
        array = self.random.randrange(len(self.arrays))
        start = self.random.randrange(SIZES[array] - 8)
        stop = start + self.random.choice([1, 8, SIZES[array]])
        places = slice(start, min(stop, SIZES[array]), self.random.choice([1, 1, 2, 3]))
        mode = self.random.choice(list(CALLS))
        use = Use(array, places, mode, self.number)
        module, x = self.random.choice([one, other]), self.arrays[array][places]
        call = getattr(module, CALLS[mode])
        if mode in (SHARED, EXCLUSIVE) and self.random.random() < 0.5:
            within, seconds = getattr(module, f"{CALLS[mode]}_within"), self.random.choice([0.0, 0.002, 0.02])
            call = lambda x, callback: within(x, callback, seconds)  # noqa: E731
        begun, refused = self.model.begin(use), False
        try:
            call(x, lambda: self.inside(use, x, depth))
        except BlockingIOError:
            refused = True
            self.model.counts["refused"] += 1
        except BufferError:
            refused = True
            self.model.counts["refused"] += 1
        except Planned:
            self.model.counts["raised"] += 1
        finally:
            self.model.end(use, begun, refused)

    def inside(self, use: Use, x: np.ndarray, depth: int) -> None:
        self.model.enter(use)
        try:
            number = self.random.random()
            if use.mode == EXCLUSIVE:
                x[:] = number
            for _ in range(self.random.choice([0, 0, 1, 2]) if depth < 3 else 0):
                self.use(depth + 1)
            if self.random.random() < 0.2:
                time.sleep(self.random.random() / 1000)
            if use.mode == EXCLUSIVE and not (x == number).all():
                self.model.violations.append(f"{use} was written by others")
            if self.random.random() < 0.1:
                raise Planned
        finally:
            self.model.leave(use)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    sys.setswitchinterval(1e-5)
    arrays, model = [np.zeros(size) for size in SIZES], Model()
    references = [sys.getrefcount(array) for array in arrays]
    until = time.monotonic() + options.seconds
    workers = [Worker(number, options.seed, until, arrays, model) for number in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(options.seconds + 60)
        if worker.is_alive():
            sys.exit(f"seed {options.seed}: a thread hangs")
    del workers, worker
    for i, array in enumerate(arrays):
        one.fill_within(array, 0.0, 0.0)
        if sys.getrefcount(array) != references[i] + 1:
            model.violations.append(
                f"array {i} has {sys.getrefcount(array) - references[i] - 1} references more"
            )
    counts = ", ".join(f"{count} {what}" for what, count in sorted(model.counts.items()))
    print(f"seed {options.seed}, {options.seconds:g} s on {THREADS} threads: {counts}")
    if model.violations:
        sys.exit("\n".join(model.violations[:10]))


if __name__ == "__main__":
    main()
