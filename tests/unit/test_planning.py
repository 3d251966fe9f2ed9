"""Which actions the policy plans for a message: a pure function of what was understood and of the conversation."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.conversation.absence_state import AbsenceState, Stage
from bot.conversation.state import ConversationState, PersonalContext
from bot.dialogue import exchange, follow_ups, personal_phrases
from bot.dialogue.choice import MessagePart, NluResult
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.personal_reader import PersonalReader
from bot.dialogue.planning import Planner
from bot.dialogue.turn import LISTEN, PlannedAction, Turn
from bot.messages import ReplyFormat
from bot.records.enums import Access
from bot.replies.when import LOCAL
from bot.topics.registry import menu

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=LOCAL)
READER = PersonalReader(personal_phrases.load(), exchange.load())
PLANNER = Planner(follow_ups.load(), READER)
CONFIRM = PersonalContext(absence=AbsenceState(Stage.CONFIRM, (14,), ("2026-12-01",), "i cant come"))


def message(text="something", state=None, access=Access.UNKNOWN):
    before = state or ConversationState()
    return PersonalMessage(access, 1, NOW, text, text, before, ReplyFormat.SCREEN)


def planned(*ranking, text="something", state=None, access=Access.UNKNOWN, parts=()):
    given = message(text, state, access)
    heard = NluResult(text, ranking, tuple(MessagePart(part) for part in parts), (), READER.continues_topic(given))
    return PLANNER.plan(heard, given)


def actions(turn):
    return [move.action for move in turn.moves]


def test_a_topic_of_the_leaflet_is_answered():
    turn = planned(("dress", 0.9))
    assert turn.moves == (PlannedAction("action_answer_topic", "dress"),)
    assert (turn.after.topics, turn.after.context_topics) == (("dress",), ("dress",))
    assert turn.after.answered_at == NOW


@pytest.mark.parametrize(
    ("topic", "action"),
    [
        ("my_next_session", "action_next_session"), ("my_schedule", "action_schedule"),
        ("my_attendance", "action_attendance"), ("my_misses_left", "action_misses_left"),
        ("my_sessions_left", "action_sessions_left"), ("my_catch_up", "action_catch_up"),
        ("my_venue", "action_venue"), ("report_absence", "action_report_absence"),
    ],
)  # fmt: skip
def test_a_topic_of_the_record_has_an_action_of_its_own(topic, action):
    assert planned((topic, 0.9)).moves == (PlannedAction(action, topic),)


def test_a_message_with_several_topics_gets_all_its_answers_in_order():
    parts = ([("dress", 0.9)], [("my_next_session", 0.9)], [("breaks", 0.9)])
    ranking = [("dress", 0.4), ("my_next_session", 0.3), ("breaks", 0.3)]
    turn = planned(*ranking, parts=parts)
    assert actions(turn) == ["action_answer_topic", "action_next_session", "action_answer_topic"]
    assert turn.after.topics == ("dress", "my_next_session", "breaks")


def test_between_topics_it_asks_which_was_meant():
    turn = planned(("dress", 0.4), ("rules", 0.38))
    assert actions(turn) == ["action_clarify"]
    assert (turn.after.suggestions, turn.after.is_offer, turn.after.topics) == (("dress", "rules"), False, ())


def test_the_second_message_that_is_not_understood_offers_topics():
    first = planned(("dress", 0.05))
    assert (actions(first), first.after.suggestions) == (["action_fallback"], ())
    second = planned(("dress", 0.05), state=first.after)
    assert second.after.misunderstood == 2
    assert second.after.suggestions == menu()


def test_an_answer_is_repeated_and_the_second_time_it_is_said_whom_to_ask():
    state = planned(("dress", 0.9)).after
    first = planned(("repeat", 0.9), text="say again", state=state)
    assert actions(first) == ["action_repeat"]
    assert (first.step.topics, first.after.repeated) == (("dress",), True)
    assert actions(planned(("repeat", 0.9), text="say again", state=first.after)) == [
        "action_repeat",
        "action_not_clear",
    ]


def test_a_known_person_is_offered_their_own_figure_and_can_decline_it():
    offered = planned(("missed_session", 0.9), access=Access.UNLOCKED)
    assert offered.moves[1] == PlannedAction("action_offer_personal", "my_misses_left")
    assert (offered.after.suggestions, offered.after.is_offer) == (("my_misses_left",), True)
    declined = planned(("unclear", 0.9), text="no", state=offered.after, access=Access.UNLOCKED)
    assert actions(declined) == ["action_decline_offer"]
    assert actions(planned(("missed_session", 0.9))) == ["action_answer_topic"]


def test_what_came_into_a_report_of_an_absence_is_answered_and_the_report_brought_back():
    state = ConversationState(topics=("report_absence",), personal=CONFIRM)
    turn = planned(("rules", 0.9), text="what are the rules", state=state, access=Access.UNLOCKED)
    assert actions(turn) == ["action_answer_topic", "action_remind_absence"]
    goes_on = planned(("rules", 0.9), text="yes", state=state, access=Access.UNLOCKED)
    assert actions(goes_on) == ["action_report_absence"]


@pytest.mark.parametrize("topic", ["crisis", "child_at_risk"])
def test_danger_is_answered_alone_and_ends_what_was_begun(topic):
    state = ConversationState(topics=("report_absence",), personal=CONFIRM)
    turn = planned((topic, 0.9), text="i took too many tablets", state=state, access=Access.UNLOCKED)
    assert turn.moves == (PlannedAction("action_answer_topic", topic),)
    assert turn.after.personal == PersonalContext()


def test_a_question_about_somebody_else_is_refused():
    turn = planned(("my_attendance", 0.9), text="how many has dave missed")
    assert turn.moves == (PlannedAction("action_other_people", "other_people"),)


def test_what_may_be_about_a_report_is_left_to_the_record():
    turn = planned(("rules", 0.9), text="i can come after all", access=Access.UNLOCKED)
    assert actions(turn) == ["action_report_absence"]
    assert actions(turn.otherwise) == ["action_answer_topic"]
    assert planned(("rules", 0.9), text="i can come after all").otherwise is None


def test_thanks_in_between_change_no_subject():
    state = planned(("dress", 0.9)).after
    thanked = planned(("thanks", 0.95), text="thanks", state=state).after
    assert (thanked.topics, thanked.context_topics) == (("thanks",), ("dress",))


def test_a_turn_survives_its_slot():
    turn = planned(("rules", 0.9), text="i can come after all", access=Access.UNLOCKED)
    state = replace(turn.after, personal=CONFIRM)
    turn = replace(turn, after=state)
    assert Turn.from_json(turn.to_json()) == turn
    assert Turn.from_json(None).next_action == LISTEN


def test_a_turn_ends_with_listening():
    turn = planned(("dress", 0.9))
    assert turn.next_action == "action_answer_topic"
    assert turn.advanced().next_action == LISTEN
