"""The crates that are published, as Cargo describes them."""

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


def published() -> list[dict[str, Any]]:
    """Returns the description of each crate of the workspace that is published, sorted by name."""
    command = ["cargo", "metadata", "--no-deps", "--locked", "--format-version", "1"]
    metadata = json.loads(
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    )
    packages = [package for package in metadata["packages"] if package["publish"] != []]
    return sorted(packages, key=lambda package: package["name"])
