"""Fixtures that every test of an exporter shares.

They are in this file because pytest looks for fixtures here. The catalogue itself is in exporters.py.
"""

from collections.abc import Iterator

import pytest

# Registered before these modules are imported, so that their failing assertions show their values too.
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
    """Provides each exporter of the catalogue."""
    return request.param


@pytest.fixture
def exporter(case: Exporter) -> Iterator[object]:
    """Provides a fresh exporter of the case. Closing it at the end fails if it is still exported."""
    with case.open() as opened:
        yield opened
