# Few verbs. Only python3.11 and make are presumed; everything else is installed here by name.
PYTHON ?= python3.11
BIN := .venv/bin
UV := $(BIN)/uv
PORT ?= 8000
LOCK = $(UV) pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: setup setup-dev run test test-postgres faults check fmt bench lock

setup: .venv/.runtime            ## create .venv with what the product needs
setup-dev: .venv/.dev            ## and with what its tests need

$(UV):
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check "uv>=0.9,<1"

.venv/.runtime: $(UV) requirements/runtime.txt pyproject.toml
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	$(BIN)/python -m compileall -q huiyin
	touch $@

.venv/.dev: .venv/.runtime requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	touch $@

run: setup                       ## start with the demonstration estate
	$(BIN)/huiyin run --port $(PORT)

test: setup-dev                  ## everything, browser journeys included
	$(BIN)/python -m tests.browser_setup
	$(BIN)/python -m tests.proxy_setup
	$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n auto --dist worksteal

test-postgres: setup-dev         ## what meets the database, on a PostgreSQL of its own
	$(BIN)/python -m tests.postgres_setup $(BIN)/pytest -n auto --dist worksteal -m "not browser"

faults: setup-dev                ## kill, fill up, turn back and cut off real processes under load, on this machine alone
	$(BIN)/python -m tests.faults

check: setup-dev lint            ## the fast half
	$(BIN)/pytest -n auto --dist worksteal -m "not slow and not browser"

.PHONY: lint
lint:
	$(BIN)/ruff check huiyin tests
	$(BIN)/ruff format --check huiyin tests
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/huiyin standards check

fmt: setup-dev                   ## put the code in its house style
	$(BIN)/ruff check --fix huiyin tests
	$(BIN)/ruff format huiyin tests

bench: setup-dev                 ## the performance budget, as ratios in one run
	$(BIN)/huiyin bench

lock: $(UV)                      ## renew the hashed requirements from pyproject.toml
	$(LOCK) --upgrade --extra dev pyproject.toml -o requirements/dev.txt
	$(LOCK) pyproject.toml -c requirements/dev.txt -o requirements/runtime.txt
