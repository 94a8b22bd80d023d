"""Views beside raw pointers: ratios of medians over rounds, each of which times every kernel once.

Machines are noisy and drift. Times of one round can be compared with each other, and the median over the
rounds is used.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
# What the others of a group are compared with: the first of these names that the group has.
REFERENCES = ["raw", "by_index", "ndarray"]
# The ratios that the project promises for views.
BOUNDS = {
    ("sum", "view"): 1.05,
    ("sum", "strided"): 1.1,
    ("dot", "view"): 1.05,
    ("dot", "strided"): 1.1,
    ("axpy", "view"): 1.05,
    ("axpy", "strided"): 1.1,
    ("hillshade", "view"): 1.05,
    ("field", "view"): 1.1,
    ("field", "strided"): 1.1,
    ("rows", "by_row"): 1.05,
    ("stencil", "view"): 1.25,
    ("stencil", "strided"): 1.25,
    ("stencil_40", "view"): 1.5,
    ("stencil_40", "strided"): 1.6,
    ("scatter", "view"): 1.15,
    ("scatter", "strided"): 1.15,
    ("nearest", "view"): 1.25,
    ("nearest", "zipped"): 1.25,
    ("dynamic_slice_5d", "view"): 0.5,
    ("sum_of_floats", "big_endian"): 1.25,
}
ESTIMATE = re.compile(r"criterion/([^/]+)/([^/]+)/new/estimates\.json$")


def one_round(only: str) -> dict[tuple[str, str], float]:
    """Returns the median time in nanoseconds of every kernel whose name contains `only`, an expression."""
    command = ["cargo", "bench", "--quiet", "--locked", "--package", "typedview-bench", "--bench", "kernels"]
    command += ["--", "--noplot", "--warm-up-time", "0.2", "--measurement-time", "0.9"]
    command += [only] if only else []
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode:
        sys.exit(result.stdout + result.stderr)
    times = {}
    for path in (ROOT / "target/criterion").rglob("estimates.json"):
        found = ESTIMATE.search(path.as_posix())
        if found and re.search(only, found[1]):
            times[found[1], found[2]] = json.loads(path.read_text())["median"]["point_estimate"]
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="only kernels whose name contains this regular expression")
    options = parser.parse_args()
    count = options.rounds
    rounds = []
    for number in range(count):
        print(f"round {number + 1} of {count}", file=sys.stderr, flush=True)
        rounds.append(one_round(options.only))
    failures = []
    print(f"Medians of {len(rounds)} rounds")
    print(f"{'kernel':<17} {'over':<14} {'us':>8} {'ratio':>6}  held against")
    references = {group: next(r for r in REFERENCES if (group, r) in rounds[0]) for group, _ in rounds[0]}
    for group, over in sorted(rounds[0], key=lambda key: (key[0], key[1] != references[key[0]], key[1])):
        reference = references[group]
        time = statistics.median(times[group, over] for times in rounds) / 1000
        ratio = statistics.median(times[group, over] / times[group, reference] for times in rounds)
        bound = BOUNDS.get((group, over))
        note = f"{reference}, at most {bound}" if bound else reference
        print(f"{group:<17} {over:<14} {time:>8.3f} {ratio:>6.2f}  {note}")
        if bound and ratio > bound:
            failures.append(f"{group} over {over}: {ratio:.2f} times {reference}, promised {bound}")
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
