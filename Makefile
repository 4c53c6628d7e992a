# One word per need; CI calls the same words. `make` alone lists them.
# A machine needs Python 3.11 or newer, git and make: everything else is brought by tools/bootstrap.py.

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
SETUP = $(or $(PYTHON),$(error Tidemill needs Python 3.11 or newer on the PATH)) tools/bootstrap.py
BIN := .venv/bin
WORKERS ?= auto

.PHONY: help setup demo dev check test e2e bridge adapter-suite spark bench generate clean

help: ## List the words
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make the environment for development and build the web app
	@$(SETUP) development web

demo: ## Build the example season and serve it in the browser (ONCE=1: stop after the build)
	@$(SETUP) runtime web
	@$(BIN)/tidemill demo $(if $(ONCE),--once)

dev: setup ## Serve the example with a web app that reloads as you edit it
	@$(BIN)/python tools/dev.py

check: setup ## Lint, format, types, import contract, locks, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	.venv-uv/bin/uv lock --check --quiet
	$(BIN)/python tools/check_locks.py
	$(BIN)/python tools/generate_api.py --check
	$(SETUP) npm run check

test: setup ## Run every test: Python, web, journeys in a browser, comparison with dbt-core
	@$(SETUP) chromium peer bridge
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup
	.venv-bridge/bin/pytest -n $(WORKERS) -m bridge
	$(SETUP) npm test

e2e: setup ## Run only the journeys in a browser
	@$(SETUP) chromium
	$(BIN)/pytest -m browser

bridge: ## Test the bridge with dbt-postgres: the adapter contract, and projects beside the native adapter
	@$(SETUP) bridge
	.venv-bridge/bin/pytest -n $(WORKERS) -m bridge

adapter-suite: ## Run dbt's own tests for adapters on DuckDB and Postgres: ten minutes (ONLY="duckdb")
	@$(SETUP) bridge
	@for warehouse in $(or $(ONLY),duckdb postgres); do \
		echo "dbt's tests for adapters, on $$warehouse"; \
		.venv-bridge/bin/pytest -q -n $(WORKERS) --dist loadscope -p no:logging -o faulthandler_timeout=0 tests/adapter_suite/suite.py --warehouse $$warehouse || exit 1; \
	done

spark: ## Test the bridge with dbt-spark on a local Spark; needs Java and half a gigabyte
	@$(SETUP) spark
	.venv-spark/bin/pytest tests/adapters/bridge/test_spark.py

bench: setup ## Measure beside dbt-core, SQLMesh and DuckDB alone (SIZES="100 500", PROJECT=folder)
	@$(SETUP) peer sqlmesh
	$(BIN)/python -m benchmarks.season
	$(BIN)/python -m benchmarks $(if $(SIZES),--sizes $(SIZES)) $(if $(PROJECT),--project $(PROJECT))
	$(BIN)/python -m benchmarks.floor $(if $(SIZES),--sizes $(SIZES))

generate: setup ## Write the generated files anew: TypeScript types of the API and the events
	$(BIN)/python tools/generate_api.py

clean: ## Remove everything that the other words made
	rm -rf .venv .venv-uv .venv-node .venv-dbt .venv-bridge .venv-spark .venv-sqlmesh dist .pytest_cache .ruff_cache .mypy_cache
	rm -rf web/node_modules web/dist src/tidemill/server/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find examples -name target -type d -prune -exec rm -rf {} +
	find examples \( -name '*.duckdb' -o -name '*.duckdb.wal' \) -delete
