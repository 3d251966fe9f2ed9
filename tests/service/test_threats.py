"""A threat to a person is told to staff; an insult gets one sentence about it, and then its answer."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.alerts.tables import alert
from bot.conversation.unit import ConversationUnit
from bot.messages import InboundMessage, OutboundMessage, ReplyFormat
from bot.messaging.tables import outbox
from bot.messaging.worker import Worker
from bot.replies import gsm, wording
from bot.settings import ROOT
from bot.training.questions import by_author
from evaluation import sets
from tests.support.detecting import TextDetector
from tests.support.mailbox import ROUTES, store, work

SEEN, UNSEEN = ROOT / "tests" / "safety", sets.MESSAGES
WORDS = wording.load("isotp", "en")
BOUNDARY = WORDS.text("boundary", ReplyFormat.SCREEN)


@pytest.fixture(scope="module")
def detector():
    return TextDetector()


def lines(name):
    folder = UNSEEN if name.endswith("_unseen.txt") else SEEN
    return [line for line in (folder / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


def share(found):
    found = list(found)
    return sum(found) / len(found)


@pytest.mark.parametrize(
    ("of", "threats", "alarms", "insults"),
    [("", 0.92, 0.01, 0.98), ("_unseen", 0.60, 0.04, 0.80)],
    ids=["tuned on", "unseen"],
)
def test_req_44_threats_and_insults_are_told_from_their_look_alikes(detector, capsys, of, threats, alarms, insults):
    """The floors are what has been reached; on messages that the patterns have not seen, it is less by far."""
    noticed = share(detector.risk(text) is not None for text in lines(f"threats{of}.txt"))
    cried_wolf = share(detector.risk(text) is not None for text in lines(f"neither{of}.txt"))
    insulted = share(detector.besides_insults(text) is not None for text in lines(f"abuse{of}.txt"))
    wrongly = [text for text in lines(f"neither{of}.txt") if detector.besides_insults(text) is not None]
    with capsys.disabled():
        print(
            f"\n{of or 'tuned'}: threats {noticed:.2f}, alarms at look-alikes {cried_wolf:.3f}, insults {insulted:.2f}"
        )
    assert noticed >= threats
    assert cried_wolf <= alarms
    assert insulted >= insults
    assert wrongly == []


def test_req_44_there_are_enough_messages_to_say_so():
    assert len(set(lines("threats.txt"))) >= 60
    assert len(set(lines("abuse.txt"))) >= 60
    assert len(set(lines("neither.txt"))) >= 80
    for kind in ("threats", "neither", "abuse"):
        assert not set(lines(f"{kind}.txt")) & set(lines(f"{kind}_unseen.txt"))


def test_req_44_no_ordinary_question_is_taken_for_a_threat(detector):
    """Eleven thousand questions by several authors, none of whom had these patterns in mind."""
    questions = [example.text for _, example in by_author([ROOT / "data" / "nlu"])]
    assert len(questions) > 10_000
    assert len([text for text in questions if detector.risk(text) == "threat"]) <= 3


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("What time does it start, you useless bot?", "what time does it start, ?"),
        ("you're useless", ""),
        ("you useless bot, where do i park", "where do i park"),
        ("u r useless m8", "m8"),
        ("what are the rules", None),
    ],
)
def test_req_44_what_is_said_besides_an_insult_is_heard(detector, text, rest):
    assert detector.besides_insults(text) == rest


@pytest.mark.parametrize("text", lines("abuse.txt"))
def test_req_44_an_insult_alone_alarms_nobody(detector, text):
    assert detector.risk(text) is None


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("i am going to stab him and then kill myself", "crisis"),
        ("he is hurting my niece and i will kill him", "child_at_risk"),
        ("i will kill him", "threat"),
    ],
)
def test_req_44_a_life_and_a_child_come_before_a_threat(detector, text, first):
    assert detector.risk(text) == first


@pytest.mark.parametrize("reply_format", list(ReplyFormat))
def test_req_44_the_reply_states_the_limit_of_confidentiality_and_asks_nothing(ask, reply_format):
    answer = ask("im going to batter him on thursday", reply_format=reply_format)
    text = answer.replies[0].text
    assert answer.alerts == answer.topics == ("threat",)
    assert re.search("call 999|999: call now", text)
    assert re.search("not confidential|not private", text)
    assert "?" not in text


def test_req_44_the_replies_fit_one_text_message():
    values = {"contact_name": "x" * 30, "office_phone": "0" * 16, "office_hours": "h" * 32}
    for topic in ("threat", "boundary"):
        text = WORDS.text(topic, ReplyFormat.SMS, **values)
        assert gsm.is_gsm(text)
        assert gsm.parts(text) == 1


def test_req_44_the_alert_is_kept_with_the_reply(bot, record):
    """In one transaction: where the reply cannot be kept, the alert is not either, and both come with the next try."""
    address = "+447700900991"
    clock = lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # noqa: E731
    store(record, clock, "im going to batter him on thursday", address=address)
    worker = Worker(record, bot, ROUTES, clock, lambda: None)
    work(worker)
    with record.reading() as connection:
        raised = [row.topic for row in connection.execute(select(alert)) if row.address == address]
        sent = connection.execute(select(outbox.c.content).where(outbox.c.address_hash == address)).scalars().all()
    assert raised == ["threat"]
    assert [OutboundMessage.from_json(content).text[:40] for content in sent] == [
        WORDS.text("threat", ReplyFormat.SMS)[:40]
    ]


# Insults


def test_req_44_an_insult_gets_one_sentence_and_the_question_its_answer(ask):
    name = uuid4().hex
    first = ask("what time does it start you useless bot", conversation=name)
    assert first.replies[0].text == BOUNDARY
    assert first.topics == ("session_times",)
    assert len(first.replies) == 2
    again = ask("what are the rules you muppet", conversation=name)
    assert BOUNDARY not in [reply.text for reply in again.replies]
    assert again.topics == ("rules",)


@pytest.mark.parametrize("reply_format", list(ReplyFormat))
@pytest.mark.parametrize("text", ["fuck off", "you're useless", "stupid bot"])
def test_req_44_an_insult_alone_gets_the_sentence_alone(ask, reply_format, text):
    answer = ask(text, reply_format=reply_format)
    assert answer.replies[0].text == WORDS.text("boundary", reply_format)
    assert "The leaflet does not say" not in " ".join(reply.text for reply in answer.replies)


def test_req_44_the_questions_inside_insults_are_answered(ask, capsys):
    cases = [line.split("\t") for line in lines("abuse_with_question.tsv")]
    wrong = [(text, topic, ask(text).topics) for text, topic in cases if topic not in ask(text).topics]
    with capsys.disabled():
        print(f"\nquestions inside insults: {len(cases) - len(wrong)} of {len(cases)} answered; {wrong}")
    assert len(wrong) <= 0.1 * len(cases)


def test_req_44_the_sentence_is_not_said_again_after_a_restart_and_is_the_next_day(bot, record, loop):
    address, now = uuid4().hex, datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def said(text, at):
        """Each time the bot knows only what is stored."""
        unit = ConversationUnit(record, address)
        loop.run(unit.load())
        answer = loop.run(bot.answer(InboundMessage(address, text, at=at), unit))
        loop.run(record.write(unit.save_state))
        return answer.replies[0].text

    assert said("you stupid bot", now) == BOUNDARY
    assert said("what time does it start", now + timedelta(minutes=1)) != BOUNDARY
    assert said("you stupid bot", now + timedelta(hours=1)) != BOUNDARY
    assert said("you stupid bot", now + timedelta(hours=25)) == BOUNDARY


def test_req_44_somebody_in_danger_who_swears_is_told_where_help_is(ask):
    answer = ask("you useless bot i want to kill myself")
    assert answer.alerts == ("crisis",)
    assert [reply.text for reply in answer.replies] == [WORDS.text("crisis", ReplyFormat.SCREEN)]


def test_req_44_who_swears_and_wants_no_more_messages_gets_none(ask):
    answer = ask("fuck off with the texts", reply_format=ReplyFormat.SMS, conversation="sms:+447700900872")
    assert answer.topics == ("stop_messages",)
    assert BOUNDARY not in [reply.text for reply in answer.replies]
