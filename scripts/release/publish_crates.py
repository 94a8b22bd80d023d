"""Publish the crates of this workspace in the order of their dependencies.

Crates that crates.io already has in this version are left out, so a publish that failed half way can be
repeated. The arguments are options of `cargo publish`.
"""

import subprocess
import sys

from crates import ROOT, published


def is_on_crates_io(name: str, version: str) -> bool:
    command = ["cargo", "info", "--quiet", "--registry", "crates-io", f"{name}@{version}"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode and "could not find" not in result.stderr:
        sys.exit(f"crates.io cannot be asked for {name} {version}:\n{result.stderr}")
    return result.returncode == 0


def main() -> None:
    crates = [(crate["name"], crate["version"]) for crate in published()]
    there = [name for name, version in crates if is_on_crates_io(name, version)]
    for name in there:
        print(f"{name}: crates.io has this version already", flush=True)
    missing = [argument for name, _ in crates if name not in there for argument in ("--package", name)]
    if not missing:
        return
    command = ["cargo", "publish", "--locked", *missing, *sys.argv[1:]]
    sys.exit(subprocess.run(command, cwd=ROOT).returncode)


if __name__ == "__main__":
    main()
