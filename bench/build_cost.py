"""What it costs to build an extension of ten functions: seconds after one change, and bytes of the result.

Builds bench/ten_functions once in each profile, then changes one number in it several times, and builds it.
The dependencies are compiled before and do not count.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "bench/ten_functions/src/lib.rs"
TARGET = ROOT / "target/build_cost"
BUILDS = 5
# Name, profile, settings, and the promised bounds: seconds after a change, kilobytes when stripped.
PROFILES = [
    ("dev", "dev", [], 5.0, None),
    ("dev, opt-level 1", "dev", ["opt-level=1"], 5.0, None),
    ("release without LTO", "release", ["lto=false", "codegen-units=16"], 10.0, 1100),
    ("release with fat LTO", "release", [], None, 900),
]


def build(profile: str, settings: list[str]) -> float:
    """Returns the seconds that a build takes."""
    options = [option for setting in settings for option in ("--config", f"profile.{profile}.{setting}")]
    command = [
        "cargo",
        "build",
        "--quiet",
        "--locked",
        "--profile",
        profile,
        "--package",
        "ten_functions",
        *options,
    ]
    environment = os.environ | {"CARGO_TARGET_DIR": str(TARGET), "PYO3_BUILD_EXTENSION_MODULE": "1"}
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return time.perf_counter() - start


def stripped_kilobytes(profile: str) -> float:
    folder = TARGET / ("debug" if profile == "dev" else profile)
    library = next(
        path for path in folder.glob("*ten_functions*") if path.suffix in (".so", ".dylib", ".dll")
    )
    copy = library.with_name("stripped")
    shutil.copyfile(library, copy)
    subprocess.run(["strip", copy], check=True)
    return copy.stat().st_size / 1000


def main() -> None:
    faults = []
    text = SOURCE.read_text(encoding="utf-8")
    print(f"{'profile':24} {'seconds after a change':>24} {'KB, stripped':>14}")
    try:
        for name, profile, settings, most_seconds, most_kilobytes in PROFILES:
            build(profile, settings)
            times = []
            for number in range(1, BUILDS + 1):
                SOURCE.write_text(text.replace("f64 = 0.0", f"f64 = {number}.0"), encoding="utf-8")
                times.append(build(profile, settings))
            seconds, kilobytes = statistics.median(times), stripped_kilobytes(profile)
            print(f"{name:24} {seconds:24.1f} {kilobytes:14.0f}")
            if most_seconds and seconds > most_seconds:
                faults.append(f"{name}: {seconds:.1f} s are more than {most_seconds} s")
            if most_kilobytes and kilobytes > most_kilobytes:
                faults.append(f"{name}: {kilobytes:.0f} KB are more than {most_kilobytes} KB")
    finally:
        SOURCE.write_text(text, encoding="utf-8")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
