"""`typed`: a decorator that checks the arguments of a function against the specs in its annotations.

It is apart from `View` because it is about functions and annotations. `View` decides what fits a spec.
"""

import ast
import functools
import inspect
import sys
import typing
from collections.abc import Callable, Iterator
from types import UnionType
from typing import Any, NoReturn, ParamSpec, TypeVar, cast

from typedview._typedview import View, explain

P = ParamSpec("P")
R = TypeVar("R")

Check = Callable[..., object]


def typed(function: Callable[P, R], /) -> Callable[P, R]:
    """Turns annotations into checked arguments, as Cython does with `def f(const double[:, ::1] x)`.

    Each call passes `View(argument, spec)` to the function. An argument that is a `View` already, and fits,
    is passed as it is. These annotations have a spec, and all others are left alone:

    - a text in the notation of specs: `x: "const double[:, ::1]"`
    - a view with a spec: `x: View["double[:]"]`
    - the same in a form that type checkers understand: `x: Annotated[View, "double[:]"]`
    - one of these or None: `x: Optional[View["double[:]"]]`, `x: View["double[:]"] | None`. None is passed as
      it is. The default None allows None, too.

    `*rows: "double[:]"` and `**tables: "double[:]"` check each argument. Defaults are checked when used.
    `-> View["double[:]"]` converts the result; that of an async function when it has been awaited. The
    arguments of a generator are checked when the generator is made.

    With `from __future__ import annotations`, the names in annotations are those of the module. The name of
    a class that is defined later is left alone.

    The decorator is the one next to the function, below `@staticmethod`, `@classmethod` and `@property`.

    The views are not released when the function returns, because it may have stored or returned them. They
    give their memory back when nobody refers to them any more.

    Errors: what `View` raises, with the function and the argument in front. ValueError if a spec cannot be
    read, when the function is decorated. TypeError for other uses of a spec in an annotation.

    >>> import array
    >>> from typedview import typed
    >>> @typed
    ... def scale(x: "double[:]", factor: float) -> None:
    ...     for i, value in enumerate(x):
    ...         x[i] = value * factor
    >>> numbers = array.array("d", [1, 2, 3])
    >>> scale(numbers, 10)
    >>> numbers
    array('d', [10.0, 20.0, 30.0])
    >>> scale(None, 10)
    Traceback (most recent call last):
      ...
    TypeError: scale() argument 'x': cannot view None: not a buffer; pass an array.array, a numpy.ndarray or \
another exporter
    """
    if not inspect.isfunction(function):
        kind = type(function).__name__
        raise TypeError(
            f"typed() takes a function, not {kind}; "
            "write @typed below @staticmethod, @classmethod and @property"
        )
    signature = _signature(function)
    checks = {}
    for parameter in signature.parameters.values():
        check = _check(parameter.annotation, function, parameter.name, or_none=parameter.default is None)
        if check:
            checks[parameter.name] = check
    result = _check(signature.return_annotation, function, None, or_none=False)
    if not checks and not result:
        return function
    return functools.wraps(function)(_wrapper(function, signature, checks, result))


def _signature(function: Callable[..., object]) -> inspect.Signature:
    if sys.version_info >= (3, 14):
        from annotationlib import Format

        # Since Python 3.14, a name in an annotation may be defined later than the function.
        return inspect.signature(function, annotation_format=Format.FORWARDREF)
    return inspect.signature(function)


def _place(function: Callable[..., object], name: str | None) -> str:
    return f"{function.__name__}() " + ("result" if name is None else f"argument '{name}'")


def _check(
    annotation: object, function: Callable[..., object], name: str | None, or_none: bool
) -> Check | None:
    """Returns what checks an argument, or without a name the result. Without a spec it is None."""
    place = _place(function, name)
    annotation = _evaluated(annotation, function, place)
    parts = typing.get_args(annotation) if _is_union(annotation) else (annotation,)
    specs = [spec for part in parts if (spec := _spec(part, place)) is not None]
    if not specs:
        return None
    others = [part for part in parts if part is not type(None)]
    if len(others) > 1:
        raise TypeError(f"{place}: {annotation} combines a spec with something other than None")
    (spec,) = specs
    try:
        explain(b"", spec)
    except ValueError as fault:
        raise ValueError(f"{place}: {fault}") from None

    # The key is the index of an argument in `*rows`, and the name of one in `**tables`.
    def check(argument: Any, key: int | str | None = None) -> object:
        try:
            view = View(argument, spec)
        except (TypeError, ValueError, BufferError) as refusal:
            shown = name if key is None else key if isinstance(key, str) else f"{name}[{key}]"
            _raise_named(refusal, _place(function, shown))
        return argument if type(argument) is View else view

    def check_or_none(argument: object, key: int | str | None = None) -> object:
        return None if argument is None else check(argument, key)

    return check_or_none if or_none or len(parts) > 1 else check


def _raise_named(refusal: Exception, place: str) -> NoReturn:
    """Raises a refusal with the place in front."""
    # An exporter can raise an exception of its own, which may be made of other things than one text.
    if type(refusal) not in (TypeError, ValueError, BufferError):
        raise refusal
    raise type(refusal)(f"{place}: {refusal}") from refusal.__cause__


def _is_union(annotation: object) -> bool:
    return typing.get_origin(annotation) in (typing.Union, UnionType)


def _spec(annotation: object, place: str) -> str | None:
    """Returns the spec in an annotation that is not a union."""
    if isinstance(annotation, str):
        return annotation if _is_spec(annotation) else None
    if isinstance(annotation, typing.ForwardRef):
        return _spec(annotation.__forward_arg__, place)
    arguments = typing.get_args(annotation)
    match typing.get_origin(annotation), arguments:
        case origin, (str(spec),) if origin is View:
            return spec
        case origin, _ if origin is View:
            raise TypeError(f"{place}: {annotation} has no spec; write View['double[:]']")
        case typing.Annotated, (subject, str(spec), *_) if subject is View:
            return spec
    return None


def _evaluated(annotation: object, function: Callable[..., object], place: str) -> object:
    """Evaluates an annotation that is a text.

    With `from __future__ import annotations`, it is the text of an expression that can be a text itself.
    """
    names = inspect.unwrap(function).__globals__
    for _ in range(2):
        if not isinstance(annotation, str) or _is_spec(annotation):
            return annotation
        text = annotation
        try:
            annotation = eval(text, names)
        except Exception as error:
            if "View[" in text:
                raise TypeError(f"{place}: annotation {text} cannot be evaluated: {error}") from error
            # It names a class that is defined later, or only for type checkers.
            return None
    return annotation


def _is_spec(text: str) -> bool:
    """Whether an annotation is meant as a spec. Others are expressions without `[:]`, `[...]` and `[3]`."""
    try:
        expression = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        # What Python cannot read is left to View, which says why it is no spec.
        return True
    return any(map(_has_axes, ast.walk(expression)))


def _has_axes(node: ast.AST) -> bool:
    match node:
        case ast.Slice():
            return True
        case ast.Subscript(value=ast.Name(id="Literal")):
            return False
        case ast.Subscript(value=ast.Name() | ast.Subscript(), slice=index):
            items = index.elts if isinstance(index, ast.Tuple) else [index]
            return all(
                isinstance(item, ast.Constant) and (item.value is ... or type(item.value) is int)
                for item in items
            )
    return False


def _wrapper(
    function: Callable[..., Any], signature: inspect.Signature, checks: dict[str, Check], result: Check | None
) -> Callable[..., Any]:
    """Makes a function with the same parameters, which checks the arguments and calls `function`.

    It is compiled from a text such as `def wrapper(x, n=_default_n): return _function(_check_x(x), n)`, so
    that Python itself matches arguments with parameters. A wrapper with `*args` and `**kwargs` would repeat
    that work, more slowly.
    """
    parameters = list(signature.parameters.values())
    free = "_"
    while any(parameter.name.startswith(free) for parameter in parameters):
        free += "_"
    names: dict[str, object] = {f"{free}function": function, f"{free}result": result}
    names[f"{free}enumerate"] = enumerate
    for name, check in checks.items():
        names[f"{free}check_{name}"] = check
    for parameter in parameters:
        if parameter.default is not parameter.empty:
            names[f"{free}default_{parameter.name}"] = parameter.default
    passed = ", ".join(_passed(parameter, free, parameter.name in checks) for parameter in parameters)
    is_async = inspect.iscoroutinefunction(function)
    call = f"{'await ' if is_async else ''}{free}function({passed})"
    text = (
        f"{'async ' if is_async else ''}def wrapper({', '.join(_declared(parameters, free))}):\n"
        f"    return {f'{free}result({call})' if result else call}\n"
    )
    exec(compile(text, f"<typedview.typed for {function.__qualname__}>", "exec"), names)
    # Without this name, the function and its globals do not refer to each other.
    return cast(Callable[..., Any], names.pop("wrapper"))


def _declared(parameters: list[inspect.Parameter], free: str) -> Iterator[str]:
    """Gives the parameters as they stand between the brackets of a `def`."""
    last = None
    for parameter in parameters:
        kind = parameter.kind
        if last == parameter.POSITIONAL_ONLY != kind:
            yield "/"
        if kind == parameter.KEYWORD_ONLY and last not in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL):
            yield "*"
        stars = "*" if kind == parameter.VAR_POSITIONAL else "**" if kind == parameter.VAR_KEYWORD else ""
        default = "" if parameter.default is parameter.empty else f"={free}default_{parameter.name}"
        yield f"{stars}{parameter.name}{default}"
        last = kind
    if last == inspect.Parameter.POSITIONAL_ONLY:
        yield "/"


def _passed(parameter: inspect.Parameter, free: str, is_checked: bool) -> str:
    """Gives an argument as it stands between the brackets of the call."""
    name, check = parameter.name, f"{free}check_{parameter.name}"
    key, item = f"{free}key", f"{free}item"
    match parameter.kind:
        case parameter.VAR_POSITIONAL:
            return "*" + (
                f"[{check}({item}, {key}) for {key}, {item} in {free}enumerate({name})]"
                if is_checked
                else name
            )
        case parameter.VAR_KEYWORD:
            items = f"{{{key}: {check}({item}, {key}) for {key}, {item} in {name}.items()}}"
            return "**" + (items if is_checked else name)
        case parameter.KEYWORD_ONLY:
            return f"{name}={check}({name})" if is_checked else f"{name}={name}"
    return f"{check}({name})" if is_checked else name
