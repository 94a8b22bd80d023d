"""Instructions per call of the kernels over views, beside those over raw pointers.

Counts of the same binary are the same on every run, whatever else the machine does, which times are not.
Needs valgrind.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The functions of a group compute the same. The first is what the others are compared with.
GROUPS = {
    "sum": ["sum_raw", "sum_view", "sum_view_by_index", "sum_strided"],
    "hillshade": ["hillshade_raw", "hillshade_view", "hillshade_strided"],
    "dot": ["dot_raw", "dot_view", "dot_strided", "dot_ndarray"],
    "axpy": ["axpy_raw", "axpy_view", "axpy_strided", "axpy_ndarray"],
    "field": ["sum_field_raw", "sum_field", "sum_closes", "sum_records"],
    "rows": ["by_index", "by_row"],
    "dynamic slice": ["dynamic_ndarray", "dynamic"],
}
BUILD = ["cargo", "bench", "--quiet", "--locked", "--package", "typedview-bench", "--bench", "count"]


def executable() -> str:
    """Returns the path of the program that runs each kernel once."""
    command = [*BUILD, "--no-run", "--message-format=json"]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return next(path for line in lines if (path := json.loads(line).get("executable")))


def profile(program: str) -> str:
    """Returns the table of `callgrind_annotate`: the instructions of every function with its callees."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program]
        subprocess.run(valgrind, check=True, capture_output=True)
        annotate = ["callgrind_annotate", "--inclusive=yes", "--threshold=100", str(out)]
        return subprocess.run(annotate, check=True, capture_output=True, text=True).stdout


def instructions(table: str, function: str) -> int:
    """Returns the instructions of a function and its callees: of its first instance, if it is generic."""
    pattern = re.compile(rf"^ *([0-9,]+) .*count::\w+::{function}( |$|\[|')", flags=re.MULTILINE)
    return int(next(pattern.finditer(table))[1].replace(",", ""))


def counts() -> Iterator[tuple[str, str, int, float]]:
    """Yields the group and name of each function, its instructions, and their ratio to those of the first."""
    table = profile(executable())
    for group, functions in GROUPS.items():
        reference = instructions(table, functions[0])
        for function in functions:
            count = instructions(table, function)
            yield group, function, count, count / reference


def main() -> None:
    if not shutil.which("valgrind"):
        sys.exit("valgrind is not installed")
    print(f"{'kernel':<14} {'function':<20} {'instructions':>12} {'ratio':>6}")
    for group, function, count, ratio in counts():
        print(f"{group:<14} {function:<20} {count:>12} {ratio:>6.2f}")


if __name__ == "__main__":
    main()
