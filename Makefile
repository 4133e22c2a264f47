# Every target sets up what it needs: on a fresh machine `make run` and `make test` are enough.
PYTHON ?= python3
STAGE ?= dev
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready

.PHONY: setup run test lint check e2e bench soak preview deploy destroy help
.DEFAULT_GOAL := help

help:
	@echo "make run      the whole program on this machine, with a sample trail: http://127.0.0.1:8000"
	@echo "make test     every test"
	@echo "make check    format, lint, types, tests"
	@echo "make e2e      a real chalice deploy on an emulator of AWS"
	@echo "make bench    the figures of the README, one JSON object a line"
	@echo "make soak     the reliability proofs in their full sizes"
	@echo "make preview  the Slack messages as a picture"
	@echo "make deploy STAGE=dev | make destroy STAGE=dev"

setup: $(READY)

$(READY): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Trailbell needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 2; }
	@echo "Setting up $(VENV) (once, about half a minute) ..."
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: setup
	@$(PY) trailbell.py run

test: setup
	$(PY) -m pytest

lint: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy

check: lint test
