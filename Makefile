# The commands of this project. `make help` lists them.
# They need Rust 1.88 or later, Python 3.11 or later with pip, and a C linker. Python packages are installed into .venv.
# A few commands also need something that is not installed: a nightly toolchain (sanitize, fuzz and miri, which are skipped
# without it), an emulator (big-endian, which is skipped without it), valgrind (instructions), a C compiler (bench, which
# leaves Cython out without it), or the benchmarks of other libraries (bench-peers).
# On Windows they need GNU make and the shell of Git for Windows.

VENV := $(CURDIR)/.venv
# An environment has its programs in another folder on Windows, where semicolons separate the folders of PATH, except in the
# make of MSYS2.
ifeq ($(OS),Windows_NT)
PYTHON ?= python
VENV_BIN := $(VENV)/Scripts
PY := $(VENV_BIN)/python.exe
else
PYTHON ?= python3
VENV_BIN := $(VENV)/bin
PY := $(VENV_BIN)/python
endif
export VIRTUAL_ENV := $(VENV)
export PATH := $(VENV_BIN)$(if $(findstring ;,$(PATH)),;,:)$(PATH)
export PYO3_PYTHON := $(PY)
# The folder with the benchmarks of all peers, which is not part of this project. Without it, bench and bench-quick use
# the peers that crates.io and PyPI have.
PEERS ?= $(wildcard ../shared/bench)
DEVELOP := $(PY) -m maturin develop --quiet --locked
# One process of tests for each core.
PYTEST := $(PY) -m pytest --quiet --numprocesses auto --dist worksteal

.PHONY: help demo test quick docs format lint lint-workflows check rust-tests python-tests interpreters sanitize stress fuzz miri big-endian msrv
.PHONY: bench bench-quick bench-kernels bench-build bench-view bench-claims bench-peers bench-ports instructions
.PHONY: release-check check-tag wheel sdist check-dist publish-crates clean
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/.demo ## Read terrain, prices and a scan from every kind of object that can hold them, and compare with NumPy
	$(DEVELOP) --release -m examples/terrain/Cargo.toml
	$(DEVELOP) --release -m examples/measurements/Cargo.toml
	$(PY) examples/terrain/demo.py
	$(PY) examples/measurements/measure.py

test: lint check rust-tests python-tests docs interpreters sanitize ## Run everything that must pass before a change lands

quick: lint check ## Run lint, check and the Rust tests of the core and of the table of claims: under half a minute when warm
	cargo test --quiet --locked -p typedview --lib --tests
	cargo test --quiet --locked -p typedview-claims

lint: $(VENV)/.test ## Check the formatting and run the lints, for Rust and Python
	cargo fmt --all --check
	cargo clippy --quiet --locked --workspace --exclude typedview-mistakes --all-features --all-targets -- -D warnings
	cargo clippy --quiet --locked -p typedview -p typedview-pyo3 -- -D warnings
	cargo clippy --quiet --locked -p typedview -p typedview-pyo3 --no-default-features -- -D warnings
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

lint-workflows: $(VENV)/.workflows ## Check the workflows of .github
	scripts/lint_workflows

check: $(VENV)/.test ## Run the scripts that check one fact each
	$(PY) scripts/check_layers.py
	$(PY) scripts/check_circles.py
	$(PY) scripts/check_comments.py
	$(PY) scripts/check_invariants.py
	$(PY) scripts/check_no_deps.py
	scripts/check_no_std
	scripts/check_free_threaded
	$(PY) scripts/check_readme.py
	$(PY) scripts/check_parity.py
	$(PY) scripts/check_messages.py

rust-tests: $(VENV)/.build ## Run the Rust tests and doctests
	cargo test --quiet --locked -p typedview --all-features
	cargo test --quiet --locked -p typedview-derive
	cargo test --quiet --locked -p typedview-claims
	cargo test --quiet --locked -p typedview-picture
	cargo test --quiet --locked -p typedview-pyo3 --all-features
	cargo test --quiet --locked -p typedview-readme
	cargo check --quiet --locked --benches -p typedview-bench

python-tests: $(VENV)/.test ## Build the extensions, then run the Python tests and the README's examples, and check the stub
	$(DEVELOP)
	$(DEVELOP) -m tests/probe/Cargo.toml
	$(DEVELOP) -m tests/probe_numpy/Cargo.toml
	$(DEVELOP) -m examples/guide/Cargo.toml
	$(DEVELOP) -m examples/row_means/Cargo.toml
	$(DEVELOP) -m examples/smooth/Cargo.toml
	$(DEVELOP) --release -m examples/terrain/Cargo.toml
	$(DEVELOP) --release -m examples/measurements/Cargo.toml
	$(DEVELOP) --release -m examples/ports/Cargo.toml
	$(PYTEST)
	$(PY) scripts/stress.py --seconds 5
	$(PY) scripts/stdlib_suites.py
	$(PY) scripts/numpy_suites.py
	$(PY) -m mypy.stubtest typedview --ignore-disjoint-bases --allowlist tests/stubtest_allowlist.txt --ignore-unused-allowlist
	$(PY) -m mypy --strict python/typedview tests/typing_of_view.py
	$(PY) -m basedpyright --pythonpath $(PY) --level error python/typedview tests/typing_of_view.py

docs: $(VENV)/.docs ## Build the guide and the reference into build/docs/html, with warnings as errors, and check their links
	rm -rf target/doc build/docs
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --no-deps --all-features -p typedview -p typedview-claims -p typedview-derive -p typedview-picture -p typedview-pyo3
	$(DEVELOP)
	$(PY) -m sphinx --quiet --fail-on-warning --keep-going -b html docs build/docs/html
	cp -r target/doc build/docs/html/rust
	echo '<meta http-equiv="refresh" content="0; url=typedview_pyo3/index.html">' > build/docs/html/rust/index.html
	$(PY) scripts/check_links.py build/docs/html

stress: $(VENV)/.test ## Use the same memory from two extensions and eight threads for a minute, and copy a million random pairs of views
	PAIRS=1000000 cargo test --quiet --locked --release -p typedview --test strided_pairs
	PAIRS=1000000 scripts/sanitize --release --test strided_pairs
	$(DEVELOP)
	$(DEVELOP) -m tests/probe/Cargo.toml
	$(DEVELOP) -m tests/probe_numpy/Cargo.toml
	$(PY) scripts/stress.py

# Overflow is checked by the tests above. Here it wraps silently, as in a release build.
interpreters: $(VENV)/.build ## Run the Python tests without overflow checks on every other CPython from 3.11 on that is here, or on those in VERSIONS
	$(PY) scripts/interpreters.py $(VERSIONS)

sanitize: ## Run the tests of the core and of the table of claims without overflow checks, under AddressSanitizer if there is a nightly toolchain
	scripts/sanitize

miri: ## Run tests of the core in the interpreter Miri, if there is a nightly toolchain that has it
	scripts/miri

big-endian: ## Run the tests of the core and of the table of claims on an emulated s390x, if there is a compiler and an emulator
	scripts/big_endian

msrv: $(VENV)/.build ## Check that the published crates and the Python package compile with the oldest Rust that they name, if it is there
	scripts/msrv

fuzz: ## Fuzz the parsers of formats and specs for two minutes each, if there is a nightly toolchain
	scripts/fuzz format 120
	scripts/fuzz spec 120

bench: $(VENV)/.demo ## Compare with C, Cython, nanobind, pybind11, rust-numpy and NumPy, and write docs/benchmarks
	$(PY) -m bench.compare $(PEERS)

bench-quick: $(VENV)/.demo ## The same with few samples, in a minute or two: print the tables, and leave docs/benchmarks as it is
	$(PY) -m bench.compare --quick $(PEERS)

bench-kernels: $(VENV)/.demo ## Compare the times of views and raw pointers, as ratios from one interleaved run
	$(PY) bench/ratios.py

bench-ports: $(VENV)/.test ## Compare ports of published Cython code with the originals
	$(DEVELOP) --release -m examples/ports/Cargo.toml
	$(PY) examples/ports/compare.py

bench-build: $(VENV)/.test ## Measure how long an extension of ten functions builds after a change, and how large it is
	$(PY) bench/build_cost.py

bench-view: $(VENV)/.demo ## Compare the Python class View with memoryview, NumPy and Cython's memoryview object, statement by statement
	$(PY) bench/view.py

bench-claims: $(VENV)/.test ## Measure views and locks beside 100,000 others, and on two threads if there is an interpreter without a GIL
	$(PY) bench/claims.py

bench-peers: ## Compare with the peers by their own cases and driver; needs PEERS=...
	$(PYTHON) bench/peers.py $(PEERS) $(OPTIONS)

instructions: $(VENV)/.test ## Count the instructions per call of the same kernels with valgrind
	$(PY) bench/instructions.py

format: $(VENV)/.test ## Format the Rust and Python code
	cargo fmt --all
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

release-check: lint-workflows $(VENV)/.release ## Check everything that a release needs, and say what is left for a person to do
	$(PY) scripts/release/check_metadata.py
	scripts/release/check_dependencies
	scripts/release/check_semver
	$(PY) scripts/release/check_packages.py
	rm -rf dist
	$(MAKE) sdist
	$(PY) scripts/release/wheel.py --sdist
	$(MAKE) wheel OPTIONS="$(if $(filter Linux,$(shell uname -s)),--zig --compatibility manylinux2014)"
	$(MAKE) check-dist
	$(PY) scripts/release/remaining_steps.py

wheel: $(VENV)/.build ## Build a wheel for PYTHON into dist, with OPTIONS for maturin, and use it in an empty environment
	$(PY) scripts/release/wheel.py $(OPTIONS)

sdist: $(VENV)/.build ## Build the source distribution into dist
	$(PY) -m maturin sdist --out dist

check-dist: $(VENV)/.release ## Check what wheel and sdist have built, as PyPI and pip will see it
	$(PY) -m twine check --strict dist/*
	$(PY) -m check_wheel_contents dist/*.whl
	$(PY) -m abi3audit --strict dist/*-abi3-*.whl

check-tag: ## Check that TAG names the version of the crates, and that CHANGELOG.md has its date
	$(PYTHON) scripts/release/check_tag.py "$$TAG"

publish-crates: ## Publish those crates that crates.io does not have in this version yet, with OPTIONS for cargo publish
	$(PYTHON) scripts/release/publish_crates.py $(OPTIONS)

clean: ## Remove everything that was built and installed
	cargo clean
	rm -rf $(VENV) build dist

$(VENV)/.pip: pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check 'pip==25.3'
	touch $@

# A stamp for each group of packages in pyproject.toml that has been installed.
$(VENV)/.build: $(VENV)/.pip
$(VENV)/.demo $(VENV)/.docs $(VENV)/.release $(VENV)/.workflows: $(VENV)/.build
$(VENV)/.test: $(VENV)/.demo
$(addprefix $(VENV)/.,build demo docs release test workflows): $(VENV)/.%:
	$(PY) -m pip install --quiet --disable-pip-version-check --group $*
	touch $@
