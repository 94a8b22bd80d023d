"""The page "Start" of the guide, followed literally in an empty folder.

Apart because it is the only test that does what a new user does: it writes the files of the page, runs its
commands in their order, and types its sessions into the Python that they have installed. The packages that a
user gets from registries come from this repository.
"""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build/start"
CRATES = ["typedview", "typedview-claims", "typedview-derive", "typedview-pyo3"]
BLOCK = re.compile(
    r"^```(?:\{code-block\} )?(?P<language>\w+)\n(?::caption: (?P<file>\S+)\n\n)?(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


def section(title: str) -> str:
    """Returns a section of the page, up to the next heading of its level."""
    page = (ROOT / "docs/start.md").read_text(encoding="utf-8")
    return re.split(r"^## ", page.split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0]


def environment() -> dict[str, str]:
    """Returns the variables of a terminal outside of this environment, with our packages and pins."""
    own = {"VIRTUAL_ENV", "PYO3_PYTHON", "CARGO_BUILD_TARGET"}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    scripts = str(Path(sys.executable).parent)
    path = [folder for folder in os.environ["PATH"].split(os.pathsep) if folder != scripts]
    return kept | {
        "PATH": os.pathsep.join([str(BUILD / "bin"), *path]),
        "CARGO_TARGET_DIR": str(BUILD / "target"),
        "PIP_CONSTRAINT": str(BUILD / "constraints.txt"),
        "PIP_FIND_LINKS": str(BUILD / "wheels"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def follow(text: str, folder: Path) -> None:
    """Does what a section says: writes its files, runs its commands, and types its sessions."""
    # What a terminal keeps from command to command: where it is, and its variables.
    state, session, home = folder / "terminal", folder / "session.txt", folder / "home"
    state.write_text("", encoding="utf-8")
    home.mkdir()

    def run(command: str) -> str:
        keep = f'{{ printf "cd %q\\n" "$PWD"; export -p; }} > {state}'
        script = f"set -e\n. {state}\n{command}\n{keep}\n"
        shell = subprocess.run(
            ["bash", "-c", script], cwd=home, env=environment(), capture_output=True, text=True, timeout=900
        )
        assert shell.returncode == 0, f"{command}\n{shell.stdout}{shell.stderr}"
        return shell.stdout

    for block in BLOCK.finditer(text):
        if block["file"]:
            (Path(run("pwd").strip()) / block["file"]).write_text(block["text"], encoding="utf-8")
        elif block["language"] == "console":
            for step in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
                command, _, expected = step.partition("\n")
                printed = run(command)
                # The page leaves out most of what commands print.
                assert not expected or printed == expected, command
        else:
            assert block["language"] == "pycon"
            # A session continues those above it.
            with session.open("a", encoding="utf-8") as typed:
                typed.write(block["text"])
            run(f"python -m doctest {session}")


@pytest.fixture(scope="module", autouse=True)
def registries(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Makes the crates, the package and the pins of this repository those that the page gets."""
    for name in ("bin", "wheels"):
        (BUILD / name).mkdir(parents=True, exist_ok=True)
    python = BUILD / "bin/python3"
    python.unlink(missing_ok=True)
    python.symlink_to(Path(sys.executable).resolve())
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    (BUILD / "constraints.txt").write_text("\n".join([*groups["build"], *groups["demo"]]), encoding="utf-8")
    # Cargo reads the configuration of all folders above the one where it runs.
    patches = "".join(f"{crate}.path = '{ROOT / 'crates' / crate}'\n" for crate in CRATES)
    configuration = tmp_path_factory.getbasetemp() / ".cargo/config.toml"
    configuration.parent.mkdir(exist_ok=True)
    configuration.write_text(f"[patch.crates-io]\n{patches}", encoding="utf-8")


def test_an_extension_in_five_minutes(tmp_path: Path) -> None:
    follow(section("An extension in five minutes"), tmp_path)


def test_in_python_without_rust(tmp_path: Path) -> None:
    wheel = [
        "-m",
        "maturin",
        "build",
        "--quiet",
        "--locked",
        "--auditwheel",
        "skip",
        "--out",
        BUILD / "wheels",
    ]
    subprocess.run([sys.executable, *wheel], cwd=ROOT, check=True, capture_output=True)
    follow(section("In Python, without Rust"), tmp_path)
