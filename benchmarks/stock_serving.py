"""A stock Rasa project with the same questions and answers: what `rasa init` writes, with this project's data."""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from benchmarks.stock_nlu import PIPELINE
from bot.messages import Rendering
from bot.models import digest
from bot.replies import wording
from bot.settings import ROOT, Settings

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
RASA = str(Path(sys.executable).parent / "rasa")


def project(cache: Path) -> Path:
    """Return the folder of the trained stock project; trained once, ``seconds`` in it says how long that took."""
    folder = cache / f"stock-project-{digest()[:16]}"
    if not (folder / "seconds").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _write(folder)
        started = time.monotonic()
        subprocess.run([RASA, "train", "--quiet"], cwd=folder, check=True, stdout=sys.stderr)
        (folder / "seconds").write_text(f"{time.monotonic() - started:.0f}", "utf-8")
    return folder


def _write(folder: Path) -> None:
    settings = Settings()
    words = wording.load(settings.programme, settings.language)
    intents = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"]
    shutil.copytree(ROOT / "data" / "nlu", folder / "data" / "nlu")
    answers = {f"utter_{i}": [{"text": words.text(i, Rendering.SCREEN, **settings.office)}] for i in intents}
    rules = [{"rule": f"answer {i}", "steps": [{"intent": i}, {"action": f"utter_{i}"}]} for i in intents]
    stories = [
        {"story": "greet, ask, thank", "steps": _steps("greeting", "missed_session", "thanks")},
        {"story": "ask, ask", "steps": _steps("session_times", "breaks")},
    ]
    pipeline = [{**c, "entity_recognition": True} if c["name"] == "DIETClassifier" else c for c in PIPELINE]
    config = {"recipe": "default.v1", "language": "en", "assistant_id": "stock"}
    _yaml(folder / "config.yml", config | {"pipeline": pipeline + REST_OF_PIPELINE, "policies": POLICIES})
    _yaml(folder / "domain.yml", {"version": "3.1", "intents": intents, "responses": answers})
    _yaml(folder / "data" / "rules.yml", {"version": "3.1", "rules": rules, "stories": stories})
    _yaml(folder / "credentials.yml", {"rest": None})
    _yaml(folder / "endpoints.yml", {})


def _steps(*intents: str) -> list[dict[str, str]]:
    return [step for intent in intents for step in ({"intent": intent}, {"action": f"utter_{intent}"})]


def _yaml(file: Path, content: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
