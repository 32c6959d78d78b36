# `make demo` and `make test` need Python 3.11+ and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Without its bytecode every start of `kg` compiles a hundred modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup setup-dev demo test test-all lint lock

setup: .venv/setup.stamp

.venv/setup.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

setup-dev: .venv/setup-dev.stamp

.venv/setup-dev.stamp: .venv/setup.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@


demo: setup
	$(BIN)/kg build examples/news --out demo --config examples/kg.toml
	@echo; echo "谁投资了月之暗面？ Who invests in 月之暗面?"
	$(BIN)/kg query demo who-invests-in --param name=月之暗面
	@echo; echo "谁监管英伟达？ Who regulates 英伟达, and how?"
	$(BIN)/kg query demo who-regulates --param name=英伟达
	@echo; echo "谁与 OpenAI 竞争？ Who competes with OpenAI?"
	$(BIN)/kg query demo competitors --param name=OpenAI
	$(BIN)/kg export demo demo/graph.html
	@echo; echo "Open demo/graph.html in a browser; ask more with: $(BIN)/kg show demo 智谱"

test: setup-dev
	@tests/install_browser.sh
	@tests/install_followthemoney.sh
	$(BIN)/python -m pytest -m "not campaign"

test-all: setup-dev
	@tests/install_browser.sh
	@tests/install_followthemoney.sh
	$(BIN)/python -m pytest

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Needs uv; the locks name no index, so that mirrors work.
lock:
	uv pip compile pyproject.toml --extra server --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra server --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements.lock -o requirements-dev.lock
