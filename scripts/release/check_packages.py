"""Package the crates, unpack the packages, and run the tests of each crate from its package.

A file that a crate needs and that its package leaves out is found here, and not by users. The packages are
unpacked outside of this repository, because Cargo would find the workspace of the repository above them.
"""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from crates import ROOT, published

BUILD = ROOT / "build/release"


def main() -> None:
    names = [crate["name"] for crate in published()]
    chosen = [argument for name in names for argument in ("--package", name)]
    package = ["cargo", "package", "--quiet", "--no-verify", "--allow-dirty", "--target-dir", BUILD]
    shutil.rmtree(BUILD / "package", ignore_errors=True)
    subprocess.run([*package, *chosen], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as outside:
        folders: dict[str, Path] = {}
        for name in names:
            archive = next((BUILD / "package").glob(f"{name}-[0-9]*.crate"))
            with tarfile.open(archive) as contents:
                contents.extractall(outside, filter="data")
            folders[name] = Path(outside, archive.stem)
        # The crates come from each other's packages, as they will from the registry.
        sources = [f"patch.crates-io.{name}.path='{folder}'" for name, folder in folders.items()]
        options = [argument for source in sources for argument in ("--config", source)]
        for name, folder in folders.items():
            count = sum(1 for path in folder.rglob("*") if path.is_file())
            print(f"package: {name}, {count} files", flush=True)
            test = ["cargo", "test", "--quiet", "--all-features", "--target-dir", BUILD / "target"]
            subprocess.run([*test, *options], cwd=folder, check=True)
    print(f"packages: the tests of {', '.join(names)} pass from their packages")


if __name__ == "__main__":
    main()
