"""The Python class `View` beside `memoryview`, NumPy and Cython's memoryview object, statement by statement.

Every statement is timed in rounds, in which each peer that can do it gives one sample. The table has the
medians, and the ratio to the fastest peer. The package is built with optimisations first.
"""

import argparse
import array
import importlib
import os
import shutil
import statistics
import subprocess
import sys
import timeit
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from bench.compare.modules import BUILD, build_cython  # noqa: E402

PEERS = ["View", "memoryview", "NumPy", "Cython"]
SAMPLE = 1e-3
"""The shortest sample, in seconds."""

SAME = "the statement of View"
# The statement of View, and those of memoryview, NumPy and Cython: the same, another one, or None.
STATEMENTS: list[tuple[str, str, str | None, str | None, str | None]] = [
    ("of an array", "View(numbers)", "memoryview(numbers)", "np.frombuffer(numbers)", "cython_1d(numbers)"),
    ("of bytes", "View(data)", "memoryview(data)", "np.frombuffer(data, 'u1')", None),
    ("of an ndarray", "View(table)", "memoryview(table)", None, "cython_2d(table)"),
    ("v[i]", "v[7]", SAME, SAME, SAME),
    ("v[i] = x", "v[7] = 7.0", SAME, SAME, SAME),
    ("v[i, j]", "t[3, 4]", SAME, SAME, SAME),
    ("v[i, j] = x", "t[3, 4] = 304.0", SAME, SAME, SAME),
    ("v[i], a row", "t[3]", None, SAME, SAME),
    ("v[1:]", "v[1:]", SAME, SAME, SAME),
    ("v[1:, ::2]", "t[1:, ::2]", None, SAME, SAME),
    ("v.T", "t.T", None, SAME, SAME),
    ("for x in v", "for x in v: pass", SAME, SAME, SAME),
    ("v.tolist()", "v.tolist()", SAME, SAME, None),
    ("t.tolist()", "t.tolist()", SAME, SAME, None),
    ("v.tobytes()", "v.tobytes()", SAME, SAME, None),
    ("t[:, ::2].tobytes()", "t[:, ::2].tobytes()", None, SAME, None),
    ("v.copy()", "v.copy()", None, SAME, SAME),
    ("t.copy()", "t.copy()", None, SAME, SAME),
    ("v == w", "v == w", SAME, "np.array_equal(v, w)", None),
    ("t == u", "t == u", SAME, "np.array_equal(t, u)", None),
    ("v[...] = w", "v[...] = w", "v[:] = w", SAME, SAME),
    ("t[...] = u", "t[...] = u", None, SAME, SAME),
    ("v.shape", "v.shape", SAME, SAME, SAME),
]


def optimised_view() -> Any:
    """Builds the package with optimisations, and returns its class."""
    environment = os.environ | {"PYO3_PYTHON": sys.executable}
    command = ["cargo", "build", "--quiet", "--locked", "--release", "--package", "typedview-python"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    folder = BUILD / "package"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(
        ROOT / "python/typedview", folder / "typedview", ignore=shutil.ignore_patterns("*.so", "__pycache__")
    )
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    shutil.copy(target / "release/lib_typedview.so", folder / "typedview/_typedview.abi3.so")
    sys.path.insert(0, str(folder))
    return importlib.import_module("typedview").View


def timers(view: Any, cython: Any, label: str, statements: tuple[str | None, ...]) -> dict[str, timeit.Timer]:
    """Returns a timer of each peer that can do a statement, on memory of its own."""
    found = {}
    for peer, statement in zip(PEERS, statements, strict=True):
        if statement is None:
            continue
        numbers, others = (array.array("d", range(1000)) for _ in range(2))
        table, copy = (np.arange(10_000.0).reshape(100, 100) for _ in range(2))
        names: dict[str, Any] = {
            "View": view,
            "np": np,
            "numbers": numbers,
            "table": table,
            "data": bytes(1000),
        }
        names |= {"cython_1d": cython.object_1d, "cython_2d": cython.object_2d}
        make_1d, make_2d = {
            "View": (view, view),
            "memoryview": (memoryview, memoryview),
            "NumPy": (np.asarray, np.asarray),
            "Cython": (cython.object_1d, cython.object_2d),
        }[peer]
        names |= {"v": make_1d(numbers), "w": make_1d(others), "t": make_2d(table), "u": make_2d(copy)}
        text = statements[0] if statement is SAME else statement
        found[peer] = timeit.Timer(text or "", globals=names)
    return found


def nanoseconds(found: dict[str, timeit.Timer], rounds: int) -> dict[str, float]:
    """Returns the medians of all peers."""
    repeats = {}
    for peer, timer in found.items():
        timer.timeit(10)
        once = min(timer.timeit(10) for _ in range(3)) / 10
        repeats[peer] = max(1, int(SAMPLE / once))
    samples: dict[str, list[float]] = {peer: [] for peer in found}
    for _ in range(rounds):
        for peer, timer in found.items():
            samples[peer].append(timer.timeit(repeats[peer]) / repeats[peer] * 1e9)
    return {peer: statistics.median(times) for peer, times in samples.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="samples of each peer")
    parser.add_argument("--only", default="", help="the statements whose name contains this text")
    arguments = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    view, cython = optimised_view(), build_cython()
    print(f"| ns | {' | '.join(PEERS)} | to the fastest peer |")
    print(f"|---|{'---:|' * (len(PEERS) + 1)}")
    for label, *statements in STATEMENTS:
        if arguments.only not in label:
            continue
        medians = nanoseconds(timers(view, cython, label, tuple(statements)), arguments.rounds)
        cells = [f"{medians[peer]:.0f}" if peer in medians else "" for peer in PEERS]
        fastest = min(medians[peer] for peer in medians if peer != "View")
        print(f"| `{label}` | {' | '.join(cells)} | {medians['View'] / fastest:.2f} |", flush=True)


if __name__ == "__main__":
    main()
