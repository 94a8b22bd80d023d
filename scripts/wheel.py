"""Build a wheel for the Python that runs this script, and use it in an environment that has nothing else.

The arguments are options of maturin: `python scripts/wheel.py --zig --compatibility manylinux2014`.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
EMPTY = ROOT / "build/wheel"
INSPECT = ["-m", "typedview", "inspect", "bytes(6)", "--spec", "const uint8[::1]"]
PIP = [sys.executable, "-m", "pip"]
QUIET = ["--quiet", "--disable-pip-version-check"]
# The wheels for musl run on Alpine Linux.
ALPINE = "python:3.11-alpine"


def run(*command: object) -> None:
    """Runs a command. If it fails, the script ends."""
    if subprocess.run([*map(str, command)], cwd=ROOT).returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")


def build(options: list[str]) -> Path:
    """Builds the wheel, and returns its file."""
    if "--zig" in options:
        run(*PIP, "install", *QUIET, "--group", "zig")
    maturin = [sys.executable, "-m", "maturin", "build", "--release", "--locked", "--out", DIST]
    run(*maturin, "--interpreter", sys.executable, *options)
    return max(DIST.glob("*.whl"), key=lambda wheel: wheel.stat().st_mtime)


def use(wheel: Path) -> None:
    """Installs the wheel in an empty environment, and looks at an object there."""
    venv.create(EMPTY, clear=True)
    python = EMPTY / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(*PIP, "--python", python, "install", *QUIET, "--no-index", wheel)
    run(python, *INSPECT)


def use_on_alpine(wheel: Path) -> None:
    """Does the same on Alpine Linux, in a container."""
    script = f'pip install --quiet --root-user-action ignore --no-index "{wheel.name}" && exec python "$@"'
    container = ["docker", "run", "--rm", "--volume", f"{DIST}:/dist:ro", "--workdir", "/dist", ALPINE]
    run(*container, "sh", "-c", script, "sh", *INSPECT)


def main() -> None:
    wheel = build(sys.argv[1:])
    if "musllinux" in wheel.name:
        use_on_alpine(wheel)
    else:
        use(wheel)
    print(f"wheel: {wheel.name}")


if __name__ == "__main__":
    main()
