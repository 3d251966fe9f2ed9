"""Easy words: as true as every other wording, and easier by figures; the figures themselves are tested first."""

import re

import pytest

from bot.messages import ReplyFormat
from bot.replies import source, wording
from bot.settings import Settings
from bot.topics.registry import CONVERSATION
from tests.support import reading

WORDING = wording.load("isotp", "en")
CLAIMS = source.load("isotp", ReplyFormat.EASY)
GLOSSES = source.glosses("isotp")
VALUES = Settings().office | {
    "day": "Tuesday 24 November", "new_day": "Tuesday 1 December", "first": "Monday 1 May", "last": "Friday 5 May",
    "times": "6pm to 8pm", "venue": "room 4", "number": "7", "numbers": "7", "minutes": "10", "group": "A",
    "what": "session 7", "count": "2", "attended": "3", "missed": "1", "total": "35", "left": "1", "allowed": "2",
    "caught_up": "1",
}  # fmt: skip
_KNOWN = """
leaflet probation prison offender offend offending licence dvd anybody nobody somebody goodbye spelling danger worry
worried hurt urgent treat treated unfairly complain complaints rude hurtful fumes glue snack drunk sentence decide decides
digits catch-up attendance samaritans shout manchester oakland trafford talbot
"""
KNOWN = frozenset(_KNOWN.split())
"""Words that are not among the most frequent ones and need no explaining here: everybody on probation has heard them,
they are known before one can read, or they are names."""


def said(topic, reply_format):
    return WORDING.text(topic, reply_format, **VALUES)


def own(topic):
    """Tell whether a wording of its own says ``topic`` in easy words."""
    return any(v.get("channel") == ReplyFormat.EASY for v in WORDING.responses[WORDING.name(topic)])


WHOLE = [t for t in WORDING.topics() if not WORDING.text(t, ReplyFormat.EASY)[0].islower() and t != "schedule_line"]
"""What is said as it stands; the rest are parts of sentences and of lists."""
ANSWERS = [*CLAIMS, *CONVERSATION]


# The figures


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "asked trained give fire rules miss safe late kept treat times yes phone eyes through"),
        (2, "programme table little going people doing session private being treated decides removed licence danger"),
        (3, "offender questionnaires recorded respected appointments probation officer enforcement refreshments"),
        (4, "supervising information community"),
        (5, "discrimination"),
        (7, "confidentiality"),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(count, words):
    assert {word: reading.syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_a_grade_is_what_the_formula_makes_of_a_text():
    # 2 sentences, 10 words, 12 syllables
    text = "You have to be on time. Tell the staff early."
    assert (len(reading.sentences(text)), len(reading.words(text))) == (2, 10)
    assert reading.grade(text) == pytest.approx(0.39 * 5 + 11.8 * 11 / 10 - 15.59)


def test_lists_signs_and_brackets_are_read_as_people_read_them():
    text = "You must:\n- come at 6pm\n- ring 07700 900123 (the office). Is it 10.30am? Then wait."
    assert reading.sentences(text)[0] == "You must:"
    assert reading.words("ring 07700 900123 or 116 123, M16 0PQ") == ["ring", "#", "or", "#", "#"]
    assert reading.longest("One two three (four five). Six.") == 5


def test_the_leaflets_own_hard_words_are_found_hard():
    hard = ["questionnaires", "facilitators", "discriminatory", "confidentiality", "enforcement"]
    assert [word for word in hard if reading.everyday(word)] == []
    easy = ["sessions", "stopped", "coming", "meetings", "don't", "you'll", "officer's"]
    assert [word for word in easy if not reading.everyday(word)] == []


# The words


@pytest.mark.parametrize("topic", ANSWERS)
def test_every_answer_has_easy_words_of_its_own(topic):
    assert own(topic)


@pytest.mark.parametrize("topic", WHOLE)
def test_easy_words_are_easy(topic):
    text = said(topic, ReplyFormat.EASY)
    assert reading.grade(text) <= 6
    assert reading.longest(text) <= 15


def test_most_sentences_have_ten_words_or_fewer_and_the_average_grade_is_that_of_a_young_child():
    texts = [said(topic, ReplyFormat.EASY) for topic in ANSWERS]
    lengths = [len(reading.words(sentence)) for text in texts for sentence in reading.sentences(text)]
    assert sum(length <= 10 for length in lengths) / len(lengths) > 0.8
    assert sum(map(reading.grade, texts)) / len(texts) <= 4


@pytest.mark.parametrize("topic", [t for t in WHOLE if own(t)])
def test_easy_words_are_easier_than_the_screens(topic):
    easy, screen = said(topic, ReplyFormat.EASY), said(topic, ReplyFormat.SCREEN)
    assert reading.grade(easy) <= max(reading.grade(screen), 4)
    assert reading.longest(easy) <= max(reading.longest(screen), 13)


@pytest.mark.parametrize("topic", [t for t in WHOLE if own(t)])
def test_a_hard_word_is_explained_at_once(topic):
    text = said(topic, ReplyFormat.EASY).lower()
    terms = [term for term in GLOSSES if re.search(rf"\b{re.escape(term)}\b", re.sub(r"\([^)]*\)", "", text))]
    assert [term for term in terms if not re.search(GLOSSES[term].pattern.lstrip("^"), text)] == []
    hard = {word for word in reading.words(text) if not reading.everyday(word)} - KNOWN
    assert {word for word in hard if not any(word in term for term in terms)} - _explaining(text) == set()


def test_no_word_is_let_through_that_no_answer_has():
    used = {word for topic in WHOLE if own(topic) for word in reading.words(said(topic, ReplyFormat.EASY))}
    assert {word for word in KNOWN if word not in used or reading.everyday(word)} == set()


def _explaining(text):
    """Return the hard words that stand in brackets after their easy ones: "a last meeting (the final review)"."""
    return {word for part in re.findall(r"\(([^)]*)\)", text) for word in part.split()}


@pytest.mark.parametrize("topic", [t for t in WORDING.topics() if own(t)])
def test_easy_words_say_the_same_numbers_and_names_as_the_screens(topic):
    easy, screen = (WORDING.text(topic, reply_format) for reply_format in (ReplyFormat.EASY, ReplyFormat.SCREEN))
    assert set(re.findall(r"\{\w+\}", easy)) == set(re.findall(r"\{\w+\}", screen))
    assert set(re.findall(r"\d+", easy)) == set(re.findall(r"\d+", screen))


@pytest.mark.parametrize(("topic", "first"), [("crisis", "- 999:"), ("child_at_risk", "- 999:")])
def test_in_danger_the_numbers_come_first(topic, first):
    assert said(topic, ReplyFormat.EASY).startswith(first)
    lines = said(topic, ReplyFormat.EASY).split("\n")
    assert [bool(re.match(r"- [\d ]+:", line)) for line in lines] == sorted(line[0] == "-" for line in lines)[::-1]


# As true as the others


def test_every_claim_of_the_leaflet_has_its_place_in_easy_words():
    assert source.counts("isotp", ReplyFormat.EASY) == source.counts("isotp", ReplyFormat.SCREEN)


@pytest.mark.parametrize("topic", list(CLAIMS))
def test_an_easy_answer_without_one_of_its_nots_is_caught(topic):
    text = WORDING.text(topic, ReplyFormat.EASY)
    for negation in re.finditer(r"\b(not |no |don't )", text):
        start = max(text.rfind(mark, 0, negation.start()) for mark in ("\n", ". ", "? "))
        sentence = text[start + 1 :].strip().lower()
        if sentence.startswith(("the leaflet does not", "it does not", "are you not")):
            continue  # about the leaflet or the reader, not a claim
        assert source.violations(text[: negation.start()] + text[negation.end() :], CLAIMS[topic]), sentence


@pytest.mark.parametrize("topic", list(CLAIMS))
def test_an_easy_answer_that_drops_any_line_or_sentence_with_a_claim_is_caught(topic):
    text = WORDING.text(topic, ReplyFormat.EASY)
    for needed in CLAIMS[topic].required:
        kept = [s for s in re.split(r"(?<=[.:?])\s|\n", text) if not needed.search(s.lower().strip(" -."))]
        if len(kept) < len(re.split(r"(?<=[.:?])\s|\n", text)):
            assert source.violations("\n".join(kept), CLAIMS[topic]), needed.pattern


SWAPS = [
    ("in the day, it lasts 20", "in the day, it lasts 35"), ("in the evening, it lasts", "in the morning, it lasts"),
    ("two times", "ten times"), ("once before", "once during"), ("at least eight", "at most eight"), ("10am", "9am"),
    ("every session", "some sessions"), ("a safe place", "the office"), ("all meetings", "some meetings"), ("phone off", "phone on"),
    ("stay to the end", "leave before the end"), ("keep things private", "tell your friends"), ("more than two", "more than one"),
    ("Programme staff write", "Your family writes"), ("the staff who", "the men who"), ("stopped for now", "sent to prison"),
    ("your probation worker", "your judge"), ("something you must do", "something you may do"), ("after prison", "in prison"),
    ("not drunk or high", "drunk or high"), ("outside prison", "inside prison"), ("taken off the programme", "sent to court"),
    ("back to court or to prison", "home"), ("two members", "no members"), ("July 2009", "July 2024"), ("872 3483", "872 3484"),
]  # fmt: skip


@pytest.mark.parametrize("swap", SWAPS, ids=lambda swap: swap[0])
def test_a_swapped_fact_or_explanation_is_caught(swap):
    right, wrong = swap
    texts = {t: WORDING.text(t, ReplyFormat.EASY) for t in CLAIMS}
    having = {t: text for t, text in texts.items() if right in text}
    assert having, "nothing to swap"
    uncaught = [t for t, text in having.items() if not source.violations(text.replace(right, wrong, 1), CLAIMS[t])]
    assert uncaught == []
