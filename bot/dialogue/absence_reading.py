"""What one message does in an exchange about absences: its words, seen beside the days that were read back."""

import re
from dataclasses import replace
from datetime import date

from bot.conversation.absence_state import AbsenceState, Stage
from bot.dialogue.absence_exchange import ExchangeAnswer
from bot.dialogue.choice import ORDINALS
from bot.dialogue.exchange import SIDE_QUESTIONS, Event, Exchange
from bot.dialogue.yes_no import Agreement
from bot.text.dates import When

_LONGEST = 14
"""Words: a longer message with a day in it is not only about the day."""
_PICK = re.compile(r"(?:the |number |option )*(" + "|".join(ORDINALS) + r")(?: one)?(?: please| thanks| mate)*[.!]*")
_TITLE = re.compile(r"\(\d+\)$")
"""How the title of a session ends that is offered to tap."""
_ADDS = re.compile(
    r"^(?:yes |ok |okay |oh |sorry |, )*(?:and|also|plus)\b|\b(?:too|as well|aswell|also|either|neither)\b"
)
_INSTEAD = re.compile(r"\binstead\b")
_EXCEPT = re.compile(r"\b(?:except|bar|apart from|other than|excluding|(?:any|every|each|all)(?: other)? days? but)\b")
"""What leaves a day out in so many words; in "not coming Tuesday" it only seems to be left out."""
_STATEMENT = 3
"""So many words at least say more than yes or no."""
_FINAL = {*SIDE_QUESTIONS, Event.LATE, Event.MISSED, Event.UNSURE, Event.WITHDRAWS}
"""What a message does whatever day it names."""


def answer(
    exchange: Exchange, state: AbsenceState, raw: str, text: str, when: When, *, corrects: bool
) -> ExchangeAnswer:
    """Return what a message does: ``raw`` as written, ``text`` normalised; ``corrects`` by its words ("I meant")."""
    if state.stage is Stage.WHICH and (picks(text) or _TITLE.search(raw)):
        return ExchangeAnswer(Event.PICKS, place=picked(text))
    reading = exchange.read(raw, text)
    when = understood(when, state, text, reading.event)
    read = ExchangeAnswer(reading.event, reading.begins, reading.because, bool(_ADDS.search(text)))
    dated = bool(when) or bool(when.excluded)
    if not dated or read.event in _FINAL or exchange.asks(text):
        return read
    if read.event is Event.COMES:
        return read if _same(when, state) or state.stage is not Stage.CONFIRM else replace(read, event=Event.UNCLEAR)
    if read.because or len(text.split()) > _LONGEST:
        return read
    return _dated(exchange, state, read, when, corrects=corrects or bool(_INSTEAD.search(text)))


def understood(when: When, state: AbsenceState | None, text: str, event: Event) -> When:
    """Return what a message says about when, where a day that it seems to leave out is the one that it means.

    So it is in "not coming Tuesday", and in "not Tuesday, the 8th" where Tuesday the 1st was read back.
    """
    if when.named or not when.excluded or _EXCEPT.search(text):
        return when
    days = [date.fromisoformat(day) for day in state.days] if state else []
    other = bool(days) and "," in text and not any(day in left for day in days for left in when.excluded)
    return replace(when, named=when.excluded, excluded=()) if other or event is Event.CANNOT else when


def belonging(read: ExchangeAnswer, state: AbsenceState | None, exchange: Exchange, text: str) -> ExchangeAnswer:
    """Return what a message does that the classifier took for one about the absence, and whose words say nothing known.

    While an absence is asked about or just noted it can only be its reason, or an answer that was not understood.
    """
    if state is None or read.event is not Event.OTHER or state.stage not in (Stage.CONFIRM, Stage.NOTED):
        return read
    states = len(text.split()) >= _STATEMENT and not exchange.asks(text)
    if states:
        return replace(read, event=Event.REASON)
    return replace(read, event=Event.UNCLEAR) if state.stage is Stage.CONFIRM else read


def picks(text: str) -> bool:
    """Tell whether ``text`` (normalised) is the place of something that was offered."""
    return bool(_PICK.fullmatch(text))


def picked(text: str) -> int:
    """Return the place that a message names, from 0."""
    match = _PICK.fullmatch(text)
    return ORDINALS[match[1]] if match else 0


def _dated(
    exchange: Exchange, state: AbsenceState, read: ExchangeAnswer, when: When, *, corrects: bool
) -> ExchangeAnswer:
    """Return what a message does that names a day: mostly, that it is this day and no other."""
    names_day = replace(read, event=Event.NAMES_DAY)
    if _same(when, state):
        consent = exchange.yes_no.read(when.rest)
        clear = {Agreement.YES: Event.AGREES, Agreement.NO: Event.DECLINES}.get(consent)
        if clear and state.asks:
            return replace(read, event=clear)
        return read if state.stage is Stage.NOTED or read.event is Event.REASON else names_day
    if state.stage is not Stage.NOTED:
        return names_day
    replaces = corrects or read.begins is Agreement.NO or bool(when.excluded)
    if replaces and not read.adds:
        return replace(names_day, begins=Agreement.NO)
    return names_day if read.adds or read.event is Event.CANNOT else read


def _same(when: When, state: AbsenceState) -> bool:
    """Tell whether the days that are named are those read back, or some that they lie in."""
    days = [date.fromisoformat(day) for day in state.days]
    named = bool(days) and bool(when.named) and not (when.excluded or when.sessions or when.weeks_later)
    return named and all(any(day in stretch for day in days) for stretch in when.named) and all(d in when for d in days)
