# `make` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
UV_VERSION := 0.13.9
BOT := .venv/bin/python -m bot
DATA ?= ../shared/data

.PHONY: help setup run chat sms-demo train test lint bench bench-nlu faq-report encoder check-data

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: .venv/.ready ## install everything into .venv

# uv itself comes from the package index, into an environment of its own.
.uv/bin/uv:
	@echo "Setting up uv" >&2
	@python3.11 -m venv .uv || { echo "Needed first: Python 3.11 with venv (Debian and Ubuntu: apt install python3.11-venv)" >&2; rm -rf .uv; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: .uv/bin/uv pyproject.toml uv.lock
	@echo "Installing the locked environment into .venv" >&2
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

test: setup ## run the tests
	@$(BOT) train
	@.venv/bin/python -m pytest

lint: setup ## check format, style, types and training data
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

check-data: setup ## let Rasa validate its project files and test whole conversations
	@$(BOT) train
	@.venv/bin/rasa data validate
	@.venv/bin/rasa test core --stories tests/test_stories.yml --fail-on-prediction-errors --out reports/rasa

faq-report: setup ## write the regression report with its pictures to reports/faq.html
	@$(BOT) train
	@.venv/bin/python -m benchmarks.faq_report

bench: setup ## compare with stock Rasa: latency, throughput, memory, the mailbox; and a record of 100,000 people
	@$(BOT) train
	@.venv/bin/python -m benchmarks.serving
	@.venv/bin/python -m benchmarks.mailbox
	@.venv/bin/python -m benchmarks.record

bench-nlu: setup ## compare understanding on public data: make bench-nlu DATA=folder
	@.uv/bin/uv sync --frozen --quiet --python python3.11 --group encoder
	@.venv/bin/python -m benchmarks.nlu $(DATA)

encoder: setup ## make the sentence encoder again from data/nlu (most of an hour; installs torch)
	@.uv/bin/uv sync --frozen --quiet --python python3.11 --group encoder
	@.venv/bin/python -m bot.understanding.finetune
