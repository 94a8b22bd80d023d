"""Fixtures that every test of an exporter shares.

Apart because pytest looks for them here; the catalogue itself stands in exporters.py.
"""

from collections.abc import Iterator

import pytest

# Before they are imported, so that their assertions show their values too.
pytest.register_assert_rewrite("dlpack", "elements", "exporters", "hostile", "py_buffer", "refused")

from exporters import CATALOGUE, Exporter, _testbuffer, pa  # noqa: E402

CASES = [pytest.param(case, id=case.name) for case in CATALOGUE]
if _testbuffer is None:
    without = pytest.mark.skip(reason="this Python was installed without _testbuffer of CPython's test suite")
    CASES.append(pytest.param(None, id="_testbuffer", marks=without))
if pa is None:
    without = pytest.mark.skip(reason="there is no pyarrow for this Python")
    CASES.append(pytest.param(None, id="arrow", marks=without))


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Exporter:
    """Each exporter of the catalogue."""
    return request.param


@pytest.fixture
def exporter(case: Exporter) -> Iterator[object]:
    """A fresh exporter of the case; what it owns is closed at the end, which fails while it is exported."""
    with case.open() as opened:
        yield opened
