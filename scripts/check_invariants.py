"""Check that every invariant has a number of its own, and that each number that is used is defined.

An invariant is defined in the documentation of its type, as `/// - K1. ...`. Comments that begin with SAFETY
or INVARIANT use these numbers, and so does the table in SOUNDNESS.md.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
DEFINED = re.compile(r"^\s*//[/!] - ([A-Z]\d+)\. ")
USED = re.compile(r"\b([A-Z]\d+)\b")
# Code in a text: names of dtypes, such as `V5`, look like numbers of invariants.
CODE = re.compile(r"`[^`]*`")


def numbers_of_range(text: str) -> set[str]:
    """Returns the numbers in a text: ranges such as `V1 to V5` and `K1-K5`, and single ones."""
    text = CODE.sub("", text)
    found = set(USED.findall(text))
    for letter, first, last in re.findall(r"\b([A-Z])(\d+)(?: to |-)\1?(\d+)\b", text):
        found |= {f"{letter}{number}" for number in range(int(first), int(last) + 1)}
    return found


def comments(lines: list[str]) -> list[str]:
    """Returns the whole comments that begin with SAFETY or INVARIANT."""
    found: list[str] = []
    inside = False
    for line in lines:
        text = line.strip()
        if re.match(r"// (SAFETY|INVARIANT)", text):
            found.append(text)
            inside = True
        elif inside and text.startswith("// "):
            found[-1] += f" {text}"
        else:
            inside = False
    return found


def main() -> None:
    defined: dict[str, list[str]] = defaultdict(list)
    used: dict[str, set[str]] = defaultdict(set)
    for path in sorted(ROOT.glob("crates/*/src/**/*.rs")):
        lines = path.read_text(encoding="utf-8").splitlines()
        name = str(path.relative_to(ROOT))
        for line in lines:
            if match := DEFINED.match(line):
                defined[match[1]].append(name)
        for comment in comments(lines):
            for number in numbers_of_range(comment):
                used[number].add(name)
    listed = numbers_of_range((ROOT / "SOUNDNESS.md").read_text(encoding="utf-8").split("# What is not")[0])
    unlisted = (used.keys() & defined.keys()) - listed
    for number in listed:
        used[number].add("SOUNDNESS.md")
    faults = [
        f"{number} is defined in {', '.join(names)}" for number, names in defined.items() if len(names) > 1
    ]
    unknown = used.keys() - defined.keys()
    faults += [
        f"{number} is used in {', '.join(sorted(used[number]))}, and defined nowhere" for number in unknown
    ]
    faults += [f"{number} is used, and SOUNDNESS.md does not list it" for number in unlisted]
    if faults:
        sys.exit("\n".join(sorted(faults)))
    print(
        f"invariants: {len(defined)} are defined, each once; SOUNDNESS.md lists all that the code relies on"
    )


if __name__ == "__main__":
    main()
