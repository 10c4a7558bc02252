# Everything a person asks of this project. `make` alone lists it.
export UV_SYSTEM_CERTS := 1
export UV_PYTHON := python3
export UV_PYTHON_DOWNLOADS := never
BIN  := .venv/bin
UV   := .uv/bin/uv
APT  := DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
PORT ?= 8000
COLLECT := $(BIN)/pybabel --quiet extract -F pyproject.toml --no-location --sort-output \
	--project=sipas --version=1 --copyright-holder= --msgid-bugs-address= -k _l -k lazy_gettext
POT  := .words.pot
UPDATE := --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test check fix words bench pictures vendor-check lock mutants clean

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.uv/ok: requirements-tool.txt
	@python3 -c 'import ensurepip' 2>/dev/null || ($(SUDO) $(APT) update && $(SUDO) $(APT) install -y --no-install-recommends python3-venv)
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@python3 -m venv .uv
	@.uv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-tool.txt
	@touch $@

.setup/run: .uv/ok requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(UV) venv -q .venv
	@$(UV) pip install -q --require-hashes -r requirements.txt
	@$(UV) pip install -q --no-deps --no-build-isolation -e .
	@mkdir -p .setup && touch $@

.setup/test: .setup/run requirements-test.txt
	@$(UV) pip install -q --require-hashes -r requirements-test.txt
	@touch $@

.setup/chromium:
	@sh tests/browser/install-chromium.sh
	@mkdir -p .setup && touch $@

setup: .setup/run ## Install what the product needs into .venv

setup-test: .setup/test .setup/chromium

run: setup ## A believable office on http://127.0.0.1:8000 (make run PORT=8080 for another)
	@$(BIN)/sipas demo --serve --port $(PORT)

fix: .setup/test ## Let the tools mend what they can
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

check: .setup/test ## Everything but the tests, in seconds
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy --no-error-summary
	$(BIN)/djlint templates --lint --quiet
	$(COLLECT) -o $(POT) .
	$(BIN)/pybabel --quiet update -i $(POT) -d translations -l en $(UPDATE) --check
	$(BIN)/python static/vendor/verify.py

test: setup-test ## All tests, on SQLite and PostgreSQL, with branch coverage
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --quiet --numprocesses auto
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

words: .setup/test ## Bring the English catalogue up to the texts in code and templates
	$(COLLECT) -o $(POT) .
	$(BIN)/pybabel --quiet update -i $(POT) -d translations -l en $(UPDATE)

bench: setup-test ## Measure, each figure against its reference in one run
	$(BIN)/python -m bench

pictures: setup-test ## Take the pictures in docs/images from the running product
	$(BIN)/python docs/take_pictures.py

vendor-check: ## Build static/vendor anew with npm and compare (needs Node)
	sh static/vendor/build.sh --check

lock: .uv/ok ## Resolve the requirement files anew
	@for name in requirements requirements-test requirements-tool; do \
		$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
			--python-version 3.11 $$name.in -o $$name.txt; done

mutants: .setup/test ## Would the tests notice? Changes rules and actions, one line at a time
	$(BIN)/mutmut run

clean: ## Remove what setup and runs made, the demo data too
	rm -rf .venv .uv .setup var .words.pot
