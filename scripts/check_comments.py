"""Check what can be checked of comments: that a stranger finds a whole sentence where one is owed.

- A source file begins with a sentence that says what it is.
- A comment that begins with SAFETY or INVARIANT states a fact. A number may follow it, never stands alone.
- No line has one of the private words that this project once had for things with a common name.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FEWEST_WORDS = 7
CLAIM = re.compile(r"// (SAFETY|INVARIANT)(.*)")
SAYS_NOTHING = [
    (re.compile(r"\bas above\b", re.IGNORECASE), "refers to another comment"),
    (re.compile(r"^: the caller[.:;,]"), "does not say what the caller guarantees"),
    (re.compile(r"^: [A-Z]\d+\b"), "begins with a number instead of the fact"),
]
# The old word, and the one that is used instead.
PRIVATE_WORDS = {
    "oddity": "invalid export",
    "PyAnyView": "PyUntypedView",
    "at leisure": "in full",
    "by force": "what exactly happens",
    "is had": "who has it",
    "Nobody is told": "who does not know of it",
    "spoken for": "taken",
}


def claims(lines: list[str]) -> list[tuple[int, str, str]]:
    """Line number, kind and text of the whole comments that begin with SAFETY or INVARIANT."""
    found: list[tuple[int, str, str]] = []
    inside = False
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if match := CLAIM.match(text):
            found.append((number, match[1], match[2].strip()))
            inside = True
        elif inside and text.startswith("// "):
            first, kind, before = found[-1]
            found[-1] = (first, kind, f"{before} {text[3:]}")
        else:
            inside = False
    return found


def faults_of_claim(kind: str, text: str) -> list[str]:
    words = re.findall(r"[\w`:]+", re.sub(r"\b[A-Z]\d+\b", "", text))
    faults = [f"has fewer than {FEWEST_WORDS} words"] if len(words) < FEWEST_WORDS else []
    if kind == "SAFETY":
        faults += [fault for pattern, fault in SAYS_NOTHING if pattern.search(text)]
    return faults


def first_sentence(text: str) -> str:
    """The first sentence of the documentation of a file, or nothing."""
    paragraph = re.match(r"(//! .+\n)*", text)
    words = " ".join(line[4:] for line in paragraph[0].splitlines()) if paragraph else ""
    sentence = re.match(r".+?\.(?=\s|$)", words)
    return sentence[0] if sentence else ""


def main() -> None:
    faults: list[str] = []
    count = 0
    for path in sorted(ROOT.glob("crates/*/src/**/*.rs")):
        name = path.relative_to(ROOT)
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        if len(first_sentence(text).split()) < 5:
            faults.append(f"{name}:1: does not begin with a sentence that says what the file is")
        for number, kind, claim in claims(lines):
            count += 1
            faults += [
                f"{name}:{number}: {kind} comment {fault}: {claim}" for fault in faults_of_claim(kind, claim)
            ]
        for word, better in PRIVATE_WORDS.items():
            for number, line in enumerate(lines, 1):
                if word in line:
                    faults.append(f"{name}:{number}: {word!r}: say {better!r}")
    if faults:
        sys.exit("\n".join(faults))
    print(
        f"comments: {count} that begin with SAFETY or INVARIANT state a fact, and every file says what it is"
    )


if __name__ == "__main__":
    main()
