"""What each topic is: read once from domain.yml and from the head of the topic's file in data/nlu/.

A file begins with ``topic:`` where its topic is not simply one of the leaflet's. Code that needs a set of topics takes
it from here, so that a new topic is two data files and a line in domain.yml.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ConfigurationError
from bot.settings import ROOT

QUESTIONS = Path("data", "nlu")
DOMAIN = Path("domain.yml")


class TopicError(ConfigurationError):
    """A topic's files cannot be used; the message says which file, and what was expected."""


class TopicRole(StrEnum):
    """What answers a topic, or what kind of message it is."""

    LEAFLET = "leaflet"
    RECORD = "record"
    """The person's own sessions and attendance."""
    SERVICE = "service"
    """How this service works and who is behind it."""
    SMALL_TALK = "small_talk"
    """It is not worth an answer beside another one."""
    OUTSIDE = "outside"
    """What neither the leaflet nor the record answers; words that were never seen before are taken for it."""
    SAFEGUARDING = "safeguarding"
    """A life or a child at risk: answered alone, and before any other."""
    DIALOGUE_ACT = "dialogue_act"
    """It has no answer of its own: the last answer again, "yes", "is it free"."""


@dataclass(frozen=True)
class Topic:
    """One topic, named as its intent is."""

    name: str
    role: TopicRole = TopicRole.LEAFLET
    never_offered: bool = False
    """Nobody is asked whether they meant it. Nor are they about what is outside, safeguarding or a dialogue act."""
    keeps_safeguarding: bool = False
    """After an answer about a life or a child at risk it does not end that subject. Nor does a dialogue act."""
    never_kept: bool = False
    """Its questions are not kept for review. Nor are those about the own record or safeguarding."""
    menu: int | None = None
    """Its place in the list that is offered to somebody who was not understood twice; None: it is not in the list."""

    @property
    def is_offered(self) -> bool:
        """Tell whether people may be asked whether they meant it."""
        quiet = (TopicRole.OUTSIDE, TopicRole.SAFEGUARDING, TopicRole.DIALOGUE_ACT)
        return not self.never_offered and self.role not in quiet


def load(root: Path = ROOT) -> tuple[Topic, ...]:
    """Return every topic in the order of domain.yml; raise TopicError where a file says what does not exist."""
    intents = yaml.safe_load((root / DOMAIN).read_text("utf-8"))["intents"]
    return tuple(_topic(name, root / QUESTIONS / f"{name}.yml") for name in intents)


@cache
def registry() -> tuple[Topic, ...]:
    """Return the topics of this project, read when they are first asked for."""
    return load()


def menu() -> tuple[str, ...]:
    """Return the topics of the list for somebody who was not understood, in its order."""
    places = {topic.menu: topic.name for topic in registry() if topic.menu is not None}
    return tuple(places[place] for place in sorted(places))


class TopicSet(AbstractSet[str]):
    """The names of the topics that something holds for, in the order of domain.yml.

    The files are opened when it is first used, so that a module can name it without opening anything.
    """

    def __init__(self, holds: Callable[[Topic], bool]) -> None:
        self._holds = holds
        self._names: dict[str, None] | None = None

    @classmethod
    def _from_iterable(cls, names: Iterable[Any]) -> AbstractSet[Any]:
        return frozenset(names)

    def __contains__(self, name: object) -> bool:
        return name in self._found()

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())

    def __repr__(self) -> str:
        return f"TopicSet({list(self._found())})"

    def _found(self) -> dict[str, None]:
        if self._names is None:
            self._names = {topic.name: None for topic in registry() if self._holds(topic)}
        return self._names


def _with_role(*roles: TopicRole) -> Callable[[Topic], bool]:
    return lambda topic: topic.role in roles


LEAFLET = TopicSet(_with_role(TopicRole.LEAFLET))
PERSONAL = TopicSet(_with_role(TopicRole.RECORD))
SMALL_TALK = TopicSet(_with_role(TopicRole.SMALL_TALK))
SAFEGUARDING_TOPICS = TopicSet(_with_role(TopicRole.SAFEGUARDING))
DIALOGUE_ACTS = TopicSet(_with_role(TopicRole.DIALOGUE_ACT))
OUT_OF_VOCABULARY_DEFAULTS = TopicSet(_with_role(TopicRole.OUTSIDE))
"""Topics that the classifier falls back to for out-of-vocabulary text."""
CONVERSATION = TopicSet(lambda t: t.role not in (TopicRole.LEAFLET, TopicRole.RECORD, TopicRole.DIALOGUE_ACT))
"""What is answered from neither the leaflet nor the record."""
NEVER_OFFERED = TopicSet(lambda t: not t.is_offered)
KEEPS_SAFEGUARDING = TopicSet(lambda t: t.keeps_safeguarding or t.role is TopicRole.DIALOGUE_ACT)
NEVER_KEPT = TopicSet(lambda t: t.never_kept or t.role in (TopicRole.RECORD, TopicRole.SAFEGUARDING))


def _topic(name: str, file: Path) -> Topic:
    given = _head(file) if file.exists() else {}
    strangers = set(given) - {field.name for field in fields(Topic)} | {"name"} & set(given)
    if strangers:
        raise TopicError(f"{file}: `topic:` has {min(strangers)!r}; expected {_expected()}")
    try:
        return Topic(name, **{**given, "role": TopicRole(given.get("role", TopicRole.LEAFLET))})
    except ValueError:
        raise TopicError(f"{file}: role {given['role']!r}; expected one of {', '.join(TopicRole)}") from None


def _expected() -> str:
    return ", ".join(field.name for field in fields(Topic) if field.name != "name")


def _head(file: Path) -> dict[str, Any]:
    """Return what ``topic:`` says before the questions; the questions themselves are not read."""
    before, _, _ = file.read_text("utf-8").partition("\nnlu:")
    return (yaml.safe_load(before) or {}).get("topic") or {}
