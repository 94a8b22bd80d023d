"""An exporter that lies about memory that really exists, and counts the exports that it has granted.

It is separate because no real exporter in Python lies like this. `typedview_probe.Hostile` fills a
`Py_buffer` with whatever it is told.
"""

import array
from collections.abc import Callable

from refused import refused
from typedview_probe import Hostile

NAME = "typedview_probe.Hostile"


class Liar:
    """Three doubles, and an exporter that tells the truth about them except for `changes`."""

    def __init__(self, *, release: Callable[[], object] | None = None, **changes: object) -> None:
        self.memory = array.array("d", [0.5, -1.25, 3.0])
        self.changes = changes
        self.exporter = Hostile(self.answer, release)

    def answer(self, flags: int) -> dict[str, object]:
        address, length = self.memory.buffer_info()
        truth = {
            "address": address,
            "len": 8 * length,
            "itemsize": 8,
            "readonly": False,
            "ndim": 1,
            "format": b"d",
            "shape": [length],
            "strides": [8],
            "suboffsets": None,
            "owner": True,
        }
        return truth | self.changes

    def refuses(
        self, exception: type[BaseException], text: str, take: Callable[[object], object], asked: int = 1
    ) -> None:
        """Asserts that the call raises exactly this exception, and that all exports have been released."""
        before, handed_out = self.exporter.asked, self.exporter.exported
        refused(exception, text, take, self.exporter)
        assert self.exporter.asked == before + asked
        assert self.exporter.released == self.exporter.exported <= handed_out + asked
