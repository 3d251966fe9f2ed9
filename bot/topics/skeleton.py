"""Begins a topic of the leaflet: its two files with places to fill in, and its line in domain.yml."""

import re
from collections.abc import Collection
from pathlib import Path

from bot.settings import ROOT
from bot.topics.registry import DOMAIN, QUESTIONS, TopicError, TopicRole, load

LONGEST = 40
_NAME = re.compile(r"[a-z]+(?:_[a-z]+)*")
_QUESTIONS = """\
version: "3.1"
nlu:
  # What people ask, by who wrote it: twenty questions or more, as they would be typed, one a line.
  - intent: {name}
    metadata:
      author: {author}
      kind: plain
    examples: |
      - TODO
  # Add entries with `kind: hard` for questions near another topic (and `also: [topic]` where that is right too), and
  # with `kind: follow_up` for what is asked after an answer, with that answer's topic before it: "missed session: ...".
"""
_ANSWER = """\
version: "3.1"
source: leaflet
responses:
  utter_{programme}_{language}_{name}:
    # For the screen and for chats.
    - text: |-
        TODO
      metadata:
        section: "TODO" # a heading of the leaflet: data/leaflet/{programme}/sections.yml lists them
        title: "TODO" # how the topic is named where it is offered
        # display_title: how the title is shown in the waiting room, where it would say too much
    # For text messages: plain letters, short.
    - text: |-
        TODO
      channel: sms
    # In easy words: short sentences, a line each.
    - text: |-
        TODO
      channel: easy
# What the leaflet says of it, claim by claim: each is a regular expression over one sentence in lower case, without its
# full stop.
claims:
  required: []
# The same claims, one for one, as easy words say them.
easy_claims:
  required: []
"""


def new(
    name: str, programme: str, language: str, author: str = "new", taken: Collection[str] = (), root: Path = ROOT
) -> list[Path]:
    """Write what a topic called ``name`` consists of, and return the files; ``taken`` are names of other responses.

    Raises TopicError, before anything is written, for a name that cannot be used.
    """
    domain = root / DOMAIN
    asked, answer = root / QUESTIONS / f"{name}.yml", root / "data" / "answers" / programme / language / f"{name}.yml"
    _require_usable(name, {topic.name for topic in load(root)}, taken)
    if not re.fullmatch(r"\w+", author):
        raise TopicError(f"author {author!r}: expected a letter or a name without spaces")
    for file in (asked, answer):
        if file.exists():
            raise TopicError(
                f"{file} is there already, and domain.yml has no intent {name}: remove one or add the other"
            )
    domain.write_text(_with_intent(domain.read_text("utf-8"), name, root), "utf-8")
    asked.write_text(_QUESTIONS.format(name=name, author=author), "utf-8")
    answer.write_text(_ANSWER.format(name=name, programme=programme, language=language), "utf-8")
    return [asked, answer, domain]


def _require_usable(name: str, topics: Collection[str], taken: Collection[str]) -> None:
    if not _NAME.fullmatch(name):
        raise TopicError(f"{name!r} cannot name a topic: expected small letters, with _ between words, like car_park")
    if len(name) > LONGEST:
        raise TopicError(f"{name!r} is too long to name a topic: expected {LONGEST} letters or fewer")
    if name in topics:
        raise TopicError(f"there is a topic {name} already: data/nlu/{name}.yml has its questions")
    if name in taken:
        raise TopicError(f"{name!r} is the name of another response: choose another one")


def _with_intent(domain: str, name: str, root: Path) -> str:
    """Return domain.yml with the intent after the last one that the leaflet answers."""
    last = [topic.name for topic in load(root) if topic.role is TopicRole.LEAFLET][-1]
    found = re.search(rf"^( *)- {last}\b.*\n", domain, re.M)
    if found is None:
        raise TopicError(f"domain.yml does not list {last} in a line of its own: add the line `- {name}` by hand")
    return domain[: found.end()] + f"{found.group(1)}- {name}\n" + domain[found.end() :]
