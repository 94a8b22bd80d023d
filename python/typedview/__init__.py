"""Typed, N-dimensional, strided views of memory that already exists."""

from typedview._open import open
from typedview._typed import typed
from typedview._typedview import View, __version__, empty, explain, from_address, stack_rows, zeros

__all__ = ["View", "__version__", "empty", "explain", "from_address", "open", "stack_rows", "typed", "zeros"]
