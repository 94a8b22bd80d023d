"""Build the sdist and the wheels, check them, and use each of them in an environment that has nothing else.

The wheel is for the stable ABI and for every Linux since glibc 2.17, which `zig` links against.
"""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from crates import ROOT

BUILD = ROOT / "build/release"
DIST = BUILD / "dist"
MUSL = "x86_64-unknown-linux-musl"


def run(*command: object, **options: object) -> None:
    """Runs a command. If it fails, the script ends."""
    subprocess.run([*map(str, command)], check=True, cwd=options.pop("cwd", ROOT), **options)


def tool(name: str, *arguments: object) -> None:
    run(sys.executable, "-m", name, *arguments)


def has_musl() -> bool:
    """Returns whether Rust can build for musl here, which needs the standard library of that target."""
    libraries = subprocess.run(
        ["rustc", "--print", "target-libdir", "--target", MUSL], check=True, capture_output=True, text=True
    )
    return any(Path(libraries.stdout.strip()).glob("libstd-*"))


def build() -> None:
    shutil.rmtree(DIST, ignore_errors=True)
    options = ["--quiet", "--locked", "--out", DIST]
    tool("maturin", "sdist", "--out", DIST)
    release = ["build", "--release", "--zig", *options]
    tool("maturin", *release, "--compatibility", "manylinux2014")
    if has_musl():
        tool("maturin", *release, "--compatibility", "musllinux_1_2", "--target", MUSL)
    else:
        print(f"wheels: musllinux is skipped, this Rust has no standard library of {MUSL}", flush=True)


def use(package: Path, *options: object) -> None:
    """Installs a package in an empty environment, and runs the examples of its page on PyPI there."""
    home = BUILD / "empty"
    venv.create(home, clear=True, with_pip=True)
    python = home / "bin/python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options, package)
    # No compiler and no other package can be found from here.
    alone = {"PATH": str(home / "bin"), "HOME": str(home)}
    run(python, "-m", "doctest", ROOT / "python/README.md", cwd=home, env=alone)
    run(python, "-m", "typedview", "inspect", "bytes(6)", "--spec", "const uint8[::1]", cwd=home, env=alone)


def main() -> None:
    build()
    packages = sorted(DIST.iterdir())
    wheels = [path for path in packages if path.suffix == ".whl"]
    tool("twine", "check", "--strict", *packages)
    tool("check_wheel_contents", *wheels)
    tool("abi3audit", "--strict", *wheels)
    for wheel in wheels:
        if "manylinux" in wheel.name:
            use(wheel, "--no-index")
    (sdist,) = DIST.glob("*.tar.gz")
    use(sdist)
    print("packages for PyPI:", *(path.name for path in packages))


if __name__ == "__main__":
    main()
