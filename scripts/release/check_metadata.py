"""Check that each published crate says everything about itself that crates.io shows, and has its licences.

The repository is left out until there is a public one. It is the only thing that may be missing.
"""

import sys
from pathlib import Path

from crates import published

WANTED = ["description", "documentation", "keywords", "categories", "license", "readme", "rust_version"]
FILES = ["README.md", "LICENSE-MIT", "LICENSE-APACHE"]


def main() -> None:
    crates = published()
    versions = {crate["version"] for crate in crates}
    wrong = [f"versions differ: {', '.join(sorted(versions))}"] if len(versions) != 1 else []
    for crate in crates:
        name, folder = crate["name"], Path(crate["manifest_path"]).parent
        wrong += [f"{name}: no {field}" for field in WANTED if not crate[field]]
        wrong += [f"{name}: no file {file}" for file in FILES if not (folder / file).is_file()]
        wrong += [
            f"{name}: {dependency['name']} has no version, so it cannot come from a registry"
            for dependency in crate["dependencies"]
            if dependency.get("path") and dependency["req"] == "*" and dependency["kind"] != "dev"
        ]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"metadata: complete for {', '.join(crate['name'] for crate in crates)}")
    if not all(crate["repository"] for crate in crates):
        print("metadata: `repository` is missing, until there is a public one")


if __name__ == "__main__":
    main()
