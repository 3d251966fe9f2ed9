"""Holds an answer against the leaflet's claims: what is missing, turned round, or not in the leaflet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from spacy.lang.en.stop_words import STOP_WORDS

from bot.messages import ReplyFormat
from bot.replies import answer_files
from bot.replies.answer_files import ANSWERS, LEAFLET, AnswerFile, AnswerSource

_NEGATION = r"(?:not|never|no|none|nobody|without|\w+n't|cannot)"
_GAP = rf"(?:(?!\b{_NEGATION}\b)[^.])*?"
_GLUE = frozenset(STOP_WORDS) - {"not", "never", "no", "none", "nobody", "without", "cannot"}
_WORD = re.compile(r"[a-z0-9£][a-z0-9'-]*")


@dataclass(frozen=True)
class Claims:
    """What a topic's answer has to say, what else of the leaflet it may say, and the boilerplate of any answer."""

    required: tuple[re.Pattern[str], ...]
    allowed: tuple[re.Pattern[str], ...]
    boilerplate: tuple[re.Pattern[str], ...]


def load(
    programme: str,
    reply_format: ReplyFormat = ReplyFormat.SCREEN,
    language: str = "en",
    answers: Path = ANSWERS,
    leaflet: Path = LEAFLET,
) -> dict[str, Claims]:
    """Return the claims of each answer from the leaflet as ``reply_format`` may word them."""
    files = answer_files.read(programme, language, answers)
    common = boilerplate(programme, reply_format, leaflet)
    return {file.topic: claims(file, reply_format, common) for file in files if file.source == AnswerSource.LEAFLET}


def claims(file: AnswerFile, reply_format: ReplyFormat, common: tuple[re.Pattern[str], ...]) -> Claims:
    """Return the claims of one answer as ``reply_format`` may word them; ``common`` is the boilerplate."""
    given = file.claims_in(reply_format)
    return Claims(_compiled(_flat(given.get("required") or ())), _compiled(given.get("allowed") or ()), common)


@cache
def boilerplate(programme: str, reply_format: ReplyFormat, leaflet: Path = LEAFLET) -> tuple[re.Pattern[str], ...]:
    """Return what any answer may say in ``reply_format``; in easy words that includes the explanations."""
    data = yaml.safe_load((leaflet / programme / "asides.yml").read_text("utf-8"))
    if reply_format is ReplyFormat.EASY:
        return _compiled(data["easy_claims"]) + tuple(glosses(programme, leaflet).values())
    return _compiled(data["claims"])


def counts(programme: str, reply_format: ReplyFormat, language: str = "en", answers: Path = ANSWERS) -> dict[str, int]:
    """Return how many claims each topic has to make: the same for every reply format."""
    files = answer_files.read(programme, language, answers)
    return {f.topic: len(f.claims_in(reply_format)["required"]) for f in files if f.source == AnswerSource.LEAFLET}


def glosses(programme: str, leaflet: Path = LEAFLET) -> dict[str, re.Pattern[str]]:
    """Return the hard words and terms, in lower case, and how easy words explain each of them."""
    data = yaml.safe_load((leaflet / programme / "glosses.yml").read_text("utf-8"))
    return dict(zip(data, _compiled(data.values()), strict=True))


def violations(answer: str, claims: Claims) -> list[str]:
    """Return what is wrong with ``answer`` (its {placeholders} not yet filled in); an empty list where nothing is."""
    sentences = list(_sentences(answer))
    missing = [f"does not say: {c.pattern}" for c in claims.required if not any(c.search(s) for s in sentences)]
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
    for pattern in (*claims.required, *claims.allowed, *claims.boilerplate):
        for match in pattern.finditer(sentence):
            covered[match.start() : match.end()] = [True] * (match.end() - match.start())
    rest = "".join(" " if done else c for c, done in zip(sentence, covered, strict=True))
    return " ".join(word for word in _WORD.findall(rest) if word not in _GLUE)


def _flat(claims: Iterable[str | list[str]]) -> Iterable[str]:
    """Yield every pattern: a claim that takes several sentences is a list of them."""
    for claim in claims:
        yield from [claim] if isinstance(claim, str) else claim


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(re.sub(r"\{(\w+)\}", r"\\{\1\\}", p).replace(" … ", rf"\b{_GAP}\b")) for p in patterns)
