"""Run the Python tests on every other CPython from 3.11 on that this machine has, and name those it has not.

If there is no other one, they run on this one. Arguments choose versions, which then must be there:
`python scripts/interpreters.py 3.14 3.14t`. The library is built without overflow checks and debug
assertions, so that overflow wraps silently. It is built once for all interpreters, because it uses the stable
ABI. A free-threaded interpreter has no stable ABI, so everything is built again for it.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build/interpreters"
# PyO3 supports free-threaded interpreters from 3.14 on.
VERSIONS = ["3.11", "3.12", "3.13", "3.14", "3.14t"]
# Where an environment has its interpreter.
PYTHON = "Scripts/python.exe" if os.name == "nt" else "bin/python"
EXAMPLES = [
    "examples/guide",
    "examples/measurements",
    "examples/row_means",
    "examples/smooth",
    "examples/terrain",
]
LIBRARY = ["crates/typedview-python", "tests/probe", "tests/probe_numpy"]
# `make demo` builds these in release mode, and the tests run the demo too. The other examples are built as
# `make python-tests` builds them, so that nothing has to be compiled again.
PROFILES = {"examples/measurements": "release", "examples/terrain": "release"} | dict.fromkeys(
    LIBRARY, "unchecked"
)
# Packages that no test needs, and packages that few tests need, which do not have wheels for every
# interpreter.
TOOLS = {"basedpyright", "mypy", "ruff"}
OPTIONAL = {"matplotlib", "pillow", "pyarrow"}

ASK = (
    "import sys, sysconfig; free = bool(sysconfig.get_config_var('Py_GIL_DISABLED')); "
    "print(sys.implementation.name, '%d.%d' % sys.version_info[:2] + 't' * free)"
)


def run(*command: object, **environment: str) -> None:
    """Runs a command. If the command fails, the script ends."""
    if subprocess.run([*map(str, command)], cwd=ROOT, env=os.environ | environment).returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")


def output(*command: object, **environment: str) -> str:
    """Returns what a command prints, or an empty text if it fails or does not exist."""
    try:
        # Run in another folder, because a version manager may choose the version by the folder.
        result = subprocess.run(
            [*map(str, command)], cwd="/", env=os.environ | environment, capture_output=True, text=True
        )
    except OSError:
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""


def own_version() -> str:
    free = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    return f"{sys.version_info.major}.{sys.version_info.minor}{'t' * free}"


def candidates(name: str) -> Iterator[str]:
    """Yields every program of this name on the path, and the one that pyenv has under this name."""
    for folder in os.get_exec_path():
        found = shutil.which(name, path=folder)
        if found:
            yield found
    for version in output("pyenv", "whence", name).split():
        yield output("pyenv", "which", name, PYENV_VERSION=version)


def find(version: str) -> str | None:
    """Returns an interpreter of this version that really runs: a shim may exist without an interpreter."""
    # On Windows, no program has the version in its name.
    names = [f"python{version}", "python"] if os.name == "nt" else [f"python{version}"]
    answers = ((path, output(path, "-c", ASK)) for name in names for path in candidates(name))
    return next((path for path, answer in answers if answer == f"cpython {version}"), None)


def build(interpreter: str, wheels: Path, **environment: str) -> list[Path]:
    """Builds wheels of all extensions."""
    shutil.rmtree(wheels, ignore_errors=True)
    for extension in [*LIBRARY, *EXAMPLES]:
        profile = ["--profile", PROFILES.get(extension, "dev")]
        manifest = [] if extension == "crates/typedview-python" else ["-m", f"{extension}/Cargo.toml"]
        command = ["maturin", "build", "--quiet", "--locked", "--auditwheel", "skip", "--out", wheels]
        run(sys.executable, "-m", *command, "--interpreter", interpreter, *profile, *manifest, **environment)
    return sorted(wheels.glob("*.whl"))


def requirements() -> list[str]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    # The group of the ports, which that of the tests includes, is no text. The ports are compared with their
    # originals on one interpreter.
    pinned = [pin for pin in (*groups["demo"], *groups["test"]) if isinstance(pin, str)]
    return [requirement for requirement in pinned if requirement.split("==")[0] not in TOOLS]


def install(python: Path, *packages: object) -> bool:
    """Installs packages. Returns whether there are wheels of them for this interpreter."""
    options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    pip = [sys.executable, "-m", "pip", "--python", python]
    command = [*map(str, [*pip, "install", *options, *packages])]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode and "No matching distribution found" not in result.stderr:
        sys.exit(f"failed: {' '.join(command)}\n{result.stderr}")
    return result.returncode == 0


def prepare(version: str, interpreter: str) -> Path | str:
    """Returns the Python of an environment with what the tests need, or the reason why there is none.

    The environment is made again when its requirements change.
    """
    home = BUILD / version
    python = home / "venv" / PYTHON
    stamp, wanted = home / "requirements.txt", "\n".join([interpreter, *requirements()])
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(home / "venv", ignore_errors=True)
    run(interpreter, "-m", "venv", "--without-pip", home / "venv")
    if not install(python, *requirements()):
        for requirement in requirements():
            if not install(python, requirement):
                if requirement.split("==")[0] not in OPTIONAL:
                    return f"there is no wheel of {requirement} for it"
                print(f"CPython {version}: no wheel of {requirement}, so its tests are skipped", flush=True)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def test(version: str, python: Path, wheels: list[Path]) -> None:
    """Runs the tests with an interpreter, in which the wheels are installed first."""
    if not install(python, "--no-deps", "--no-index", "--force-reinstall", *wheels):
        sys.exit(f"the wheels of the extensions do not fit CPython {version}")
    print(f"CPython {version}", flush=True)
    workers = ["--numprocesses", "auto", "--dist", "worksteal"]
    # What these two test does not depend on the interpreter.
    ignored = ["--ignore", "examples/ports", "--ignore", "tests/test_start.py"]
    run(python, "-m", "pytest", "--quiet", *workers, *ignored)


def main() -> None:
    chosen = sys.argv[1:]
    pythons: dict[str, Path] = {}
    for version in chosen or VERSIONS:
        if version == own_version() and not chosen:
            continue
        interpreter = find(version)
        python = prepare(version, interpreter) if interpreter else "not found"
        if isinstance(python, Path):
            pythons[version] = python
        elif chosen:
            sys.exit(f"CPython {version}: {python}")
        else:
            print(f"skipped: CPython {version}: {python}", flush=True)
    if not pythons:
        python = prepare(own_version(), sys.executable)
        if isinstance(python, str):
            sys.exit(f"CPython {own_version()}: {python}")
        pythons[own_version()] = python
    stable: list[Path] = []
    for version, python in pythons.items():
        if version.endswith("t"):
            target = str(BUILD / version / "target")
            test(version, python, build(str(python), BUILD / version / "wheels", CARGO_TARGET_DIR=target))
        else:
            stable = stable or build(sys.executable, BUILD / "wheels")
            test(version, python, stable)


if __name__ == "__main__":
    main()
