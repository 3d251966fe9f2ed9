"""Answers from the person's own record: who may see it, what is asked of it, and the words for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from actions.own import absence, absence_begin, absence_reading, absence_topic, counts, sessions
from actions.own.absence_changes import write
from actions.own.absence_mention import mentioned
from actions.own.absence_state import AbsenceState, Stage
from actions.own.absence_topic import REPORT
from actions.own.absence_words import title
from actions.own.dated import calendar_file
from actions.own.said import PersonalQuery, Phrase, ResponsePlan, phrase
from bot.database.engine import Database
from bot.dialogue.attending import Attending
from bot.dialogue.choice import NextStep
from bot.dialogue.exchange import Event, Exchange
from bot.dialogue.exchange import load as load_exchange
from bot.dialogue.personal_phrases import PersonalPhrases
from bot.messages import File, Reply, ReplyFormat
from bot.records import audit
from bot.records.access.identities import Access
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL, ParticipantRecord
from bot.replies.wording import ResponseCatalog
from bot.text.dates import When, when
from bot.topics.registry import SAFEGUARDING_TOPICS

TOPICS = {
    "my_next_session": sessions.next_session,
    "my_schedule": sessions.schedule,
    "my_attendance": counts.attendance,
    "my_misses_left": counts.left_to_miss,
    "my_sessions_left": sessions.sessions_left,
    "my_catch_up": sessions.catch_up,
    "my_venue": sessions.venue,
}
OWN = frozenset({*TOPICS, REPORT})
"""The topics that the record answers."""
_DATED = frozenset({"my_next_session", "my_schedule", "my_venue"})
"""After these a date alone asks for what is on that day."""
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
class PersonalMessage:
    """One message, as far as the record is concerned."""

    access: Access
    participant_id: int | None
    now: datetime
    raw: str
    text: str
    """Normalised."""
    when: When
    last: tuple[str, ...]
    """The topics answered before."""
    kept: Mapping[str, Any]
    """What the answer before kept."""
    rendering: ReplyFormat

    @property
    def dated(self) -> bool:
        """Whether the message names days or the number of a session."""
        return bool(self.when)

    @classmethod
    def of(
        cls, message: Mapping[str, Any], text: str, last: tuple[str, ...], kept: Mapping[str, Any], rendering: str
    ) -> "PersonalMessage":
        """Read a message of Rasa's; who speaks stands in its metadata, which only the service itself can write."""
        given = message.get("metadata") or {}
        now = datetime.fromisoformat(given["now"]) if "now" in given else datetime.now(LOCAL)
        access = Access(given.get("access", Access.UNKNOWN))
        found = when(text, now.astimezone(LOCAL).date())
        shown = ReplyFormat(rendering) if rendering in list(ReplyFormat) else ReplyFormat.SCREEN
        raw = message.get("text") or ""
        return cls(access, given.get("participant"), now, raw, text, found, last, kept, shown)


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
    """Answers for one person at a time; without a database, as for somebody unknown."""

    def __init__(
        self,
        database: Database | None,
        wording: ResponseCatalog,
        turns: PersonalPhrases,
        office: Mapping[str, str],
        *,
        caught_up_counts: bool = True,
        exchange: Exchange | None = None,
    ) -> None:
        """Take what the composition root has built; the words of an exchange are read from their files if not given."""
        self._database = database
        self._wording = wording
        self._turns = turns
        self._office = dict(office)
        self._caught_up_counts = caught_up_counts
        self._exchange = exchange or load_exchange()

    def goes_on(self, heard: PersonalMessage) -> str | None:
        """Return the own topic that a message goes on with after the last one, by its words or its date alone."""
        last = set(heard.last)
        state = _state(heard)
        if state and absence.takes(state, self._answer(heard, state).event):
            return REPORT
        if REPORT in last and heard.dated and self._turns.corrects(heard.text):
            return REPORT
        if self._turns.last_held(heard.text):
            return "my_next_session"
        if last & {"my_next_session", "my_venue", REPORT} and self._turns.after_that(heard.text):
            return "my_next_session"
        if "my_schedule" in last and self._turns.more(heard.text):
            return "my_schedule"
        return "my_next_session" if self._asks_what_is_on(heard) else None

    def _asks_what_is_on(self, heard: PersonalMessage) -> bool:
        """Tell whether a message names days and says little else ("boxing day", "is there one on the first").

        It then asks what is on, after an own answer or from somebody who is known. After a danger "tonight" says more;
        and "1st" can pick what was offered.
        """
        if not heard.dated or not self._turns.only_dated(heard.when.rest):
            return False
        known = heard.access in (Access.UNLOCKED, Access.LOCKED)
        free = not set(heard.last) & set(SAFEGUARDING_TOPICS) and not absence_reading.picks(heard.text)
        return bool(set(heard.last) & OWN) or (known and free)

    async def about_somebody_else(self, topics: tuple[str, ...], heard: PersonalMessage) -> bool:
        """Tell whether what looks like a question about the own record is one about another person's, and note it."""
        about = topics == ("other_people",) or (bool(OWN & set(topics)) and self._turns.about_somebody_else(heard.text))
        if about and self._database is not None and heard.access is not Access.UNAVAILABLE:
            person, now = heard.participant_id, heard.now
            await self._database.write(lambda c: audit.note(c, now, "participant", "asked about another", person))
        return about

    def instead_of_asking(self, offered: Iterable[str], heard: PersonalMessage) -> str | None:
        """Return the own topic that settles a doubt: a linked person who names a day is told what is on that day."""
        known = heard.access in (Access.UNLOCKED, Access.LOCKED)
        return "my_next_session" if known and heard.dated and _DATED & set(offered) else None

    async def answer(self, topic: str, heard: PersonalMessage) -> tuple[PersonalReply, dict[str, Any]]:
        """Return the words for ``topic`` and what the next turn may lean on."""
        if heard.access is not Access.UNLOCKED or self._database is None or heard.participant_id is None:
            if topic == REPORT and self._exchange.attending.read(heard.text) is Attending.COMES:
                return self._words(ResponsePlan([phrase("absence_comes")]), heard.rendering), {}
            # Whoever gives the PIN may be somebody else: what was begun is not gone on with, but asked anew.
            state = _state(heard) if topic == REPORT else None
            refusal = self._refusal(topic, heard)
            return replace(refusal, ask_again=state.words if state and state.waits else None), {}
        picture = await self._picture(heard)
        if picture is None:  # removed a moment ago
            return self._refusal(topic, heard), {}
        asked = self._asked(picture, heard)
        if topic == REPORT:
            return await self._absence(asked, heard)
        said = mentioned(asked, TOPICS[topic](asked), counts=topic in _COUNTS)
        words = self._words(said, heard.rendering)
        if said.calendar:
            dates, person, now = said.calendar, picture.participant_id, heard.now
            file = await self._database.write(lambda c: calendar_file(c, person, dates, now))
            words = replace(words, calendar=file)
        return words, dict(said.keep)

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

    def offer(self, topics: Iterable[str], heard: PersonalMessage) -> tuple[str, str] | None:
        """Return the own topic to offer after a leaflet answer, and the words; None to a person not linked."""
        if heard.access not in (Access.UNLOCKED, Access.LOCKED):
            return None
        for topic in topics:
            own = self._turns.offers.get(topic)
            if own:
                return own.topic, self._text(Phrase(own.question), heard.rendering)
        return None

    async def instead(self, choice: NextStep, heard: PersonalMessage) -> NextStep:
        """Return ``choice``, or what is answered in its place by what the message says about coming."""
        if not absence_topic.may_replace(choice):
            return choice
        event = self._exchange.read(heard.raw, heard.text).event
        known = heard.access in (Access.UNLOCKED, Access.LOCKED)
        if absence_topic.about_reports(event, choice) and await self._has_reported(heard):
            return absence_topic.report(choice)
        return absence_topic.by_words(event, choice, known=known, dated=heard.dated)

    async def between(self, heard: PersonalMessage, *, quiet: bool) -> tuple[PersonalReply | None, dict[str, Any]]:
        """Return what brings back an exchange that another message came into, and what is kept of it.

        It is brought back once; ``quiet`` is for a message that was asked back about, and may belong to it.
        """
        state = _state(heard)
        if state is None or self._database is None or heard.access is not Access.UNLOCKED:
            return None, {}
        state = replace(state, age=state.age + 1)
        if not state.waits or (quiet and not state.reminded):
            return None, {} if state.is_old else {"absence": state.to_json()}
        picture = await self._picture(heard)
        said = absence.reminder(self._asked(picture, heard), state) if picture else None
        return (self._words(said, heard.rendering), dict(said.keep)) if said else (None, {})

    def declines(self, raw: str, text: str) -> bool:
        """Tell whether a message means no."""
        return self._exchange.read(raw, text).event is Event.DECLINES

    def no_button(self, rendering: ReplyFormat) -> str:
        """Return what stands on the button for no."""
        return self._text(Phrase("no_button"), rendering)

    def said(self, name: str, rendering: ReplyFormat) -> str:
        """Return the words for ``name``."""
        return self._text(Phrase(name), rendering)

    async def _picture(self, heard: PersonalMessage) -> ParticipantRecord | None:
        assert self._database is not None  # noqa: S101
        return await self._database.read(lambda c: repository.load_participant(c, heard.participant_id or 0))

    async def _has_reported(self, heard: PersonalMessage) -> bool:
        if self._database is None or heard.access is not Access.UNLOCKED:
            return False
        picture = await self._picture(heard)
        return picture is not None and bool(absence_begin.reported(PersonalQuery(picture, heard.now)))

    async def _absence(self, asked: PersonalQuery, heard: PersonalMessage) -> tuple[PersonalReply, dict[str, Any]]:
        state = _state(heard)
        event = self._exchange.read(heard.raw, heard.text).event
        asked = replace(asked, when=absence_reading.understood(asked.when, state, heard.text, event))
        answer = self._answer(heard, state or AbsenceState(Stage.DROPPED))
        if state and state.stage is Stage.WHICH:
            answer = replace(answer, place=_place(asked, state, answer.place))
        if not asked.when and not asked.when.excluded:
            answer = absence_reading.belonging(answer, state, self._exchange, heard.text)
        step = absence.go_on(asked, state, answer) if state else None
        step = step or absence.begin(asked, answer.event)
        changes = step.changes
        if changes and self._database:
            await self._database.write(lambda c: write(c, changes, heard.participant_id, heard.now))
        return self._words(step.said, heard.rendering), dict(step.said.keep)

    def _answer(self, heard: PersonalMessage, state: AbsenceState) -> absence.ExchangeAnswer:
        corrects = self._turns.corrects(heard.text)
        return absence_reading.answer(self._exchange, state, heard.raw, heard.text, heard.when, corrects=corrects)

    def _asked(self, picture: Any, heard: PersonalMessage) -> PersonalQuery:
        return PersonalQuery(
            picture,
            heard.now,
            heard.when,
            heard.raw,
            heard.kept,
            after_that=self._turns.after_that(heard.text),
            more=self._turns.more(heard.text),
            last_held=self._turns.last_held(heard.text),
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


def _state(heard: PersonalMessage) -> AbsenceState | None:
    return AbsenceState.of(heard.kept.get("absence"))


def _place(asked: PersonalQuery, state: AbsenceState, named: int) -> int:
    """Return which of the sessions offered is picked: by its whole title (a tapped button), or by its place."""
    own = {s.id: title(s, asked) for e in asked.enrolments for s in e.applicable_sessions}
    return next((place for place, id_ in enumerate(state.sessions) if own.get(id_) == asked.text), named)
