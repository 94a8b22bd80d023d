"""Tests of the measurements example as users call it: every holder, refusals by text, nothing kept alive."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import measurements
import numpy as np
import pytest

# The example reads sample files that come with matplotlib.
pytest.importorskip("matplotlib", reason="there is no matplotlib for this Python")
from measure import (
    BLACK,
    WHITE,
    numpy_grey,
    numpy_histogram,
    numpy_returns,
    price_sources,
    scan_sources,
)

FIELDS = {
    "date": "<M8[D]",
    "open": "<f8",
    "high": "<f8",
    "low": "<f8",
    "close": "<f8",
    "volume": "<i8",
    "adj_close": "<f8",
}


def refusal(
    reason: str,
    date: str = "datetime64[D]",
    close: str = "double",
    last: str = "adj_close",
    itemsize: int = 56,
) -> str:
    """Returns the refusal of three records that differ from prices in one property."""
    return (
        f"expected const Price[:], got record{{{date} date, double open, double high, double low, "
        f"{close} close, int64 volume, double {last}}}[:] with shape (3,), strides ({itemsize},) "
        f"from numpy.ndarray: {reason}"
    )


def prices(*closes: float, fields: dict[str, str] = FIELDS) -> np.ndarray:
    """Returns the prices of consecutive days. The last field is the close."""
    records = np.zeros(len(closes), [*fields.items()])
    records["date"] = np.datetime64("2004-08-19", "D") + np.arange(len(closes))
    records[records.dtype.names[-1]] = closes
    return records


def renamed(name: str, other: str) -> dict[str, str]:
    return {other if field == name else field: kind for field, kind in FIELDS.items()}


def refused(exception: type[Exception], text: str, holder: object, function: Callable) -> None:
    """Asserts that the call raises exactly this exception, and that nothing refers to `holder` afterwards."""
    before = sys.getrefcount(holder)
    with pytest.raises(exception) as caught:
        function(holder)
    assert str(caught.value) == text
    # The traceback also refers to the holder.
    del caught
    assert sys.getrefcount(holder) == before


# Prices.


def test_every_holder_of_prices_gives_the_returns_that_numpy_gives(tmp_path: Path) -> None:
    names = set()
    for source in price_sources(tmp_path):
        read_as, address = measurements.describe_prices(source.holder)
        assert (read_as, address) == ("const Price[:]", source.address), f"{source.name} was copied"
        days, returns = map(np.asarray, measurements.daily_returns(source.holder))
        assert (days.dtype, returns.dtype) == ("M8[D]", "f8")
        expected_days, expected_returns = numpy_returns(source.array)
        np.testing.assert_array_equal(days, expected_days)
        np.testing.assert_array_equal(returns, expected_returns)
        names.add(source.name)
    assert len(names) == 4


def test_a_return_is_the_fraction_by_which_a_close_rises() -> None:
    days, returns = measurements.daily_returns(prices(100.0, 150.0, 75.0))
    assert np.asarray(days).astype(str).tolist() == ["2004-08-20", "2004-08-21"]
    assert memoryview(returns).tolist() == [0.5, -0.5]


@pytest.mark.parametrize("count", [0, 1])
def test_less_than_two_days_have_no_return(count: int) -> None:
    records = prices(*[100.0] * count)
    for holder in (records, records.tobytes()):
        days, returns = measurements.daily_returns(holder)
        assert (len(days), len(returns)) == (0, 0)


def test_records_are_read_at_any_address() -> None:
    shifted = memoryview(b"x" + prices(100.0, 150.0).tobytes())[1:]
    _, returns = measurements.daily_returns(shifted)
    assert memoryview(returns).tolist() == [0.5]


def without_a_date() -> np.ndarray:
    records = prices(1.0, 2.0)
    records["date"][1] = "NaT"
    return records


@pytest.mark.parametrize(
    ("records", "exception", "text"),
    [
        (
            prices(1.0, 2.0, 3.0, fields=FIELDS | {"close": "<f4"}),
            TypeError,
            refusal("expected double but got float in field close at offset 32", close="float", itemsize=52),
        ),
        (
            prices(1.0, 2.0, 3.0, fields=FIELDS | {"date": "<M8[s]"}),
            TypeError,
            refusal(
                "expected datetime64[D] but got datetime64[s] in field date at offset 0", date="datetime64[s]"
            ),
        ),
        (
            prices(1.0, 2.0, 3.0, fields=FIELDS | {"close": ">f8"}),
            TypeError,
            refusal(
                "expected double but got big-endian double in field close at offset 32",
                close="big-endian double",
            ),
        ),
        (
            prices(1.0, 2.0, 3.0, fields=renamed("adj_close", "adjusted")),
            TypeError,
            refusal("expected field adj_close but got field adjusted at offset 48", last="adjusted"),
        ),
        (
            prices(1.0, 2.0)[["date", "open"]],
            TypeError,
            "expected const Price[:], got record{datetime64[D] date, double open}[:] with shape (2,), "
            "strides (56,) from numpy.ndarray: expected double high but got no more fields at offset 16",
        ),
        (
            prices(1.0, 2.0)["adj_close"],
            TypeError,
            "expected const Price[:], got double[:] with shape (2,), strides (56,) from numpy.ndarray: "
            "double is not Price",
        ),
        (
            prices(1.0, 2.0).tobytes()[:-1],
            ValueError,
            "111 bytes on the last axis are no whole number of elements of 56 bytes",
        ),
        (
            prices(1.0, 2.0)[::-1],
            ValueError,
            "prices[1]: datetime64[D](12649) does not follow datetime64[D](12650)",
        ),
        (
            without_a_date(),
            ValueError,
            "prices[1]: datetime64[D](NaT) does not follow datetime64[D](12649)",
        ),
        (
            [("2004-08-19", 100.0)],
            TypeError,
            "cannot view list: not a buffer; pass an array.array, a numpy.ndarray or another exporter",
        ),
    ],
)
def test_what_is_no_price_is_refused_by_name(records: object, exception: type[Exception], text: str) -> None:
    refused(exception, text, records, measurements.daily_returns)


# Scans.


def test_every_holder_of_a_scan_gives_the_picture_that_numpy_gives() -> None:
    names = set()
    for source in scan_sources():
        read_as, address = measurements.describe_scan(source.holder, shape=source.shape)
        assert (read_as, address) == ("const big-endian uint16[:, :]", source.address), (
            f"{source.name} was copied"
        )
        counts = np.asarray(measurements.histogram(source.holder, shape=source.shape))
        np.testing.assert_array_equal(counts, numpy_histogram(source.array))
        grey = np.asarray(measurements.grey(source.holder, BLACK, WHITE, shape=source.shape))
        assert grey.dtype == "u1"
        np.testing.assert_array_equal(grey, numpy_grey(source.array))
        names.add(source.name)
    assert len(names) == 4


def test_the_most_significant_byte_is_the_first() -> None:
    assert memoryview(measurements.histogram(b"\0\2\0\2\0\0", shape=(1, 3))).tolist() == [1, 0, 2]
    assert len(measurements.histogram(b"\1\0", shape=(1, 1))) == 257


@pytest.mark.parametrize(("black", "white"), [(100, 355), (0, 65535)])
def test_greys_reach_from_black_to_white(black: int, white: int) -> None:
    scan = np.array([[0, black, (black + white + 1) // 2, white, 65535]], ">u2")
    assert memoryview(measurements.grey(scan, black, white)).tolist() == [[0, 0, 128, 255, 255]]


def test_a_scan_may_be_empty() -> None:
    scan = np.zeros((0, 3), ">u2")
    assert len(measurements.histogram(scan)) == 0
    assert np.asarray(measurements.grey(scan, 0, 1)).shape == (0, 3)


@pytest.mark.parametrize(
    ("scan", "shape", "exception", "text"),
    [
        (
            np.zeros((2, 3), "<u2"),
            None,
            TypeError,
            "expected const big-endian uint16[:, :], got uint16[:, :] with shape (2, 3), strides (6, 2) "
            "from numpy.ndarray: uint16 is not big-endian uint16",
        ),
        (
            np.zeros((2, 3), ">i2"),
            None,
            TypeError,
            "expected const big-endian uint16[:, :], got big-endian int16[:, :] with shape (2, 3), "
            "strides (6, 2) from numpy.ndarray: int16 is not big-endian uint16",
        ),
        (
            np.zeros(3, ">u2"),
            None,
            ValueError,
            "expected const big-endian uint16[:, :], got big-endian uint16[:] with shape (3,), strides (2,) "
            "from numpy.ndarray: ndim 1 is not 2",
        ),
        (
            bytes(12),
            None,
            TypeError,
            "expected const big-endian uint16[:, :], got const uint8[:] with shape (12,), strides (1,) "
            "from bytes: uint8 is not big-endian uint16",
        ),
        (
            np.zeros((2, 3), ">u2"),
            (2, 3),
            TypeError,
            "expected const uint8[::1], got big-endian uint16[:, :] with shape (2, 3), strides (6, 2) "
            "from numpy.ndarray: uint16 is not uint8",
        ),
        (bytes(12), (2, 2), ValueError, "shape (2, 2) has 4 elements, the memory has 6"),
        (
            bytes(11),
            (2, 3),
            ValueError,
            "11 bytes on the last axis are no whole number of elements of 2 bytes",
        ),
    ],
)
def test_what_is_no_scan_is_refused_by_name(
    scan: object, shape: tuple[int, int] | None, exception: type[Exception], text: str
) -> None:
    refused(exception, text, scan, lambda scan: measurements.histogram(scan, shape=shape))
    refused(exception, text, scan, lambda scan: measurements.grey(scan, BLACK, WHITE, shape=shape))


@pytest.mark.parametrize(("black", "white"), [(5, 5), (6, 5)])
def test_white_is_above_black(black: int, white: int) -> None:
    scan = np.zeros((2, 3), ">u2")
    text = f"white, {white}, is not above black, {black}"
    refused(ValueError, text, scan, lambda scan: measurements.grey(scan, black, white))


# The demo.


def test_the_demo_runs_and_leaves_two_pictures(tmp_path: Path) -> None:
    script = Path(__file__).with_name("measure.py")
    command = [sys.executable, script, "--repeats", "1", "--pictures", tmp_path]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "All results are NumPy's, to the bit." in result.stdout
    for name in ("prices.png", "scan.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
