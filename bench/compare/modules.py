"""The modules that are compared: how they are built, loaded and called.

The folder of all peers is used if it is given. Otherwise the peers are what crates.io and PyPI have:
`peers_rust`, `peers_cython` and NumPy.
"""

import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from bench import peers

from .cases import COPYTO, NUMPY, Call, Case
from .figures import MEMCPY, TYPEDVIEW

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build/bench"
CYTHON = ["Cython==3.3.1", "setuptools==84.2.1"]
LABELS = {
    TYPEDVIEW: [],
    "C": ["c_raw"],
    "Rust pointers": ["rs_raw"],
    "Cython": ["cy"],
    "nanobind": ["nb"],
    "pybind11": ["pb11"],
    "rust-numpy": ["rs_numpy"],
    "rust-numpy, iterators": ["rs_numpy_iter"],
    "rust-numpy, unsafe": ["rs_numpy_unsafe"],
    "PyBuffer": ["rs_pybuffer"],
    NUMPY: [],
    COPYTO: [],
    MEMCPY: ["c_raw"],
}
"""The columns, in their order, with the modules of the folder of all peers."""


@dataclass(frozen=True)
class Modules:
    by_label: dict[str, list[ModuleType]]
    """The modules of each peer. A function is taken from the first that has it."""
    missing: dict[str, str]
    """Why there are no figures of a peer."""
    time_calls: Any

    def only(self, labels: list[str]) -> "Modules":
        """Returns the same without the modules of other peers."""
        return replace(self, by_label={label: self.by_label[label] for label in labels})

    def calls(self, case: Case) -> dict[str, Call]:
        """Returns how each peer makes the call of a case, for those that can."""
        calls: dict[str, Call] = {}
        for label, modules in self.by_label.items():
            name = case.names.get(label, case.function)
            arguments: tuple[Any, ...] | None = case.arguments
            if label == MEMCPY:
                name, arguments = "memcpy_same", case.memcpy
            function = next((vars(module)[name] for module in modules if name in vars(module)), None)
            if function and arguments is not None:
                calls[label] = function, arguments
        return calls | case.calls


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader, f"{path} is not an extension"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build_rust(package: str, module: str) -> ModuleType:
    """Builds an extension of this workspace."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    path = BUILD / f"{module}.so"
    peers.build_module(package, path, target, RUSTFLAGS="", PYO3_PYTHON=sys.executable)
    return load(module, path)


def build_all_peers(folder: Path) -> dict[str, ModuleType]:
    """Builds the folder of all peers in a scratch copy, if that has not been done, and loads its modules."""
    scratch = ROOT / "build/peers"
    peers.copy(folder, scratch)
    if not (scratch / peers.LAST_BUILT).exists():
        peers.build_peers(scratch)
    names = [name for modules in LABELS.values() for name in modules]
    return {name: load(name, scratch / f"build/generic/{name}.so") for name in names}


def build_cython() -> ModuleType:
    """Builds `peers_cython`, in a virtual environment with Cython of its own."""
    python = BUILD / "cython/bin/python"
    if not python.exists():
        peers.run(sys.executable, "-m", "venv", BUILD / "cython")
        peers.run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *CYTHON)
    source = shutil.copy(ROOT / "bench/peers_cython/peers_cython.pyx", BUILD)
    build = [python, "-m", "Cython.Build.Cythonize", "--inplace", "--quiet", source]
    peers.run(*build, cwd=BUILD, CFLAGS="-O3 -DNDEBUG -w")
    return load("peers_cython", next(BUILD.glob("peers_cython.*.so")))


def python_of_peers() -> bool:
    return f"python{sys.version_info.major}.{sys.version_info.minor}" == peers.PYTHON


def build(folder: Path | None) -> Modules:
    """Builds and loads everything. What cannot be built is left out, with the reason."""
    BUILD.mkdir(parents=True, exist_ok=True)
    own, rust = build_rust("typedview_bench", "typedview"), build_rust("peers_rust", "peers_rust")
    has_compiler = shutil.which("cc") is not None
    found: dict[str, ModuleType] = {}
    reason = "the folder of all peers was not given"
    if folder and not python_of_peers():
        reason = f"the folder of all peers needs {peers.PYTHON}"
    elif folder and not has_compiler:
        reason = "no C compiler was found"
    elif folder:
        found = build_all_peers(folder)
    by_label = {label: [found[name] for name in names if name in found] for label, names in LABELS.items()}
    by_label[TYPEDVIEW] = [own]
    by_label["Rust pointers"].append(rust.raw)
    by_label["rust-numpy"].append(rust.rust_numpy)
    by_label[MEMCPY].append(rust.raw)
    missing = {label: reason for label, names in LABELS.items() if names and not by_label[label]}
    if not found and has_compiler:
        by_label["Cython"] = [build_cython()]
        del missing["Cython"]
    elif not found:
        missing["Cython"] = "no C compiler was found"
    return Modules(by_label, missing, own.time_calls)
