"""The tables, in Markdown: the time of typedview, and its ratio to the time of every peer.

Times and the ratio to the fastest peer are shown with their quartiles, the other ratios as medians.
"""

import math
from collections.abc import Iterable, Iterator

from .figures import MEMCPY, TYPEDVIEW, Figure, Row
from .modules import LABELS
from .targets import NANOSECONDS, Outcome

UNITS = [(1.0, "ns"), (1e3, "us"), (1e6, "ms")]
ABSENT = "-"


def table(head: Iterable[str], lines: Iterable[Iterable[str]], words: int = 1) -> str:
    """Returns a table whose first columns, `words` of them, are text and whose other columns are figures."""
    cells = list(head)
    rules = ["---"] * words + ["---:"] * (len(cells) - words)
    return "".join(f"| {' | '.join(line)} |\n" for line in (cells, rules, *lines))


def unit(nanoseconds: float) -> tuple[float, str]:
    return next((pair for pair in reversed(UNITS) if nanoseconds >= pair[0]), UNITS[0])


def digits(value: float) -> str:
    """Returns a number with three digits that count."""
    decimals = 2 - math.floor(math.log10(value))
    return f"{value:.{max(0, decimals)}f}"


def time(figure: Figure) -> str:
    """Returns a time such as `4.20 ms (4.18 to 4.25)`."""
    scale, name = unit(figure.median)
    low, median, high = (digits(value / scale) for value in (figure.low, figure.median, figure.high))
    return f"{median} {name} ({low} to {high})"


def ratio(figure: Figure, places: int = 2) -> str:
    return f"{figure.median:.{places}f} ({figure.low:.{places}f} to {figure.high:.{places}f})"


def columns(rows: list[Row]) -> list[str]:
    """Returns the labels of the peers that have a figure in one of the rows."""
    return [label for label in LABELS if label != TYPEDVIEW and any(label in row.samples for row in rows)]


def fastest(row: Row) -> str:
    peer = row.fastest_peer()
    return f"{ratio(row.ratio(peer))} {peer}" if peer else ABSENT


def group_table(rows: list[Row]) -> str:
    labels = columns(rows)
    head = ["", "typedview", *(f"/ {label}" for label in labels), "/ fastest peer"]
    return table(head, (group_line(row, labels) for row in rows))


def group_line(row: Row, labels: list[str]) -> list[str]:
    ratios = [f"{row.ratio(label).median:.2f}" if label in row.samples else ABSENT for label in labels]
    return [row.case.name, time(row.time(TYPEDVIEW)), *ratios, fastest(row)]


def slower(rows: list[Row]) -> str:
    """Returns a sentence with the rows in which a peer is faster."""
    peers = ((row, row.fastest_peer()) for row in rows)
    behind = [
        f"{row.case.name}: {ratio(row.ratio(peer))} of {peer}"
        for row, peer in peers
        if peer and row.ratio(peer).median >= 1.005
    ]
    return (
        f"Slower than the fastest peer: {'; '.join(behind)}." if behind else "No peer is faster in any row."
    )


def outcome_line(outcome: Outcome) -> list[str]:
    target, figure = outcome.target, outcome.figure
    if target.against == NANOSECONDS:
        wanted, found = f"at most {target.bound:g} ns", figure and time(figure)
    else:
        over = outcome.peer if outcome.peer == target.against else f"{target.against}, {outcome.peer}"
        wanted, found = f"at most {target.bound:.2f} of {over}", figure and ratio(figure, 3)
    return [target.row, wanted, found or ABSENT, outcome.verdict]


def target_table(outcomes: list[Outcome]) -> str:
    count = sum(outcome.verdict == "met" for outcome in outcomes)
    measured = sum(outcome.figure is not None for outcome in outcomes)
    lines = (outcome_line(outcome) for outcome in outcomes)
    return f"{count} of {measured} are met.\n\n" + table(["row", "target", "found", ""], lines, words=4)


def sweep_table(rows: dict[str, list[Row]]) -> str:
    """Returns nanoseconds an element of typedview, and the ratio to `memcpy` of as many bytes."""
    head = ["bytes", *(text for kind in rows for text in (f"{kind}, ns", f"/ {MEMCPY}"))]
    return table(head, sweep_lines(rows))


def sweep_lines(rows: dict[str, list[Row]]) -> Iterator[list[str]]:
    for of_size in zip(*rows.values(), strict=True):
        line = [f"{int(of_size[0].case.name):,}"]
        for row in of_size:
            line += [f"{row.time(TYPEDVIEW).median:.3f}", f"{row.ratio(MEMCPY).median:.2f}"]
        yield line
