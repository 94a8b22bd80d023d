"""How tests hold a refusal: its class, its whole text, and nothing held afterwards.

Apart because every file of tests refuses something.
"""

import sys
from collections.abc import Callable
from types import NoneType

import pytest


def refused(exception: type[BaseException], text: str, function: Callable, *arguments: object) -> None:
    """Asserts that the call raises exactly this, and leaves the arguments' reference counts as they were."""
    # The whole interpreter refers to None, to small numbers and to names.
    counted = [argument for argument in arguments if not isinstance(argument, (NoneType, int, float, str))]
    before = [sys.getrefcount(argument) for argument in counted]
    with pytest.raises(exception) as caught:
        function(*arguments)
    assert str(caught.value) == text
    assert type(caught.value) is exception
    # The traceback refers to the arguments too.
    del caught
    assert [sys.getrefcount(argument) for argument in counted] == before
