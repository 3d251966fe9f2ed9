"""Trains the model: `python -m bot.training.train MODEL [ADDED]`. Progress and errors on standard error."""

import contextlib
import os
import sys
import time
from pathlib import Path

from bot import logs
from bot.dialogue.lean_rasa import without_tensorflow
from bot.settings import ROOT
from bot.topics import questions
from bot.training import models
from bot.training.encoder_age import encoder_age
from bot.training.progress import Stages


def main(arguments: list[str]) -> int:
    """Train to the path given, with the questions in the folder ADDED if one is given; return the exit status."""
    if len(arguments) not in (1, 2):
        print("usage: python -m bot.training.train MODEL.tar.gz [ADDED]", file=sys.stderr)  # noqa: T201
        return 2
    model, *folders = (Path(argument).resolve() for argument in arguments)
    added = folders[0] if folders else None
    if not _teachable():
        return 1
    os.environ["LOG_LEVEL"] = "ERROR"  # one line of progress, not a bar for each of Rasa's inner loops
    logs.configure()
    started = time.monotonic()
    # Rasa imports TensorFlow in several places while it trains; nothing of this project runs any of it.
    with contextlib.redirect_stdout(sys.stderr), Stages(sys.stderr) as stages, without_tensorflow():
        stages.next("loading Rasa")
        from rasa.model_training import train

        stages.next("training the model (some minutes; less where only answers have changed)")
        result = train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=models.training_files(added),
            output=str(model.parent),
            fixed_model_name=model.name.removesuffix(".tar.gz"),
        )
    if result.code not in (0, None) or not model.exists():
        print("training failed", file=sys.stderr)  # noqa: T201
        return 1
    print(f"trained in {time.monotonic() - started:.0f} s: {model.name}", file=sys.stderr)  # noqa: T201
    return 0


def _teachable() -> bool:
    """Tell whether no question is given to two topics; say which are, and whether the encoder is older than they."""
    asked = questions.read()
    for collision in (found := questions.collisions(asked)):
        print(collision, file=sys.stderr)  # noqa: T201
    if warning := encoder_age(asked).warning():
        print(warning, file=sys.stderr)  # noqa: T201
    return not found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
