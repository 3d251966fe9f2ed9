"""Makes the encoder from the command line: `make encoder`, or python -m bot.understanding.finetune --help."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.text.normalise import normalise
from bot.understanding.finetune import examples, questions
from bot.understanding.finetune.make import make
from bot.understanding.finetune.recipe import Recipe


def main(arguments: list[str] | None = None) -> None:
    """Read the examples, train, and write the encoder's folder."""
    parser = argparse.ArgumentParser(prog="python -m bot.understanding.finetune", description=__doc__)
    parser.add_argument("--folder", type=Path, default=questions.ROOT / "data" / "encoder", help="where it is written")
    parser.add_argument(
        "--examples", type=Path, help='instead of data/nlu, JSON lines {"text": "...", "labels": {"topic": 1}}'
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(arguments)
    data = examples.read(chosen.examples) if chosen.examples else questions.questions()
    recipe = Recipe.for_messages(len(data), seed=chosen.seed, threads=chosen.threads)
    make(data, chosen.folder, recipe, normalise)


if __name__ == "__main__":
    main()
