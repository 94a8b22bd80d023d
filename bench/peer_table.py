"""A quick table of typedview beside its peers, with the peers' own cases, checks and clock.

`peers.py` runs it in the peers' Python, with the peers' folder on the path. All measurements are made in one
process. Every round has a new random order, and medians are shown. Each peer has a column. The columns after
them show the time of typedview as a multiple of that of three peers.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterable
from functools import partial

import measure
import numpy as np
from cases import setup_cases
from peers import Peer, load_all

SHOWN = ["c_raw", "rs_raw", "typedview", "cy", "nb", "pb11", "rs_numpy"]
AGAINST = ["c_raw", "cy", "rs_numpy"]
Times = dict[str, float]


def show(title: str, rows: Iterable[tuple[str, Times]], digits: int = 1) -> None:
    """Prints one line for each case: the time of each peer, then the ratios."""
    heads = "".join(f"{peer:>10}" for peer in SHOWN), "".join(f"{'/' + peer:>10}" for peer in AGAINST)
    print(f"\n{title}\n\n{'':36}{heads[0]} |{heads[1]}")
    for case, times in rows:
        line = "".join(f"{times[peer]:10.{digits}f}" if peer in times else f"{'-':>10}" for peer in SHOWN)
        print(f"{case:36}{line} |" + "".join(f"{ratio(times, peer):>10}" for peer in AGAINST))


def ratio(times: Times, peer: str) -> str:
    if "typedview" not in times or times.get(peer, 0) <= 0:
        return "-"
    return f"{times['typedview'] / times[peer]:.2f}"


def above(times: Times, base: Times) -> Times:
    return {peer: time - base[peer] for peer, time in times.items()}


def arguments(peers: list[Peer], rounds: int) -> None:
    """Measures all cases of all peers in one interleaved run, so that the cases can be compared, too."""
    calls = {}
    for case in setup_cases():
        usable = measure.usable(peers, "A", case)
        calls |= {(case.id, peer): call for peer, call in usable.items()}
    measure.interleave("A", "", calls, 100, rounds)
    times: dict[str, Times] = {}
    for case, peer in calls:
        times.setdefault(case, {})[peer] = median("A", "", (case, peer))
    empty, untyped = times.pop("noarg"), times.pop("take(x)")
    show("A. Empty function, ns a call", [("noarg()", empty)])
    rows = [("take(x), untyped", untyped), *times.items()]
    show("A. One argument, ns above the empty function", [(case, above(row, empty)) for case, row in rows])
    show(
        "A. One argument, ns above an untyped one",
        [(case, above(row, untyped)) for case, row in times.items()],
    )


def median(section: str, case: str, key: object) -> float:
    """Returns the median of the samples that were taken while the machine was quiet."""
    limit = measure.best_reference() * measure.LIMIT
    return measure.summary(measure.SAMPLES[section, case, key], limit)["med"]


def by_case(found: dict[str, dict]) -> list[tuple[str, Times]]:
    return [(case, {peer: figure["med"] for peer, figure in row.items()}) for case, row in found.items()]


def slicing(peers: list[Peer]) -> None:
    measure.section_b(peers)
    show("B. Slicing, ns a slice", by_case(measure.results(peers)["B"]), 2)


def loops(peers: list[Peer]) -> None:
    for size in ("L1", "L2"):
        measure.section_c(peers, size)
    found = measure.results(peers)["C"]
    for size in ("L1", "L2"):
        rows = by_case({case: sizes[size] for case, sizes in found.items()})
        show(f"C. Loops in {size}, ns an element", rows, 3)


def copies(peers: list[Peer]) -> None:
    measure.section_d(peers)
    found = measure.results(peers)["D"]
    rows = by_case({case: row["t"] for case, row in found.items()})
    show("D. Copies, us", [(case, {peer: t / 1e3 for peer, t in row.items()}) for case, row in rows], 2)


def by_function(title: str, rows: dict[str, list[float]]) -> None:
    """Prints one line for each function, because each peer has its own functions."""
    print(f"\n{title}\n")
    for name, times in sorted(rows.items(), key=lambda row: (SHOWN.index(row[0].split(":")[0]), row[1])):
        print(f"{name:44}" + "".join(f"{time:12.1f}" for time in times))


def columns(found: dict[str, dict]) -> dict[str, list[float]]:
    names = next(iter(found.values()))
    return {name: [column[name]["med"] for column in found.values()] for name in names}


def memory(peers: list[Peer]) -> None:
    measure.section_e(peers)
    found = measure.results(peers)["E"]
    by_function(f"E. New memory of {', '.join(found)} elements, ns", columns(found))


def results(peers: list[Peer]) -> None:
    measure.section_f(peers)
    found = measure.results(peers)
    times = {name: figure["med"] for name, figure in found["F"].items() if not name.startswith("numpy:")}
    rows = {}
    for name, time in times.items():
        peer, function = name.split(":")
        if function != "noarg":
            rows[name] = [time - times[f"{peer}:noarg"]]
    by_function("F. An argument handed back, ns above the empty function", rows)
    by_function(
        f"F. New memory handed over, of {', '.join(found['F_new'])} elements, ns", columns(found["F_new"])
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections")
    parser.add_argument("--rounds", type=int, default=600)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    sections: dict[str, Callable[[list[Peer]], None]] = {
        "A": lambda peers: arguments(peers, options.rounds),
        "B": slicing,
        "C": loops,
        "D": copies,
        "E": memory,
        "F": results,
    }
    chosen = options.sections.upper().split(",")
    if unknown := set(chosen) - set(sections):
        parser.error(f"no section {', '.join(sorted(unknown))}: there are {', '.join(sections)}")

    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    gc.disable()
    peers = [peer for peer in load_all(("generic",), numba=False) if peer.name in SHOWN]
    measure.QUICK = options.quick
    measure.log = partial(print, file=sys.stderr)
    floor = next(peer for peer in peers if peer.name == "c_raw")
    measure.reference = measure.make_reference(floor.get("first_f64_1d"), (np.ones(100),))
    for section in chosen:
        sections[section](peers)
    print(f"\nthe reference call took {measure.best_reference():.1f} ns at best")
    for section, cases in measure.WHY.items():
        for case, refusals in cases.items():
            for peer, why in refusals.items():
                if why != "no such function":
                    print(f"{section}, {case}: {peer}: {why}")


if __name__ == "__main__":
    main()
