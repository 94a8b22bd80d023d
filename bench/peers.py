"""typedview beside Cython, nanobind, pybind11 and rust-numpy, measured with the peers' own benchmarks.

The peers are a folder that is not part of this project. They are built and measured in a scratch copy of it,
by its `run.sh`. With `--sections`, `peer_table.py` measures only those sections, which takes a minute or
less.
"""

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = Path(__file__).parent / "peer_table.py"
# The Python that `run.sh` uses.
PYTHON = "python3.11"
# The command that `run.sh` runs after its builds.
CHECKS = "$PY bench/check.py"
# The last module that its builds make.
LAST_BUILT = "build/native/rs_raw.so"


def run(*command: object, cwd: Path = ROOT, **variables: str) -> None:
    """Runs a command. If it fails, this program ends too, because the command has printed the reason."""
    if failed := subprocess.run(
        [str(part) for part in command], cwd=cwd, env=os.environ | variables
    ).returncode:
        sys.exit(failed)


def copy(peers: Path, scratch: Path) -> None:
    """Brings `scratch` up to date. The copies are new files, so they are always writable."""
    for source in peers.rglob("*"):
        path = source.relative_to(peers)
        target = scratch / path
        if path.parts[0] in ("build", "venv") or not source.is_file():
            continue
        if not target.exists() or not filecmp.cmp(source, target, shallow=False):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def build_peers(scratch: Path) -> None:
    """Runs the part of `run.sh` before the measurements: it builds the peers' Python and their modules."""
    builds, checks, _ = (scratch / "run.sh").read_text(encoding="utf-8").partition(CHECKS)
    if not checks:
        sys.exit(f"{scratch}/run.sh does not say {CHECKS!r}: where do its builds end?")
    run("bash", "-c", builds, "run.sh", cwd=scratch)


def build_module(package: str, module: Path, target: Path, **variables: str) -> None:
    """Builds an extension of this workspace and puts it into `module`, without its symbols."""
    command = ["cargo", "build", "--quiet", "--locked", "--release", "--package", package]
    run(*command, CARGO_TARGET_DIR=str(target), **variables)
    module.parent.mkdir(parents=True, exist_ok=True)
    # A process that has loaded the module before keeps the file that it has loaded.
    module.unlink(missing_ok=True)
    shutil.copyfile(target / f"release/lib{package}.so", module)
    run("strip", module)


def build_typedview(scratch: Path, variant: str, flags: str) -> None:
    """Builds typedview's module beside those of the peers."""
    target = scratch / f"build/cargo-typedview-{variant}"
    module = scratch / f"build/{variant}/typedview.so"
    build_module("typedview_bench", module, target, RUSTFLAGS=flags, PYO3_PYTHON=PYTHON)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("peers", type=Path, nargs="?", help="their folder, to make the scratch copy or bring it up to date")
    add("--scratch", type=Path, default=ROOT / "build/peers", help="the copy (default: build/peers)")
    add("--sections", help="only these, as in A,F, and only generic builds; C without DRAM")
    add("--rounds", type=int, default=600, help="samples of each call in section A (default: 600)")
    add("--quick", action="store_true", help="a twentieth of the samples")
    options = parser.parse_args()
    scratch = options.scratch.resolve()
    if options.peers:
        copy(options.peers, scratch)
    elif not (scratch / "run.sh").exists():
        parser.error(f"no peers in {scratch} yet: say where their folder is")

    build_typedview(scratch, "generic", "")
    if not options.sections:
        build_typedview(scratch, "native", "-C target-cpu=native")
        run("bash", "run.sh", cwd=scratch, OUT_DIR="build/out")
        print((scratch / "build/out/baseline.md").read_text(encoding="utf-8"))
        return
    if not (scratch / LAST_BUILT).exists():
        build_peers(scratch)
    arguments = [options.sections, "--rounds", options.rounds, *(["--quick"] if options.quick else [])]
    # With `-P`, `import peers` finds the peers' module and not this file.
    run(scratch / "venv/bin/python", "-P", TABLE, *arguments, PYTHONPATH=str(scratch / "bench"))


if __name__ == "__main__":
    main()
