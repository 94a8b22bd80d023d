"""Run the tests on every other CPython from 3.11 on that this machine has, and name those that it has not.

The extensions are built once for all of them: they use the stable ABI. A free-threaded interpreter has none,
and gets a build of its own.
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
# PyO3 takes no free-threaded interpreter before 3.14.
VERSIONS = ["3.11", "3.12", "3.13", "3.14", "3.14t"]
EXAMPLES = ["examples/measurements", "examples/row_means", "examples/smooth", "examples/terrain"]
# As `make demo` builds them, since the tests run that, too.
RELEASE = {"examples/measurements", "examples/terrain"}
EXTENSIONS = ["crates/typedview-python", "tests/probe", "tests/probe_numpy", *EXAMPLES]
# What no test needs, and what few tests need: there are not wheels of these for every interpreter.
TOOLS = {"mypy", "ruff"}
OPTIONAL = {"matplotlib", "pillow", "pyarrow"}

ASK = (
    "import sys, sysconfig; free = bool(sysconfig.get_config_var('Py_GIL_DISABLED')); "
    "print(sys.implementation.name, '%d.%d' % sys.version_info[:2] + 't' * free)"
)


def run(*command: object, **environment: str) -> None:
    """Runs a command, which may fail only together with this script."""
    if subprocess.run([*map(str, command)], cwd=ROOT, env=os.environ | environment).returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")


def output(*command: object, **environment: str) -> str:
    """What a command prints, or nothing where it fails or is not there."""
    try:
        # Elsewhere, since a version manager may choose by the folder.
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
    """Whatever is called so on the path, and what pyenv has under that name."""
    for folder in os.get_exec_path():
        found = shutil.which(name, path=folder)
        if found:
            yield found
    for version in output("pyenv", "whence", name).split():
        yield output("pyenv", "which", name, PYENV_VERSION=version)


def find(version: str) -> str | None:
    """An interpreter of this version that really runs: a shim may be there without one."""
    answers = ((path, output(path, "-c", ASK)) for path in candidates(f"python{version}"))
    return next((path for path, answer in answers if answer == f"cpython {version}"), None)


def build(interpreter: str, wheels: Path, **environment: str) -> list[Path]:
    """Wheels of all extensions."""
    shutil.rmtree(wheels, ignore_errors=True)
    for extension in EXTENSIONS:
        # As `make python-tests` builds them, so that there is nothing to compile.
        profile = ["--release"] if extension in RELEASE else []
        manifest = [] if extension == "crates/typedview-python" else ["-m", f"{extension}/Cargo.toml"]
        command = ["maturin", "build", "--quiet", "--locked", "--auditwheel", "skip", "--out", wheels]
        run(sys.executable, "-m", *command, "--interpreter", interpreter, *profile, *manifest, **environment)
    return sorted(wheels.glob("*.whl"))


def requirements() -> list[str]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    pinned = [*groups["demo"], *groups["test"]]
    return [requirement for requirement in pinned if requirement.split("==")[0] not in TOOLS]


def install(python: Path, *packages: object) -> bool:
    """Installs packages, of which there may be no wheel for this interpreter."""
    options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    pip = [sys.executable, "-m", "pip", "--python", python]
    command = [*map(str, [*pip, "install", *options, *packages])]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode and "No matching distribution found" not in result.stderr:
        sys.exit(f"failed: {' '.join(command)}\n{result.stderr}")
    return result.returncode == 0


def prepare(version: str, interpreter: str) -> Path | str:
    """An environment with what the tests need, or why there is none; made again when that changes."""
    home = BUILD / version
    python = home / "venv/bin/python"
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


def main() -> None:
    stable: list[Path] = []
    for version in VERSIONS:
        if version == own_version():
            continue
        interpreter = find(version)
        python = prepare(version, interpreter) if interpreter else "not found"
        if isinstance(python, str):
            print(f"skipped: CPython {version}: {python}", flush=True)
            continue
        if version.endswith("t"):
            target = str(BUILD / version / "target")
            wheels = build(interpreter, BUILD / version / "wheels", CARGO_TARGET_DIR=target)
        else:
            wheels = stable = stable or build(sys.executable, BUILD / "wheels")
        if not install(python, "--no-deps", "--no-index", "--force-reinstall", *wheels):
            sys.exit(f"the wheels of the extensions do not fit CPython {version}")
        print(f"CPython {version}: {interpreter}", flush=True)
        run(python, "-m", "pytest", "--quiet")


if __name__ == "__main__":
    main()
