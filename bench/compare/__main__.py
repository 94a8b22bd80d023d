"""typedview beside C, Cython, nanobind, pybind11, rust-numpy and NumPy: tables of ratios, plots and targets.

A full run replaces the results in `docs/benchmarks`. A quick one prints its tables, and its plots are in
`build/bench`.
"""

import argparse
import itertools
import json
import os
import re
import shutil
import statistics
import sys
from pathlib import Path

from bench import instructions

from . import clock, machine, modules, plots, sweep, tables, targets
from .cases import all_cases
from .figures import Row

RESULTS = modules.ROOT / "docs/benchmarks"
COUNTED = (
    "Counted by valgrind: a busy machine does not change them. The ratio is to the first of each kernel."
)


def by_group(rows: list[Row]) -> dict[str, list[Row]]:
    return {name: list(group) for name, group in itertools.groupby(rows, key=lambda row: row.case.group)}


def file_name(group: str) -> str:
    return group.lower().replace(" ", "-") + ".svg"


def head(missing: dict[str, str], load_before: float, rows: list[Row]) -> str:
    quiet = statistics.fmean(row.quiet for row in rows)
    facts = machine.facts() | {
        "Load before the run": f"{load_before:.1f}",
        "Rounds in which the machine was quiet": f"{quiet:.0%}",
    }
    text = "# Results\n\nWritten by `make bench`. [The page beside it](README.md) says how to read it.\n\n"
    text += "".join(f"- {name}: {value}\n" for name, value in facts.items())
    for reason in dict.fromkeys(missing.values()):
        labels = ", ".join(label for label in missing if missing[label] == reason)
        text += f"- No figures of {labels}: {reason}\n"
    return text


def group_section(name: str, rows: list[Row]) -> str:
    return f"## {name}\n\n{tables.group_table(rows)}\n{tables.slower(rows)}\n\n![{name}]({file_name(name)})\n"


def sweep_section(rows: dict[str, list[Row]]) -> str:
    return (
        f"## Cost over size\n\n{tables.sweep_table(rows)}\n![Cost over size]({file_name('Cost over size')})\n"
    )


def instruction_section() -> str:
    if not shutil.which("valgrind"):
        return "## Instructions\n\nNot counted: valgrind is not installed.\n"
    lines = (
        [group, name, f"{count:,}", f"{ratio:.2f}"] for group, name, count, ratio in instructions.counts()
    )
    counts = tables.table(["kernel", "function", "instructions", "ratio"], lines, words=2)
    return f"## Instructions\n\n{COUNTED}\n\n{counts}"


def draw(groups: dict[str, list[Row]], swept: dict[str, list[Row]], folder: Path, suffix: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in groups.items():
        plots.group_plot(name, rows, (folder / file_name(name)).with_suffix(suffix))
    plots.sweep_plot(swept, (folder / file_name("Cost over size")).with_suffix(suffix))


def save_samples(rows: list[Row], path: Path) -> None:
    samples = [{"group": row.case.group, "name": row.case.name, "ns": row.samples} for row in rows]
    path.write_text(json.dumps(samples), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.compare", description=__doc__)
    parser.add_argument("peers", type=Path, nargs="?", help="the folder of all peers")
    parser.add_argument("--quick", action="store_true", help="few samples; docs/benchmarks stays as it is")
    parser.add_argument(
        "--only", metavar="EXPRESSION", help="only cases whose group or name matches, as tables"
    )
    options = parser.parse_args()
    built = modules.build(options.peers)
    load_before = os.getloadavg()[0]
    clock.quiet_process()
    effort = clock.QUICK if options.quick else clock.FULL
    if options.only:
        chosen = [case for case in all_cases() if re.search(options.only, f"{case.group}: {case.name}")]
        for group in by_group(clock.measure(chosen, built, effort)).values():
            print(tables.group_table(group))
        return
    rows = clock.measure(all_cases(), built, effort)
    swept = sweep.run(built, options.quick)
    groups = by_group(rows)
    sections = [
        head(built.missing, load_before, rows),
        f"## Targets\n\n{tables.target_table(targets.outcomes(rows))}",
        *(group_section(name, group) for name, group in groups.items()),
        sweep_section(swept),
    ]
    if not options.quick:
        sections.append(instruction_section())
    text = "\n".join(sections)
    print(text)
    save_samples([*rows, *itertools.chain(*swept.values())], modules.BUILD / "data.json")
    draw(groups, swept, modules.BUILD, ".png")
    if not options.quick:
        draw(groups, swept, RESULTS, ".svg")
        (RESULTS / "results.md").write_text(text, encoding="utf-8")
    print(f"plots: {modules.BUILD if options.quick else RESULTS}", file=sys.stderr)


if __name__ == "__main__":
    main()
