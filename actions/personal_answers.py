"""Answers from the person's own record: who may see it, what is asked of it, and the words for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from actions.personal import absence, absence_begin, counts, sessions
from actions.personal.absence_changes import write
from actions.personal.absence_mention import mentioned
from actions.personal.absence_words import title
from actions.personal.dated import calendar_file
from actions.personal.said import PersonalQuery, Phrase, ResponsePlan, phrase
from bot.conversation.absence_state import AbsenceState, Stage
from bot.conversation.state import PersonalContext
from bot.dialogue import absence_reading
from bot.dialogue.attending import Attending
from bot.dialogue.exchange import Exchange
from bot.dialogue.exchange import load as load_exchange
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.personal_phrases import PersonalPhrases
from bot.dialogue.personal_reader import PersonalReader
from bot.dialogue.topic_actions import REPORT
from bot.messages import File, Reply, ReplyFormat
from bot.records import audit
from bot.records.enums import Access
from bot.records.participants import repository
from bot.records.participants.participant_record import ParticipantRecord
from bot.records.sessions.calendar_entries import CalendarEntry
from bot.replies.wording import ResponseCatalog

TOPICS = {
    "my_next_session": sessions.next_session,
    "my_schedule": sessions.schedule,
    "my_attendance": counts.attendance,
    "my_misses_left": counts.left_to_miss,
    "my_sessions_left": sessions.sessions_left,
    "my_catch_up": sessions.catch_up,
    "my_venue": sessions.venue,
}
_GOES_ON = frozenset({"schedule_rest", "schedule_end"})
"""What ends a page of a list in a conversation."""
_MORE = "Show more"
"""What is tapped where a text message asks for the word: one of data/dialogue/record.yml under `more`."""
_COUNTS = frozenset({"my_attendance", "my_misses_left"})
_REFUSALS = {
    Access.NO_PIN: "choose_pin",
    Access.LOCKED: "pin_needed",
    Access.UNAVAILABLE: "trouble",
}


@dataclass(frozen=True)
class PersonalReply:
    """An own answer, ready to be said."""

    text: str
    section: str | None = None
    options: tuple[str, ...] = ()
    calendar: File | None = None
    refused: bool = False
    """Whether something else has to come first: a PIN, a link."""
    ask_again: str | None = None
    """What is asked for once that has come, where it is not the message itself ("yes")."""


class PersonalAnswers:
    """Answers for one person at a time; without a unit of work, as for somebody unknown."""

    def __init__(
        self,
        catalog: ResponseCatalog,
        turns: PersonalPhrases,
        office: Mapping[str, str],
        *,
        caught_up_counts: bool = True,
        exchange: Exchange | None = None,
    ) -> None:
        """Take what the composition root has built; the words of an exchange are read from their files if not given."""
        self._catalog = catalog
        self._phrases = turns
        self._office = dict(office)
        self._caught_up_counts = caught_up_counts
        self._exchange = exchange or load_exchange()
        self._reader = PersonalReader(turns, self._exchange)

    async def note_about_another(self, message: PersonalMessage) -> None:
        """Note in the audit trail that a question about another person was asked."""
        if message.unit is not None and message.access is not Access.UNAVAILABLE:
            person, now = message.participant_id, message.now
            await message.unit.write(lambda c: audit.note(c, now, "participant", "asked about another", person))

    async def answer(self, topic: str, message: PersonalMessage) -> tuple[PersonalReply, PersonalContext]:
        """Return the words for ``topic`` and what the next message may refer to."""
        if not message.is_unlocked or message.unit is None or message.participant_id is None:
            if topic == REPORT and self._exchange.attending.read(message.text) is Attending.COMES:
                return self._words(ResponsePlan([phrase("absence_comes")]), message.reply_format), PersonalContext()
            # Whoever gives the PIN may be somebody else: what was begun is not gone on with, but asked anew.
            state = message.absence if topic == REPORT else None
            refusal = self._refusal(topic, message)
            return replace(refusal, ask_again=state.words if state and state.waits else None), PersonalContext()
        record = await self._load_record(message)
        if record is None:  # removed a moment ago
            return self._refusal(topic, message), PersonalContext()
        query = self._query(record, message)
        if topic == REPORT:
            return await self._absence(query, message)
        plan = mentioned(query, TOPICS[topic](query), counts=topic in _COUNTS)
        words = self._words(plan, message.reply_format)
        if plan.calendar:
            dates, person, now = plan.calendar, record.participant_id, message.now
            uids: dict[CalendarEntry, str] = {}  # the write is rehearsed first, and has to come to the same file
            file = await message.unit.write(lambda c: calendar_file(c, person, dates, now, uids))
            words = replace(words, calendar=file)
        return words, plan.keep

    def misses_left(
        self, record: ParticipantRecord, now: datetime, reply_format: ReplyFormat
    ) -> tuple[str, str | None]:
        """Return what is answered to "how many more can I miss", and the leaflet's heading that it is from."""
        query = PersonalQuery(record, now, reply_format=reply_format, caught_up_counts=self._caught_up_counts)
        words = self._words(counts.left_to_miss(query), reply_format)
        return words.text, words.section

    def dates(
        self, connection: Connection, record: ParticipantRecord, now: datetime, reply_format: ReplyFormat
    ) -> Reply:
        """Return a person's coming dates to take along: a list that needs no going on, and a calendar file in a chat.

        What the file has is kept in the caller's transaction.
        """
        plan = sessions.schedule(PersonalQuery(record, now, reply_format=ReplyFormat.SCREEN))
        listed = [sentence for sentence in plan.sentences if sentence.name not in _GOES_ON]
        takes_files = reply_format is ReplyFormat.TELEGRAM and plan.calendar
        file = calendar_file(connection, record.participant_id, plan.calendar, now) if takes_files else None
        return Reply(self._words(replace(plan, sentences=listed), reply_format).text, file=file)

    def offer(self, topic: str, answered: Iterable[str], reply_format: ReplyFormat) -> tuple[str, tuple[str, ...]]:
        """Return the question that offers the personal ``topic`` after an answer, and the titles of its buttons."""
        offers = (self._phrases.offers.get(each) for each in answered)
        question = next(offer.question for offer in offers if offer and offer.topic == topic)
        leave = () if reply_format is ReplyFormat.SMS else (self.no_button(reply_format),)
        return self._text(Phrase(question), reply_format), (self._catalog.title(topic), *leave)

    async def reminder(
        self, message: PersonalMessage, *, quiet: bool
    ) -> tuple[PersonalReply | None, AbsenceState | None]:
        """Return what brings back an exchange that another message came into, and what is kept of it.

        It is brought back once; ``quiet`` is for a message that was asked back about, and may belong to it.
        """
        if message.absence is None or message.unit is None or not message.is_unlocked:
            return None, None
        state = replace(message.absence, age=message.absence.age + 1)
        if not state.waits or (quiet and not state.reminded):
            return None, None if state.is_old else state
        record = await self._load_record(message)
        plan = absence.reminder(self._query(record, message), state) if record else None
        return (self._words(plan, message.reply_format), plan.keep.absence) if plan else (None, None)

    def no_button(self, reply_format: ReplyFormat) -> str:
        """Return what stands on the button for no."""
        return self._text(Phrase("no_button"), reply_format)

    def said(self, name: str, reply_format: ReplyFormat) -> str:
        """Return the words for ``name``."""
        return self._text(Phrase(name), reply_format)

    async def _load_record(self, message: PersonalMessage) -> ParticipantRecord | None:
        assert message.unit is not None  # noqa: S101
        return await message.unit.read(lambda c: repository.load_participant(c, message.participant_id or 0))

    async def has_reported(self, message: PersonalMessage) -> bool:
        """Tell whether the person has reported an absence from a session that is still to come."""
        if message.unit is None or not message.is_unlocked:
            return False
        record = await self._load_record(message)
        return record is not None and bool(absence_begin.reported(PersonalQuery(record, message.now)))

    async def _absence(self, query: PersonalQuery, message: PersonalMessage) -> tuple[PersonalReply, PersonalContext]:
        state = message.absence
        event = self._exchange.read(message.raw, message.text).event
        query = replace(query, when=absence_reading.understood(query.when, state, message.text, event))
        answer = self._reader.exchange_answer(message, state or AbsenceState(Stage.DROPPED))
        if state and state.stage is Stage.WHICH:
            answer = replace(answer, place=_place(query, state, answer.place))
        if not query.when and not query.when.excluded:
            answer = absence_reading.belonging(answer, state, self._exchange, message.text)
        step = absence.go_on(query, state, answer) if state else None
        step = step or absence.begin(query, answer.event)
        changes = step.changes
        if changes and message.unit:
            await message.unit.write(lambda c: write(c, changes, message.participant_id, message.now))
        return self._words(step.plan, message.reply_format), step.plan.keep

    def _query(self, record: Any, message: PersonalMessage) -> PersonalQuery:
        return PersonalQuery(
            record,
            message.now,
            message.when,
            message.raw,
            message.before.personal,
            after_that=self._phrases.after_that(message.text),
            more=self._phrases.more(message.text),
            last_held=self._phrases.last_held(message.text),
            reply_format=message.reply_format,
            caught_up_counts=self._caught_up_counts,
        )

    def _refusal(self, topic: str, message: PersonalMessage) -> PersonalReply:
        name = _REFUSALS.get(message.access, topic)
        return PersonalReply(self._text(Phrase(name), message.reply_format), refused=True)

    def _words(self, plan: ResponsePlan, reply_format: ReplyFormat) -> PersonalReply:
        text = ""
        for sentence in plan.sentences:
            on_its_own = sentence.own_line or reply_format is ReplyFormat.EASY  # there, every thought has a line
            separator = "" if not text else "\n" if on_its_own else " "
            text += separator + self._text(sentence, reply_format)
        sections = [s for sentence in plan.sentences if (s := self._catalog.section(sentence.name))]
        goes_on = reply_format is not ReplyFormat.SMS and any(s.name == "schedule_rest" for s in plan.sentences)
        more = (_MORE,) if goes_on else ()
        options = plan.options or (self._yes_and_no(reply_format) if plan.asks else ())
        return PersonalReply(text, sections[0] if sections else None, (*options, *more))

    def _yes_and_no(self, reply_format: ReplyFormat) -> tuple[str, ...]:
        """Return what is tapped for an answer; a text message asks for the words instead."""
        if reply_format is ReplyFormat.SMS:
            return ()
        return self.said("yes_tell_staff", reply_format), self.no_button(reply_format)

    def _text(self, sentence: Phrase, reply_format: ReplyFormat) -> str:
        values = dict(sentence.values)
        if values.get("what", "").startswith("what_"):  # what it is stands in the answers too
            values["what"] = self._catalog.text(values["what"], reply_format, **values)
        if values.get("venue") == "venue_unknown":
            values["venue"] = self._catalog.text("venue_unknown", reply_format)
        return self._catalog.text(sentence.name, reply_format, **values, **self._office)


def _place(query: PersonalQuery, state: AbsenceState, named: int) -> int:
    """Return which of the sessions offered is picked: by its whole title (a tapped button), or by its place."""
    own = {s.id: title(s, query) for e in query.enrolments for s in e.applicable_sessions}
    return next((place for place, id_ in enumerate(state.sessions) if own.get(id_) == query.text), named)
