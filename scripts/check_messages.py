"""Check what the compiler says about typical mistakes: the programs of tests/mistakes, in one run."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAMS = ROOT / "tests/mistakes/src"
CHECK = ["cargo", "check", "--quiet", "--locked", "-p", "typedview-mistakes", "--features", "mistakes"]


def errors() -> dict[str, list[tuple[int, str]]]:
    """For each program, the line and the text of each error."""
    run = subprocess.run([*CHECK, "--message-format=json"], cwd=ROOT, capture_output=True, text=True)
    found: dict[str, list[tuple[int, str]]] = {}
    for report in map(json.loads, run.stdout.splitlines()):
        if report["reason"] != "compiler-message" or report["message"]["level"] != "error":
            continue
        for span in filter(lambda span: span["is_primary"], report["message"]["spans"]):
            while span["expansion"]:  # a macro: what counts is where it is called
                span = span["expansion"]["span"]
            path, text = ROOT / span["file_name"], report["message"]["rendered"]
            if path.parent != PROGRAMS:
                sys.exit(text)
            found.setdefault(path.name, []).append((span["line_start"], text))
    return found or sys.exit(run.stderr or "the programs of tests/mistakes compile")


def main() -> None:
    found = errors()
    faults: list[str] = []
    count = 0
    for path in sorted(PROGRAMS.glob("*.rs")):
        lines = path.read_text(encoding="utf-8").splitlines()
        first = 0
        for number, line in enumerate(lines, 1):
            if not line.startswith("//~ "):
                continue
            # The code above: it ends at the previous group of such lines.
            if not lines[number - 2].startswith("//~ "):
                start, first = first, number
            count += 1
            sentence = ".*".join(map(re.escape, line.removeprefix("//~ ").split("...")))
            texts = [text for at, text in found.get(path.name, []) if start < at < number]
            if not any(re.search(sentence, text) for text in texts):
                faults += [
                    f"{path.relative_to(ROOT)}:{number}: the compiler does not say: {line[4:]}",
                    *texts,
                ]
    if faults:
        sys.exit("\n".join(faults))
    print(f"messages: the compiler says all {count} sentences of tests/mistakes")


if __name__ == "__main__":
    main()
