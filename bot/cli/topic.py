"""`topic new NAME` and `topic check [NAME]`: begins a topic, and says what is missing or collides."""

import argparse
import sys

from bot.replies import answer_files
from bot.replies.answer_check import AnswerCheck
from bot.settings import ROOT, Settings
from bot.topics import question_check, questions, skeleton
from bot.topics.questions import Question
from bot.topics.registry import TopicError, registry
from bot.training.encoder_age import ENCODER, encoder_age


async def topic(settings: Settings, options: argparse.Namespace) -> int:
    """Do what `python -m bot topic` was asked for, and return the exit status."""
    if options.action == "new":
        return new(settings, options.name, options.author)
    return check(settings, options.name)


def new(settings: Settings, name: str, author: str) -> int:
    """Write the skeleton of a topic; raise TopicError for a name that cannot be used."""
    files = answer_files.read(settings.programme, settings.language)
    prefix = f"utter_{settings.programme}_{settings.language}_"
    taken = {response.removeprefix(prefix) for file in files for response in file.responses}
    written = skeleton.new(name, settings.programme, settings.language, author, taken)
    print(*(f"wrote {file.relative_to(ROOT)}" for file in written), sep="\n")  # noqa: T201
    print(f"Fill in what says TODO, then: python -m bot topic check {name}")  # noqa: T201
    return 0


def check(settings: Settings, name: str | None) -> int:
    """Say what is missing or wrong, in one topic or in all, and what collides; return 1 where training would fail.

    Raises TopicError where there is no such topic.
    """
    if name is not None and name not in {topic.name for topic in registry()}:
        raise TopicError(f"there is no topic {name!r} in domain.yml: begin one with `python -m bot topic new {name}`")
    found = [
        *question_check.violations(),
        *AnswerCheck(settings.programme, settings.language).violations(),
    ]
    wrong = [str(violation) for violation in found if name in (None, violation.topic)]
    asked = questions.read()
    pairs = questions.collisions(asked)
    wrong += [str(pair) for pair in pairs if name in (None, pair.one.topic, pair.other.topic)]
    print(*wrong, sep="\n", end="\n" if wrong else "")  # noqa: T201
    if name:
        _print_neighbours(name, asked)
    if warning := encoder_age(asked).warning():
        print(warning, file=sys.stderr)  # noqa: T201
    print(f"{len(wrong)} to mend" if wrong else "Nothing is missing.")  # noqa: T201
    return 1 if wrong else 0


def _print_neighbours(name: str, asked: list[Question]) -> None:
    """Print the questions of other topics that lie near those of ``name``."""
    from bot.training.neighbours import NEAR, nearest
    from bot.understanding.encoder import SentenceEncoder

    print(f"Comparing the questions of {name} with {len(asked)} others …", file=sys.stderr)  # noqa: T201
    near = nearest(name, asked, SentenceEncoder.load(ENCODER, threads=2).encode)
    if near:
        print(f"Near a question of another topic (similarity from {NEAR}; none of this stops training):")  # noqa: T201
        print(*(f"  {neighbour}" for neighbour in near), sep="\n")  # noqa: T201
