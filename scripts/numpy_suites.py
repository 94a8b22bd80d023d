"""Run NumPy's own tests of the buffer protocol and of DLPack with `typedview.View` as the foreign object.

`View` stands for `memoryview` there, and `numpy.from_dlpack` gets a view of the array instead of the array
itself. What does not hold is listed, and has to fail.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typedview import View

EXCLUDED = {
    "test_invalid_buffer_format": "a view takes dates, by the array interface of the array",
    "test_export_record": "a view writes the format of a record anew, because exporters leave padding out",
    "test_export_subarray": "a view writes the format of a record anew, because exporters leave padding out",
    "test_from_dlpack_refcount": "a view holds two references to an array, so that NumPy does not resize it",
    "test_writeable": "the view of an array whose own tensor cannot say that it may be written can say it",
}
"""Why a test does not hold for a view."""

views = 0
"""How many views the tests have made."""


def counted_view(exporter: Any) -> View:
    global views
    views += 1
    return View(exporter)


class Foreign:
    """NumPy, except that tensors are taken from views."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @staticmethod
    def from_dlpack(tensor: Any, **options: Any) -> Any:
        tensor = counted_view(tensor) if isinstance(tensor, np.ndarray) else tensor
        return np.from_dlpack(tensor, **options)


class Plugin:
    """Puts views into the modules of the tests, and notes which tests pass and fail."""

    def __init__(self) -> None:
        self.passed, self.failed = 0, set[str]()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for module in {item.getparent(pytest.Module).obj for item in items}:
            if module.__name__.endswith("test_dlpack"):
                module.np = Foreign()
            else:
                module.memoryview = counted_view

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            name = report.nodeid.rpartition("::")[2].partition("[")[0]
            self.failed.add(name)
            if name not in EXCLUDED:
                print(report.longreprtext)
        self.passed += report.when == "call" and report.passed


def main() -> None:
    folder = Path(np.__file__).parent / "_core/tests"
    plugin = Plugin()
    # The settings are not those of this project, whose warnings are errors.
    options = ["--quiet", "--no-header", "--no-summary", "--tb=no", "-p", "no:cacheprovider"]
    options += ["--override-ini", "addopts=", "--override-ini", "filterwarnings="]
    tests = [f"{folder / 'test_multiarray.py'}::TestNewBufferProtocol", str(folder / "test_dlpack.py")]
    pytest.main([*options, *tests], plugins=[plugin])
    print(f"NumPy {np.__version__}: {plugin.passed} tests hold for {views} views, {len(EXCLUDED)} do not")
    if plugin.failed != EXCLUDED.keys() or plugin.passed < 100 or views < 100:
        sys.exit(f"failed, and not excluded, or the other way round: {plugin.failed ^ EXCLUDED.keys()}")


if __name__ == "__main__":
    main()
