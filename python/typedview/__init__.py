"""Typed, N-dimensional, strided views of memory that already exists."""

from typedview._typedview import View, __version__

__all__ = ["View", "__version__"]
