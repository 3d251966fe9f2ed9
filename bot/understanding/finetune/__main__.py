"""Make an encoder from the command line: python -m bot.understanding.finetune examples.jsonl folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.understanding.finetune import examples
from bot.understanding.finetune.make import make
from bot.understanding.finetune.recipe import Recipe


def main(arguments: list[str] | None = None) -> None:
    """Read the examples, train, and write the encoder's folder."""
    parser = argparse.ArgumentParser(prog="python -m bot.understanding.finetune", description=__doc__)
    parser.add_argument("examples", type=Path, help='JSON lines: {"text": "...", "labels": {"topic": 1.0}}')
    parser.add_argument("folder", type=Path, help="where the encoder is written")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(arguments)
    data = examples.read(chosen.examples)
    make(data, chosen.folder, Recipe.for_size(len(data), seed=chosen.seed, threads=chosen.threads))


if __name__ == "__main__":
    main()
