"""The cost of the table of claims: a view and a lock beside many others, and on two threads at once.

Builds the tests' extension for this interpreter and measures in it. Does the same for a free-threaded
interpreter if there is one that PyO3 supports. There, two threads take views of their own memory at the same
time. With a GIL they would take turns, so that is not measured.
"""

import argparse
import array
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from interpreters import find  # noqa: E402

BUILD = ROOT / "build/claims"
MANY = 100_000
# The promised bounds: the ratios of a call and of a lock beside many views to those beside none, the seconds
# that many locks in one call take, and the ratio of a view on two threads to one on one thread.
VIEW, LOCK, LOCKS, THREADS = 1.2, 2.0, 0.1, 1.1


def build(python: str) -> Path:
    """Returns a folder with the extension for an interpreter."""
    folder = BUILD / f"{sys.implementation.cache_tag}{sysconfig.get_config_var('abi_thread') or ''}"
    folder.mkdir(parents=True, exist_ok=True)
    target = ROOT / "target/claims"
    environment = os.environ | {
        "PYO3_PYTHON": python,
        "PYO3_BUILD_EXTENSION_MODULE": "1",
        "CARGO_TARGET_DIR": str(target),
    }
    command = ["cargo", "build", "--quiet", "--locked", "--release", "--package", "typedview-probe"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    library = next(path for path in (target / "release").glob("*typedview_probe*") if path.suffix != ".d")
    shutil.copy(library, folder / f"typedview_probe{sysconfig.get_config_var('EXT_SUFFIX')}")
    return folder


def per_call(function: Callable[[object], object], argument: object, calls: int = 20_000) -> float:
    """Returns the nanoseconds that one call takes."""
    start = time.perf_counter_ns()
    for _ in range(calls):
        function(argument)
    return (time.perf_counter_ns() - start) / calls


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(times[name] for times in rounds) for name in rounds[0]}


def beside_many(probe: object, count: int) -> list[str]:
    """Measures a view and a lock beside no views and beside many, in turn. Returns the broken promises."""
    arrays = [array.array("d", [float(i)]) for i in range(MANY)]
    own = array.array("d", [1.0])
    functions = {"view": probe.take, "shared": probe.take_locked, "exclusive": probe.take_locked_mut}
    nothing, many = [], []

    def measure(rounds: list[dict[str, float]]) -> None:
        rounds.append({name: per_call(function, own) for name, function in functions.items()})

    for _ in range(count):
        measure(nothing)
        probe.while_all_read(arrays, lambda: measure(many))
    alone, beside = medians(nothing), medians(many)
    print(f"{'':<24} {'beside nothing':>15} {f'beside {MANY} views':>20} {'ratio':>7}")
    failures = []
    ratio = beside["view"] / alone["view"]
    print(f"{'a call with a view':<24} {alone['view']:>12.1f} ns {beside['view']:>17.1f} ns {ratio:>7.2f}")
    if ratio > VIEW:
        failures.append(f"a call with a view takes {ratio:.2f} times as long, promised {VIEW}")
    for mode in ("shared", "exclusive"):
        one, other = alone[mode] - alone["view"], beside[mode] - beside["view"]
        ratio = other / one
        print(f"{f'a {mode} lock':<24} {one:>12.1f} ns {other:>17.1f} ns {ratio:>7.2f}")
        if ratio > LOCK:
            failures.append(f"a {mode} lock takes {ratio:.2f} times as long, promised {LOCK}")
    seconds = []
    for _ in range(count):
        start = time.perf_counter()
        assert probe.lock_all(arrays) == MANY
        seconds.append(time.perf_counter() - start)
    print(f"{MANY} locks in one call: {statistics.median(seconds):.3f} s")
    if statistics.median(seconds) > LOCKS:
        failures.append(f"{MANY} locks take {statistics.median(seconds):.3f} s, promised {LOCKS}")
    return failures


def of_threads(function: Callable[[object, int], object], count: int, times: int = 200_000) -> float:
    """Returns the nanoseconds of one time: the median of `count` threads, each with memory of its own."""
    barrier, spent = threading.Barrier(count), []

    def work() -> None:
        own = array.array("d", [1.0] * 100)
        barrier.wait()
        start = time.perf_counter_ns()
        function(own, times)
        spent.append((time.perf_counter_ns() - start) / times)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statistics.median(spent)


def call_often(function: Callable[[object], object]) -> Callable[[object, int], object]:
    def often(argument: object, times: int) -> None:
        for _ in range(times):
            function(argument)

    return often


def is_free_threaded() -> bool:
    return not getattr(sys, "_is_gil_enabled", lambda: True)()


def on_threads(probe: object, count: int) -> list[str]:
    """Measures views on one thread and on two, in turn. Returns the broken promises."""
    if not is_free_threaded():
        print("threads: not measured, since this interpreter has a GIL")
        return []
    # These functions take many views in one call: CPython counts the references to a function, so threads
    # that call the same function contend for its count, whatever the function does.
    functions = {"a view": probe.take_often, "a view and a lock": probe.take_locked_often}
    others = {
        "memoryview(x)": call_often(memoryview),
        "a call without a view": call_often(lambda _: probe.size_or_none()),
        "a call with a view": call_often(probe.take),
    }
    rounds = [
        {
            (name, n): of_threads(function, n)
            for name, function in (functions | others).items()
            for n in (1, 2)
        }
        for _ in range(count)
    ]
    times, failures = medians(rounds), []
    print(f"{'':<24} {'one thread':>15} {'two threads':>20} {'ratio':>7}")
    for name in functions | others:
        ratio = statistics.median(one[name, 2] / one[name, 1] for one in rounds)
        print(f"{name:<24} {times[name, 1]:>12.1f} ns {times[name, 2]:>17.1f} ns {ratio:>7.2f}")
        if name in functions and ratio > THREADS:
            failures.append(f"{name} takes {ratio:.2f} times as long on two threads, promised {THREADS}")
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    count = parser.parse_args().rounds
    sys.path.insert(0, str(build(sys.executable)))
    import typedview_probe as probe

    print(f"Medians of {count} rounds, {sys.version.split(' (')[0]}")
    failures = on_threads(probe, count) + beside_many(probe, count)
    if interpreter := None if is_free_threaded() else find("3.14t"):
        command = [interpreter, __file__, "--rounds", str(count)]
        failures += ["without a GIL, see above"] if subprocess.run(command).returncode else []
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
