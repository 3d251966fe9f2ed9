"""Stock Rasa on the public data: `rasa init`'s pipeline, trained once in a process of its own and kept.

python -m benchmarks.stock_nlu TRAIN.jsonl VALIDATION.jsonl TEST.jsonl OUT.json is that process.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from benchmarks.public_data import OOS, IntentData, Labelled

PIPELINE: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True, "entity_recognition": False},
]
"""What `rasa init` of Rasa 3.6 writes, less the components that do not choose intents."""
THRESHOLDS = [round(0.01 * step, 2) for step in range(100)]


def measured(data: IntentData, cache: Path) -> tuple[float, float | None, float]:
    """Return in-scope accuracy, out-of-scope recall (None without such questions) and the threshold used."""
    parts = [data.train, data.validation, data.test]
    name = hashlib.sha256(json.dumps([PIPELINE, parts]).encode()).hexdigest()[:16]
    kept = cache / "stock" / f"{name}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            files = [_written(rows, Path(folder) / f"{i}.json") for i, rows in enumerate(parts)]
            subprocess.run([sys.executable, "-m", "benchmarks.stock_nlu", *files, str(kept)], check=True)
    found = json.loads(kept.read_text("utf-8"))
    return found["in_scope"], found["out_of_scope"], found["threshold"]


def main(arguments: list[str]) -> None:
    """Train on the first file, choose the threshold on the second, score the third, write the fourth."""
    train, validation, test = (json.loads(Path(file).read_text("utf-8")) for file in arguments[:3])
    ranked = _ranked(train, [text for text, _ in validation + test])
    threshold = _threshold(ranked[: len(validation)], validation) if validation else 0.0
    in_scope, outside = _shares(ranked[len(validation) :], test, threshold)
    result = {"in_scope": in_scope, "out_of_scope": outside, "threshold": threshold}
    Path(arguments[3]).write_text(json.dumps(result), "utf-8")


def _ranked(train: Labelled, texts: list[str]) -> list[tuple[str, float]]:
    """Return each text's best intent and its confidence."""
    import asyncio

    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        intents: dict[str, list[str]] = {}
        for text, intent in train:
            intents.setdefault(intent, []).append(" ".join(text.split()))
        nlu = [{"intent": i, "examples": "".join(f"- {text}\n" for text in texts)} for i, texts in intents.items()]
        (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}), "utf-8")
        config = {"recipe": "default.v1", "assistant_id": "stock", "language": "en", "pipeline": PIPELINE}
        (folder / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
        model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
        agent = Agent.load(model)

        async def parse() -> list[tuple[str, float]]:
            found = [(await agent.parse_message(text))["intent"] for text in texts]
            return [(intent["name"], intent["confidence"]) for intent in found]

        return asyncio.run(parse())


def _threshold(ranked: list[tuple[str, float]], rows: Labelled) -> float:
    """Return the threshold that loses least of in-scope accuracy and out-of-scope recall together."""

    def sum_of(threshold: float) -> float:
        in_scope, outside = _shares(ranked, rows, threshold)
        return in_scope + (outside or 0.0)

    return max(THRESHOLDS, key=sum_of)


def _shares(ranked: list[tuple[str, float]], rows: Labelled, threshold: float) -> tuple[float, float | None]:
    right: dict[bool, list[bool]] = {True: [], False: []}
    for (intent, confidence), (_, meant) in zip(ranked, rows, strict=True):
        right[meant == OOS].append((intent if confidence >= threshold else OOS) == meant)
    outside = right[True]
    return sum(right[False]) / len(right[False]), sum(outside) / len(outside) if outside else None


def _written(rows: Labelled, file: Path) -> str:
    file.write_text(json.dumps(rows), "utf-8")
    return str(file)


if __name__ == "__main__":
    main(sys.argv[1:])
