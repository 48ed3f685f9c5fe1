# Switchboard. On a fresh machine `make run` and `make test` do everything.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= 1
CONSOLE ?= 1

.PHONY: setup run test check faults fuzz bench bench-kb bench-routing bench-web bench-load

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Setting up $(VENV) (once, takes a minute) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,static]' \
	  2>/dev/null || echo "The word vectors could not be installed; matching goes on without them."
	@touch $@

run: export CONSOLE := $(CONSOLE)
run: setup
	@$(BIN)/switchboard migrate
	@if [ "$(DEMO)" != 0 ]; then $(BIN)/switchboard demo; fi
	@exec $(BIN)/switchboard run

test: export PYTHONDONTWRITEBYTECODE :=
test: setup
	@$(BIN)/python -m tests.browser --install
	@$(BIN)/python -m pytest -n 2 --dist loadgroup || { \
	  echo "What failed beside others, once more, one after another:"; \
	  $(BIN)/python -m pytest --last-failed --last-failed-no-failures none; }

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

faults: setup
	@$(BIN)/python -m tests.faults.run --full --json faults.json
	@RACE_ROUNDS=100 $(BIN)/python -m pytest -q tests/core -k at_once

fuzz: setup
	@ANY_ORDER_STEPS=$(or $(STEPS),1000000) $(BIN)/python -m pytest -q -n 2 --timeout 0 tests/core/test_any_order.py

bench: setup
	@$(BIN)/python -m benchmarks.run

bench-web: setup
	@$(BIN)/python -m benchmarks.web

bench-kb: setup
	@$(BIN)/python -m benchmarks.knowledge_base $(DATA)

bench-routing: setup
	@$(BIN)/python -m benchmarks.routing

bench-load: setup
	@$(BIN)/python -m benchmarks.load $(LOAD)
