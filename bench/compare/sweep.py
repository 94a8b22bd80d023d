"""The cost of an element over the size of the array, from the first-level cache to the memory.

A kind of copy is a group, whose rows are measured as all others, beside `memcpy` of as many bytes.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np

from .cases import NUMPY, Case, assignment, beside_memcpy, randoms, zeros
from .clock import Effort, measure
from .figures import MEMCPY, TYPEDVIEW, Row
from .modules import Modules

SHOWN = [TYPEDVIEW, "C", "Cython", "rust-numpy", NUMPY, MEMCPY]
FULL = Effort(passes=3, seconds=0.6, fewest=6, most=60)
QUICK = Effort(passes=1, seconds=0.1, fewest=2, most=10)


def sides(step: int) -> list[int]:
    """Returns the sides of squares of doubles of about 1 KiB to 64 MiB. They are multiples of 8."""
    return sorted({max(8, round(math.sqrt(2**power / 8) / 8) * 8) for power in range(10, 27, step)})


def contiguous(side: int) -> tuple[str, np.ndarray, np.ndarray]:
    return "copy_f64_1d", zeros(side * side), randoms(side * side)


def transposed(side: int) -> tuple[str, np.ndarray, np.ndarray]:
    return "copy_f64_2d", zeros(side, side), randoms(side, side).T


def converted(side: int) -> tuple[str, np.ndarray, np.ndarray]:
    return "cast_i32_f64", zeros(side * side), randoms(side * side, below=1000, dtype="i4")


KINDS: dict[str, Callable[[int], tuple[str, np.ndarray, np.ndarray]]] = {
    "contiguous": contiguous,
    "transposed": transposed,
    "i32 to f64": converted,
}


def cases(kind: str, step: int) -> Iterator[Case]:
    for side in sides(step):
        function, dst, src = KINDS[kind](side)
        limit = beside_memcpy(dst, src)
        yield assignment(kind, str(dst.nbytes), function, dst, src, work=dst.size, memcpy=limit)


def run(modules: Modules, quick: bool) -> dict[str, list[Row]]:
    """Measures all kinds, one after the other, because the arrays of all would take gigabytes."""
    shown = modules.only(SHOWN)
    step, effort = (4, QUICK) if quick else (1, FULL)
    return {kind: measure(cases(kind, step), shown, effort) for kind in KINDS}
