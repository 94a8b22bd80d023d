"""Run the installed standard library's tests of `memoryview` with `View` in its place.

`test.test_memoryview` and `test.test_buffer` are loaded from where this interpreter has them. In both, the
name `memoryview` means `View`. A few statements cannot hold for a view: `tests/stdlib_exclusions.txt` names
each with its reason. All others are executed, also those after a statement that fails. A statement that is
excluded must fail, so that the list has nothing that is not needed.
"""

import argparse
import ast
import importlib.util
import random
import re
import sys
import time
import types
import unittest
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typedview import View

EXCLUSIONS = Path(__file__).parent.parent / "tests/stdlib_exclusions.txt"
MODULES = ["test_memoryview", "test_buffer"]
VERSION = sys.version_info[:2]


@dataclass
class Statement:
    """A statement of a test that can be excluded: an assertion, with all that it calls."""

    place: str
    line: int
    text: str
    failures: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if not isinstance(error, Exception) or isinstance(error, unittest.SkipTest):
            return False
        self.failures[f"{type(error).__name__}: {error}".splitlines()[0][:200]] += 1
        return True

    def __str__(self) -> str:
        return f"{self.place}, line {self.line}: {self.text}"


@dataclass
class Exclusion:
    """A line of the list: statements of a test, or the whole test, that must fail."""

    line: int
    place: str
    text: str

    def matches(self, statement: Statement) -> bool:
        return statement.place == self.place and self.text in statement.text


def number_of(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def exclusions() -> list[Exclusion]:
    """Reads the exclusions of this version of Python."""
    found = []
    for number, line in enumerate(EXCLUSIONS.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            place, text, reason = (part.strip() for part in line.split(" | "))
        except ValueError:
            sys.exit(f"{EXCLUSIONS}:{number}: expected: test | statement | reason")
        place, _, versions = place.partition(" ")
        first, last = re.fullmatch(r"(?:\[(3\.\d+)?-(3\.\d+)?\])?", versions).groups()
        at_least, at_most = number_of(first or "3.0"), number_of(last or "3.99")
        if at_least <= VERSION <= at_most and reason:
            found.append(Exclusion(number, place, text))
    return found


class Wrapper(ast.NodeTransformer):
    """Puts each assertion of a module into a `with` block of its `Statement`.

    The second of two equal statements of a test gets the text "... (2)". A method `__buffer__` keeps the
    builtin `memoryview`, because the interpreter takes nothing else from it.
    """

    def __init__(self, module: str) -> None:
        self.names = [module]
        self.statements: list[Statement] = []
        self.times: Counter[tuple[str, str]] = Counter()

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self.inside(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self.inside(node)

    def inside(self, node: ast.ClassDef | ast.FunctionDef) -> ast.AST:
        self.names.append(node.name)
        self.generic_visit(node)
        self.names.pop()
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id == "memoryview" and self.names[-1] == "__buffer__":
            node.id = "__memoryview__"
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr != "_from_flags":
            return node
        return ast.copy_location(ast.Name("__from_flags__", node.ctx), node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        return self.wrapped(node, node) if is_assertion(node.value) else node

    def visit_With(self, node: ast.With) -> ast.AST:
        self.generic_visit(node)
        asserts = any(is_assertion(item.context_expr) for item in node.items)
        return self.wrapped(node, node.items[0].context_expr) if asserts else node

    def wrapped(self, node: ast.stmt, shown: ast.AST) -> ast.AST:
        place, text = ".".join(self.names), ast.unparse(shown)
        self.times[place, text] += 1
        if self.times[place, text] > 1:
            text = f"{text} ({self.times[place, text]})"
        self.statements.append(Statement(place, node.lineno, text))
        number = ast.Constant(len(self.statements) - 1)
        statement = ast.Subscript(ast.Name("__statements__", ast.Load()), number, ast.Load())
        block = ast.With([ast.withitem(statement)], [node])
        return ast.fix_missing_locations(ast.copy_location(block, node))


def is_assertion(node: ast.AST) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr.startswith("assert")


@contextmanager
def without_numpy() -> Iterator[None]:
    hidden = {name: sys.modules.pop(name) for name in [*sys.modules] if name.partition(".")[0] == "numpy"}
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["numpy"]
        sys.modules.update(hidden)


def load(name: str, statements: list[Statement]) -> types.ModuleType:
    """Loads a module of tests, in which `memoryview` means `View`. What they find is in `statements`."""
    spec = importlib.util.find_spec(f"test.{name}")
    if spec is None or spec.loader is None:
        raise ImportError(f"this interpreter has no test.{name}")
    wrapper = Wrapper(name)
    assert spec.origin
    tree = wrapper.visit(ast.parse(Path(spec.origin).read_bytes()))
    statements[:] = statements or wrapper.statements
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where `pickle` looks for classes
    vars(module).update(
        memoryview=View,
        __memoryview__=memoryview,
        # A constructor of the builtin that only its tests use.
        __from_flags__=lambda *request: View(memoryview._from_flags(*request)),  # type: ignore[attr-defined]
        __statements__=statements,
    )
    exec(compile(tree, spec.origin, "exec"), vars(module))
    return module


def patch_buffer(module: types.ModuleType, share: float) -> None:
    """Changes what tests of buffers are made of, where a view differs by design."""
    # Tests without memory of their own need this class, and their own `skipUnless` says nothing about why.
    if module.ndarray is None:
        raise ImportError("this interpreter has no _testbuffer")
    if VERSION < (3, 12):
        # From 3.12 on, no memory without axes has a length, as views have none on any version.
        module.len = lambda x: 1 if isinstance(x, View) and x.ndim == 0 else len(x)

    # One element is repeated to the length of the target, so slices of one element are left out.
    slices: Callable[[int], Iterator[tuple]] = module.genslices
    module.genslices = lambda n: (s for s in slices(n) if not isinstance(s, slice) or len(range(n)[s]) != 1)

    # All 42,000 requests for buffers take half a minute, so some of them are made. Another seed makes others.
    verify = module.TestBufferProtocol.verify_getbuf
    module.TestBufferProtocol.verify_getbuf = lambda *args, **options: (
        verify(*args, **options) if share == 1 or random.random() < share else None
    )

    if module.numpy_array is not None:

        class Array(module.numpy_array):  # NumPy 2.3 removed this method.
            def tostring(self, order: str = "C") -> bytes:
                return self.tobytes(order)

        module.numpy_array = Array


def uses_numpy(test: unittest.TestCase) -> bool:
    return "numpy_array" in getattr(test, test._testMethodName).__code__.co_names


def tests_of(module: types.ModuleType) -> list[unittest.TestCase]:
    classes = [c for c in vars(module).values() if isinstance(c, type) and issubclass(c, unittest.TestCase)]
    loader = unittest.defaultTestLoader
    return [
        test for c in classes if c.__module__ == module.__name__ for test in loader.loadTestsFromTestCase(c)
    ]


class Results(unittest.TestResult):
    """Collects what ends a test early, by the names of tests."""

    def __init__(self, ended: dict[str, str]) -> None:
        super().__init__()
        self.ended = ended

    def addError(self, test: Any, error: Any) -> None:
        name = test.id().removeprefix("test.")
        self.ended[name] = self._exc_info_to_string(error, test).strip()  # type: ignore[attr-defined]

    addFailure = addError

    def addSubTest(self, test: Any, subtest: Any, error: Any) -> None:
        if error is not None:
            self.addError(test, error)


@dataclass
class Runs:
    """The runs of one module of tests."""

    name: str
    seed: int
    share: float
    # The same ones in each run, so that they have what all runs have found.
    statements: list[Statement] = field(default_factory=list)
    ended: dict[str, str] = field(default_factory=dict)
    tests: int = 0
    skipped: int = 0

    def run(self, chosen: Callable[[unittest.TestCase], bool]) -> None:
        """Loads the module, and runs the tests that are chosen."""
        module = load(self.name, self.statements)
        if self.name == "test_buffer":
            patch_buffer(module, self.share)
        random.seed(self.seed)
        results = Results(self.ended)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            unittest.TestSuite(test for test in tests_of(module) if chosen(test)).run(results)
        self.tests += results.testsRun
        self.skipped += len(results.skipped)

    def faults(self, excluded: list[Exclusion]) -> Iterator[str]:
        """Yields what fails and is not excluded, and what is excluded and does not fail."""
        for statement in self.statements:
            if statement.failures and not any(exclusion.matches(statement) for exclusion in excluded):
                shown = (f"\n    {n} times {text}" for text, n in statement.failures.most_common(3))
                yield f"{statement}{''.join(shown)}"
        whole = {exclusion.place for exclusion in excluded if exclusion.text == "*"}
        for name, trace in self.ended.items():
            if name not in whole:
                yield f"{name} ended early:\n{trace}"
        for exclusion in excluded:
            at = f"{EXCLUSIONS.name}:{exclusion.line}:"
            matched = [statement for statement in self.statements if exclusion.matches(statement)]
            yield from (f"{at} does not fail: {statement}" for statement in matched if not statement.failures)
            if not matched and exclusion.place not in self.ended:
                yield f"{at} no such statement, or no such test fails: {exclusion.place} | {exclusion.text}"


def run(name: str, seed: int, share: float) -> Iterator[str]:
    """Runs a module of tests without NumPy, and again with NumPy those that use it. Yields what is wrong."""
    start = time.monotonic()
    runs = Runs(name, seed, share)
    try:
        with without_numpy():
            runs.run(lambda test: True)
        if importlib.util.find_spec("numpy"):
            runs.run(uses_numpy)
    except ImportError as error:
        print(f"skipped: {name}: {error}")
        return
    excluded = [exclusion for exclusion in exclusions() if exclusion.place.partition(".")[0] == name]
    print(
        f"{name} of CPython {VERSION[0]}.{VERSION[1]}: {runs.tests} tests, {runs.skipped} skipped, "
        f"{len(runs.statements)} assertions, {len(excluded)} exclusions, {time.monotonic() - start:.0f} s",
        flush=True,
    )
    yield from runs.faults(excluded)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of the random arrays in test_buffer")
    parser.add_argument("--all", action="store_true", help="make all requests for buffers instead of some")
    options = parser.parse_args()
    share = 1 if options.all else 0.3
    faults = [fault for name in MODULES for fault in run(name, options.seed, share)]
    if faults:
        shown = "\n".join(faults)
        sys.exit(f"with --seed {options.seed}:\n{shown}\n{len(faults)} faults")


if __name__ == "__main__":
    main()
