# Everything runs from .venv, which the targets make themselves: a fresh machine needs Python 3.11+, make and git.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
DATA ?= data
TESTS ?=
UV := build/lock/bin/uv
COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --group build $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help install run test check bench serve lock

help: ## Lists the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

install: $(INSTALLED) ## Makes .venv with everything in it, exactly as locked

# Made anew only when the lock or the package's own description changed. Without build isolation and without an
# index in the lock, every byte that is installed has a hash here.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making the environment in .venv (about a minute the first time)" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

run: install ## A whole county on this machine: server, three devices, invented data
	@$(BIN)/goes-mobile demo

test: install ## All tests, browser and PostgreSQL included; TESTS="tests/store -x" for a part
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --session-timeout=1080 $(TESTS)

check: install ## Style, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: install ## Speed and memory against what others use; also build/bench.json
	@mkdir -p build
	@$(BIN)/python -m tests.bench

serve: install ## A sync server on this machine, its data in ./data
	@test -d $(DATA) || $(BIN)/goes-sync-server init --data $(DATA)
	@$(BIN)/goes-sync-server serve --data $(DATA)

lock: $(UV) ## Writes the locks anew; UPGRADE=--upgrade for newer versions
	@$(COMPILE) --extra dev -o requirements.lock
	@$(COMPILE) --extra server -c requirements.lock -o requirements-server.lock

$(UV):
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install -qq --disable-pip-version-check uv
