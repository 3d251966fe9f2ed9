"""What is missing or wrong in the questions of data/nlu/: each file is held against the intents of domain.yml."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.topics import questions
from bot.topics.questions import FEWEST, FOLDER, Question, QuestionKind
from bot.topics.registry import Topic, TopicRole, registry

PLACEHOLDER = "TODO"


@dataclass(frozen=True)
class Violation:
    """Something that is missing or wrong in the files of a topic."""

    topic: str
    text: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.text}"


def violations(topics: Collection[Topic] | None = None, folder: Path = FOLDER) -> list[Violation]:
    """Return what is wrong with the questions of ``topics``: those of the project if not given."""
    topics = registry() if topics is None else topics
    known = {topic.name for topic in topics}
    strangers = [file.stem for file in sorted(folder.glob("*.yml")) if file.stem not in known]
    found = [Violation(name, "its questions have no intent in domain.yml") for name in strangers]
    return found + [Violation(topic.name, text) for topic in topics for text in _about(topic, folder, known)]


def _about(topic: Topic, folder: Path, known: Collection[str]) -> Iterator[str]:
    file = folder / f"{topic.name}.yml"
    if not file.exists():
        yield f"no questions: expected data/nlu/{topic.name}.yml"
        return
    own = questions.read_file(file)
    for other in sorted({question.topic for question in own} - {topic.name}):
        yield f"data/nlu/{file.name} has questions of {other}: expected those of its own topic alone"
    for name in sorted({name for question in own for name in (*question.also, *question.overlaps)} - set(known)):
        yield f"also or overlaps: {name!r} is no topic"
    yield from _about_texts(topic, own)


def _about_texts(topic: Topic, own: list[Question]) -> Iterator[str]:
    if any(PLACEHOLDER in question.text for question in own):
        yield "a question is still the placeholder TODO"
    if not all(question.author for question in own):
        yield "an entry has no author: expected a letter or a name under metadata, to tell who wrote how"
    plain = sum(question.kind is QuestionKind.PLAIN for question in own)
    if topic.role is not TopicRole.DIALOGUE_ACT and plain < FEWEST:
        yield f"{plain} plain questions: expected {FEWEST} or more"
