# Two commands are enough: `make run` and `make test`. They need python3 (3.11 or later), git and
# make. What they install goes into .venv, what they store into var.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet

.PHONY: run setup test check bench bom lock

run: $(RUN_STAMP)
	@exec $(BIN)/attune run

setup: $(DEV_STAMP)

test: $(DEV_STAMP)
	@$(BIN)/python tools/browser.py
	@$(BIN)/python tests/databases.py
	$(BIN)/pytest -n 2 -m "not slow and not browser"
	$(BIN)/pytest -n 2 --dist loadfile -m "slow or browser"

check: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/project/test_import_order.py

bench: $(DEV_STAMP)
	$(BIN)/python bench/run.py

bom: $(RUN_STAMP)
	@$(BIN)/python tools/make_bom.py

# Takes the newest versions that requirements*.in allow; needs uv.
lock:
	$(LOCK) --upgrade requirements.in --output-file requirements.txt
	$(LOCK) --constraint requirements.txt requirements-dev.in --output-file requirements-dev.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Attune needs Python 3.11 or later; $(PYTHON) is older. Name another: make PYTHON=python3.12 run"; exit 2; }
	@echo "Making the environment. This takes about a minute, once."
	@$(PYTHON) -m venv $(VENV)

# --no-deps: requirements.txt, with its hashes, has said it all.
$(RUN_STAMP): requirements.txt pyproject.toml | $(VENV)/bin/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
