"""Check that a tag such as v1.2.3 names the version of the crates, and that CHANGELOG.md has its date."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def main() -> None:
    tag = sys.argv[1] if len(sys.argv) > 1 else ""
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]
    version = workspace["package"]["version"]
    if tag != f"v{version}":
        sys.exit(f"the tag is {tag!r}, but the version in Cargo.toml is {version}")
    others = {
        name: crate["version"]
        for name, crate in workspace["dependencies"].items()
        if isinstance(crate, dict) and "path" in crate and crate["version"] != version
    }
    if others:
        sys.exit(f"[workspace.dependencies] of Cargo.toml has versions other than {version}: {others}")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)$", changelog, re.MULTILINE):
        sys.exit(f"CHANGELOG.md has no heading of the form: ## {version} (2000-01-31)")
    print(f"tag: {tag} is the version of the crates, and CHANGELOG.md has its date")


if __name__ == "__main__":
    main()
