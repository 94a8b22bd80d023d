"""`typedview.typed`: which annotations are checked, what the function receives, and what a refusal says.

It is separate because this decorator is Python code around `View`, which test_view.py tests.
"""

# Linters take the specs for names of classes, and `Optional` for an old way to write `| None`.
# ruff: noqa: F722, F821, UP045

import array
import asyncio
import doctest
import inspect
import textwrap
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any, Literal, Optional

import numpy as np
import pytest
import typedview._typed
from refused import refused
from typedview import View, typed

DOUBLES = array.array("d", [1, 2, 3])
FLOATS = array.array("f", [1, 2, 3])

Alias = View["double[:]"]


def refusal(argument: object, spec: str) -> str:
    """Returns what `View` says about an argument that does not fit."""
    with pytest.raises((TypeError, ValueError, BufferError)) as caught:
        View(argument, spec)
    text = str(caught.value)
    # The traceback refers to the argument, whose references are counted later.
    del caught
    return text


def from_source(source: str) -> dict[str, Any]:
    """Runs a module with postponed annotations, and returns its names."""
    names: dict[str, Any] = {"__name__": "module"}
    exec("from __future__ import annotations\n" + textwrap.dedent(source), names)
    return names


def test_the_docstrings_are_right() -> None:
    assert doctest.testmod(typedview._typed).failed == 0


# Which annotations are checked.


@pytest.mark.parametrize(
    "annotation",
    [
        "double[:]",
        "const double[:]",
        "double[::1]",
        "double[3]",
        "double[...]",
        "float | double[:]",
        "  double[:]  ",
        View["double[:]"],
        View["double[:]"] | None,
        None | View["double[:]"],
        Optional[View["double[:]"]],
        Optional["double[:]"],
        Annotated[View, "double[:]"],
        Annotated[View, "double[:]"] | None,
        "View['double[:]']",
        "View['double[:]'] | None",
        "Optional[View['double[:]']]",
        "Annotated[View, 'double[:]']",
        "Alias",
        "Alias | None",
    ],
)
def test_an_annotation_with_a_spec_is_checked(annotation: object) -> None:
    def function(x):
        return x

    function.__annotations__["x"] = annotation
    passed = typed(function)(DOUBLES)
    assert type(passed) is View
    assert passed.obj is DOUBLES
    with pytest.raises(TypeError):
        typed(function)(array.array("h"))


@pytest.mark.parametrize(
    "annotation",
    [
        int,
        View,
        list[int],
        int | None,
        "int",
        "list[int]",
        "tuple[int, int]",
        "DefinedLater",
        "DefinedLater | None",
        "dict[str, DefinedLater]",
        "double",
        Literal[3],
        "Literal[3, 4]",
        "Literal[...]",
        "Literal['double[:]']",
        Annotated[int, "double[:]"],
        Annotated[View, 3],
        ...,
        3,
    ],
)
def test_other_annotations_are_left_alone(annotation: object) -> None:
    def function(x):
        return x

    function.__annotations__["x"] = annotation
    assert typed(function) is function


def test_annotations_can_be_postponed() -> None:
    names = from_source("""
        from typing import Optional
        from typedview import View, typed

        @typed
        def function(
            a: "const double[:]", b: View["double[:]"], c: Optional[View["double[:]"]], d: Later = 3
        ):
            return a, b, c, d

        class Later:
            pass
    """)
    a, b, c, d = names["function"](DOUBLES, DOUBLES, None)
    assert (type(a), type(b), c, d) == (View, View, None, 3)


def test_a_view_that_cannot_be_evaluated_is_no_silent_hole() -> None:
    text = "f() argument 'x': annotation View['double[:]'] cannot be evaluated: name 'View' is not defined"
    source = """
        def f(x: View["double[:]"]):
            pass
    """
    refused(TypeError, text, typed, from_source(source)["f"])


# Refusals of the decorator.


@pytest.mark.parametrize(
    ("annotation", "first"),
    [
        ("double[:", "the bracket is not closed"),
        ("const double", "the axes are missing: give '[:]' for one, '[...]' for any number"),
        ("double[::1, ::1]", "only one axis may be contiguous"),
        ("double[:, n]", "'n' is no axis: give ':', '::1' or a length"),
        (View["double"], "the axes are missing: give '[:]' for one, '[...]' for any number"),
    ],
)
def test_a_malformed_spec_is_refused_at_once(annotation: object, first: str) -> None:
    def f(x):
        pass

    f.__annotations__["x"] = annotation
    with pytest.raises(ValueError) as caught:
        typed(f)
    # The lines below show the spec, with a mark under the fault.
    assert str(caught.value).partition("\n")[0] == f"f() argument 'x': {first}"


def test_other_uses_of_specs_are_refused() -> None:
    def f(x):
        pass

    f.__annotations__["x"] = View["double[:]"] | int
    text = (
        "f() argument 'x': typedview.View['double[:]'] | int combines a spec with something other than None"
    )
    refused(TypeError, text, typed, f)
    f.__annotations__["x"] = View[3]
    refused(TypeError, "f() argument 'x': typedview.View[3] has no spec; write View['double[:]']", typed, f)


@pytest.mark.parametrize("wrap", [staticmethod, classmethod, property])
def test_the_decorator_refuses_what_is_no_function(wrap: Callable) -> None:
    text = f"typed() takes a function, not {wrap.__name__}; "
    text += "write @typed below @staticmethod, @classmethod and @property"
    refused(TypeError, text, typed, wrap(lambda x: x))


# What the function receives.


def test_a_view_that_fits_is_passed_as_it_is() -> None:
    @typed
    def function(x: "const double[:]"):
        return x

    view = View(DOUBLES)
    assert function(view) is view


def test_a_view_that_does_not_fit_is_refused() -> None:
    @typed
    def function(x: "double[:]"):
        return x

    view = View(FLOATS)
    refused(TypeError, f"function() argument 'x': {refusal(view, 'double[:]')}", function, view)


def test_none_is_passed_where_it_is_allowed() -> None:
    @typed
    def function(a: View["double[:]"] | None, b: "double[:]" = None):
        return a, b

    assert function(None) == (None, None)
    assert function(None, None) == (None, None)
    assert [type(x) for x in function(DOUBLES, DOUBLES)] == [View, View]


def test_none_is_refused_elsewhere() -> None:
    @typed
    def function(x: "double[:]"):
        pass

    text = "function() argument 'x': cannot view None: not a buffer; "
    text += "pass an array.array, a numpy.ndarray or another exporter"
    refused(TypeError, text, function, None)


def test_all_kinds_of_parameters_are_checked() -> None:
    @typed
    def function(
        a: "double[:]",
        b,
        /,
        c: "double[:]",
        d=4,
        *rows: "double[:]",
        e: "double[:]",
        f=6,
        **tables: "double[:]",
    ):
        return a, b, c, d, rows, e, f, tables

    a, b, c, d, rows, e, f, tables = function(DOUBLES, 2, DOUBLES, 5, DOUBLES, DOUBLES, e=DOUBLES, g=DOUBLES)
    assert (b, d, f) == (2, 5, 6)
    assert [type(x) for x in (a, c, *rows, e, *tables.values())] == [View] * 6
    assert list(tables) == ["g"]


@pytest.mark.parametrize(
    ("arguments", "options", "place"),
    [
        ((FLOATS, 2, DOUBLES), {"e": DOUBLES}, "a"),
        ((DOUBLES, 2, FLOATS), {"e": DOUBLES}, "c"),
        ((DOUBLES, 2), {"c": FLOATS, "e": DOUBLES}, "c"),
        ((DOUBLES, 2, DOUBLES, DOUBLES, FLOATS), {"e": DOUBLES}, "rows[1]"),
        ((DOUBLES, 2, DOUBLES), {"e": FLOATS}, "e"),
        ((DOUBLES, 2, DOUBLES), {"e": DOUBLES, "g": DOUBLES, "a": FLOATS}, "a"),
    ],
)
def test_a_refusal_names_the_argument(arguments: tuple, options: dict, place: str) -> None:
    @typed
    def f(a: "double[:]", b, /, c: "double[:]", *rows: "double[:]", e: "double[:]", **tables: "double[:]"):
        pass

    def call() -> None:
        f(*arguments, **options)

    refused(TypeError, f"f() argument '{place}': {refusal(FLOATS, 'double[:]')}", call)


@pytest.mark.parametrize(
    "function",
    [
        lambda: None,
        lambda a: a,
        lambda a, /: a,
        lambda a, /, b: (a, b),
        lambda a, /, *, b: (a, b),
        lambda *, a: a,
        lambda a, *, b=2: (a, b),
        lambda *rows, a: (rows, a),
        lambda a=1, /, b=2, *rows, c=3, **tables: (a, b, rows, c, tables),
        lambda _function, _check__function, __result=None, *_, **__: (
            _function,
            _check__function,
            __result,
            _,
            __,
        ),
    ],
)
@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((), {}),
        ((1,), {}),
        ((), {"a": 1}),
        ((1, 2), {}),
        ((1,), {"b": 2}),
        ((), {"a": 1, "b": 2}),
        ((1, 2, 3), {"c": 4, "d": 5}),
    ],
)
def test_the_wrapper_matches_arguments_as_the_function_does(
    function: Callable, arguments: tuple, options: dict
) -> None:
    def outcome(function: Callable) -> object:
        try:
            return function(*arguments, **options)
        except TypeError as error:
            return str(error)

    wrapper = typedview._typed._wrapper(function, inspect.signature(function), {}, None)
    wrapper.__qualname__ = function.__qualname__
    assert outcome(wrapper) == outcome(function)


def test_a_default_is_checked_when_it_is_used() -> None:
    @typed
    def function(x: "double[:]" = DOUBLES, y: "double[:]" = FLOATS):
        return x

    assert type(function(y=DOUBLES)) is View
    refused(TypeError, f"function() argument 'y': {refusal(FLOATS, 'double[:]')}", function)


# The exceptions are those of View.


@pytest.mark.parametrize(
    ("argument", "exception"),
    [
        (FLOATS, TypeError),
        (np.zeros((2, 2)), ValueError),
        (np.broadcast_to(1.0, 3), BufferError),
        (3, TypeError),
    ],
    ids=["other elements", "other layout", "readonly", "no exporter"],
)
def test_the_exception_is_that_of_view(argument: object, exception: type[Exception]) -> None:
    @typed
    def function(x: "double[:]"):
        pass

    refused(exception, f"function() argument 'x': {refusal(argument, 'double[:]')}", function, argument)


class OwnError(ValueError):
    """An exception that is made of two numbers."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(first, second)


class Failing:
    """An exporter that raises its own exception."""

    @property
    def __array_interface__(self) -> dict:
        raise OwnError(1, 2)


def test_an_exception_that_is_not_from_view_is_passed_on() -> None:
    @typed
    def function(x: "double[:]"):
        pass

    with pytest.raises(OwnError) as caught:
        function(Failing())
    assert caught.value.args == (1, 2)


def test_an_exception_of_the_function_is_passed_on() -> None:
    @typed
    def function(x: "double[:]"):
        raise TypeError("of the function")

    refused(TypeError, "of the function", function, DOUBLES)


def test_a_missing_argument_is_described_as_without_the_decorator() -> None:
    class Owner:
        @typed
        def method(self, x: "double[:]"):
            pass

    owner = f"{test_a_missing_argument_is_described_as_without_the_decorator.__name__}.<locals>.Owner"
    refused(TypeError, f"{owner}.method() missing 1 required positional argument: 'x'", Owner().method)


# Results.


def test_a_result_is_converted() -> None:
    @typed
    def function(x) -> "double[:]":
        return x

    assert type(function(DOUBLES)) is View
    refused(TypeError, f"function() result: {refusal(FLOATS, 'double[:]')}", function, FLOATS)


def test_a_result_can_be_none() -> None:
    @typed
    def function(x) -> View["double[:]"] | None:
        return x

    assert function(None) is None
    assert type(function(DOUBLES)) is View


# Kinds of functions.


def test_methods_are_decorated_below_other_decorators() -> None:
    class Owner:
        @typed
        def method(self, x: "double[:]"):
            return self, x

        @classmethod
        @typed
        def of_class(cls, x: "double[:]"):
            return cls, x

        @staticmethod
        @typed
        def static(x: "double[:]"):
            return None, x

        @property
        @typed
        def numbers(self) -> "double[:]":
            return DOUBLES

    owner = Owner()
    for function, first in [(owner.method, owner), (owner.of_class, Owner), (owner.static, None)]:
        bound, x = function(DOUBLES)
        assert bound is first
        assert type(x) is View
    assert type(owner.numbers) is View


def test_async_functions_stay_async() -> None:
    @typed
    async def function(x: "double[:]") -> "double[:]":
        return x.obj

    assert inspect.iscoroutinefunction(function)
    assert type(asyncio.run(function(DOUBLES))) is View
    text = f"function() argument 'x': {refusal(FLOATS, 'double[:]')}"
    refused(TypeError, text, lambda: asyncio.run(function(FLOATS)))


def test_arguments_of_generators_are_checked_when_they_are_made() -> None:
    @typed
    def numbers(x: "double[:]") -> Iterator[float]:
        yield from x

    @typed
    async def later(x: "double[:]") -> AsyncIterator[float]:
        for number in x:
            yield number

    async def collected() -> list[float]:
        return [number async for number in later(DOUBLES)]

    assert list(numbers(DOUBLES)) == [1, 2, 3]
    assert asyncio.run(collected()) == [1, 2, 3]
    text = refusal(FLOATS, "double[:]")
    refused(TypeError, f"numbers() argument 'x': {text}", numbers, FLOATS)
    refused(TypeError, f"later() argument 'x': {text}", later, FLOATS)


def test_the_wrapper_looks_like_the_function() -> None:
    def function(x: "double[:]", y=2, *, z: int = 3) -> int:
        """Says what it does."""

    function.mark = "kept"
    wrapper = typed(function)
    for name in ("__name__", "__qualname__", "__module__", "__doc__", "__annotations__", "mark"):
        assert getattr(wrapper, name) == getattr(function, name), name
    assert wrapper.__wrapped__ is function
    assert inspect.signature(wrapper) == inspect.signature(function)
    assert (wrapper.__defaults__, wrapper.__kwdefaults__) == (function.__defaults__, function.__kwdefaults__)


# Lifetimes.


def test_a_view_is_released_when_nobody_keeps_it() -> None:
    kept = []

    @typed
    def function(x: "double[:]", keep: bool):
        if keep:
            kept.append(x)

    numbers = array.array("d", [1])
    function(numbers, False)
    numbers.append(2)
    function(numbers, True)
    refused(BufferError, "cannot resize an array that is exporting buffers", numbers.append, 3)
    kept.clear()
    numbers.append(3)


def test_a_decorated_function_is_collected_with_its_defaults() -> None:
    default = np.zeros(3)

    @typed
    def function(x: "double[:]" = default):
        pass

    function()
    gone = weakref.ref(default)
    del function, default
    assert gone() is None
