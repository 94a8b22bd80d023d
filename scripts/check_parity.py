"""Check that docs/parity.md names only tests that exist, and that it leaves none out."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORE = ROOT / "crates/typedview"


def tests_in(path: Path) -> set[str]:
    return set(re.findall(r"#\[test\]\s+(?:#\[.*\]\s+)*fn (\w+)", path.read_text(encoding="utf-8")))


def main() -> None:
    page = (ROOT / "docs/parity.md").read_text(encoding="utf-8")
    shown_by = [line.split("|")[-2] for line in page.splitlines() if re.match(r"\| [ISAMPX]\d+ \|", line)]
    named = {name for cell in shown_by for name in re.findall(r"`(\w+)`", cell)}
    named |= set(re.findall(r"`(forbidden/\w+)`", page))
    sources = [*CORE.glob("tests/**/*.rs"), *CORE.glob("src/**/*.rs")]
    forbidden = {f"forbidden/{path.stem}" for path in CORE.glob("tests/forbidden/*.md")}
    faults = [f"{name} is no test" for name in named - set().union(*map(tests_in, sources), forbidden)]
    faults += [f"{name} is not named" for name in (tests_in(CORE / "tests/parity.rs") | forbidden) - named]
    if faults:
        sys.exit("docs/parity.md and the tests differ:\n" + "\n".join(sorted(faults)))
    print(f"parity: {len(shown_by)} lines name {len(named)} tests, and all of them exist")


if __name__ == "__main__":
    main()
