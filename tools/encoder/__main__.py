"""Makes the encoder from the command line: `make encoder`, or python -m tools.encoder --help."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bot.text.normalise import normalise
from bot.training import questions
from tools.encoder import batches
from tools.encoder.make import make
from tools.encoder.recipe import Recipe


def main(arguments: list[str] | None = None) -> None:
    """Read the examples, train, and write the encoder's folder."""
    chosen = _parser().parse_args(arguments)
    data = batches.read(chosen.examples) if chosen.examples else questions.questions()
    recipe = Recipe.for_messages(len(data), seed=chosen.seed, threads=chosen.threads)
    if chosen.recipe:
        recipe = Recipe(**json.loads(chosen.recipe))
    make(data, chosen.folder, recipe, normalise)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.encoder", description=__doc__)
    parser.add_argument("--folder", type=Path, default=questions.ROOT / "data" / "encoder", help="where it is written")
    parser.add_argument(
        "--examples", type=Path, help='instead of data/nlu, JSON lines {"text": "...", "labels": {"topic": 1}}'
    )
    parser.add_argument("--recipe", help="the recipe as a JSON object, instead of the one for the number of examples")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    return parser


if __name__ == "__main__":
    main()
