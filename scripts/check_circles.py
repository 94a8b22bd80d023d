"""Check that no two source files of a crate import each other, directly or through further files.

Such files can only be read together. A `mod.rs` stands for its folder: it may name what is below it.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
USE = re.compile(r"^\s*(pub(?:\([a-z ]+\))? )?use ([^;]+);", re.MULTILINE)
PATH = re.compile(r"\b((?:crate|super|self)(?:::\w+)+)")

Module = tuple[str, ...]


def expanded(text: str) -> list[str]:
    """`a::{b, c::{d}}` as `a::b`, `a::c::d`."""
    text = re.sub(r"\s+", " ", text).strip()
    match = re.match(r"^(.*?)\{(.*)\}$", text)
    if not match:
        return [text.split(" as ")[0].strip()]
    parts, depth, part = [], 0, ""
    for letter in match[2]:
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += letter
    return [path for part in [*parts, part] if part.strip() for path in expanded(match[1] + part.strip())]


class Crate:
    """The modules of a crate, and the names that each one uses or gives on."""

    def __init__(self, source: Path) -> None:
        self.files: dict[Module, Path] = {}
        self.used: dict[Module, set[str]] = {}
        self.given: dict[Module, dict[str, str]] = {}
        for path in source.rglob("*.rs"):
            parts = path.relative_to(source).with_suffix("").parts
            self.files[parts[:-1] if parts[-1] in ("mod", "lib") else parts] = path
        for module, path in self.files.items():
            text = re.split(r"#\[cfg\(test\)\]\s*mod tests", path.read_text(encoding="utf-8"))[0]
            text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
            imports = [(bool(match[1]), name) for match in USE.finditer(text) for name in expanded(match[2])]
            self.given[module] = {name.split("::")[-1]: name for is_public, name in imports if is_public}
            own = {
                name for is_public, name in imports if not is_public or path.name not in ("mod.rs", "lib.rs")
            }
            self.used[module] = own | set(PATH.findall(USE.sub("", text)))

    def target(self, module: Module, name: str, depth: int = 0) -> Module | None:
        """The module in which a name that `module` uses is defined."""
        parts = name.split("::")
        base = module
        if parts[0] == "crate":
            base, parts = (), parts[1:]
        elif parts[0] in ("self", "super"):
            while parts and parts[0] in ("self", "super"):
                base = base[:-1] if parts[0] == "super" else base
                parts = parts[1:]
        elif (*module, parts[0]) not in self.files:
            return None
        while parts and (*base, parts[0]) in self.files:
            base, parts = (*base, parts[0]), parts[1:]
        if parts and depth < 6 and (given := self.given[base].get(parts[0])) and given != name:
            return self.target(base, given, depth + 1) or base
        return base

    def imports(self, module: Module) -> set[Module]:
        targets = {self.target(module, name) for name in self.used[module]}
        is_folder = self.files[module].name in ("mod.rs", "lib.rs")
        below = {target for target in targets if is_folder and target and target[: len(module)] == module}
        return {target for target in targets if target} - below - {module}


def circles(crate: Crate) -> list[list[Module]]:
    """Groups of modules that reach each other."""
    reach: dict[Module, set[Module]] = {module: crate.imports(module) for module in crate.files}
    changed = True
    while changed:
        changed = False
        for targets in reach.values():
            more = set().union(*(reach[target] for target in targets)) - targets
            targets |= more
            changed |= bool(more)
    groups = {tuple(sorted(other for other in reach[module] if module in reach[other])) for module in reach}
    return [list(group) for group in sorted(groups) if group]


def main() -> None:
    faults, count = [], 0
    for source in sorted(ROOT.glob("crates/*/src")):
        crate = Crate(source)
        count += len(crate.files)
        for group in circles(crate):
            names = ", ".join("/".join(module) for module in group)
            faults.append(f"{source.parent.name}: these files import each other: {names}")
    if faults:
        sys.exit("\n".join(faults))
    print(f"circles: {count} files import no file that imports them")


if __name__ == "__main__":
    main()
