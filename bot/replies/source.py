"""Holds an answer against the leaflet's claims: what is missing, turned round, or not in the leaflet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml
from spacy.lang.en.stop_words import STOP_WORDS

from bot.messages import ReplyFormat
from bot.settings import ROOT

LEAFLET = ROOT / "data" / "leaflet"
_FILES = {ReplyFormat.EASY: "easy.yml"}
"""Whose wordings of the claims are not those of facts.yml."""

_NEGATION = r"(?:not|never|no|none|nobody|without|\w+n't|cannot)"
_GAP = rf"(?:(?!\b{_NEGATION}\b)[^.])*?"
_GLUE = frozenset(STOP_WORDS) - {"not", "never", "no", "none", "nobody", "without", "cannot"}
_WORD = re.compile(r"[a-z0-9£][a-z0-9'-]*")


@dataclass(frozen=True)
class Claims:
    """What a topic's answer has to say, what it may say, and the asides that any answer may make."""

    needs: tuple[re.Pattern[str], ...]
    may: tuple[re.Pattern[str], ...]
    asides: tuple[re.Pattern[str], ...]


def load(programme: str, rendering: ReplyFormat = ReplyFormat.SCREEN, folder: Path = LEAFLET) -> dict[str, Claims]:
    """Return each topic's claims as ``rendering`` may word them, read from ``folder``."""
    data = yaml.safe_load((folder / programme / _FILES.get(rendering, "facts.yml")).read_text("utf-8"))
    asides = _compiled([*data["asides"], *data.get("glosses", {}).values()])
    return {
        topic: Claims(_compiled(_flat(claims["needs"])), _compiled(claims.get("may", [])), asides)
        for topic, claims in data["topics"].items()
    }


def counts(programme: str, rendering: ReplyFormat, folder: Path = LEAFLET) -> dict[str, int]:
    """Return how many claims each topic has to make: the same for every rendering."""
    data = yaml.safe_load((folder / programme / _FILES.get(rendering, "facts.yml")).read_text("utf-8"))
    return {topic: len(claims["needs"]) for topic, claims in data["topics"].items()}


def glosses(programme: str, folder: Path = LEAFLET) -> dict[str, re.Pattern[str]]:
    """Return the hard words and terms, in lower case, and how easy words explain each of them."""
    data = yaml.safe_load((folder / programme / _FILES[ReplyFormat.EASY]).read_text("utf-8"))
    return dict(zip(data["glosses"], _compiled(data["glosses"].values()), strict=True))


def faults(answer: str, claims: Claims) -> list[str]:
    """Return what is wrong with ``answer`` (its {placeholders} not yet filled in), an empty list if nothing is."""
    sentences = list(_sentences(answer))
    missing = [f"does not say: {c.pattern}" for c in claims.needs if not any(c.search(s) for s in sentences)]
    return missing + [f"not in the leaflet: {s!r}" for s in sentences if _left_over(s, claims)]


def _sentences(answer: str) -> Iterable[str]:
    """Yield the sentences of ``answer`` in lower case; each list item with the words that lead up to the list."""
    lead = ""
    lines = answer.strip().lower().split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("- "):
            yield f"{lead} {line[2:].rstrip('.')}".strip()
        else:
            found = [s.strip(" .") for s in re.split(r"(?<=[a-z0-9}?)])[.?]\s|[.]$", line) if s.strip(" .")]
            if found and following.startswith("- "):
                lead = found.pop()
            yield from found


def _left_over(sentence: str, claims: Claims) -> str:
    """Return the words of ``sentence`` that no claim and no aside accounts for."""
    covered = [False] * len(sentence)
    for pattern in (*claims.needs, *claims.may, *claims.asides):
        for match in pattern.finditer(sentence):
            covered[match.start() : match.end()] = [True] * (match.end() - match.start())
    rest = "".join(" " if done else c for c, done in zip(sentence, covered, strict=True))
    return " ".join(word for word in _WORD.findall(rest) if word not in _GLUE)


def _flat(needs: Iterable[str | list[str]]) -> Iterable[str]:
    """Yield every pattern: a claim that takes several sentences is a list of them."""
    for claim in needs:
        yield from [claim] if isinstance(claim, str) else claim


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(re.sub(r"\{(\w+)\}", r"\\{\1\\}", p).replace(" … ", rf"\b{_GAP}\b")) for p in patterns)
