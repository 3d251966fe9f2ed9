"""Every answer is true to the leaflet: in every reply format, and the check that says so cannot be fooled."""

import re

import pytest
import yaml

from bot.messages import ReplyFormat
from bot.replies import gsm, source, wording
from bot.settings import ROOT, Settings
from bot.topics.registry import DIALOGUE_ACTS, LEAFLET

WORDING = wording.load("isotp", "en")
CLAIMS = source.load("isotp")
WORDED = {reply_format: source.load("isotp", reply_format) for reply_format in ReplyFormat}
ANSWERS = [(topic, reply_format) for topic in CLAIMS for reply_format in ReplyFormat]
INTENTS = yaml.safe_load((ROOT / "domain.yml").read_text())["intents"]
LONGEST = {"contact_name": "x" * 30, "office_phone": "0" * 16, "office_hours": "h" * 32}


@pytest.mark.parametrize(("topic", "reply_format"), ANSWERS)
def test_an_answer_says_what_the_leaflet_says_and_nothing_else(topic, reply_format):
    assert source.violations(WORDING.text(topic, reply_format), WORDED[reply_format][topic]) == []


@pytest.mark.parametrize(("topic", "reply_format"), ANSWERS)
def test_a_negated_answer_is_caught(topic, reply_format):
    text = WORDING.text(topic, reply_format)
    verb = r"\b(will|can|could|must|have to|has to|is|are|write|lasts|take part|come|agree|fill|arrive|be on|dress|talk|complain|record|feel|must|keep|turn|wear|see|build|finish|treat|let|goes|helps?|link|start|act)\b"
    turned = [
        text[: m.end()] + " not" + text[m.end() :]
        for m in re.finditer(verb, text, re.I)
        if not _in_aside(WORDED[reply_format][topic], text, m)
    ]
    assert turned, "nothing to negate"
    for wrong in turned:
        assert source.violations(wrong, WORDED[reply_format][topic]), wrong


SWAPS = [
    ("20 weeks", "35 weeks"), ("35 weeks", "20 weeks"), ("10am", "6pm"), ("6pm", "10am"), ("3pm", "8pm"), ("35 group", "70 group"),
    ("70 hours", "35 hours"), ("two hours", "eight hours"), ("more than two", "more than three"), ("eight group", "two group"),
    ("two members", "eight members"), ("before the group", "after the group"), ("Before the group", "After the group"),
    ("After the group", "Before the group"), ("Programme staff write", "Your offender manager writes"), ("Programme Manager", "Chief Officer"),
    ("Chief Officer", "Programme Manager"), ("The day option", "The evening option"), ("will be suspended", "will be sent to prison"),
    ("a catch-up", "a warning"), ("community order", "tag"), ("116 123", "116 124"), ("872 4802", "872 4803"), ("M16 0PQ", "M60 0PQ"),
    ("July 2009", "July 2019"), ("Social Services", "The police"), ("every session", "most sessions"), ("all appointments", "some appointments"),
    ("start to", "stop to"), ("turn your mobile phone off", "leave your mobile phone on"), ("Day: between", "Evening: between"),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "reply_format"), ANSWERS)
def test_a_swapped_fact_is_caught(topic, reply_format):
    text = WORDING.text(topic, reply_format)
    for right, wrong in SWAPS:
        if right in text and not _in_aside(WORDED[reply_format][topic], text, re.search(re.escape(right), text)):
            assert source.violations(text.replace(right, wrong, 1), WORDED[reply_format][topic]), (right, wrong)


@pytest.mark.parametrize(("topic", "reply_format"), ANSWERS)
def test_a_sentence_from_elsewhere_is_caught(topic, reply_format):
    for stranger in ("Tea costs 50p.", "You can bring your children.", "Sessions are held in Bolton."):
        assert source.violations(WORDING.text(topic, reply_format) + " " + stranger, WORDED[reply_format][topic])


@pytest.mark.parametrize("topic", list(CLAIMS))
def test_an_answer_that_leaves_a_sentence_out_is_caught(topic):
    assert all(source.violations("Please ask your offender manager.", claims[topic]) for claims in WORDED.values())


def test_every_topic_has_words_in_every_rendering():
    assert set(INTENTS) - set(WORDING.topics()) == DIALOGUE_ACTS


def test_every_leaflet_answer_cites_its_section_and_has_a_title():
    assert set(LEAFLET) <= set(CLAIMS)
    assert [t for t in CLAIMS if not WORDING.section(t)] == []
    assert [t for t in LEAFLET if not WORDING.title(t)] == []


@pytest.mark.parametrize("topic", WORDING.topics())
def test_an_sms_is_gsm_7_and_short(topic):
    text = WORDING.text(topic, ReplyFormat.SMS, **LONGEST)
    assert gsm.is_gsm(text)
    assert gsm.parts(text) <= (3 if topic == "complaints" else 2)


@pytest.mark.parametrize("topic", ["crisis", "child_at_risk"])
def test_help_in_danger_fits_one_sms_and_has_the_numbers(topic):
    text = WORDING.text(topic, ReplyFormat.SMS, **Settings().office)
    numbers = {
        "crisis": ["999", "116 123", "SHOUT", "85258"],
        "child_at_risk": ["999", "Stop It Now", "0808 1000 900"],
    }
    assert gsm.parts(text) == 1
    assert [n for n in numbers[topic] if n not in text] == []


@pytest.mark.parametrize("topic", WORDING.topics())
@pytest.mark.parametrize("reply_format", list(ReplyFormat))
def test_no_answer_names_the_programme_or_a_kind_of_offence(topic, reply_format):
    text = WORDING.text(topic, reply_format) + WORDING.title(topic)
    assert not re.search(r"i-?sotp|treatment programme|sexual|indecent|abus|images", text, re.I)


def _in_aside(claims, text, match):
    """Tell whether a match lies in a sentence that states no claim of the leaflet, so may be negated freely."""
    lines = [m for m in re.finditer(r"[^\n]+", text) if m.start() <= match.start() < m.end()]
    if lines[0].group().startswith("- ") or lines[0].group().endswith(":"):
        return False
    sentences = re.finditer(r"[^.?\n]+(?:\.(?=\S)[^.?\n]+)*", text.lower())
    sentence = next(m.group() for m in sentences if m.start() <= match.start() < m.end()).strip()
    return sentence.startswith("ask ") or not any(c.search(sentence) for c in (*claims.required, *claims.allowed))
