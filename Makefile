# Fallverlauf. `make` lists the targets; nothing is needed beyond Python 3.11 and make.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test test-long compose bench fix docs lock

BIN := .venv/bin
JOBS ?= 2
KILLS ?= 300
LINES ?= 100000
CASES ?= 5930
PYTEST = $(BIN)/pytest -q -n $(JOBS)
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
LOCK := $(CURDIR)/.venv/lock/bin/uv pip compile pyproject.toml --quiet --generate-hashes --universal \
	--python-version 3.11 --no-emit-index-url --no-header --extra build

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/runtime ## create .venv and install what the service needs, from the lock alone

run: .venv/runtime ## start Fallverlauf with the demo job centre at http://127.0.0.1:8000 (PORT=8080: at another port)
	@$(BIN)/fallverlauf serve --demo $(if $(PORT),--port "$(PORT)")

test: .venv/dev ## every check of the project: format, lint, types, architecture, tests (JOBS=2 at once)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo
	$(BIN)/hadolint Dockerfile tests/compose/Dockerfile
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml tests/compose/docker-compose.yml
	$(PYTEST)

test-long: .venv/dev ## before a release: ten times the histories, every planted fault, KILLS=300 kills, LINES=100000 hostile lines
	FALLVERLAUF_TEST_KILLS=$(KILLS) FALLVERLAUF_TEST_LINES=$(LINES) $(PYTEST) -m "" --hypothesis-profile=long

compose: .venv/dev ## run docker-compose.yml for real with podman, as root; INSTALL=yes installs what is missing
	$(BIN)/pytest -q -s tests/compose

bench: .venv/dev ## measure the answers beside other ways to them, into the README (CASES=100000 OFFICE=folder INTO=file: a large one)
	@$(BIN)/python -m tests.bench --cases $(CASES) $(if $(OFFICE),--office "$(OFFICE)") $(if $(INTO),--into "$(INTO)")

fix: .venv/dev ## format the code and mend what the linter can mend by itself
	$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format --quiet .

docs: .venv/dev ## write the lists in docs/ anew from the code
	$(BIN)/python -m tests.test_docs

lock: .venv/made ## write both locks anew from pyproject.toml
	@test -x .venv/lock/bin/uv || { $(BIN)/python -m venv .venv/lock && .venv/lock/bin/python -m pip -qq install uv; }
	@$(LOCK) --extra dev --upgrade --output-file requirements-dev.txt
	@$(LOCK) --constraint requirements-dev.txt --output-file requirements.txt

# The set-up is repeated when a lock or pyproject.toml has changed, and only then.
.venv/made:
	@for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
		$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "creating .venv with $$($$python --version)"; \
		$$python -m venv .venv && touch $@ && exit 0; \
	done; \
	echo "Python 3.11 or newer with its module venv is needed (Debian, Ubuntu: apt-get install python3-venv)." >&2; exit 1

.venv/runtime: .venv/made requirements.txt pyproject.toml
	@echo "installing from requirements.txt"
	@$(PIP) install --require-hashes --no-deps -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/made requirements-dev.txt pyproject.toml
	@echo "installing from requirements-dev.txt"
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch .venv/runtime $@
