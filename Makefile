# Everything a fresh machine needs: `make demo` runs the main job, `make test` passes the tests.
# Only Python 3.11 or newer, make and bash are taken for granted; uv is used where there is one.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo run test engine dask s3 lint types lock screenshot dictionary faults install-service clean

PYTHON ?= python3
BIN := .venv/bin

help: ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

demo: .venv/run ## run the whole pipeline on past figures, without network and keys
	$(BIN)/barometer demo

run: .venv/run ## run it against the live sources
	$(BIN)/barometer run

test: .venv/dev ## run every test
	$(BIN)/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

engine: .venv/dev ## add the real ClickHouse engine, 900 MB, without which the tests of its query are skipped
	@bash .ci/install requirements-clickhouse.lock

dask: .venv/run ## add what collects and builds on the workers of a Dask cluster
	@bash .ci/install requirements-dask.lock

s3: .venv/run ## add what an archive on object storage is read and written by
	@bash .ci/install requirements-s3.lock

lint: .venv/dev ## check style and form of Python and SQL
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/sqlfluff lint --processes 2 sql

types: .venv/dev ## check types
	$(BIN)/mypy

screenshot: .venv/dev demo ## take the README's picture of the demo's report
	$(BIN)/python docs/screenshot.py

dictionary: .venv/run demo ## write docs/data-dictionary.md from the demo's published file
	$(BIN)/python docs/data_dictionary.py

faults: .venv/run ## write docs/faults.md from the register of faults
	$(BIN)/python docs/faults.py

install-service: .venv/run ## write a systemd unit that keeps `barometer serve` running, and its command `barometer`
	@bash deploy/install-service

lock: ## pin the versions anew with uv, after a change of pyproject.toml
	uv pip compile pyproject.toml --group build $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --group build --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock
	uv pip compile pyproject.toml --group build --group dev --group clickhouse -c requirements-dev.lock $(LOCK) \
		-o requirements-clickhouse.lock
	uv pip compile pyproject.toml --group build --group dask -c requirements-dev.lock $(LOCK) -o requirements-dask.lock
	uv pip compile pyproject.toml --group build --group s3 -c requirements-dev.lock $(LOCK) -o requirements-s3.lock

clean: ## remove what the demo and the tools made; live figures, their site and .venv stay
	@if [ -e warehouse/data/demo.json ]; then rm -rf warehouse/data; fi
	@if grep -qs data-clock reports/site/index.html; then rm -rf reports/site; fi
	rm -rf reports/.site-* sql/target sql/logs .mypy_cache .pytest_cache .ruff_cache

LOCK := --universal --python-version 3.11 --no-strip-extras --generate-hashes \
	--no-emit-index-url --no-emit-find-links --quiet

# One environment; the development lock is a superset of the other, so that it serves both.
.venv/run: requirements.lock pyproject.toml
	@[ .venv/dev -nt requirements-dev.lock ] || bash .ci/install requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock pyproject.toml
	@bash .ci/install requirements-dev.lock
	@touch .venv/run $@
