# `make` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
UV_VERSION := 0.13.9
GOVUK_VERSION := 6.3.0
SASS_VERSION := 1.108.2
AXE_VERSION := 4.10.3
BOT := .venv/bin/python -m bot
DATA ?= ../shared/data

.PHONY: help setup setup-dev run chat sms-demo train test test-fast lint bench bench-nlu faq-report faq-baseline encoder encoder-setup check-data frontend

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: .venv/.ready ## install what running needs into .venv

setup-dev: .venv/.ready-dev ## install what tests and checks need as well

# uv itself comes from the package index, into an environment of its own.
.uv/bin/uv:
	@echo "Setting up uv" >&2
	@python3.11 -m venv .uv || { echo "Needed first: Python 3.11 with venv (Debian and Ubuntu: apt install python3.11-venv)" >&2; rm -rf .uv; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: .uv/bin/uv pyproject.toml uv.lock
	@echo "Installing the locked environment into .venv" >&2
	@.uv/bin/uv sync --frozen --inexact --no-dev --python python3.11
	@touch $@

.venv/.ready-dev: .venv/.ready
	@echo "Installing what tests and checks need" >&2
	@.uv/bin/uv sync --frozen --python python3.11
	@touch $@

run: setup ## serve the chat page on http://127.0.0.1:8000
	@$(BOT) serve --demo

chat: setup ## talk to the bot in the terminal
	@$(BOT) chat

sms-demo: setup ## text the bot from the terminal, through a real Kannel and a simulated SMS centre
	@$(BOT) train
	@.venv/bin/python -m deploy.kannel.demo

train: setup ## train the model if it is missing or stale
	@$(BOT) train

# A file belongs to one process; conftest.py puts the files that take longest first.
test: setup-dev ## run every test, and measure what they cover
	@$(BOT) train
	@mkdir -p reports/coverage
	@.venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --cov --cov-report term

test-fast: setup-dev ## run what needs seconds: no model, browser, Kannel or PostgreSQL
	@.venv/bin/python -m pytest --numprocesses auto --maxprocesses 2 --dist loadfile --no-loadscope-reorder \
		-m "(unit or service) and not (model or postgresql or slow)"

lint: setup-dev ## check format, style, types and training data
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

check-data: setup-dev ## let Rasa validate its project files and test whole conversations
	@$(BOT) train
	@.venv/bin/rasa data validate --fail-on-warnings
	@.venv/bin/rasa test core --e2e --stories tests/test_stories.yml --fail-on-prediction-errors --out reports/rasa

faq-report: setup-dev ## write the regression report with its pictures to reports/faq.html
	@$(BOT) train
	@.venv/bin/python -m evaluation.report

faq-baseline: setup-dev ## record how well the held-out questions are answered, for tests to compare with
	@$(BOT) train
	@.venv/bin/python -m evaluation.baseline

bench: setup-dev ## compare with stock Rasa: latency, throughput, memory, the mailbox; a record of 100,000 people; the pages of staff
	@$(BOT) train
	@.venv/bin/python -m benchmarks.serving
	@.venv/bin/python -m benchmarks.mailbox
	@.venv/bin/python -m benchmarks.record
	@.venv/bin/python -m benchmarks.pages

bench-nlu: setup-dev encoder-setup ## compare understanding on public data with stock Rasa (hours): make bench-nlu DATA=folder
	@.venv/bin/python -m benchmarks.nlu $(DATA)

encoder: encoder-setup ## make the sentence encoder again from data/nlu (most of an hour; installs torch)
	@tools/encoder/.venv/bin/python -m tools.encoder

encoder-setup: .uv/bin/uv ## install what makes the sentence encoder into tools/encoder/.venv
	@.uv/bin/uv sync --frozen --quiet --python python3.11 --project tools/encoder

# What the pages need of it is kept in the repository: running and testing need no npm.
frontend: ## take GOV.UK Frontend for the pages, and axe for their tests, anew from npm (needs node)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && from="$$folder/node_modules" && to=bot/web/static/govuk && \
	npm install --silent --ignore-scripts --no-save --prefix "$$folder" \
		govuk-frontend@$(GOVUK_VERSION) sass@$(SASS_VERSION) axe-core@$(AXE_VERSION) && \
	"$$from/.bin/sass" --quiet-deps --style=compressed --no-source-map --load-path="$$from/govuk-frontend/dist" \
		bot/web/frontend/govuk.scss $$to/govuk-frontend.min.css && \
	sed '/^\/\/# sourceMappingURL=/d' "$$from/govuk-frontend/dist/govuk/govuk-frontend.min.js" > $$to/govuk-frontend.min.js && \
	echo "govuk-frontend $(GOVUK_VERSION), compiled by sass $(SASS_VERSION)" > $$to/VERSION.txt && \
	cp "$$from/axe-core/axe.min.js" tests/vendor/axe.min.js && \
	cp "$$from/axe-core/LICENSE" tests/vendor/axe.LICENSE.txt && \
	echo "axe-core $(AXE_VERSION)" > tests/vendor/VERSION.txt
