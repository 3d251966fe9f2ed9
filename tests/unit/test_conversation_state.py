"""What is kept of a conversation between two messages."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.absence_state import AbsenceState, Stage
from bot.conversation.state import CONTEXT_TTL, ConversationState, PersonalContext

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
FULL = ConversationState(
    topics=("thanks",),
    context_topics=("missed_session",),
    suggestions=("my_misses_left",),
    is_offer=True,
    misunderstood=1,
    repeated=True,
    answered_at=NOW,
    personal=PersonalContext(NOW, 3, AbsenceState(Stage.CONFIRM, (14,), ("2026-12-01",), "i cant come")),
    insult_notice_at=NOW,
    stop_asked_at=NOW,
)


@pytest.mark.parametrize("state", [FULL, ConversationState()])
def test_a_state_survives_being_stored(state):
    assert ConversationState.load(state.dump()) == state


def test_the_slots_of_an_earlier_release_are_read():
    absence = FULL.personal.absence.to_json()
    last = {
        "topics": ["thanks"], "leant_on": ["missed_session"], "suggestions": ["my_misses_left"], "offers": True,
        "lost": 1, "again": True, "at": NOW.isoformat(), "refused": False, "picked": None, "confidence": 0.9,
        "own": {"starts_at": NOW.isoformat(), "listed": 3, "absence": absence},
    }  # fmt: skip
    kept = {"last_turn": last, "boundary": NOW.isoformat(), "stop_asked": NOW.isoformat()}
    assert ConversationState.load(json.dumps(kept)) == FULL


@pytest.mark.parametrize("kept", ["[]", "[{}]", "{}", "null", '"x"', '{"last_turn": null}', '{"unknown": 1}'])
def test_what_cannot_be_read_is_a_new_conversation(kept):
    assert ConversationState.load(kept) == ConversationState()


def test_after_a_day_nothing_is_referred_to_any_more():
    assert FULL.at(NOW + CONTEXT_TTL) == FULL
    late = FULL.at(NOW + CONTEXT_TTL + timedelta(seconds=1))
    assert late == ConversationState(insult_notice_at=NOW, stop_asked_at=NOW)


def test_ending_an_exchange_keeps_the_last_answer():
    assert FULL.in_exchange
    assert FULL.asks_yes_or_no
    ended = FULL.ended()
    assert (ended.suggestions, ended.is_offer, ended.personal) == ((), False, PersonalContext())
    assert ended.context_topics == ("missed_session",)
    assert not ended.in_exchange


def test_an_answer_from_outside_the_dialogue_is_referred_to_alone():
    state = FULL.answered_with("crisis", NOW)
    assert (state.topics, state.context_topics, state.misunderstood) == (("crisis",), ("crisis",), 0)
    assert state.insult_notice_at == NOW
