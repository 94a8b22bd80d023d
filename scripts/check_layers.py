"""Check that each module of the core uses only the modules below it.

The order is that of ARCHITECTURE.md, lowest first. Tests may use any module.
"""

import re
import sys
from pathlib import Path

LAYERS = [
    "limits",
    "error",
    "dtype",
    "format",
    "element",
    "layout",
    "spec",
    "raw",
    "copy",
    "untyped",
    "owner",
    "view",
    "interop",
    "guide",
]
SOURCE = Path(__file__).parent.parent / "crates/typedview/src"


def layer_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".rs")


def upward_uses(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8").split("#[cfg(test)]")[0]
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
    own = LAYERS.index(layer_of(path))
    used = set(re.findall(r"crate::(\w+)", code)) & set(LAYERS)
    return sorted(name for name in used if LAYERS.index(name) > own)


def main() -> None:
    sources = [path for path in SOURCE.rglob("*.rs") if path.name != "lib.rs"]
    if unknown := {layer_of(path) for path in sources} ^ set(LAYERS):
        sys.exit(f"layers and modules differ: {', '.join(sorted(unknown))}")
    faults = [f"{path.relative_to(SOURCE)} uses {name}" for path in sources for name in upward_uses(path)]
    if faults:
        sys.exit("against the order of the layers:\n" + "\n".join(faults))
    print(f"layers: {len(sources)} files use only what is below them")


if __name__ == "__main__":
    main()
