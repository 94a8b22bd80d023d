"""Build a wheel for the Python that runs this script, and use it in an environment that has nothing else.

The arguments are options of maturin: `wheel.py --zig --compatibility manylinux2014`. With `--sdist`, the
source distribution in dist is built and used instead, as pip does where there is no wheel.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DIST = ROOT / "dist"
EMPTY = ROOT / "build/empty"
INSPECT = ["-m", "typedview", "inspect", "bytes(6)", "--spec", "const uint8[::1]"]
PIP = [sys.executable, "-m", "pip"]
QUIET = ["--quiet", "--disable-pip-version-check"]
# The wheels for musl run on Alpine Linux.
ALPINE = "python:3.11-alpine"


def run(*command: object, **options: object) -> None:
    """Runs a command. If it fails, the script ends."""
    if subprocess.run([*map(str, command)], **({"cwd": ROOT} | options)).returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")


def build(options: list[str]) -> Path:
    """Builds the wheel, and returns its file."""
    if "--zig" in options:
        run(*PIP, "install", *QUIET, "--group", "zig")
    maturin = [sys.executable, "-m", "maturin", "build", "--release", "--locked", "--out", DIST]
    run(*maturin, "--interpreter", sys.executable, *options)
    return max(DIST.glob("*.whl"), key=lambda wheel: wheel.stat().st_mtime)


def use(package: Path, *options: str) -> None:
    """Installs the package in an empty environment, and runs the examples of its page on PyPI there."""
    venv.create(EMPTY, clear=True)
    programs = EMPTY / ("Scripts" if os.name == "nt" else "bin")
    python = programs / ("python.exe" if os.name == "nt" else "python")
    run(*PIP, "--python", python, "install", *QUIET, *options, package)
    # Neither a compiler nor the packages of this repository can be found from here.
    alone = {"cwd": EMPTY, "env": {**os.environ, "PATH": str(programs)}}
    run(python, *INSPECT, **alone)
    run(python, "-m", "doctest", ROOT / "python/README.md", **alone)


def use_on_alpine(wheel: Path) -> None:
    """Does the same on Alpine Linux, in a container."""
    script = f'pip install --quiet --root-user-action ignore --no-index "{wheel.name}" && exec python "$@"'
    container = ["docker", "run", "--rm", "--volume", f"{DIST}:/dist:ro", "--workdir", "/dist", ALPINE]
    run(*container, "sh", "-c", script, "sh", *INSPECT)


def main() -> None:
    if "--sdist" in sys.argv:
        package = max(DIST.glob("*.tar.gz"), key=lambda sdist: sdist.stat().st_mtime)
        use(package)
    else:
        package = build(sys.argv[1:])
        if "musllinux" in package.name:
            use_on_alpine(package)
        else:
            use(package, "--no-index")
    print(f"used in an empty environment: {package.name}")


if __name__ == "__main__":
    main()
