# Two commands matter: `make run` serves the site, `make test` runs every test. Both set up what they need.
SHELL := /bin/bash
VENV  := .venv
PY    := $(VENV)/bin/python
BIN   := $(VENV)/bin

.PHONY: setup run test check demo bench lock clean

setup: $(VENV)/.run        ## what `run` needs, nothing more

run: setup                 ## serve on GALLERY_BIND, workers inside
	@$(PY) -m tools.env_file
	@$(BIN)/flask upgrade --quiet
	@exec $(BIN)/gunicorn -c python:gallery.server wsgi:app

test: $(VENV)/.dev         ## every test, in every group
	@bash tools/apt.sh browser
	@bash tools/apt.sh postgres
	@$(PY) -m tools.run_tests

check: $(VENV)/.dev        ## format, lint, types, the house's own checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 -m house tests/house

demo: $(VENV)/.dev               ## a site with sample photos, posting to a pretended Facebook
	@$(PY) -m tools.demo

bench: $(VENV)/.bench      ## print what docs/performance.md records
	@bash tools/apt.sh bench
	@$(PY) -m bench

lock:                      ## after editing requirements/*.in
	@bash tools/lock.sh

$(VENV)/bin/python:
	@bash tools/apt.sh python
	@python3 -m venv $(VENV)

$(VENV)/.run: requirements/run.txt | $(VENV)/bin/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/run.txt requirements/dev.txt $(VENV)/.run
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@
