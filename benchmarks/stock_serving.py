"""A stock Rasa project with the same answers and some of the questions: what `rasa init` writes, with this data."""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from benchmarks.stock_nlu import PIPELINE
from bot.messages import ReplyFormat
from bot.replies import wording
from bot.settings import ROOT, Settings
from bot.topics.registry import DIALOGUE_ACTS
from bot.training.questions import by_author

POLICIES: list[dict[str, Any]] = [
    {"name": "MemoizationPolicy"},
    {"name": "RulePolicy"},
    {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 100},
    {"name": "TEDPolicy", "max_history": 5, "epochs": 100, "constrain_similarities": True},
]
REST_OF_PIPELINE: list[dict[str, Any]] = [
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", "epochs": 100, "constrain_similarities": True},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
QUESTIONS = 20
"""Of each topic: enough to serve. On all of the questions stock Rasa trains for the better part of an hour."""
RASA = str(Path(sys.executable).parent / "rasa")


def project(cache: Path) -> Path:
    """Return the folder of the trained stock project; trained once, ``seconds`` in it says how long that took."""
    files = _files()
    name = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
    folder = cache / f"stock-project-{name}"
    if not (folder / "seconds").exists():
        shutil.rmtree(folder, ignore_errors=True)
        for file, content in files.items():
            _yaml(folder / file, content)
        started = time.monotonic()
        subprocess.run([RASA, "train", "--quiet"], cwd=folder, check=True, stdout=sys.stderr)
        (folder / "seconds").write_text(f"{time.monotonic() - started:.0f}", "utf-8")
    return folder


def _files() -> dict[str, dict[str, Any]]:
    settings = Settings()
    words = wording.load(settings.programme, settings.language)
    known = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"]
    intents = [intent for intent in known if intent not in DIALOGUE_ACTS]
    answers = {f"utter_{i}": [{"text": words.text(i, ReplyFormat.SCREEN, **settings.office)}] for i in intents}
    rules = [{"rule": f"answer {i}", "steps": [{"intent": i}, {"action": f"utter_{i}"}]} for i in intents]
    stories = [
        {"story": "greet, ask, thank", "steps": _steps("greeting", "missed_session", "thanks")},
        {"story": "ask, ask", "steps": _steps("session_times", "breaks")},
    ]
    pipeline = [{**c, "entity_recognition": True} if c["name"] == "DIETClassifier" else c for c in PIPELINE]
    config = {"recipe": "default.v1", "language": "en", "assistant_id": "stock"}
    return {
        "config.yml": config | {"pipeline": pipeline + REST_OF_PIPELINE, "policies": POLICIES},
        "domain.yml": {"version": "3.1", "intents": intents, "responses": answers},
        "data/nlu.yml": {"version": "3.1", "nlu": _questions(intents)},
        "data/rules.yml": {"version": "3.1", "rules": rules, "stories": stories},
        "credentials.yml": {"rest": None},
        "endpoints.yml": {},
    }


def _questions(intents: list[str]) -> list[dict[str, str]]:
    """Return up to QUESTIONS of each topic, spread evenly over those who wrote them."""
    own: dict[str, list[str]] = {intent: [] for intent in intents}
    for _, example in by_author():
        own[example.main].append(" ".join(example.text.split()))
    spread = {i: texts[:: max(1, len(texts) // QUESTIONS)][:QUESTIONS] for i, texts in own.items()}
    return [{"intent": i, "examples": "".join(f"- {text}\n" for text in texts)} for i, texts in spread.items()]


def _steps(*intents: str) -> list[dict[str, str]]:
    return [step for intent in intents for step in ({"intent": intent}, {"action": f"utter_{intent}"})]


def _yaml(file: Path, content: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
