"""Saying that one can't come: whole conversations by text message, buttons, what is kept of it, and what ends it."""

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update

from bot.conversation.absence_state import AbsenceState, Stage
from bot.conversation.state import NEW, ConversationState
from bot.conversation.unit import ConversationUnit
from bot.messages import Address, InboundMessage, ReplyFormat
from bot.records.attendance import reported_absences
from bot.records.attendance.tables import absence_report
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from bot.records.tables import audit_entry
from tests.support.records import RECORD

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=LOCAL)
"""A Saturday; the person's group meets on Tuesdays, next on 1 December (session 14)."""


@pytest.fixture
def talk(bot, record, loop):
    """Send messages as P00 in a conversation of its own, which is stored as JSON between them; forget the reports afterwards."""
    with record.reading() as connection:
        person = repository.participant_id(connection, "P00")
    address = Address.parse(uuid4().hex)

    def says(text, reply_format=ReplyFormat.SMS, at=NOW):
        unit = ConversationUnit(record, address, state=says.state)
        answer = loop.run(bot.handle(InboundMessage(address, text, reply_format, acting_as=person, at=at), unit))
        loop.run(unit.commit())
        says.state = unit.state
        return answer

    says.state, says.person = NEW, person
    forget_reports(record)  # other files of tests report to the same record
    yield says
    forget_reports(record)


def forget_reports(record):
    with record.writing() as connection:
        connection.execute(delete(absence_report))


def reports(record, person):
    with record.reading() as connection:
        return [list(report) for report in repository.absence_reports(connection, person)]


def text_of(answer):
    return "\n".join(reply.text for reply in answer.replies)


def talks():
    with (RECORD / "absences.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("given", talks(), ids=lambda t: " / ".join(turn[0] for turn in t["turns"]))
def test_talks_by_text_message(given, talk, record):
    for words, expected in given["turns"]:
        said = text_of(talk(words))
        if expected.startswith("-"):
            assert expected[1:] not in said, (words, said)
        else:
            assert expected in said, (words, said)
    assert sorted(reports(record, talk.person)) == given["reports"]


@pytest.mark.parametrize("reply_format", [ReplyFormat.SCREEN, ReplyFormat.TELEGRAM, ReplyFormat.EASY])
def test_the_question_has_its_own_two_buttons(talk, record, reply_format):
    asked = talk("i wont be there on the 15th", reply_format)
    assert [button.title for button in asked.replies[-1].buttons] == ["Yes, tell staff", "No"]
    talk("Yes, tell staff", reply_format)
    assert reports(record, talk.person) == [[16, "pending", "i wont be there on the 15th"]]
    offered = talk("actually i can come now", reply_format)
    assert [button.title for button in offered.replies[-1].buttons] == ["Yes, tell staff", "No"]
    talk("No", reply_format)
    assert reports(record, talk.person)[0][1] == "pending"


def test_the_reminder_has_them_too(talk):
    talk("i wont be there on the 15th", ReplyFormat.SCREEN)
    reminded = talk("what are the rules", ReplyFormat.SCREEN)
    assert [button.title for button in reminded.replies[-1].buttons] == ["Yes, tell staff", "No"]


def test_an_offer_can_be_declined_with_a_button(talk):
    offered = talk("what if i miss a session", ReplyFormat.SCREEN)
    assert [button.title for button in offered.replies[-1].buttons] == ["How many more you can miss", "No"]
    assert "All right" in text_of(talk("No", ReplyFormat.SCREEN))


@pytest.mark.parametrize(
    "kept", [{"stage": "confirm", "session_id": 1, "words": "x"}, {"stage": "which"}, "x", None, 7]
)
def test_what_an_earlier_release_kept_is_forgotten(talk, loop, record, kept):
    talk("I cant come on tuesday")
    state = talk.state.to_json()
    earlier = {"topics": state["topics"], "leant_on": state["context_topics"], "at": state["answered_at"]}
    slots = {"last_turn": {**earlier, "own": {"absence": kept}}}
    talk.state = ConversationState.load(json.dumps(slots))
    assert "noted for staff" not in text_of(talk("yes"))
    assert reports(record, talk.person) == []


@pytest.mark.parametrize("stage", list(Stage))
def test_a_state_survives_json(stage):
    state = AbsenceState(stage, (1, 2), ("2026-12-01",), "words", "reason", (3,), reminded=True, age=2)
    assert AbsenceState.of(json.loads(json.dumps(state.to_json()))) == state


def test_what_was_noted_is_not_leant_on_for_ever(talk, record):
    talk("I cant come on tuesday")
    talk("yes")
    talk("i have a hospital appointment", at=NOW + timedelta(days=2))
    assert reports(record, talk.person) == [[14, "pending", "I cant come on tuesday"]]


def test_every_change_is_in_the_audit_trail(talk, record):
    for text in ("I cant come on tuesday", "yes", "because i am ill", "actually i can come", "yes"):
        talk(text)
    with record.reading() as connection:
        query = select(audit_entry.c.action).where(audit_entry.c.participant_id == talk.person)
        found = [row.action for row in connection.execute(query.order_by(audit_entry.c.id.desc()).limit(3))]
    assert found == ["absence taken back", "absence explained", "absence reported"]


def test_a_decided_report_waits_again_after_a_change(talk, record):
    talk("I cant come on tuesday")
    talk("yes")
    with record.writing() as connection:
        connection.execute(update(absence_report).values(state="decided"))
    talk("because i am ill")
    assert reports(record, talk.person)[0][1] == "pending"


def test_a_change_to_what_was_never_reported_changes_nothing(record):
    with record.writing() as connection:
        assert not reported_absences.withdraw(connection, 1, 1, NOW)
        assert not reported_absences.add_reason(connection, 1, 1, "ill")
