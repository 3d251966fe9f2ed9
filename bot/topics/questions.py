"""The questions that teach the topics: data/nlu/, one file a topic, in Rasa's format, by kind and author."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from bot.text.normalise import normalise
from bot.topics.registry import QUESTIONS, TopicError

FOLDER = ROOT / QUESTIONS
FEWEST = 20
"""Plain questions that a topic of the leaflet needs: with fewer, many of its questions go to its neighbours."""


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""A fifth of a second for all files, where the one in Python takes two."""


class QuestionKind(StrEnum):
    """How a question was written, and so what it teaches."""

    PLAIN = "plain"
    """It stands by itself. The sentence encoder is made from these."""
    HARD = "hard"
    """It lies near another topic, or says little by itself: it teaches the classifier alone."""
    FOLLOW_UP = "follow_up"
    """It goes on from an answer, whose topic stands before it: "missed session: and if i do it again?"."""


@dataclass(frozen=True)
class Question:
    """One question as somebody typed it."""

    text: str
    topic: str
    kind: QuestionKind
    author: str
    also: tuple[str, ...]
    """Topics that would be right as well, and learn it too."""
    overlaps: tuple[str, ...]
    """Topics that have the same words on purpose, and would not be right here."""
    file: Path

    @property
    def place(self) -> str:
        """Return where it stands: the file, relative to the project, and the line."""
        lines = self.file.read_text("utf-8").splitlines()
        number = next((n for n, line in enumerate(lines, 1) if line.strip() == f"- {self.text}"), 0)
        return f"{QUESTIONS / self.file.name}:{number}"


@dataclass(frozen=True)
class Collision:
    """A question that is given to two topics."""

    one: Question
    other: Question

    def __str__(self) -> str:
        return (
            f"{self.one.text!r} is given to two topics: {self.one.topic} ({self.one.place}) and "
            f"{self.other.topic} ({self.other.place}). Keep it with one of them; where both are right, say so with "
            f"`also: [{self.one.topic}]` at the entry in {QUESTIONS / self.other.file.name}"
        )


def read(folder: Path = FOLDER, kinds: Collection[QuestionKind] = tuple(QuestionKind)) -> list[Question]:
    """Return the product's questions of ``kinds`` in the order of the files; what staff added is not among them.

    Raises TopicError for a file that is not as it should be.
    """
    return [q for file in sorted(folder.glob("*.yml")) for q in read_file(file) if q.kind in kinds]


def read_file(file: Path) -> list[Question]:
    """Return the questions of one file; raise TopicError where it is not as it should be."""
    try:
        given = yaml.load(file.read_text("utf-8"), Loader=_LOADER)  # noqa: S506
        return [question for entry in given["nlu"] for question in _entry(entry, file)]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise TopicError(f"{file}: {error}; expected questions as in the files beside it") from None


def collisions(questions: Sequence[Question]) -> list[Collision]:
    """Return the pairs that say the same and belong to two topics, where neither says that the other is right too."""
    first: dict[str, list[Question]] = {}
    found = []
    for question in questions:
        same = first.setdefault(_key(question.text), [])
        found += [Collision(other, question) for other in same if not _agree(question, other)]
        same.append(question)
    return found


def _agree(one: Question, other: Question) -> bool:
    return one.topic in (other.topic, *other.also, *other.overlaps) or other.topic in (*one.also, *one.overlaps)


def _key(text: str) -> str:
    """Return what a text is compared by: its normalised words, or the text where that leaves none ("lol", "???")."""
    words = _words(normalise(text))
    return " ".join(words) if any(len(word) > 1 for word in words) else text


def _words(text: str) -> list[str]:
    """Return the words of a text; a colon, which stands between a follow-up and what was answered, is one."""
    return "".join(c if c.isalnum() or c == ":" else " " for c in text).split()


def _entry(entry: dict[str, Any], file: Path) -> Iterable[Question]:
    metadata = entry.get("metadata") or {}
    kind, author = QuestionKind(metadata.get("kind", QuestionKind.PLAIN)), str(metadata.get("author", ""))
    also, overlaps = (tuple(metadata.get(name, ())) for name in ("also", "overlaps"))
    for line in entry["examples"].splitlines():
        text = line.strip().removeprefix("- ")
        if text:
            yield Question(text, entry["intent"], kind, author, also, overlaps, file)
