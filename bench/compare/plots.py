"""The plots: bars of the times of each case, and lines of the cost of an element over the size.

Every peer has the same colour in all of them. The colours are those of Okabe and Ito, and some of Tol, which
people can tell apart who do not see red and green.
"""

from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, LogLocator

from .cases import COPYTO, NUMPY
from .figures import MEMCPY, TYPEDVIEW, Row
from .modules import LABELS
from .sweep import SHOWN
from .tables import digits, unit

COLOURS = {
    TYPEDVIEW: "#D55E00",
    "C": "#333333",
    "Rust pointers": "#888888",
    "Cython": "#E69F00",
    "nanobind": "#56B4E9",
    "pybind11": "#0072B2",
    "rust-numpy": "#009E73",
    "rust-numpy, iterators": "#44AA99",
    "rust-numpy, unsafe": "#117733",
    "PyBuffer": "#882255",
    NUMPY: "#CC79A7",
    COPYTO: "#DDAABB",
    MEMCPY: "#BBBBBB",
}
MARKERS = {TYPEDVIEW: "o", "C": "s", "Cython": "^", "rust-numpy": "D", NUMPY: "v"}
LINE = {"linewidth": 1.3, "markersize": 3.5}
LIMIT = {"linewidth": 2, "linestyle": "--"}
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "typedview",
    "font.size": 8,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 8.5,
}


def save(drawing: Drawing, path: Path) -> None:
    drawing.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(drawing)


def bars(axes: Axes, row: Row, labels: list[str]) -> None:
    """Draws a bar for each library, with its time beside it. Libraries without the function have a dash."""
    times = {label: row.time(label).median for label in labels if label in row.samples}
    scale, name = unit(times[TYPEDVIEW])
    longest = max(times.values())
    for place, label in enumerate(labels):
        time = times.get(label)
        if time is None:
            axes.text(0, place, " -", va="center", color="#888888")
            continue
        axes.barh(place, time, color=COLOURS[label], height=0.75, clip_on=False)
        weight = "bold" if label == TYPEDVIEW else "normal"
        axes.text(time + longest * 0.02, place, digits(time / scale), va="center", fontsize=7, weight=weight)
    axes.set_title(f"{row.case.name}  [{name}]", loc="left", pad=3)
    axes.set_xlim(0, longest * 1.2)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xticks([])
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", left=False)
    axes.spines["bottom"].set_visible(False)


def group_plot(title: str, rows: list[Row], path: Path) -> None:
    """Draws a panel for each row. Panels beside each other have the same libraries."""
    across = 2 if len(rows) % 2 == 0 and len(rows) % 3 else 3
    lines = [rows[first : first + across] for first in range(0, len(rows), across)]
    labels = [[label for label in LABELS if any(label in row.samples for row in line)] for line in lines]
    heights = [0.4 + 0.155 * len(names) for names in labels]
    with matplotlib.rc_context(SETTINGS):
        drawing, grid = pyplot.subplots(
            len(lines),
            across,
            figsize=(10, 0.55 + sum(heights)),
            height_ratios=heights,
            squeeze=False,
            sharey="row",
            layout="constrained",
        )
        for panels, line, names in zip(grid, lines, labels, strict=True):
            for axes, row in zip(panels, line, strict=False):
                bars(axes, row, names)
            for axes in panels[len(line) :]:
                axes.set_visible(False)
        drawing.suptitle(f"{title}: median time, shorter is better", fontsize=11, x=0.01, ha="left")
        save(drawing, path)


def size(nbytes: float, _: object) -> str:
    return f"{nbytes / 2**20:g} MiB" if nbytes >= 2**20 else f"{nbytes / 2**10:g} KiB"


def cost_lines(axes: Axes, rows: list[Row]) -> None:
    """Draws a line for each library, with the quartiles as a band."""
    sizes = [int(row.case.name) for row in rows]
    for label in SHOWN:
        if not all(label in row.samples for row in rows):
            continue
        times = [row.time(label) for row in rows]
        style = LIMIT if label == MEMCPY else LINE | {"marker": MARKERS[label]}
        front = 3 if label == TYPEDVIEW else 2
        median, low, high = zip(*((time.median, time.low, time.high) for time in times), strict=True)
        axes.plot(sizes, median, color=COLOURS[label], label=label, zorder=front, **style)
        axes.fill_between(sizes, low, high, color=COLOURS[label], alpha=0.15, linewidth=0)


def sweep_plot(rows: dict[str, list[Row]], path: Path) -> None:
    """Draws a panel for each kind of copy."""
    with matplotlib.rc_context(SETTINGS):
        drawing, panels = pyplot.subplots(1, len(rows), figsize=(10, 3.6), sharey=True, layout="constrained")
        for axes, (kind, of_kind) in zip(panels, rows.items(), strict=True):
            cost_lines(axes, of_kind)
            axes.set_title(kind, loc="left")
            axes.set_xscale("log", base=2)
            axes.set_yscale("log")
            axes.xaxis.set_major_locator(LogLocator(base=16))
            axes.xaxis.set_major_formatter(FuncFormatter(size))
            axes.yaxis.set_major_formatter(FuncFormatter(lambda cost, _: f"{cost:g}"))
            axes.grid(color="#DDDDDD", linewidth=0.5)
            axes.set_xlabel("bytes of the destination")
        panels[0].set_ylabel("ns an element")
        drawing.legend(*panels[0].get_legend_handles_labels(), loc="outside right center", frameon=False)
        drawing.suptitle("Copies: cost of an element, lower is better", fontsize=11, x=0.01, ha="left")
        save(drawing, path)
