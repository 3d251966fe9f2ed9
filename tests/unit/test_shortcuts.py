"""What is left out where it cannot matter changes no result: each shortcut is held against the long way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.vocab import Vocab

from bot.alerts import alert_journal
from bot.conversation.reading.phrases import Phrases, longest_first
from bot.safety import patterns
from bot.safety.patterns import Words
from bot.settings import ROOT
from bot.text import clean as cleaning
from bot.text import readings
from bot.text.normalise import normalise, shared
from evaluation import sets

WORD = st.sampled_from(["hi", "there", "thanks", "please", "stop", "ok", "a"])
PHRASE = st.lists(WORD, min_size=1, max_size=3).map(" ".join)


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_plain_letters_are_cleaned_like_any_others(text):
    assert cleaning.clean(text) == re.sub(r"\s+", " ", cleaning._visible(text)).strip()


@given(st.lists(PHRASE, max_size=6), st.lists(WORD, max_size=5).map(" ".join))
def test_a_phrase_is_found_as_by_trying_all(phrases, words):
    found, ordered = Phrases(phrases), longest_first(phrases)
    assert found.at_start(words) == next((p for p in ordered if f"{words} ".startswith(f"{p} ")), None)
    assert found.before_others(words) == next((p for p in ordered if words.startswith(f"{p} ")), None)
    assert found.behind_others(words) == next((p for p in ordered if words.endswith(f" {p}")), None)


@given(st.lists(st.sampled_from([b"\0", b"\n", b" ", b"a", b"token="]), max_size=30).map(b"".join))
def test_lines_are_found_among_zero_bytes(content):
    one_by_one = [line.strip() for line in content.replace(b"\0", b"\n").split(b"\n") if line.strip()]
    assert alert_journal._lines(content) == one_by_one


def texts():
    """Return the held-out questions, and every line of the files of messages, as patterns get them."""
    folders = (ROOT / "tests" / "safety", ROOT / "evaluation" / "messages")
    files = [file for folder in folders for file in folder.iterdir() if file.suffix in (".txt", ".tsv")]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return sorted({normalise(text) for text in (*lines, *(case.text for case in sets.cases()))})


@pytest.mark.parametrize("file", [patterns.FILE, patterns.INSULTS])
def test_patterns_that_are_not_tried_would_match_nothing(file):
    vocabulary = Vocab()
    groups = [
        getattr(rules, name)
        for rules in patterns.load(vocabulary, file).values()
        for name in ("raised", "unless", "regardless")
    ]
    for words in map(Words, texts()):
        for group in groups:
            every = {id(matcher): matcher for held in group._by_word.values() for _, matcher in held}.values()
            all_of_them = {(start, end) for matcher in every for _, start, end in matcher(words.doc(vocabulary))}
            assert set(group.spans(words)) == all_of_them


@given(st.lists(st.sampled_from(["i", "it", "want", "todie", "suicide", "endit", "kil"]), max_size=6).map(" ".join))
def test_nothing_is_hidden_in_long_words(text):
    for form in (text, f"{text}?", f"{text}."):
        if readings._LONG_WORDS.fullmatch(form):
            assert shared().undisguised(form) == form == shared().guessed(form)
            assert readings._BETWEEN_WORDS.sub(" ", form) == form
