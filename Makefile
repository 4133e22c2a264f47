# Every target sets up what it needs: on a fresh machine `make run` and `make test` are enough.
PYTHON ?= python3
STAGE ?= dev
VENV := .venv
PY := $(VENV)/bin/python
WORKERS ?= $(shell $(PY) -c 'import os; print((os.cpu_count() or 1) + 2)')
READY := $(VENV)/.ready
NO_PIP = { echo "pip could not install the above: is there a way to PyPI (or to the index that" \
  "PIP_INDEX_URL names)? make $(MAKECMDGOALS) then goes on from here." >&2; exit 2; }
NO_FOLDER = { echo "The above kept $(PYTHON) from making a folder of packages in $(CURDIR): is it yours," \
  "not read-only, with 700 MB left? (Debian: apt-get install python3-venv.) Then: make $(MAKECMDGOALS)" \
  >&2; exit 2; }

.PHONY: setup run test lint check browser emulator e2e bench soak preview same-place deploy package destroy help
.DEFAULT_GOAL := help

# What is written after ## beside a target: every target has it, and nothing else is to be kept.
help: ## what can be made
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20
	@echo "STAGE=dev names the stage, ARGS the options of setup_resources.py, BENCH those of the figures."

setup: $(READY) ## the virtual environment in .venv

$(READY): requirements.txt requirements-extras.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Trailbell needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 2; }
	@echo "Setting up $(VENV) (once, about half a minute) ..." >&2
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || $(NO_FOLDER)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt && \
	  $(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt || $(NO_PIP)
	@touch $@

run: setup ## the whole program on this machine, with a sample trail: http://127.0.0.1:8000
	@exec $(PY) trailbell.py run --with-parent

# The emulator and the browser come once; what cannot be had is skipped, and the last lines say so.
# A file at a time, so that what a module shares is made once; in their order, since the longest have
# the fewest tests, and would come last. Two processes more than cores: some wait where others compute.
test: setup $(VENV)/.browser ## every test; gets Chromium and the emulator of AWS by itself, once
	@$(MAKE) --no-print-directory --silent emulator || echo "The tests of it are skipped." >&2
	$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

browser: setup ## Chromium, for the tests of the page
	@$(PY) -m tests.browser.chromium

$(VENV)/.browser: $(READY)
	@$(PY) -m tests.browser.chromium
	@touch $@

preview: setup ## the Slack messages and the terminal as pictures
	$(PY) -m cli.preview
	$(PY) -m tests.terminal.picture

lint: setup ## format, lint, types
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy

check: lint test ## what CI runs: lint and test

# BENCH are its options: make bench BENCH="--table" also writes docs/performance.md's table.
bench: setup emulator ## the figures of docs/performance.md, one JSON object a line
	@$(PY) -m bench $(BENCH)

EMULATOR := .venv-emulator

emulator: $(EMULATOR)/.ready ## the emulator of AWS in .venv-emulator

$(EMULATOR)/.ready: tests/e2e/requirements.txt
	@echo "Setting up $(EMULATOR), the AWS emulator (once, about a minute) ..." >&2
	@$(EMULATOR)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(EMULATOR) || $(NO_FOLDER)
	@$(EMULATOR)/bin/python -m pip install --quiet --disable-pip-version-check -r $< || $(NO_PIP)
	@touch $@

soak: setup emulator ## the reliability proofs in their full sizes
	$(PY) -m tests.reliability
	TRAILBELL_SOAK=1 $(PY) -m pytest -n 2 --dist loadfile tests/slack tests/cloudtrail tests/ingest \
	  tests/delivery tests/stores tests/rules tests/alerts tests/cli/s3 tests/test_no_secret_leaves.py

e2e: setup emulator ## a real chalice deploy on an emulator of AWS
	$(PY) -m pytest tests/e2e

# Chalice over a copy that holds only what a function needs: whatever ran here before.
SHIPPING := $(PY) -m provisioning.shipping
FORMAT ?= cloudformation
OUT ?= out

# Chalice must go where setup_resources.py goes, and takes no region.
ELSEWHERE := $(filter --profile% --region% --stage%,$(ARGS))

same-place: ## look that ARGS holds for each step of a deployment; deploy and destroy do so
	@test -z "$(ELSEWHERE)" || { echo "make $(MAKECMDGOALS): $(ELSEWHERE) would hold for one of" \
	  "its steps only: export AWS_PROFILE and AWS_DEFAULT_REGION, and give STAGE=..." >&2; exit 2; }

# ARGS are setup_resources.py's options, such as ARGS="--email ops@example.com"; it remembers them.
# On a terminal it asks whether this is the right account, unless ARGS has --yes.
deploy: same-place setup ## from nothing to a Slack message; run again it changes nothing
	@$(PY) setup_resources.py apply --stage $(STAGE) --walk first $(ARGS)
	@echo "Step 2 of 3: chalice deploy makes the functions, their roles and the API." \
	  "Undo: make destroy STAGE=$(STAGE)"
	@$(SHIPPING) deploy --stage $(STAGE)
	@$(PY) setup_resources.py apply --stage $(STAGE) --walk last --yes

# What a pipeline deploys: the zip and a template of SAM in OUT (docs/operating.md, By CloudFormation),
# or one of Terraform with FORMAT=terraform.
package: setup ## the zip and a template in OUT=out, for a pipeline; FORMAT=terraform
	@$(SHIPPING) package --stage $(STAGE) --pkg-format $(FORMAT) $(OUT)

# What holds data stays; ARGS=--delete-data removes it too. The second run removes the logs of
# the functions, which could write to them until they were gone.
destroy: same-place setup ## take it away; what holds data stays, unless ARGS=--delete-data
	$(PY) setup_resources.py destroy --stage $(STAGE) $(ARGS)
	$(VENV)/bin/chalice delete --stage $(STAGE)
	$(PY) setup_resources.py destroy --stage $(STAGE) --yes $(ARGS)
