# make run   the app: virtual environment, packages, server; opens the browser
# make test  everything CI checks: lint, types, unit, page and browser tests

PYTHON ?= python3
BIN = .venv/bin
# Where the CPU index of torch cannot be reached, pip would try it again for every package.
export PIP_RETRIES = 0
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Each of the tests' workers and servers would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint types unit browser-tests chromium bench pictures scenes cloud-check load clean

run: .venv/app
	$(BIN)/python -m streamlit run app.py --server.fileWatcherType none

test: lint types unit browser-tests

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

unit: .venv/dev
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --ignore tests/browser

browser-tests: .venv/dev chromium
	$(BIN)/python -m pytest -q -n 2 --dist loadfile tests/browser

# The browser that the tests drive: any Chromium or Chrome that is there, else Playwright's own.
chromium: .venv/dev
	@$(BIN)/python -m tests.browser.chromium || $(BIN)/python -m playwright install chromium

# The numbers the README quotes.
bench: .venv/dev chromium
	$(BIN)/python -m benchmarks.sweep
	$(BIN)/python -m benchmarks.race
	$(BIN)/python -m benchmarks.landscape
	$(BIN)/python -m benchmarks.optimization_pages
	$(BIN)/python -m benchmarks.first_visit
	$(BIN)/python -m benchmarks.player
	$(BIN)/python -m benchmarks.boundary
	$(BIN)/python -m benchmarks.boundary_page
	$(BIN)/python -m benchmarks.origami
	$(BIN)/python -m benchmarks.tsne
	$(BIN)/python -m benchmarks.embedding_page
	$(BIN)/python -m benchmarks.gan
	$(BIN)/python -m benchmarks.gan_page
	$(BIN)/python -m benchmarks.filters
	$(BIN)/python -m benchmarks.class_regions

# The home page's cards and the README's screenshots.
pictures: .venv/dev chromium
	$(BIN)/python -m benchmarks.pictures

# Default scenes made beforehand, for a server that starts; it checks that they are this engine's.
scenes: .venv/dev
	$(BIN)/python -W ignore -m benchmarks.scenes

# Would it run on the Community Cloud? Packages for each Python; every page in 690 MB, half a core.
cloud-check: .venv/dev
	$(BIN)/python -m benchmarks.cloud_check

# A lecture hall on this machine, all on the loopback; nginx for the last.
load: .venv/dev
	$(BIN)/python -m benchmarks.load.scenarios opening
	$(BIN)/python -m benchmarks.load.scenarios looking
	$(BIN)/python -m benchmarks.load.scenarios memory
	$(BIN)/python -m benchmarks.load.scenarios churn
	$(BIN)/python -m benchmarks.load.scenarios workers
	$(BIN)/python -m benchmarks.load.scenarios cold
	$(BIN)/python -m benchmarks.load.scenarios faults
	$(BIN)/python -m benchmarks.load.replicas

.venv/app: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "dlviz needs Python 3.11 or newer: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q -r requirements.txt || $(MAKE) plain-torch
	@touch $@

# Where the CPU build of torch is not to be had, the ordinary one does as well; it is larger.
.PHONY: plain-torch
plain-torch:
	sed -e 's/+cpu//' -e '/^--extra-index-url/d' requirements.txt > .venv/plain.txt
	$(BIN)/python -m pip install -q -r .venv/plain.txt

.venv/dev: .venv/app requirements-dev.txt
	grep -v '^-r' requirements-dev.txt > .venv/dev.txt
	$(BIN)/python -m pip install -q -r .venv/dev.txt
	@touch $@

clean:
	rm -rf .venv build .pytest_cache .hypothesis .mypy_cache .ruff_cache
