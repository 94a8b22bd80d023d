"""What the project wants of its times: for a row of the tables, a bound for its ratio to a peer.

The rows of some groups that no target names have a target in common.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .cases import CONVERSIONS, COPIES, COPYTO, NUMPY, SMALL_COPIES
from .figures import MEMCPY, TYPEDVIEW, Figure, Row

FASTEST = "the fastest peer"
NANOSECONDS = "ns"


@dataclass(frozen=True)
class Target:
    row: str
    against: str
    """The label of a peer, `FASTEST`, or `NANOSECONDS` for a bound of the time itself."""
    bound: float


@dataclass(frozen=True)
class Outcome:
    target: Target
    figure: Figure | None
    """Nothing if the peer was not there."""
    peer: str

    @property
    def verdict(self) -> str:
        if self.figure is None:
            return "not measured"
        return "met" if self.figure.median <= self.target.bound else "missed"


TARGETS = [
    *(Target(f"contiguous f64, {size}", MEMCPY, 1.05) for size in ("8 KB", "1 MB", "32 MB")),
    *(Target(f"transposed {dtype}, 256 x 256", "C", 1.1) for dtype in ("f64", "f32", "u8")),
    *(Target(f"transposed {dtype}, 2048 x 2048", "C", 1.0) for dtype in ("f64", "f32", "u8")),
    Target("permuted (2, 0, 1) f64, 160^3", "C", 1.0),
    Target("permuted (2, 0, 1) f64, 160^3", "rust-numpy", 1.0),
    Target("reversed (2, 1, 0) f64, 160^3", "C", 1.0),
    Target("u8 [:, ::2], 2048 x 1024", "C", 1.0),
    Target("u8 [:, :, 0] of RGB, 1024^2", "C", 1.0),
    Target("overlapping x[1:] = x[:-1], 4 M", "C", 1.0),
    Target("in place x[...] = x.T, 2048 x 2048", NUMPY, 1 / 3),
    Target("ndarray, 8", "rust-numpy", 0.6),
    Target("ndarray, 1,000", "rust-numpy", 0.7),
    Target("ndarray, 10^6", "rust-numpy", 1.0),
    Target("Owned, 8", NANOSECONDS, 15),
]
OTHERS = {
    COPIES: [(FASTEST, 1.0)],
    SMALL_COPIES: [(NUMPY, 0.5), (COPYTO, 0.5)],
    CONVERSIONS: [(NUMPY, 1.0)],
}
"""What the other rows of a group are compared with, and the bounds."""


def figure(row: Row, against: str) -> tuple[Figure | None, str]:
    """Returns what a bound is compared with, and the peer whose time is in it."""
    if against == NANOSECONDS:
        return row.time(TYPEDVIEW), against
    peer = row.fastest_peer() if against == FASTEST else against
    return (row.ratio(peer), peer) if peer in row.samples else (None, against)


def others(rows: Iterable[Row]) -> Iterator[Target]:
    named = {target.row for target in TARGETS}
    for row in rows:
        if row.case.name not in named:
            yield from (Target(row.case.name, *bound) for bound in OTHERS.get(row.case.group, []))


def outcomes(rows: list[Row]) -> list[Outcome]:
    by_name = {row.case.name: row for row in rows}
    wanted = [*TARGETS, *others(rows)]
    return [Outcome(target, *figure(by_name[target.row], target.against)) for target in wanted]
