"""Each action by what it says and by the events that it returns."""

import asyncio
from datetime import datetime

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.personal_answers import PersonalReply
from actions.registry import ACTIONS, all_actions
from actions.tools import Tools
from bot.conversation.absence_state import AbsenceState, Stage
from bot.conversation.state import ConversationState, PersonalContext
from bot.dialogue.choice import NextStep, StepKind
from bot.dialogue.turn import SLOT, PlannedAction, Turn
from bot.messages import File
from bot.replies.when import LOCAL
from bot.replies.wording import load
from bot.settings import ROOT, Settings

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=LOCAL)
WORDS = load("isotp", "en")
SHOWN = PersonalContext(session_start=NOW)
ABSENCE = AbsenceState(Stage.CONFIRM, (14,), ("2026-12-01",), "i cant come")
PERSONAL = {
    "my_next_session": "action_next_session", "my_schedule": "action_schedule", "my_attendance": "action_attendance",
    "my_misses_left": "action_misses_left", "my_sessions_left": "action_sessions_left",
    "my_catch_up": "action_catch_up", "my_venue": "action_venue", "report_absence": "action_report_absence",
}  # fmt: skip


class Record:
    """Stands in for the answers from a person's record."""

    def __init__(self, *, reported=False, reminds=True):
        self.reported = reported
        self.reminds = reminds
        self.noted = []

    async def answer(self, topic, message):
        file = File("dates.ics", "text/calendar", "BEGIN") if topic == "my_schedule" else None
        return PersonalReply(f"own {topic}", "Sessions", ("Show more",), file), SHOWN

    async def has_reported(self, message):
        return self.reported

    async def reminder(self, message, *, quiet):
        return (PersonalReply("still?"), ABSENCE) if self.reminds and not quiet else (None, None)

    async def note_about_another(self, message):
        self.noted.append(message.participant_id)

    def offer(self, topic, answered, reply_format):
        return f"offer {topic} after {answered}", ("How many more you can miss", "No")

    def said(self, name, reply_format):
        return name


def run(name, turn, personal=None, channel="screen"):
    """Run the action called ``name``; return what it said, the turn that it came to, and the action that follows."""
    tools = Tools(WORDS, Settings().office, personal or Record())
    action = next(action for action in all_actions(tools) if action.name() == name)
    latest = {"text": "something", "metadata": {"access": "unlocked", "participant": 7, "now": NOW.isoformat()}}
    tracker = Tracker(
        "x", {SLOT: turn.to_json()}, latest, [{"event": "user", "input_channel": channel}], False, None, {}, None
    )
    dispatcher = CollectingDispatcher()
    slot, following = asyncio.run(action.run(dispatcher, tracker, {}))
    assert (slot["event"], slot["name"], following["event"]) == ("slot", SLOT, "followup")
    return dispatcher.messages, Turn.from_json(slot["value"]), following["name"]


def turn(*moves, topics=(), kind=StepKind.ANSWER, after=None, before=None, says="", otherwise=None):
    step = NextStep(kind, topics, 0.9, says=says)
    before = before or ConversationState()
    return Turn(before, after or before, step, tuple(PlannedAction(*move) for move in moves), otherwise)


def test_every_action_is_in_the_domain_and_every_one_of_the_domain_is_here():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    names = [action.name() for action in all_actions(Tools(WORDS, {}, Record()))]
    assert sorted(names) == sorted(domain["actions"])
    assert len(set(names)) == len(ACTIONS)


def test_a_topic_is_answered_in_the_form_of_the_channel_and_the_next_action_follows():
    given = turn(("action_answer_topic", "dress"), ("action_next_session", "my_next_session"), topics=("dress",))
    for channel in ("screen", "sms"):
        [said], after, following = run("action_answer_topic", given, channel=channel)
        assert said["text"] == Tools(WORDS, Settings().office, Record()).text("dress", channel_of(channel))
        assert (said["topic"], said["section"]) == ("dress", WORDS.section("dress"))
        assert (following, after.topic) == ("action_next_session", "my_next_session")


def channel_of(name):
    from bot.messages import ReplyFormat

    return ReplyFormat(name)


def test_the_last_action_is_followed_by_listening():
    assert run("action_answer_topic", turn(("action_answer_topic", "dress")))[2] == "action_listen"


@pytest.mark.parametrize(("topic", "action"), PERSONAL.items())
def test_an_answer_from_the_record_is_said_and_the_next_message_may_refer_to_it(topic, action):
    [said], after, following = run(action, turn((action, topic), topics=(topic,)))
    assert (said["text"], said["section"]) == (f"own {topic}", "Sessions")
    assert said["buttons"] == [{"title": "Show more", "payload": "Show more"}]
    assert (said["file"] is not None) == (topic == "my_schedule")
    assert after.after.personal == SHOWN
    assert following == "action_listen"


def test_two_answers_from_the_record_are_both_referred_to():
    given = turn(("action_schedule", "my_schedule"), after=ConversationState(personal=PersonalContext(listed=3)))
    assert run("action_schedule", given)[1].after.personal == PersonalContext(NOW, 3)


def test_which_was_meant_is_asked_with_a_button_for_each_topic_and_for_none():
    given = turn(("action_clarify",), topics=("dress", "rules"), kind=StepKind.CLARIFY)
    [said], _, _ = run("action_clarify", given)
    titles = [WORDS.title(topic) for topic in ("dress", "rules", "none_of_these")]
    assert [button["title"] for button in said["buttons"]] == titles
    assert said["topic"] == "did_you_mean"


def test_a_number_that_was_not_offered_has_the_list_shown_again():
    given = turn(("action_clarify",), topics=("dress",), kind=StepKind.CLARIFY, says="no_such_number")
    assert run("action_clarify", given)[0][0]["topic"] == "no_such_number"


@pytest.mark.parametrize(
    ("suggestions", "says", "topic", "buttons"),
    [((), "", "not_understood", 0), (("rules", "dress"), "", "lost", 3), ((), "none_of_these", "none_of_these", 0)],
)
def test_falling_back_offers_topics_the_second_time(suggestions, says, topic, buttons):
    given = turn(
        ("action_fallback",), kind=StepKind.FALLBACK, after=ConversationState(suggestions=suggestions), says=says
    )
    [said], _, _ = run("action_fallback", given)
    assert (said["topic"], len(said["buttons"])) == (topic, buttons)


def test_repeating_says_every_topic_of_the_last_answer():
    given = turn(("action_repeat",), ("action_not_clear",), topics=("dress", "my_venue"))
    said, after, following = run("action_repeat", given)
    assert [message.get("topic") or message["text"] for message in said] == ["dress", "own my_venue"]
    assert after.after.personal == SHOWN
    assert following == "action_not_clear"


def test_what_is_not_clear_the_second_time_has_somebody_to_ask():
    assert run("action_not_clear", turn(("action_not_clear",)))[0][0]["topic"] == "not_clear"


def test_a_question_about_somebody_else_is_noted_and_refused():
    record = Record()
    [said], _, _ = run("action_other_people", turn(("action_other_people", "other_people")), record)
    assert (said["topic"], record.noted) == ("other_people", [7])


def test_an_offer_has_two_buttons_and_can_be_declined():
    given = turn(("action_offer_personal", "my_misses_left"), topics=("missed_session",))
    [said], _, _ = run("action_offer_personal", given)
    assert said["text"] == "offer my_misses_left after ('missed_session',)"
    assert [button["title"] for button in said["buttons"]] == ["How many more you can miss", "No"]
    assert run("action_decline_offer", turn(("action_decline_offer",)))[0][0]["text"] == "offer_declined"


def test_what_is_about_no_report_is_answered_as_it_was_understood_otherwise():
    otherwise = turn(("action_answer_topic", "rules"), topics=("rules",))
    given = turn(("action_report_absence", "report_absence"), topics=("report_absence",), otherwise=otherwise)
    said, after, following = run("action_report_absence", given, Record(reported=False))
    assert (said, after, following) == ([], otherwise, "action_answer_topic")
    [said], after, following = run("action_report_absence", given, Record(reported=True))
    assert (said["text"], after.otherwise, following) == ("own report_absence", None, "action_listen")


def test_a_report_that_waits_is_brought_back_and_kept():
    given = turn(("action_remind_absence",))
    [said], after, _ = run("action_remind_absence", given)
    assert (said["text"], after.after.personal.absence) == ("still?", ABSENCE)
    quiet = turn(("action_remind_absence",), after=ConversationState(suggestions=("rules",)))
    assert run("action_remind_absence", quiet)[0] == []
