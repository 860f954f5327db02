# Two commands matter: `make run` and `make test`. Needs Python 3.11+ and make, nothing else.

PYTHON ?= python3
PORT ?= 8000
DEMO_TODAY ?= 2024-10-15
JOBS ?= 2
ARGS ?=
BENCH ?=

VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --disable-pip-version-check --quiet --require-hashes
PIP_COMPILE := $(PY) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-options \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
STATIC_SOURCES := $(shell find static daerah/static realisasi/static 2>/dev/null)
# Commands that look at the code, not at data, need some key: any will do, so a fresh one.
THROWAWAY_KEY = $$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')

.PHONY: help install run test check bench gambar format lock

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

install: $(VENV)/installed staticfiles/collected ## build .venv from the lock and collect the static files

run: install ## serve http://127.0.0.1:8000 with demonstration data (PORT=, DEMO_TODAY=)
	@exec env DEMO=1 DEMO_TODAY=$(DEMO_TODAY) $(PY) manage.py serve --port '$(PORT)' --stop-with-parent

test: install $(VENV)/installed-dev ## run the whole suite (ARGS= for pytest, JOBS=, STRICT=1: nothing may be skipped)
	$(PY) -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

check: install $(VENV)/installed-dev ## format, lint, types, migrations, deployment settings
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	env DEMO=1 $(PY) manage.py makemigrations --check --dry-run
	env -u DEBUG -u DEMO SECRET_KEY="$(THROWAWAY_KEY)" ALLOWED_HOSTS=dak-ikm.example $(PY) manage.py check --deploy --fail-level WARNING

bench: install $(VENV)/installed-dev ## measure on PostgreSQL, print one table, write bench.json (BENCH="--skala 1,10 --kali 5")
	$(PY) -m tests.bench $(BENCH)

gambar: install $(VENV)/installed-dev ## take the pictures of README and guides again (needs Chromium)
	$(PY) docs/ambil_gambar.py

format: $(VENV)/installed-dev ## let ruff rewrite what it can
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lock: $(VENV)/installed-dev ## renew requirements*.txt from requirements*.in
	$(PIP_COMPILE) -o requirements.txt requirements.in
	$(PIP_COMPILE) -o requirements-dev.txt requirements-dev.in

# A .venv whose Python was upgraded or removed is built anew, whatever its stamp says.
ifneq ($(shell $(PY) -c 'import pip; print("works")' 2>/dev/null),works)
.PHONY: $(VENV)/installed
endif
$(VENV)/installed: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo 'Python 3.11 or newer is needed, but there is no "$(PYTHON)": install it, or name yours with PYTHON=python3.12.' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) -c 'import platform; print(platform.python_version())'): install a newer one, or name yours with PYTHON=python3.12." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo 'Python here cannot build environments: install its venv module (on Debian or Ubuntu: apt install python3-venv).' >&2; exit 1; }
	@$(PY) -c 'import pip' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@echo 'Installing the locked packages into $(VENV) ...'
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo 'Installing the locked development packages into $(VENV) ...'
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

staticfiles/collected: $(VENV)/installed dakikm/settings.py $(STATIC_SOURCES)
	@env DEMO=1 $(PY) manage.py collectstatic --noinput --clear --verbosity 0
	@mkdir -p $(@D) && touch $@
