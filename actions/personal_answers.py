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
from bot.dialogue.topics import REPORT
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
"""What ends a page of a list in a talk."""
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
    """What is to be heard once that has come, where it is not the message itself ("yes")."""


class PersonalAnswers:
    """Answers for one person at a time; without a unit of work, as for somebody unknown."""

    def __init__(
        self,
        wording: ResponseCatalog,
        turns: PersonalPhrases,
        office: Mapping[str, str],
        *,
        caught_up_counts: bool = True,
        exchange: Exchange | None = None,
    ) -> None:
        """Take what the composition root has built; the words of an exchange are read from their files if not given."""
        self._wording = wording
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

    async def answer(self, topic: str, heard: PersonalMessage) -> tuple[PersonalReply, PersonalContext]:
        """Return the words for ``topic`` and what the next message may refer to."""
        if not heard.is_unlocked or heard.unit is None or heard.participant_id is None:
            if topic == REPORT and self._exchange.attending.read(heard.text) is Attending.COMES:
                return self._words(ResponsePlan([phrase("absence_comes")]), heard.rendering), PersonalContext()
            # Whoever gives the PIN may be somebody else: what was begun is not gone on with, but asked anew.
            state = heard.absence if topic == REPORT else None
            refusal = self._refusal(topic, heard)
            return replace(refusal, ask_again=state.words if state and state.waits else None), PersonalContext()
        picture = await self._picture(heard)
        if picture is None:  # removed a moment ago
            return self._refusal(topic, heard), PersonalContext()
        asked = self._asked(picture, heard)
        if topic == REPORT:
            return await self._absence(asked, heard)
        said = mentioned(asked, TOPICS[topic](asked), counts=topic in _COUNTS)
        words = self._words(said, heard.rendering)
        if said.calendar:
            dates, person, now = said.calendar, picture.participant_id, heard.now
            uids: dict[CalendarEntry, str] = {}  # the write is rehearsed first, and has to come to the same file
            file = await heard.unit.write(lambda c: calendar_file(c, person, dates, now, uids))
            words = replace(words, calendar=file)
        return words, said.keep

    def misses_left(self, picture: ParticipantRecord, now: datetime, rendering: ReplyFormat) -> tuple[str, str | None]:
        """Return what is answered to "how many more can I miss", and the leaflet's heading that it leans on."""
        asked = PersonalQuery(picture, now, rendering=rendering, caught_up_counts=self._caught_up_counts)
        words = self._words(counts.left_to_miss(asked), rendering)
        return words.text, words.section

    def dates(self, connection: Connection, picture: ParticipantRecord, now: datetime, rendering: ReplyFormat) -> Reply:
        """Return a person's coming dates to take along: a list that needs no going on, and a calendar file in a chat.

        What the file has is kept in the caller's transaction.
        """
        said = sessions.schedule(PersonalQuery(picture, now, rendering=ReplyFormat.SCREEN))
        listed = [sentence for sentence in said.sentences if sentence.name not in _GOES_ON]
        takes_files = rendering is ReplyFormat.TELEGRAM and said.calendar
        file = calendar_file(connection, picture.participant_id, said.calendar, now) if takes_files else None
        return Reply(self._words(replace(said, sentences=listed), rendering).text, file=file)

    def offer(self, topic: str, answered: Iterable[str], rendering: ReplyFormat) -> tuple[str, tuple[str, ...]]:
        """Return the question that offers the personal ``topic`` after an answer, and the titles of its buttons."""
        offers = (self._phrases.offers.get(each) for each in answered)
        question = next(offer.question for offer in offers if offer and offer.topic == topic)
        leave = () if rendering is ReplyFormat.SMS else (self.no_button(rendering),)
        return self._text(Phrase(question), rendering), (self._wording.title(topic), *leave)

    async def reminder(
        self, heard: PersonalMessage, *, quiet: bool
    ) -> tuple[PersonalReply | None, AbsenceState | None]:
        """Return what brings back an exchange that another message came into, and what is kept of it.

        It is brought back once; ``quiet`` is for a message that was asked back about, and may belong to it.
        """
        if heard.absence is None or heard.unit is None or not heard.is_unlocked:
            return None, None
        state = replace(heard.absence, age=heard.absence.age + 1)
        if not state.waits or (quiet and not state.reminded):
            return None, None if state.is_old else state
        picture = await self._picture(heard)
        said = absence.reminder(self._asked(picture, heard), state) if picture else None
        return (self._words(said, heard.rendering), said.keep.absence) if said else (None, None)

    def no_button(self, rendering: ReplyFormat) -> str:
        """Return what stands on the button for no."""
        return self._text(Phrase("no_button"), rendering)

    def said(self, name: str, rendering: ReplyFormat) -> str:
        """Return the words for ``name``."""
        return self._text(Phrase(name), rendering)

    async def _picture(self, heard: PersonalMessage) -> ParticipantRecord | None:
        assert heard.unit is not None  # noqa: S101
        return await heard.unit.read(lambda c: repository.load_participant(c, heard.participant_id or 0))

    async def has_reported(self, heard: PersonalMessage) -> bool:
        """Tell whether the person has reported an absence from a session that is still to come."""
        if heard.unit is None or not heard.is_unlocked:
            return False
        picture = await self._picture(heard)
        return picture is not None and bool(absence_begin.reported(PersonalQuery(picture, heard.now)))

    async def _absence(self, asked: PersonalQuery, heard: PersonalMessage) -> tuple[PersonalReply, PersonalContext]:
        state = heard.absence
        event = self._exchange.read(heard.raw, heard.text).event
        asked = replace(asked, when=absence_reading.understood(asked.when, state, heard.text, event))
        answer = self._reader.exchange_answer(heard, state or AbsenceState(Stage.DROPPED))
        if state and state.stage is Stage.WHICH:
            answer = replace(answer, place=_place(asked, state, answer.place))
        if not asked.when and not asked.when.excluded:
            answer = absence_reading.belonging(answer, state, self._exchange, heard.text)
        step = absence.go_on(asked, state, answer) if state else None
        step = step or absence.begin(asked, answer.event)
        changes = step.changes
        if changes and heard.unit:
            await heard.unit.write(lambda c: write(c, changes, heard.participant_id, heard.now))
        return self._words(step.said, heard.rendering), step.said.keep

    def _asked(self, picture: Any, heard: PersonalMessage) -> PersonalQuery:
        return PersonalQuery(
            picture,
            heard.now,
            heard.when,
            heard.raw,
            heard.before.personal,
            after_that=self._phrases.after_that(heard.text),
            more=self._phrases.more(heard.text),
            last_held=self._phrases.last_held(heard.text),
            rendering=heard.rendering,
            caught_up_counts=self._caught_up_counts,
        )

    def _refusal(self, topic: str, heard: PersonalMessage) -> PersonalReply:
        name = _REFUSALS.get(heard.access, topic)
        return PersonalReply(self._text(Phrase(name), heard.rendering), refused=True)

    def _words(self, said: ResponsePlan, rendering: ReplyFormat) -> PersonalReply:
        text = ""
        for sentence in said.sentences:
            on_its_own = sentence.own_line or rendering is ReplyFormat.EASY  # there, every thought has a line
            separator = "" if not text else "\n" if on_its_own else " "
            text += separator + self._text(sentence, rendering)
        sections = [s for sentence in said.sentences if (s := self._wording.section(sentence.name))]
        goes_on = rendering is not ReplyFormat.SMS and any(s.name == "schedule_rest" for s in said.sentences)
        more = (_MORE,) if goes_on else ()
        options = said.options or (self._yes_and_no(rendering) if said.asks else ())
        return PersonalReply(text, sections[0] if sections else None, (*options, *more))

    def _yes_and_no(self, rendering: ReplyFormat) -> tuple[str, ...]:
        """Return what is tapped for an answer; a text message asks for the words instead."""
        if rendering is ReplyFormat.SMS:
            return ()
        return self.said("yes_tell_staff", rendering), self.no_button(rendering)

    def _text(self, sentence: Phrase, rendering: ReplyFormat) -> str:
        values = dict(sentence.values)
        if values.get("what", "").startswith("what_"):  # what it is stands in the answers too
            values["what"] = self._wording.text(values["what"], rendering, **values)
        if values.get("venue") == "venue_unknown":
            values["venue"] = self._wording.text("venue_unknown", rendering)
        return self._wording.text(sentence.name, rendering, **values, **self._office)


def _place(asked: PersonalQuery, state: AbsenceState, named: int) -> int:
    """Return which of the sessions offered is picked: by its whole title (a tapped button), or by its place."""
    own = {s.id: title(s, asked) for e in asked.enrolments for s in e.applicable_sessions}
    return next((place for place, id_ in enumerate(state.sessions) if own.get(id_) == asked.text), named)
