# Every target sets itself up in .venv, from nothing but Python 3.11 or later; stamps in .venv keep what is done from being done again.
# PYTHON=… chooses the interpreter that .venv is made with.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --no-input --disable-pip-version-check
LOCKED := $(PIP) --only-binary :all: --require-hashes
UPGRADE ?=
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
           --no-emit-index-url --no-emit-find-links $(UPGRADE)

# Tests compiled once are kept, whatever the shell says: compiling them anew takes longer than the fast ones run.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test fast lint format bench soak lock messages tools clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/warm.stamp ## the demonstration organisation: made once, in demo/, and served on this machine
	@$(BIN)/evenload demo --folder demo/organisation

test: lint tools $(VENV)/warm.stamp ## all checks and the whole test suite (some 25 minutes on 2 cores)
	$(BIN)/pytest -n 2
	EVENLOAD_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 -m both

fast: $(VENV)/dev.stamp ## the tests without compiled code, records, browser and office programs (under 10 seconds)
	EVENLOAD_HYPOTHESIS=fast $(BIN)/pytest -n 2 -m "not slow"

lint: $(VENV)/dev.stamp ## style, types and the walls between the rooms
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/dev.stamp ## put the code into the house's form
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .

bench: $(VENV)/bench.stamp $(VENV)/warm.stamp ## all figures beside goals and peers (50 minutes; ONLY="--quick": 6; ONLY="gap-d": a piece)
	$(BIN)/python -m benchmarks $(ONLY)

soak: $(VENV)/dev.stamp tools $(VENV)/warm.stamp ## the suite at full volume: many more random programs
	EVENLOAD_HYPOTHESIS=soak $(BIN)/pytest -n 2 -m "soak or not soak"
	EVENLOAD_HYPOTHESIS=soak EVENLOAD_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 -m "both and (soak or not soak)"

lock: $(VENV)/lock.stamp ## recompile requirements/ (UPGRADE=--upgrade takes newer versions)
	$(COMPILE) pyproject.toml --extra dev -o requirements/dev.txt
	$(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/base.txt
	$(COMPILE) pyproject.toml -c requirements/dev.txt --extra bench -o requirements/bench.txt
	$(COMPILE) pyproject.toml -c requirements/dev.txt --extra scale -o requirements/scale.txt
	$(COMPILE) --group build -c requirements/dev.txt -o requirements/build.txt
	$(COMPILE) --group lock -o requirements/lock.txt

messages: $(VENV)/base.stamp ## read the sentences from the sources again and compile both catalogues
	$(BIN)/python -m evenload.words.catalogue

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- set-up -----------------------------------------------------------------------------------------------------------------

# The first Python that is new enough makes .venv; a .venv whose Python has gone is made again.
$(BIN)/python:
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	      echo "$$python cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	    fi; \
	    exec "$$python" -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "Evenload needs Python 3.11 or later; none was found ($(or $(PYTHON),python3, python3.13, python3.12, python3.11))." >&2; exit 1

$(VENV)/base.stamp: requirements/build.txt requirements/base.txt pyproject.toml | $(BIN)/python
	$(LOCKED) -r requirements/build.txt
	$(LOCKED) -r requirements/base.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/base.stamp
	$(LOCKED) -r requirements/dev.txt
	@touch $@

$(VENV)/bench.stamp: requirements/bench.txt $(VENV)/dev.stamp
	$(LOCKED) -r requirements/bench.txt
	@touch $@

$(VENV)/lock.stamp: requirements/lock.txt $(VENV)/dev.stamp
	$(LOCKED) -r requirements/lock.txt
	@touch $@

# Compiles the engine once; the compiled code is kept beside the sources and serves every later run.
$(VENV)/warm.stamp: $(VENV)/base.stamp $(wildcard src/evenload/planning/optimise/*.py)
	$(BIN)/python -m evenload.planning.optimise.warm
	@touch $@

# What some tests need beside Python: a reader of PDF, a browser, PostgreSQL (its own cluster, started and stopped by the tests).
# Where they cannot be installed, those tests are skipped and say so.
APT := DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends
tools:
	@missing=""; \
	command -v pdftoppm >/dev/null || missing="$$missing poppler-utils"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq >/dev/null && $(APT) $$missing >/dev/null; \
	fi || true
