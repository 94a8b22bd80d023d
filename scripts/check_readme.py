"""Check that the extension shown in README.md is examples/row_means, which is built and tested."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = (ROOT / "examples/row_means/src/lib.rs").read_text(encoding="utf-8")
    shown = re.findall(r"^```rs\n(.*?)^```", readme, flags=re.DOTALL | re.MULTILINE)
    if shown != [example]:
        sys.exit("the extension in README.md differs from examples/row_means/src/lib.rs")
    print("README: its extension is examples/row_means")


if __name__ == "__main__":
    main()
