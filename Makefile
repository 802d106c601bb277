# fhir-referral-server: `make serve` sets up and runs, `make test` sets up and tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
URL ?= http://127.0.0.1:$(or $(PORT),8080)/fhir

.DEFAULT_GOAL := help
.PHONY: help serve test lint format demo bench bench-large bench-terminology definitions profiles guide lock wheel clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更新版本 / Python 3.11 or later is needed (make PYTHON=python3.12 …)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The development lock holds all of the run lock in the same versions, so having it is enough.
$(RUN_STAMP): requirements.lock pyproject.toml | $(VENV)/pyvenv.cfg
	@if [ -f $(DEV_STAMP) ] && [ ! requirements.lock -nt $(DEV_STAMP) ] && [ ! pyproject.toml -nt $(DEV_STAMP) ]; then :; else \
	  echo "正在安装 / installing …" && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; fi
	@touch $@

$(DEV_STAMP): requirements-dev.lock pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "正在安装 / installing …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

serve: $(RUN_STAMP) ## set up and run the server with its embedded store (PORT, HOST, FHIR_SERVER_*)
	@exec $(BIN)/fhir-server serve

test: $(DEV_STAMP) ## set up and run all tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

lint: $(DEV_STAMP) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV_STAMP) ## put the code into the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

demo: $(RUN_STAMP) ## load a small consortium into the running server
	@$(BIN)/fhir-server demo --url $(URL)

bench: $(DEV_STAMP) ## measure, and write the figures into docs/performance.md
	$(BIN)/python -m bench

bench-large: $(DEV_STAMP) ## measure searches on 20,000 and 200,000 referrals (takes half an hour; BENCH="--help" for options)
	$(BIN)/python -m bench.large $(BENCH)

bench-terminology: $(DEV_STAMP) ## measure loading and asking a made-up ICD-10 of 40,000 rows
	$(BIN)/python -m bench.terminology

definitions: $(DEV_STAMP) ## rebuild the R4 definitions from the official package
	$(BIN)/python tools/build_definitions.py

profiles: $(DEV_STAMP) ## compile profiles/input/fsh into profiles/package and dist/ (needs Node.js)
	$(BIN)/python tools/build_profiles.py

guide: $(RUN_STAMP) ## write the implementation guide as a static site into build/guide/
	@$(BIN)/fhir-server guide build/guide

lock: | $(VENV)/pyvenv.cfg ## refresh the locked versions
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --no-emit-index-url \
	  --generate-hashes --no-annotate --no-header pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --no-emit-index-url \
	  --generate-hashes --no-annotate --no-header -c requirements.lock pyproject.toml --group dev \
	  -o requirements-dev.lock

wheel: $(DEV_STAMP) ## build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist .

clean: ## remove what can be made again; data/ stays
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .hypothesis
