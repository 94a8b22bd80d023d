"""Stubs: what a generated stub says about arguments and results.

It is separate because it runs cargo and maturin: PyO3 generates the stub from what the extension's binary
says about itself.
"""

import subprocess
import sys
from pathlib import Path

import pytest

MANIFEST = Path(__file__).parent / "probe_numpy/Cargo.toml"


@pytest.fixture(scope="module")
def stub(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Returns the lines of the stub of an extension that has all features."""
    pytest.importorskip("maturin", reason="stubs are generated where the extensions are built")
    out = tmp_path_factory.mktemp("stubs")
    command = [sys.executable, "-m", "maturin", "generate-stubs", "--quiet", "--locked"]
    subprocess.run([*command, "--manifest-path", MANIFEST, "--out", out], check=True)
    (path,) = out.rglob("*.pyi")
    return path.read_text(encoding="utf-8").splitlines()


def test_buffers_are_those_of_pyo3(stub: list[str]) -> None:
    # collections.abc has Buffer since Python 3.12, but the extension also runs on 3.11.
    assert "from typing_extensions import Buffer" in stub


@pytest.mark.parametrize(
    "line",
    [
        "def while_read(x: Buffer, callback: Any) -> float:",
        "def while_written(x: Buffer, callback: Any) -> float:",
        "def while_open(x: Buffer, callback: Any) -> float: ...",
        "def size_or_none(x: Buffer | None = None) -> int | None:",
        "def product(a: Buffer, b: Buffer) -> Buffer:",
    ],
)
def test_arguments_and_results_are_buffers(stub: list[str], line: str) -> None:
    assert line in stub
