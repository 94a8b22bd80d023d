"""Cycles of an exporter and its own view, which must not be collected while the view exists."""

import gc
import weakref
from collections.abc import Callable

from typedview import View


def assert_lives_until_release(make: Callable, exported: Callable = lambda owner: owner) -> None:
    """Makes an object that refers to a view of what it exports, and asserts that the view keeps it alive."""
    owner = make()
    owner.view = view = View(exported(owner))
    alive = weakref.ref(owner)
    del owner
    gc.collect()
    assert alive() is not None
    view.release()
    del view
    gc.collect()
    assert alive() is None
