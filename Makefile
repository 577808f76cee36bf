# Everything a newcomer needs; `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PY := .venv/bin/python
PORT ?= 8000
MATCHMAKER_DATA ?= var
WORKERS ?= $(shell nproc)
BENCH_FIRMS ?= 10000
export PORT MATCHMAKER_DATA
# Compiled once, not at every start: without it a process takes seven seconds to import.
unexport PYTHONDONTWRITEBYTECODE

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/demo ## Start the whole product on SQLite: http://localhost:$PORT
	@$(PY) -m flask --app wsgi demo

test: test-sqlite test-postgresql test-browser ## The whole suite: SQLite, PostgreSQL, browser

# One worker more than there are cores: some wait while their server works.
test-postgresql: WORKERS := $(shell expr $(WORKERS) + 1)
test-sqlite test-postgresql: test-%: .venv/dev
	$(PY) -m pytest -n $(WORKERS) --dist loadgroup -m "not browser" --database $*

test-browser: .venv/dev browser
	CI=true $(PY) -m pytest -n 2 --dist loadgroup -m browser tests/browser

quick: .venv/dev ## Before each commit: format, lint, types, contracts, unit tests on SQLite
	$(MAKE) --no-print-directory lint
	$(PY) -m pytest -n $(WORKERS) --dist loadgroup -m "not browser and not slow" --database sqlite --hypothesis-profile quick

check: lint test ## All that CI runs; translations and migrations are among the tests

lint: .venv/dev ## Format, lint, types, contracts, templates
	.venv/bin/ruff format --check -q .
	.venv/bin/ruff check -q .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/djlint templates --lint --quiet

translations: .venv/dev ## Catalogues are complete, compiled and agree with the texts
	$(PY) -m pytest tests/translations

catalogues: .venv/dev ## Extract texts, update and compile the catalogues
	.venv/bin/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext -k ngettext:1,2 --no-location --sort-output -o translations/messages.pot .
	.venv/bin/pybabel -q update -i translations/messages.pot -d translations --no-fuzzy-matching -w 100
	.venv/bin/pybabel -q compile -d translations

bench: .venv/dev ## Rank and page times beside their yardstick
	$(PY) -m flask --app wsgi matches bench
	@folder=$$(mktemp -d); trap 'rm -rf '$$folder EXIT; export MATCHMAKER_DATA=$$folder; \
	for command in "seed --n $(BENCH_FIRMS)" "jobs run --once" bench-pages; do \
	  $(PY) -m flask --app wsgi $$command || exit; done

lock: .venv/dev ## Pin the newest allowed versions with their hashes
	.venv/bin/uv pip compile -q pyproject.toml --universal --generate-hashes --no-header --no-annotate -U -o requirements.lock
	.venv/bin/uv pip compile -q pyproject.toml --extra dev --extra pdf --extra bench --universal --generate-hashes --no-header --no-annotate -U -o requirements-dev.lock
	echo 'uv' | .venv/bin/uv pip compile -q - --universal --generate-hashes --no-header --no-annotate -c requirements-dev.lock -o requirements-uv.lock

.venv/uv: requirements-uv.lock
	test -x $(PY) || python3 -m venv .venv
	.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

.venv/demo: .venv/uv requirements.lock pyproject.toml
	.venv/bin/uv pip install -q --python $(PY) --compile-bytecode --require-hashes -r requirements.lock
	.venv/bin/uv pip install -q --python $(PY) --no-deps -e .
	@touch $@

.venv/dev: .venv/uv requirements-dev.lock pyproject.toml
	.venv/bin/uv pip install -q --python $(PY) --compile-bytecode --require-hashes -r requirements-dev.lock
	.venv/bin/uv pip install -q --python $(PY) --no-deps -e .
	@touch $@ .venv/demo

browser: .venv/dev # Debian's Chromium when it can be had, else the one that playwright brings
	@if [ -n "$$CHROMIUM_PATH" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
	else .venv/bin/playwright install chromium; fi

.PHONY: help demo test test-sqlite test-postgresql test-browser quick check lint translations catalogues bench lock browser
