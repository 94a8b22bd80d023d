"""The check of a refusal: its class, its whole text, and that nothing is kept alive afterwards.

It is separate because every test file checks refusals.
"""

import sys
from collections.abc import Callable
from types import NoneType

import pytest


def refused(exception: type[BaseException], text: str, function: Callable, *arguments: object) -> None:
    """Asserts that the call raises exactly this, and leaves the arguments' reference counts as they were."""
    # The whole interpreter refers to None, to small numbers and to names, so their counts say nothing.
    counted = [argument for argument in arguments if not isinstance(argument, (NoneType, int, float, str))]
    before = [sys.getrefcount(argument) for argument in counted]
    with pytest.raises(exception) as caught:
        function(*arguments)
    assert str(caught.value) == text
    assert type(caught.value) is exception
    # The traceback also refers to the arguments.
    del caught
    assert [sys.getrefcount(argument) for argument in counted] == before
