# What each command needs is set up on first use, from hashed locks, into .venv; a changed lock is installed again.

PYTHON ?= python3
UV ?= $(firstword $(wildcard .venv/bin/uv) uv)
WORKERS ?= logical

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps
LOCKED := $(INSTALL) --require-hashes --only-binary :all:
COMPILE := $(UV) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' --group build pyproject.toml

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check-deep lint fmt bench docs lock

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.run ## Start the service with a demonstration; DEMO=once ends by itself
	@$(BIN)/python -m app.cli demo $(if $(filter once,$(DEMO)),--once)

test: .venv/.dev ## Run the suite on SQLite and on a PostgreSQL it brings itself
	@$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 --dist worksteal

check-deep: .venv/.dev ## Run the tests that take minutes: many crashes, long fuzzing
	@$(BIN)/python -m pytest -m deep

lint: .venv/.dev ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

fmt: .venv/.dev ## Put the code into shape
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: .venv/.dev ## Measure on PostgreSQL; SCALE=full stores a million notifications first, SCALE=tenth a tenth
	@$(BIN)/python -m bench$(if $(SCALE),.full $(SCALE))

docs: .venv/.dev ## Build the site of the standard into site/, offline
	@DISABLE_MKDOCS_2_WARNING=true NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo 'The site stands in site/index.html'

lock: ## Resolve the newest dependencies into the locks (needs uv)
	@$(COMPILE) --upgrade --output-file requirements.lock
	@$(COMPILE) --upgrade --output-file requirements-dev.lock --group dev --constraint requirements.lock

.venv/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, this is " + \
		sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo 'Installing what the service needs into .venv ...'
	@$(LOCKED) --requirement requirements.lock
	@$(INSTALL) --no-index --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock tests/fhir/package-lock.json .venv/.run
	@echo 'Installing what the tests need into .venv ...'
	@$(LOCKED) --requirement requirements-dev.lock
	@$(BIN)/npm ci --silent --no-fund --no-audit --prefix tests/fhir
	@touch $@
