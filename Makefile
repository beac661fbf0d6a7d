# uPay's commands. `make run` and `make test` need only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests wait now and then: one worker more than there are cores, each with servers of its own.
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(os.cpu_count() + 1, 5))')
TOGETHER = --numprocesses=$(WORKERS) --dist=worksteal
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
	--no-compile --require-hashes --only-binary :all:
# Bytecode is kept, whatever the shell says: a start that compiles everything takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types floors schema lock bench audit sbom clean

help: ## List these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.server ## Start uPay here (embedded PostgreSQL, demo town)
	@$(BIN)/python -m server serve

test: $(VENV)/.tools lint types floors schema ## Everything: lint, types, floors, schemas, all tests
	$(BIN)/python -m pytest $(TOGETHER)

check: $(VENV)/.tools lint types floors schema ## Quick: lint, types, floors, schemas, fast tests
	$(BIN)/python -m pytest $(TOGETHER) -m "not slow"

format: $(VENV)/.tools ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.tools
	$(BIN)/mypy

floors: $(VENV)/.tools
	$(BIN)/lint-imports --no-logo

schema: $(VENV)/.tools
	$(BIN)/python -m server schema --check

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-annotate -q pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-header --no-annotate -q pyproject.toml --extra otel --group dev \
		-c requirements.lock -o requirements-dev.lock

bench: $(VENV)/.tools ## Measure uPay beside its peers (ten minutes; ARGS="--only transfers")
	$(BIN)/python -m benchmarks $(ARGS)

audit: $(VENV)/.tools ## Ask whether anything is known against the packages
	$(BIN)/python -m dependencies.audit

sbom: $(VENV)/.tools ## Write the bill of materials into sbom/
	$(BIN)/python -m dependencies.bill

clean: ## Remove the installed packages (never the data)
	rm -rf $(VENV)

# Made anew when it cannot run pip: a start that was interrupted, or a Python that was upgraded.
$(VENV)/.server: requirements.lock
	@command -v $(PYTHON) >/dev/null || \
		{ echo "uPay: there is no $(PYTHON): install Python 3.11 or newer, or name it with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"uPay: %s is Python %s.%s: name 3.11 or newer with PYTHON=..." % (sys.executable, *sys.version_info[:2]))'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "uPay: this Python cannot make a virtual environment: install its venv module" \
		"(Debian, Ubuntu: apt install python3-venv), or name another with PYTHON=..." >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing what uPay needs into $(VENV) (once, half a minute)."
	@$(PIP) -r requirements.lock
	@# Compiled here, once: whoever runs uPay later may not be allowed to write beside its code.
	@$(BIN)/python -c 'import server.commands.serve'
	@touch $@

$(VENV)/.tools: requirements-dev.lock $(VENV)/.server
	@echo "Installing what its tests need (once, half a minute)."
	@$(PIP) -r requirements-dev.lock
	@touch $@
