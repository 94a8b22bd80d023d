"""The command `python -m typedview`."""

import sys

from typedview._inspect import main

if __name__ == "__main__":
    sys.exit(main())
