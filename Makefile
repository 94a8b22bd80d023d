# One list of commands. Needs Rust 1.88 or later, Python 3.11 or later with pip, and a C linker; the rest it installs.

PYTHON ?= python3
VENV := $(CURDIR)/.venv
PY := $(VENV)/bin/python
export VIRTUAL_ENV := $(VENV)
export PATH := $(VENV)/bin:$(PATH)
export PYO3_PYTHON := $(PY)
DEVELOP := $(PY) -m maturin develop --quiet --locked

.PHONY: help demo test quick fuzz bench bench-claims bench-peers instructions format lint rust-tests python-tests unchecked stress interpreters sanitize check clean
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/.demo ## Terrain, prices and a scan from everything that can hold them, beside NumPy
	$(DEVELOP) --release -m examples/terrain/Cargo.toml
	$(DEVELOP) --release -m examples/measurements/Cargo.toml
	$(PY) examples/terrain/demo.py
	$(PY) examples/measurements/measure.py

test: lint check rust-tests python-tests unchecked interpreters sanitize ## Everything that must hold before a change lands

quick: lint check ## Format, lints, unit tests: under half a minute when warm
	cargo test --quiet --locked -p typedview --lib --tests
	cargo test --quiet --locked -p typedview-claims

lint: $(VENV)/.test ## Formatting and lints, both languages
	cargo fmt --all --check
	cargo clippy --quiet --locked --workspace --exclude typedview-probe-numpy --all-targets -- -D warnings
	cargo clippy --quiet --locked -p typedview --all-features --all-targets -- -D warnings
	cargo clippy --quiet --locked -p typedview-pyo3 -p typedview-probe-numpy --all-features --all-targets -- -D warnings
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

check: $(VENV)/.test ## The one-fact scripts
	$(PY) scripts/check_layers.py
	$(PY) scripts/check_circles.py
	$(PY) scripts/check_comments.py
	$(PY) scripts/check_invariants.py
	$(PY) scripts/check_no_deps.py
	scripts/check_no_std
	scripts/check_free_threaded
	$(PY) scripts/check_readme.py
	$(PY) scripts/check_parity.py

rust-tests: $(VENV)/.test ## Rust tests with doctests, and the documentation without a warning
	cargo test --quiet --locked -p typedview --all-features
	cargo test --quiet --locked -p typedview-derive
	cargo test --quiet --locked -p typedview-claims
	cargo test --quiet --locked -p typedview-pyo3 --all-features
	cargo check --quiet --locked --benches -p typedview-bench
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --no-deps --all-features -p typedview -p typedview-claims -p typedview-derive -p typedview-pyo3

python-tests: $(VENV)/.test ## Build the extensions, then the tests, the README and the stub against them
	$(DEVELOP)
	$(DEVELOP) -m tests/probe/Cargo.toml
	$(DEVELOP) -m tests/probe_numpy/Cargo.toml
	$(DEVELOP) -m examples/row_means/Cargo.toml
	$(DEVELOP) -m examples/smooth/Cargo.toml
	$(DEVELOP) --release -m examples/terrain/Cargo.toml
	$(DEVELOP) --release -m examples/measurements/Cargo.toml
	$(PY) -m pytest --quiet
	$(PY) -m mypy.stubtest typedview --ignore-disjoint-bases

unchecked: $(VENV)/.test ## The tests again without overflow checks and debug assertions, where what wraps goes unnoticed
	cargo test --quiet --locked --profile unchecked -p typedview --all-features --lib --tests
	cargo test --quiet --locked --profile unchecked -p typedview-claims
	$(DEVELOP) --profile unchecked
	$(DEVELOP) --profile unchecked -m tests/probe/Cargo.toml
	$(DEVELOP) --profile unchecked -m tests/probe_numpy/Cargo.toml
	$(PY) -m pytest --quiet
	$(PY) scripts/stress.py --seconds 5

stress: $(VENV)/.test ## Two extensions and eight threads on the same memory for a minute, against a model of who has what
	$(DEVELOP)
	$(DEVELOP) -m tests/probe/Cargo.toml
	$(DEVELOP) -m tests/probe_numpy/Cargo.toml
	$(PY) scripts/stress.py

interpreters: $(VENV)/.test ## The tests on every other CPython from 3.11 on that is here
	$(PY) scripts/interpreters.py

sanitize: ## The core under AddressSanitizer, where a nightly toolchain exists
	scripts/sanitize

fuzz: ## Formats and specs for two minutes each, where a nightly toolchain exists
	scripts/fuzz format 120
	scripts/fuzz spec 120

bench: $(VENV)/.test ## Views beside raw pointers: ratios of one interleaved run
	$(PY) bench/ratios.py

bench-claims: $(VENV)/.test ## Views and locks beside 100,000 others, and on two threads where there is no GIL
	$(PY) bench/claims.py

bench-peers: ## Beside Cython, nanobind, pybind11, rust-numpy: needs PEERS=...
	$(PYTHON) bench/peers.py $(PEERS) $(OPTIONS)

instructions: $(VENV)/.test ## Instructions per call of the same kernels, counted by valgrind
	$(PY) bench/instructions.py

format: $(VENV)/.test ## Format both languages
	cargo fmt --all
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

clean: ## Remove what was built and installed
	cargo clean
	rm -rf $(VENV) build

$(VENV)/.pip: pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check 'pip==25.3'
	touch $@

$(VENV)/.demo: $(VENV)/.pip
	$(PY) -m pip install --quiet --disable-pip-version-check --group build --group demo
	touch $@

$(VENV)/.test: $(VENV)/.demo
	$(PY) -m pip install --quiet --disable-pip-version-check --group test
	touch $@
