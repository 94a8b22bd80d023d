"""Check that the core depends on no crate: its dependency tree is one line."""

import subprocess
import sys

TREE = ["cargo", "tree", "--locked", "--package", "typedview", "--edges", "normal,build", "--prefix", "none"]


def main() -> None:
    lines = subprocess.run(TREE, check=True, capture_output=True, text=True).stdout.split("\n")
    packages = [line for line in lines if line.strip()]
    if len(packages) != 1:
        sys.exit("the core has dependencies:\n" + "\n".join(packages[1:]))
    print("dependencies: the core has none")


if __name__ == "__main__":
    main()
