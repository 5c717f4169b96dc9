# The two commands: `make release` and `make test`. Each sets up everything it needs into .venv,
# from the hashes in locks/, and works in a new clone with Python >= 3.11 and a package index.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CORES   = $(shell getconf _NPROCESSORS_ONLN)
PIP    := $(BIN)/python -I -m pip --disable-pip-version-check --quiet install --no-input

# The tests start standoff some hundred times. Where Python may not keep bytecode, each start compiles the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: release test check lint types format lock generated slow thorough bench clean help

release: $(VENV)/build.stamp  ## compile dataset/ into releases/ and print what was made
	$(BIN)/python build.py

test: $(VENV)/dev.stamp  ## pass the tests
	$(BIN)/python -m pytest

slow: $(VENV)/dev.stamp  ## the long sweeps and the laws with 50 examples each, which CI runs
	POLARS_MAX_THREADS=$(CORES) $(BIN)/python -m pytest -m slow
	$(BIN)/python -m pytest -m 'hypothesis and not slow' --hypothesis-profile=slow

thorough: $(VENV)/dev.stamp  ## the laws with 200 examples each
	POLARS_MAX_THREADS=$(CORES) $(BIN)/python -m pytest -m 'hypothesis and not slow' --hypothesis-profile=thorough

check: $(VENV)/build.stamp  ## check the dataset
	$(BIN)/standoff check

lint: $(VENV)/dev.stamp  ## lint and format as CI does
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/dev.stamp  ## strict types
	$(BIN)/mypy

format: $(VENV)/dev.stamp  ## format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

generated: $(VENV)/dev.stamp  ## renew everything that is generated
	$(BIN)/standoff docs

lock: $(VENV)/dev.stamp  ## renew the locks after a change of pyproject.toml
	$(PIP) uv
	sh locks/renew $(BIN)/uv

bench: $(VENV)/dev.stamp  ## the figures of 10 million rows in benchmarks/RESULTS.md, beside other tools
	$(PYTHON) -I -m venv .venvs/rivals
	.venvs/rivals/bin/python -I -m pip --quiet install --requirement benchmarks/requirements.txt
	$(BIN)/python -m benchmarks.run --rows 10_000_000 --rivals .venvs/rivals/bin/python

clean:  ## remove what the commands above have set up
	rm -rf $(VENV) .venvs build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18

$(VENV)/bin/python:
	$(PYTHON) -I -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "standoff needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -I -m venv $(VENV)

$(VENV)/%.stamp: locks/%.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes --requirement $<
	$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@
