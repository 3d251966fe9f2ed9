"""`topic new NAME` and `topic check [NAME]`: begins a topic, and says what is missing or collides."""

from bot.cli.console import put, tell
from bot.replies import answer_files
from bot.replies.answer_check import AnswerCheck
from bot.settings import ROOT, Settings
from bot.topics import question_check, questions, skeleton
from bot.topics.questions import Question
from bot.topics.registry import TopicError, registry
from bot.training.encoder_age import ENCODER, encoder_age


def new(settings: Settings, name: str, author: str) -> None:
    """Write the skeleton of a topic; raise TopicError for a name that cannot be used."""
    files = answer_files.read(settings.programme, settings.language)
    prefix = f"utter_{settings.programme}_{settings.language}_"
    taken = {response.removeprefix(prefix) for file in files for response in file.responses}
    written = skeleton.new(name, settings.programme, settings.language, author, taken)
    for file in written:
        put(f"wrote {file.relative_to(ROOT)}")
    put(f"Fill in what says TODO, then: python -m bot topic check {name}")


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
    for line in wrong:
        put(line)
    if name:
        _print_neighbours(name, asked)
    if warning := encoder_age(asked).warning():
        tell(warning)
    put(f"{len(wrong)} to mend" if wrong else "Nothing is missing.")
    return 1 if wrong else 0


def _print_neighbours(name: str, asked: list[Question]) -> None:
    """Print the questions of other topics that lie near those of ``name``."""
    from bot.training.neighbours import NEAR, nearest
    from bot.understanding.encoder import SentenceEncoder

    tell(f"Comparing the questions of {name} with {len(asked)} others …")
    near = nearest(name, asked, SentenceEncoder.load(ENCODER, threads=2).encode)
    if near:
        put(f"Near a question of another topic (similarity from {NEAR}; none of this stops training):")
    for neighbour in near:
        put(f"  {neighbour}")
