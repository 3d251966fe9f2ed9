"""Measures understanding on public data: the project's own pipeline beside stock Rasa's and the published tables.

python -m benchmarks.nlu FOLDER [--only leafline|stock]. Each fine-tuned encoder and each result of stock Rasa is made
once and kept under benchmarks/cache/. The table goes to docs/reference/measurements/public-questions.md as soon as a
set is measured; a figure that a run does not measure stays as it was. Test questions are read once, after every number
is chosen.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import public_data
from benchmarks.cache_folder import CACHE
from benchmarks.public_data import OOS, IntentData, Labelled
from bot.settings import ROOT
from bot.training.examples import Example
from evaluation.pipeline import Pipeline
from tools.encoder.recipe import Recipe

REPORT = ROOT / "docs" / "reference" / "measurements" / "public-questions.md"
OURS, STOCK = "leafline", "stock"
CHOSEN = "The threshold for CLINC150, chosen on its validation questions: "
SEEDS = (0, 1, 2)
IN_SCOPE_KEPT = 0.008
"""How much in-scope accuracy on validation data a threshold may cost, against none at all."""


@dataclass(frozen=True)
class Score:
    """Shares, 0 to 1, on the test questions; out-of-scope recall where the set has such questions."""

    in_scope: float
    out_of_scope: float | None = None
    threshold: float = 0.0


def main(arguments: list[str] | None = None) -> int:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds banking77/ and clinc150/")
    parser.add_argument("--only", choices=[OURS, STOCK], help="measure one of the two (stock Rasa takes hours, once)")
    chosen = parser.parse_args(arguments)
    missing = [n for n in ("banking77/train.csv", "clinc150/data_full.json") if not (chosen.folder / n).is_file()]
    if missing:
        print(
            f"no {missing[0]} in {chosen.folder}: expected the folder that holds banking77/ and clinc150/",
            file=sys.stderr,
        )
        return 2
    few = [public_data.banking77_few(chosen.folder, 10, seed) for seed in SEEDS]
    full, clinc = public_data.banking77(chosen.folder), public_data.clinc150(chosen.folder)
    before = REPORT.read_text("utf-8") if REPORT.exists() else ""
    ours: dict[str, Score] = {}
    stock: dict[str, Score] = {}
    for data, seed in [*zip(few, SEEDS, strict=True), (full, 0), (clinc, 0)]:
        if chosen.only != STOCK:
            ours[data.name] = measured(data, seed)
        if chosen.only != OURS:
            from benchmarks import stock_nlu

            stock[data.name] = Score(*stock_nlu.measured(data, CACHE))
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(report(ours, stock, [d.name for d in few], before), "utf-8")
    print(REPORT.read_text("utf-8"))
    return 0


def measured(data: IntentData, seed: int) -> Score:
    """Train on ``data``, choose the threshold on its validation questions, and score its test questions."""
    started = time.monotonic()
    questions = [Example(text, {intent: 1.0}) for text, intent in data.train]
    pipeline = Pipeline(questions, Recipe.for_size(len(questions), seed=seed))
    threshold = _threshold(pipeline, data.validation) if data.validation else 0.0
    found = _answers(pipeline, data.test, threshold)
    score = Score(*shares(found, data.test), threshold)
    print(f"{data.name}: {score} in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return score


def shares(found: Sequence[str], rows: Labelled) -> tuple[float, float | None]:
    """Return the share of in-scope questions right, and of out-of-scope ones recognised (None without any)."""
    right = np.array([answer == intent for answer, (_, intent) in zip(found, rows, strict=True)])
    outside = np.array([intent == OOS for _, intent in rows])
    return float(right[~outside].mean()), float(right[outside].mean()) if outside.any() else None


def _answers(pipeline: Pipeline, rows: Labelled, threshold: float) -> list[str]:
    best, confidence = _best(pipeline, rows)
    return [intent if c >= threshold else OOS for intent, c in zip(best, confidence, strict=True)]


def _best(pipeline: Pipeline, rows: Labelled) -> tuple[list[str], NDArray[np.float32]]:
    """Return the likeliest intent in scope, and its probability against all else, out of scope included."""
    scores = pipeline.scores([text for text, _ in rows])
    inside = [i for i, intent in enumerate(pipeline.topics) if intent != OOS]
    best = scores[:, inside].argmax(axis=1)
    return [pipeline.topics[inside[i]] for i in best], scores[:, inside].max(axis=1)


def _threshold(pipeline: Pipeline, rows: Labelled) -> float:
    """Return the highest threshold that costs no more than IN_SCOPE_KEPT of in-scope accuracy."""
    best, confidence = _best(pipeline, rows)
    inside = np.array([intent != OOS for _, intent in rows])
    right = np.array([b == intent for b, (_, intent) in zip(best, rows, strict=True)]) & inside
    most = right.sum() / inside.sum()
    allowed = [
        t
        for t in np.linspace(0, 0.999, 1000)
        if (right & (confidence >= t)).sum() / inside.sum() >= most - IN_SCOPE_KEPT
    ]
    return float(max(allowed))


def report(ours: dict[str, Score], stock: dict[str, Score], few: list[str], before: str = "") -> str:
    """Return the page in Markdown; what was not measured now is as the page ``before`` has it."""
    rows: list[tuple[str, str, str, str | list[str]]] = [
        ("BANKING77, full", "93.4 (USE+ConveRT), 94.9 (best seen)", "94.0", "BANKING77"),
        ("BANKING77, 10 an intent, mean of 3", "85.2 (USE+ConveRT), 87.2 (CPFT)", "87.0", few),
        ("CLINC150, in scope", "91.5 (Rasa), 96.2 (BERT)", "95.5", "CLINC150"),
        ("CLINC150, out of scope", "45.3 (Rasa), 52.3 (BERT)", "70.0", "CLINC150"),
    ]
    lines = [HEAD]
    for label, published, aim, names in rows:
        outside = "out of scope" in label
        was = _cells(before, label)
        now = (_cell(scores, names, outside) or old for scores, old in zip((ours, stock), was, strict=True))
        lines.append(f"| {label} | {' | '.join(now)} | {published} | {aim} |")
    chosen = f"{ours['CLINC150'].threshold:.3f}." if "CLINC150" in ours else before.partition(CHOSEN)[2].strip()
    return "\n".join([*lines, *(["", CHOSEN + chosen] if chosen else []), ""])


def _cells(page: str, label: str) -> list[str]:
    """Return the two figures that ``page`` has for ``label``, a dash for each that it has not."""
    row = next((line for line in page.splitlines() if line.startswith(f"| {label} |")), "")
    return [cell.strip() for cell in row.split("|")[2:4]] or ["–", "–"]


HEAD = """# Understanding, on public data

`make bench-nlu DATA=folder` trains this project's pipeline on two public sets of questions and tests it: the same
normalisation, fine-tuned encoder and topic model that answer the leaflet, with no setting changed for either set.
In per cent. "Stock Rasa" is `rasa init`'s pipeline (word and character counts, DIET, 100 epochs; the fallback's
threshold chosen on the same validation questions), trained on the same questions, which takes hours: `--only leafline`
leaves that out. A figure that a run does not measure stays as it was measured last; a dash never was. For CLINC150,
what is published of Rasa is of the same kind: its pipeline of the day, with oos_train.

For CLINC150, both rows come from one threshold in one run, and its 100 out-of-scope training questions (oos_train)
are used.

| Questions | Leafline | stock Rasa | published | aim |
|---|---|---|---|---|"""


def _cell(scores: dict[str, Score], names: str | list[str], outside: bool) -> str | None:
    wanted = [names] if isinstance(names, str) else names
    if not all(name in scores for name in wanted):
        return None
    found = [scores[name] for name in wanted]
    values = [score.out_of_scope if outside else score.in_scope for score in found]
    return f"{100 * float(np.mean([v for v in values if v is not None])):.1f}"


if __name__ == "__main__":
    sys.exit(main())
