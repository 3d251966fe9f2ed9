"""Danger is heard however its words are written, and what only looks like it alarms nobody."""

import re

import pytest

from bot.settings import ROOT
from bot.text.normalise import normalise
from tests.support.detecting import TextDetector

ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def lines(name):
    text = (ROOT / "tests" / "safety" / name).read_text("utf-8")
    found = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [ESCAPE.sub(lambda code: chr(int(code[1], 16)), line) for line in found]


@pytest.fixture(scope="module")
def detector():
    return TextDetector()


@pytest.mark.parametrize("name", ["hidden.txt", "farewell.txt"])
def test_danger_is_heard_however_it_is_written(detector, name):
    assert [line for line in lines(name) if detector.risk(line) != "crisis"] == []


@pytest.mark.parametrize("name", ["ordinary.txt", "earlier_message.txt"])
def test_what_only_looks_like_danger_alarms_nobody(detector, name):
    assert [line for line in lines(name) if detector.risk(line)] == []


SAID = [
    "i want to die", "i want to kill myself", "im going to end my life", "im suicidal", "going to end it all",
    "i want to hurt myself", "im going to hang myself", "i took an overdose", "i cant go on", "better off dead",
]  # fmt: skip
MARKED = dict(zip("acdehiklmnorstuwy", "áçðéħíķłṁñöŕştüŵÿ", strict=True))
SIGNS = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}


def every_way(text):
    """Yield ``text`` with one letter or one space written differently, for each of them in turn."""
    for i, letter in enumerate(text):
        before, after = text[:i], text[i + 1 :]
        if letter == " ":
            yield from (
                before + between + after for between in ("", "-", "_", "/", ".", ",", "\u200b", "\u00ad", "\u2060")
            )
        else:
            yield from (
                before + hidden + letter + after for hidden in ("\u200b", "\u200d", "\u00ad", "\ufeff", "\u3164")
            )
            yield before + MARKED.get(letter, letter) + after
            yield before + letter + "\u0336" + after
            yield from (before + sign + after for sign in SIGNS.get(letter, ""))


@pytest.mark.parametrize("text", SAID)
def test_one_letter_or_space_written_differently_hides_nothing(detector, text):
    assert [way for way in every_way(text) if detector.risk(way) != "crisis"] == []


@pytest.mark.parametrize("text", SAID)
@pytest.mark.parametrize(
    "write",
    [
        lambda text: text.replace(" ", ""),
        lambda text: text.upper().replace(" ", "  "),
        lambda text: " ".join(text),
        lambda text: " ".join(text.replace(" ", "")),
        lambda text: ".".join(text.replace(" ", "")),
        lambda text: "-".join(text.replace(" ", "")),
        lambda text: "\u200b".join(text),
        lambda text: text.replace(" ", "\u200b"),
        lambda text: "".join(MARKED.get(letter, letter) for letter in text),
        lambda text: "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in text),
        lambda text: "".join(chr(0x1F170 + ord(c) - ord("a")) if c != " " else c for c in text),
    ],
    ids=[
        "joined",
        "spaced",
        "apart",
        "all apart",
        "dotted",
        "dashed",
        "zero width",
        "zero width only",
        "marked",
        "wide",
        "squares",
    ],
)
def test_a_whole_message_written_differently_hides_nothing(detector, text, write):
    assert detector.risk(write(text)) == "crisis"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("café bréak?", "cafe break?"),
        ("sessión times", "session times"),
        ("when is the n3xt sess1on", "when is the next session"),
        ("need2go at 4", "need to go at 4"),
        ("i have 2 sessions left", "i have 2 sessions left"),
        ("2hours or 4weeks", "2hours or 4weeks"),
        ("canicomelate", "can i come late"),
        ("whattime", "what time"),
        ("what\u200btime", "what time"),
        ("pls stop msging", "please stop messaging"),
        ("plz stop msging me", "please stop messaging me"),
        ("don´t stop", "do not stop"),
        ("room5 at 6.30 on 12/12", "room5 at 6.30 on 12/12"),
        ("LINK K7QF‑2MPD", "link k7qf-2mpd"),
        ("482915", "482915"),
        ("strangeways, langworthy and longsight", "strangeways, langworthy and longsight"),
    ],
)
def test_what_is_asked_is_read_as_it_was_meant(typed, meant):
    assert normalise(typed) == meant
