# The first two commands of the README are `make demo` and `make test`; each sets up what it needs, once.

PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
MODEL ?= examples/qubit-relaxation.toml

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PYTEST := $(BIN)/python -m pytest

# Small matrices: one BLAS thread is faster than two that wait for each other.
export OPENBLAS_NUM_THREADS = 1
export OMP_NUM_THREADS = 1
export MKL_NUM_THREADS = 1

.DEFAULT_GOAL := help
.PHONY: help demo test ci lint format types layers doctest docs bench changes clean

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.run  ## set up, run one model, audit it, write demo/ with ledger, figures and report
	$(BIN)/loschmidt run $(MODEL) --out demo

test: $(VENV)/.test  ## set up and pass the tests
	$(PYTEST) -n $(JOBS)

ci: lint types layers  ## what a change must pass: lint, types, layers, tests, examples in docstrings
	$(MAKE) test
	$(MAKE) doctest

lint: $(VENV)/.dev  ## style, and the format of the change fragments
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/towncrier build --draft --version next > /dev/null

format: $(VENV)/.dev  ## rewrite the source in the common format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev  ## mypy --strict
	$(BIN)/mypy

layers: $(VENV)/.dev  ## the order of imports
	$(BIN)/lint-imports --no-logo

doctest: $(VENV)/.test  ## run every example in a docstring
	$(PYTEST) -n $(JOBS) --doctest-modules src

docs: $(VENV)/.docs  ## build the site into docs/_build/html; a warning is an error
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

bench: $(VENV)/.bench  ## measure against the peers, side by side
	@set -e; for file in benchmarks/[a-z]*.py; do echo "── $$file"; $(BIN)/python $$file; done

changes: $(VENV)/.dev  ## preview the next section of the change log
	$(BIN)/towncrier build --draft --version next

clean:  ## remove what the other commands wrote
	rm -rf $(VENV) demo build docs/_build docs/reference/api .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache src/*.egg-info
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# ── set-up: one stamp for each set of extras, renewed when the pins change ───────────────────────────────────────────

$(BIN)/python:
	$(PYTHON) -c 'import sys; v = "%d.%d" % sys.version_info[:2]; sys.exit(sys.version_info < (3, 11) and "loschmidt needs python >= 3.11, but this is " + v + "; try make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e .
	@touch $@

$(VENV)/.test $(VENV)/.dev $(VENV)/.docs $(VENV)/.bench: $(VENV)/.%: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e '.[$*]'
	@touch $@
