"""What was measured of a case: the times of every peer, round by round, and what follows from them.

Ratios are made within a round, whose samples follow each other, so that a drift of the machine cancels out.
"""

import statistics
from dataclasses import dataclass, field

from .cases import Case

TYPEDVIEW = "typedview"
MEMCPY = "memcpy"


@dataclass(frozen=True)
class Figure:
    """A median between its quartiles."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, samples: list[float]) -> "Figure":
        return cls(*statistics.quantiles(samples, n=4, method="inclusive"))


@dataclass
class Row:
    case: Case
    samples: dict[str, list[float]] = field(default_factory=dict)
    """Nanoseconds per unit of work, by the label of the peer. Place `i` of each list is of round `i`."""
    quiet: float = 1.0
    """The share of rounds in which the machine was quiet."""

    def time(self, label: str) -> Figure:
        return Figure.of(self.samples[label])

    def ratio(self, label: str) -> Figure:
        """Returns the time of typedview as a multiple of the peer's."""
        pairs = zip(self.samples[TYPEDVIEW], self.samples[label], strict=True)
        return Figure.of([own / other for own, other in pairs])

    def peers(self) -> list[str]:
        return [label for label in self.samples if label not in (TYPEDVIEW, MEMCPY)]

    def fastest_peer(self) -> str | None:
        return min(self.peers(), key=lambda label: self.time(label).median, default=None)
