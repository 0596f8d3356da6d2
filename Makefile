# Two words are enough: `make run` serves the demo company, `make test` proves the house stands.
# Both need only Python 3.11 or later and make; everything else goes into .venv.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= auto
PORT := 8443
CATALOGUES := $(wildcard wesentra/translations/*/LC_MESSAGES/*.po)

.PHONY: run test check install format lint types contracts pytest attack screenshots texts lock clean

run: $(VENV)/.installed $(CATALOGUES:.po=.mo)
	@$(BIN)/wesentra demo --port $(PORT)

check: test
test: install
	@$(MAKE) --no-print-directory lint types contracts pytest

install: $(VENV)/.installed-for-tests $(CATALOGUES:.po=.mo)

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

# Who has nothing left to do takes tests from who has most.
pytest:
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

# Tools that attackers use, against a register that is served for them; `SHORT=1` is what CI runs,
# without wapiti, which is large. They have an environment of their own, since they need other
# versions of what Wesentra stands on.
ATTACK := .attack
TOOLS := $(if $(SHORT),attack,attack-whole)
attack: install $(ATTACK)/.installed-$(TOOLS)
	@$(BIN)/python -m tests.attack $(if $(SHORT),--short)

$(ATTACK)/bin/python:
	@$(PYTHON) -m venv $(ATTACK) >/dev/null 2>&1 || { rm -rf $(ATTACK); \
		$(PYTHON) -m venv --without-pip $(ATTACK) \
		&& $(PYTHON) -m pip --quiet --python $(ATTACK) install pip; }

$(ATTACK)/.installed-%: requirements/%.lock | $(ATTACK)/bin/python
	@echo "Installing the tools of the attack (once)."
	@$(ATTACK)/bin/python -m pip --disable-pip-version-check --quiet install \
		--require-hashes -r $<
	@touch $@

# The pictures of the README, taken anew from the demo company.
screenshots: install
	SCREENSHOTS=1 $(BIN)/pytest -q tests/browser/test_screenshots.py

# The environment. When Python has no ensurepip (Debian without python3-venv), its pip does the
# same job from outside; with neither, one line says what to install.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Wesentra needs Python 3.11 or later." >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON)."
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
		$(PYTHON) -m venv --without-pip $(VENV) \
		&& $(PYTHON) -m pip --quiet --python $(VENV) install pip; } \
		|| { rm -rf $(VENV); echo "Python's venv or pip is missing: install python3-venv." >&2; exit 1; }

$(VENV)/.installed: requirements/run.lock hatch_build.py | $(BIN)/python
	@echo "Installing what Wesentra needs (once)."
	@$(PIP) install --require-hashes -r requirements/run.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.installed-for-tests: requirements/test.lock $(VENV)/.installed
	@echo "Installing what the tests need (once)."
	@$(PIP) install --require-hashes -r requirements/test.lock
	@touch $@

# The catalogues: every text that stands in the sources, the new ones empty, the old ones gone.
TEXTS := $(VENV)/texts.pot
KEYWORDS := -k mark -k mark_several:1,2 -k _l -k lazy_gettext
texts: install
	@$(BIN)/pybabel --quiet extract --mapping-file babel.cfg $(KEYWORDS) --add-location file \
		--sort-by-file --output-file $(TEXTS) .
	@$(BIN)/pybabel --quiet update --input-file $(TEXTS) --output-dir wesentra/translations \
		--width 100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# The locks: exact versions with hashes, made anew after a change of pyproject.toml.
LOCK := pip-compile --quiet --generate-hashes --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --upgrade
lock: $(BIN)/python
	@$(PYTHON) -m venv .tools && .tools/bin/python -m pip --quiet install pip-tools
	.tools/bin/$(LOCK) --extra postgresql -o requirements/run.lock pyproject.toml
	.tools/bin/$(LOCK) --extra postgresql --extra test -o requirements/test.lock pyproject.toml
	.tools/bin/$(LOCK) -o requirements/attack.lock requirements/attack.in
	.tools/bin/$(LOCK) -o requirements/attack-whole.lock requirements/attack.in requirements/attack-whole.in

clean:
	rm -rf $(VENV) .tools $(ATTACK) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
