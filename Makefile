# Every command sets up what it needs by itself. ARGS go to the program: make run ARGS="--port 8600"

VENV_PYTHON = .venv/bin/python
SETUP = sh scripts/setup
ARGS =
SPREAD = -n 2 --dist loadscope # over two workers; SPREAD= for one process
ONLY = -m "not slow" # ONLY= for all of them, which takes some minutes more

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL = help
.PHONY: help setup run test check formatted lint types rooms format bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv with everything for working on Regdash
	@$(SETUP) test

run: ## start the dashboard
	@$(SETUP) run
	@$(VENV_PYTHON) -m regdash.cli serve $(ARGS)

test: setup ## run the tests, with Chromium where there is one (ONLY= runs the slow ones as well)
	@REGDASH_CHROMIUM="$$(sh scripts/browser)" && export REGDASH_CHROMIUM && $(VENV_PYTHON) -m pytest $(SPREAD) $(ONLY) $(ARGS)

check: formatted lint types rooms ## check format, style, types and who imports whom

formatted: setup
	@$(VENV_PYTHON) -m ruff format --check .

lint: setup
	@$(VENV_PYTHON) -m ruff check .

types: setup
	@$(VENV_PYTHON) -m mypy

rooms: setup
	@.venv/bin/lint-imports --no-logo

format: setup ## put the source into its format
	@$(VENV_PYTHON) -m ruff format .
	@$(VENV_PYTHON) -m ruff check --fix .

bench: setup ## measure the figures of the README (ARGS=--json for a script)
	@for name in engine slider; do echo "benchmarks/$$name.py" && $(VENV_PYTHON) -m benchmarks.$$name $(ARGS) || exit 1; done

clean: ## remove caches and built files; .venv stays
	@rm -rf build dist test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
