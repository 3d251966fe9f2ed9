"""Reporting an absence, as a table: its stages, and what a message can do in each of them.

begin ──▶ WHICH ──▶ CONFIRM ──▶ NOTED ──▶ WITHDRAW ──▶ WITHDRAWN
                       └──▶ DROPPED

What is said in each stage, and what becomes of the record, is in :mod:`actions.personal.absence`.
"""

from dataclasses import dataclass

from bot.conversation.absence_state import AbsenceState, Stage
from bot.dialogue.exchange import SIDE_QUESTIONS, Event
from bot.dialogue.yes_no import Agreement

EVENTS_BY_STAGE = {
    Stage.WHICH: {Event.DECLINES, Event.WITHDRAWS, Event.COMES, Event.REASON, Event.PICKS, Event.ALL, Event.NAMES_DAY},
    Stage.CONFIRM: {
        Event.AGREES, Event.DECLINES, Event.UNCLEAR, Event.COMES, Event.UNSURE, Event.CANNOT, Event.REASON,
        Event.WITHDRAWS, Event.ALL, Event.NAMES_DAY,
    },
    Stage.NOTED: {
        Event.AGREES, Event.DECLINES, Event.UNCLEAR, Event.COMES, Event.UNSURE, Event.CANNOT, Event.REASON,
        Event.WITHDRAWS, Event.NAMES_DAY,
    },
    Stage.WITHDRAW: {
        Event.AGREES, Event.DECLINES, Event.UNCLEAR, Event.COMES, Event.UNSURE, Event.CANNOT, Event.REASON,
        Event.WITHDRAWS, Event.ALL, Event.NAMES_DAY,
    },
    Stage.WITHDRAWN: {Event.AGREES, Event.COMES, Event.CANNOT},
    Stage.DROPPED: {Event.DECLINES},
}  # fmt: skip
"""What a message can do in each stage; whatever else it does is about something else."""


@dataclass(frozen=True)
class ExchangeAnswer:
    """What one message does in the exchange."""

    event: Event
    begins: Agreement = Agreement.NEITHER
    because: bool = False
    """Whether it gives a reason."""
    adds: bool = False
    """Whether a day that it names comes beside those named before."""
    place: int = 0
    """Which of the sessions offered it picks, from 0."""


def takes(state: AbsenceState, event: Event) -> bool:
    """Tell whether a message that does ``event`` goes on with the exchange."""
    if event in SIDE_QUESTIONS:
        return state.stage is not Stage.DROPPED
    return event in EVENTS_BY_STAGE[state.stage]
