# How the house is set up, started, checked and tested. `make` alone lists what there is.

PYTHON   ?= python3
WORKERS  ?= 2
LOCK     ?=
BENCH    ?=
MUTATIONS ?= 10000
ROUNDS   ?= 25
VENV     := .venv
BIN      := $(VENV)/bin
PIP      := $(BIN)/python -m pip -qq --no-input --disable-pip-version-check
DEBIAN   := sh requirements/debian.sh
START    := $(BIN)/intyga serve --demo

# Names of Debian packages, in one place each.
RUN_PACKAGES  := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-inter fonts-ebgaramond
TEST_PACKAGES := chromium poppler-utils qpdf softhsm2 opensc openssl mupdf-tools default-jdk-headless libjaxb-java strace

# Everything that is judged by programs and published files of others; all of it runs in `make test` too.
CONFORMANCE := tests/conformance $(addprefix tests/app/issue/test_,others.py seal.py proof.py canon.py terms.py badge.py elm.py)

# A stamp is newer than what it was made from, so a second run does nothing.
VENV_MADE := $(VENV)/.made
RUN_MADE  := $(VENV)/.run
OURS_MADE := $(VENV)/.ours
DEV_MADE  := $(VENV)/.dev
NODE_MADE := $(patsubst %/package-lock.json,%/node_modules/.made,$(wildcard tests/*/package-lock.json))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup run setup-tests check static test pictures conformance torture bench lock clean python-found run-packages test-packages

help:
	@echo "make run          set up what is missing, then start Intyga with the demo and print its address"
	@echo "make setup        the set-up alone: Debian packages, $(VENV), pinned dependencies"
	@echo "make check        the fast loop: format, lint, types, import contracts, unit tests"
	@echo "make test         everything, with a browser, PostgreSQL and Node (installs them when missing)"
	@echo "make setup-tests  what the tests need, without running them"
	@echo "make conformance  hold documents against programs and published files of others, and print what each says"
	@echo "make torture      kill everything with -9 and attack the readers with 10,000 damaged files (ROUNDS=... MUTATIONS=...)"
	@echo "make pictures     take the pictures of the README anew while walking the program in a browser"
	@echo "make bench        measure, each figure beside a peer or a goal (BENCH=--quick for the short run)"
	@echo "make lock         write requirements/*.lock anew from pyproject.toml (LOCK=--upgrade for newer versions)"
	@echo "make clean        remove what building and testing left; $(VENV) and var/ stay"

setup: run-packages $(RUN_MADE) $(OURS_MADE)

run: setup
	@exec $(START)

setup-tests: setup test-packages $(DEV_MADE) $(NODE_MADE)

check: setup $(DEV_MADE) static
	$(BIN)/pytest -q -m "not slow" -n $(WORKERS) --dist loadfile

# What kills processes for minutes on end has a command of its own: make torture.
test: setup-tests static
	$(BIN)/pytest -rs -n $(WORKERS) --dist loadfile --ignore=tests/torture/test_torture.py

conformance: setup-tests
	$(BIN)/pytest -rs $(CONFORMANCE)

bench: setup-tests
	cd tests && ../$(BIN)/python -m bench $(BENCH)

torture: setup-tests
	ROUNDS=$(ROUNDS) MUTATIONS=$(MUTATIONS) $(BIN)/pytest -rA -q --timeout=7200 tests/fire tests/torture

pictures: setup-tests
	@mkdir -p docs/pictures
	PICTURES=$(CURDIR)/docs/pictures $(BIN)/pytest -q tests/walk -k "not without"

static:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(DEV_MADE)
	@$(call compile,run,pyproject.toml --extra postgresql --extra pkcs11)
	@$(call compile,dev,pyproject.toml --extra postgresql --extra pkcs11 --group dev)
	@$(call compile,build,--group pyproject.toml:build)

clean:
	rm -rf build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf tests/*/node_modules
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# --- Python ---------------------------------------------------------------------------------------------------

python-found:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Intyga needs Python 3.11 or later as '$(PYTHON)'. On Debian: apt-get install python3 python3-venv"; \
	  echo "With another one: make setup PYTHON=/where/it/is/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(DEBIAN) python3-venv

$(VENV_MADE): | python-found
	@echo "Making a Python environment of our own in $(VENV)."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUN_MADE): requirements/build.lock requirements/run.lock $(VENV_MADE)
	@echo "Installing the pinned Python packages, each checked against its hash (a minute or so)."
	@$(PIP) install --require-hashes -r requirements/build.lock -r requirements/run.lock
	@touch $@

$(OURS_MADE): pyproject.toml $(RUN_MADE)
	@echo "Installing Intyga itself, straight from this folder."
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_MADE): requirements/dev.lock $(RUN_MADE)
	@echo "Installing the pinned tools for checking and testing."
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

# No address of any index may stand in the lock files: whoever installs decides where from; the hashes decide what.
compile = $(BIN)/uv pip compile $(2) --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $(LOCK) -o requirements/$(1).lock

# --- Packages of the system -----------------------------------------------------------------------------------

run-packages:
	@$(DEBIAN) $(RUN_PACKAGES)

# PostgreSQL's programs lie in a folder of their own; any version will do. Node may come from elsewhere than Debian.
test-packages:
	@wanted="$(TEST_PACKAGES)"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$$wanted postgresql"; \
	node --version 2>/dev/null | grep -qE '^v(1[89]|[2-9][0-9])\.' && npm --version >/dev/null 2>&1 || wanted="$$wanted nodejs npm"; \
	$(DEBIAN) $$wanted

tests/%/node_modules/.made: tests/%/package-lock.json
	@echo "Installing the pinned Node packages of tests/$*."
	@cd tests/$* && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@
