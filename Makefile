# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8000

.DEFAULT_GOAL := help
.PHONY: help audit docs wheel sbom hooks look run test test-fast test-rest test-nightly test-spark test-oracles test-pythons check lock messages bench-online bench-enrolment bench-bulk bench-member bench-evaluate bench-batch bench-plans bench-actuarial bench-documents bench-peers conformance golden permissions notebooks mutation mutation-platform screenshots programs clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(BIN)/.run-ready  ## make the environment, load the demonstration city, serve it on 127.0.0.1:8000
	@$(BIN)/huimin serve --demonstration --port $(PORT)

test: $(BIN)/.test-ready programs  ## the tests but the slow ones; on PostgreSQL beside it what could differ there
	@$(BIN)/python scripts/run_tests.py

test-rest: $(BIN)/.test-ready programs  ## the slow ones: servers, browsers; and the rest of the platform on PostgreSQL
	@$(BIN)/python scripts/run_tests.py --rest

test-fast: $(BIN)/.test-ready  ## core and platform on SQLite, no browser
	@$(BIN)/pytest --ignore=tests/browser

test-spark: $(BIN)/.spark-ready  ## the job on Spark, and on a cluster that loses a worker (needs Java 17 or 21)
	@$(BIN)/pytest -m spark tests/spark

test-oracles: .oracles/.ready $(BIN)/.test-ready  ## the desk's numbers beside those of chainladder and aggregate
	@$(BIN)/pytest -m oracles tests/oracles

test-nightly: $(BIN)/.test-ready test-spark test-oracles  ## the long proofs: many more random plans and years
	@HYPOTHESIS_PROFILE=nightly $(BIN)/pytest -n auto --dist worksteal tests/properties tests/batch/test_columns.py tests/platform/test_api_errors.py tests/files/test_fuzz.py tests/papers/test_fuzz.py
	@$(BIN)/pytest -n auto --dist worksteal -m nightly
	@$(BIN)/python scripts/mutation_platform.py

test-pythons: $(BIN)/.test-ready programs  ## every test with each Python that pyproject.toml names, in environments of their own
	@$(BIN)/python scripts/test_pythons.py

check: $(BIN)/.test-ready  ## ruff, mypy strict, import contracts, tidy test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache && $(BIN)/pytest tests/architecture

hooks: $(BIN)/.test-ready  ## run the quick checks before each commit and push (pre-commit, from this environment alone)
	@$(BIN)/pre-commit install

bench-online: $(BIN)/.test-ready  ## settlements and enrolments per second over loopback HTTP
	@$(BIN)/python benchmarks/online.py

bench-enrolment: $(BIN)/.test-ready  ## orders from order over payment to policy per second, beside two references
	@$(BIN)/python benchmarks/enrolment.py

screenshots: $(BIN)/.test-ready programs  ## open every page as a picture, phone and desk, Chinese and English
	@$(BIN)/python scripts/screenshots.py

look: screenshots  ## a fresh look: every page's picture, side by side on one sheet
	@$(BIN)/python scripts/contact_sheet.py

programs: $(BIN)/.test-ready  ## what tests need beside pip's packages: Chromium, a Chinese font, nginx
	@$(BIN)/python scripts/install_test_programs.py

bench-bulk: $(BIN)/.test-ready  ## a list of half a million people checked, and a part of it enrolled
	@$(BIN)/python benchmarks/bulk.py

bench-member: $(BIN)/.test-ready  ## what a further bill costs a member who has hundreds, beside one inserted row
	@$(BIN)/python benchmarks/member_bills.py

bench-evaluate: $(BIN)/.test-ready  ## one member-year decided and explained, the catalogue loaded
	@$(BIN)/python benchmarks/evaluate.py

bench-batch: $(BIN)/.test-ready  ## a year's bills decided by column, beside DuckDB, Polars and a plain loop
	@$(BIN)/python benchmarks/batch.py

bench-plans: $(BIN)/.test-ready  ## a year's bills under every plan of the catalogue
	@$(BIN)/python benchmarks/batch_plans.py

mutation: $(BIN)/.test-ready  ## break the core a little at a time: does a test notice? (half an hour)
	@$(BIN)/python scripts/mutation.py

mutation-platform: $(BIN)/.test-ready  ## break the platform a little at a time, another sample each day (45 minutes)
	@$(BIN)/python scripts/mutation_platform.py

golden: $(BIN)/.test-ready  ## write the texts that people read again, for reading
	@$(BIN)/python scripts/golden.py
	@HUIMIN_WRITE_EXAMPLES=1 $(BIN)/pytest tests/platform/test_api_examples.py
	@HUIMIN_WRITE_TRAILS=1 $(BIN)/pytest $$(sed -n 's/^## \(.*\.py\)::.*/\1/p' tests/data/trails/*.txt | sort -u)

permissions: $(BIN)/.test-ready  ## write docs/permissions.md again, for reading
	@$(BIN)/python scripts/permissions.py

notebooks: $(BIN)/.test-ready  ## run the worked notebooks of docs/notebooks again and write down what they say
	@$(BIN)/python scripts/notebooks.py

bench-actuarial: $(BIN)/.test-ready  ## the actuary's desk: a city, a design, ten years, a thousand designs
	@$(BIN)/python benchmarks/actuarial.py

bench-documents: $(BIN)/.test-ready  ## papers read as files, scans and photographs: what is right, and was a wrong amount accepted
	@$(BIN)/python benchmarks/documents.py

bench-peers: .peers/.ready $(BIN)/.test-ready  ## other ways to the same payments: OpenFisca on totals, zen-engine, an ORM
	@echo "OpenFisca-Core:" && .peers/bin/python benchmarks/peers/openfisca_totals.py 1000000
	@echo "Oasis LMF fmpy:" && .peers/bin/python benchmarks/peers/oasis_fmpy.py 200000
	@echo "zen-engine:" && .peers/bin/python benchmarks/peers/zen_claims.py 20000
	@echo "Django's ORM on SQLite:" && $(BIN)/python benchmarks/peers/orm_claims.py 10000

conformance: $(BIN)/.test-ready  ## write the conformance set again
	@$(BIN)/python scripts/conformance.py

messages: $(BIN)/.test-ready  ## compile the English translations
	@$(BIN)/python scripts/messages.py

audit: $(BIN)/.test-ready  ## look up every locked package's known vulnerabilities; fails where it could not (AUDIT="--database …" offline)
	@$(BIN)/python scripts/audit.py $(AUDIT)

COMPILE := uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11
lock:  ## renew the lock files (needs uv)
	$(COMPILE) pyproject.toml --extra all -o requirements/all.txt
	$(COMPILE) pyproject.toml --extra platform requirements/run.in -c requirements/all.txt -o requirements/run.txt
	$(COMPILE) pyproject.toml --extra platform --extra papers --extra glm requirements/run.in requirements/test.in -c requirements/all.txt -o requirements/test.txt
	$(COMPILE) requirements/peers.in -o requirements/peers.txt
	$(COMPILE) requirements/oracles.in -o requirements/oracles.txt
	$(COMPILE) requirements/docs.in -c requirements/test.txt -o requirements/docs.txt

docs: $(BIN)/.docs-ready  ## the documents as a site in docs/_build, its links checked (what they show is run by make test)
	@$(BIN)/python scripts/docs.py

wheel: $(BIN)/.test-ready  ## the wheel and the source archive of the last commit in dist/, the same bytes each time
	@$(BIN)/python scripts/wheel.py

sbom: $(BIN)/.test-ready  ## what the package brings along, as a CycloneDX bill of materials in dist/
	@$(BIN)/python scripts/sbom.py

clean:  ## remove the environment and the demonstration's data
	rm -rf $(VENV) var

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Huimin needs Python 3.11 to 3.13; found $$($(PYTHON) --version). Try: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }

$(BIN)/.run-ready: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Huimin runs on (once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(BIN)/.test-ready: requirements/test.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(BIN)/.run-ready

$(BIN)/.spark-ready: requirements/all.txt $(BIN)/.test-ready
	@java -version >/dev/null 2>&1 || { echo "Spark needs Java. On Debian: sudo apt-get install openjdk-17-jre-headless"; exit 1; }
	@echo "Installing Spark (once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/all.txt
	@touch $@

$(BIN)/.docs-ready: requirements/docs.txt $(BIN)/.test-ready
	@echo "Installing what the documents are built with (once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/docs.txt
	@touch $@

.oracles/.ready: requirements/oracles.txt
	@echo "Installing chainladder and aggregate apart (once) ..."
	@$(PYTHON) -m venv .oracles
	@.oracles/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/oracles.txt
	@touch $@

.peers/.ready: requirements/peers.txt
	@$(PYTHON) -m venv .peers
	@.peers/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/peers.txt
	@touch $@
