"""What the figures were measured on: the processor, its caches, and the versions of what was measured.

Nothing here is asked of the network, and what a system does not tell is left out.
"""

import os
import platform
import re
import subprocess
from pathlib import Path

import numpy as np

CPUINFO = Path("/proc/cpuinfo")
CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


def processor() -> str:
    text = CPUINFO.read_text(encoding="utf-8") if CPUINFO.exists() else ""
    model = re.search(r"^model name\s*: (.+)$", text, flags=re.MULTILINE)
    return model[1] if model else platform.machine()


def caches() -> str:
    """Returns the sizes of the caches for data, such as `L1 32K, L2 512K`."""
    found = []
    for folder in sorted(CACHES.glob("index*")):
        level, size, kind = ((folder / name).read_text().strip() for name in ("level", "size", "type"))
        if kind != "Instruction":
            found.append(f"L{level} {size}")
    return ", ".join(found)


def output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit() -> str:
    """Returns the commit that was measured, and whether files differed from it."""
    name = output("git", "rev-parse", "--short=10", "HEAD")
    changed = output("git", "status", "--porcelain", "--untracked-files=no", "--", "crates", "bench")
    return f"{name}, with changes" if changed else name


def facts() -> dict[str, str]:
    return {
        "Processor": f"{processor()}, {os.cpu_count()} cores; {caches()}",
        "System": f"{platform.system()} {platform.release()}",
        "Python": f"CPython {platform.python_version()}, NumPy {np.__version__}",
        "Rust": output("rustc", "--version"),
        "Commit": commit(),
    }
