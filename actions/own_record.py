"""Answers from the person's own record: who may see it, what is asked of it, and the words for it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.own import absence, counts, sessions
from actions.own.said import Asked, Said, Sentence
from bot.database.engine import Database
from bot.dialogue.choice import ORDINALS
from bot.dialogue.own_turns import OwnTurns
from bot.messages import Rendering
from bot.records import audit, repository
from bot.records.identities import Access
from bot.records.picture import LOCAL, Picture
from bot.replies.wording import Wording
from bot.text.dates import When, when

TOPICS = {
    "my_next_session": sessions.next_session,
    "my_schedule": sessions.schedule,
    "my_attendance": counts.attendance,
    "my_misses_left": counts.left_to_miss,
    "my_sessions_left": sessions.sessions_left,
    "my_catch_up": sessions.catch_up,
    "my_venue": sessions.venue,
}
REPORT = "report_absence"
OWN = frozenset({*TOPICS, REPORT})
"""The topics that the record answers."""
_DATED = frozenset({"my_next_session", "my_schedule", "my_venue"})
"""After these a date alone asks for what is on that day."""
_REFUSALS = {
    Access.NO_PIN: "choose_pin",
    Access.LOCKED: "pin_needed",
    Access.UNAVAILABLE: "trouble",
}
_CORRECTION = 10
"""Words: a longer message with a date in it is about something else."""


@dataclass(frozen=True)
class Heard:
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
    rendering: Rendering

    @property
    def dated(self) -> bool:
        """Whether the message names days or the number of a session."""
        return bool(self.when)

    @classmethod
    def of(
        cls, message: Mapping[str, Any], text: str, last: tuple[str, ...], kept: Mapping[str, Any], rendering: str
    ) -> "Heard":
        """Read a message of Rasa's; who speaks stands in its metadata, which only the service itself can write."""
        given = message.get("metadata") or {}
        now = datetime.fromisoformat(given["now"]) if "now" in given else datetime.now(LOCAL)
        access = Access(given.get("access", Access.UNKNOWN))
        found = when(text, now.astimezone(LOCAL).date())
        shown = Rendering(rendering) if rendering in list(Rendering) else Rendering.SCREEN
        raw = message.get("text") or ""
        return cls(access, given.get("participant"), now, raw, text, found, last, kept, shown)


@dataclass(frozen=True)
class Words:
    """An own answer, ready to be said."""

    text: str
    section: str | None = None
    options: tuple[str, ...] = ()
    calendar: str | None = None
    refused: bool = False
    """Whether something else has to come first: a PIN, a link."""


class OwnRecord:
    """Answers for one person at a time; without a database, as for somebody unknown."""

    def __init__(
        self,
        database: Database | None,
        wording: Wording,
        turns: OwnTurns,
        office: Mapping[str, str],
        *,
        caught_up_counts: bool = True,
    ) -> None:
        """Take what the composition root has built."""
        self._database = database
        self._wording = wording
        self._turns = turns
        self._office = dict(office)
        self._caught_up_counts = caught_up_counts

    def goes_on(self, heard: Heard) -> str | None:
        """Return the own topic that a message goes on with after the last one, by its words or its date alone."""
        last = set(heard.last)
        if self._in_exchange(heard) and self._answers_absence(heard):
            return REPORT
        if REPORT in last and heard.dated and self._turns.corrects(heard.text):
            return REPORT
        if self._turns.last_held(heard.text):
            return "my_next_session"
        if last & {"my_next_session", "my_venue", REPORT} and self._turns.after_that(heard.text):
            return "my_next_session"
        if "my_schedule" in last and self._turns.more(heard.text):
            return "my_schedule"
        only_dated = heard.dated and self._turns.only_dated(heard.when.rest)
        return "my_next_session" if last & OWN and only_dated else None

    async def about_somebody_else(self, topics: tuple[str, ...], heard: Heard) -> bool:
        """Tell whether what looks like a question about the own record is one about another person's, and note it."""
        about = topics == ("other_people",) or (bool(OWN & set(topics)) and self._turns.about_somebody_else(heard.text))
        if about and self._database is not None and heard.access is not Access.UNAVAILABLE:
            person, now = heard.participant_id, heard.now
            await self._database.write(lambda c: audit.note(c, now, "participant", "asked about another", person))
        return about

    def instead_of_asking(self, offered: Iterable[str], heard: Heard) -> str | None:
        """Return the own topic that settles a doubt: a linked person who names a day is told what is on that day."""
        known = heard.access in (Access.UNLOCKED, Access.LOCKED)
        return "my_next_session" if known and heard.dated and _DATED & set(offered) else None

    async def answer(self, topic: str, heard: Heard) -> tuple[Words, dict[str, Any]]:
        """Return the words for ``topic`` and what the next turn may lean on."""
        if heard.access is not Access.UNLOCKED or self._database is None or heard.participant_id is None:
            # What was begun waits for the PIN too.
            begun = {"absence": heard.kept["absence"]} if topic == REPORT and self._in_exchange(heard) else {}
            return self._refusal(topic, heard), begun
        picture = await self._database.read(lambda c: repository.picture(c, heard.participant_id or 0))
        if picture is None:  # removed a moment ago
            return self._refusal(topic, heard), {}
        asked = self._asked(picture, heard)
        if topic == REPORT:
            return await self._absence(asked, heard)
        said = TOPICS[topic](asked)
        return self._words(said, heard.rendering), dict(said.keep)

    def misses_left(self, picture: Picture, now: datetime, rendering: Rendering) -> tuple[str, str | None]:
        """Return what is answered to "how many more can I miss", and the leaflet's heading that it leans on."""
        asked = Asked(picture, now, rendering=rendering, caught_up_counts=self._caught_up_counts)
        words = self._words(counts.left_to_miss(asked), rendering)
        return words.text, words.section

    def offer(self, topics: Iterable[str], heard: Heard) -> tuple[str, str] | None:
        """Return the own topic to offer after a leaflet answer, and the words; None to a person not linked."""
        if heard.access not in (Access.UNLOCKED, Access.LOCKED):
            return None
        for topic in topics:
            own = self._turns.offers.get(topic)
            if own:
                return own.topic, self._text(Sentence(own.question), heard.rendering)
        return None

    async def remind(self, heard: Heard) -> tuple[Words, dict[str, Any]] | None:
        """Return what brings back an exchange that another message came into; None where there is none."""
        if not self._in_exchange(heard) or self._database is None or heard.access is not Access.UNLOCKED:
            return None
        picture = await self._database.read(lambda c: repository.picture(c, heard.participant_id or 0))
        said = absence.reminder(self._asked(picture, heard), heard.kept["absence"]) if picture else None
        return (self._words(said, heard.rendering), dict(said.keep)) if said else None

    async def _absence(self, asked: Asked, heard: Heard) -> tuple[Words, dict[str, Any]]:
        step = None
        if self._in_exchange(heard):
            step = absence.go_on(
                asked,
                heard.kept["absence"],
                agrees=self._turns.agrees(heard.text),
                declines=self._turns.declines(heard.text),
                corrects=self._corrects(heard),
                place=_place(heard.text, asked, heard.kept["absence"]),
            )
        step = step or absence.begin(asked)
        noted = step.noted
        if noted and self._database:
            await self._database.write(lambda c: _note(c, noted, heard))
        return self._words(step.said, heard.rendering), dict(step.said.keep)

    def _in_exchange(self, heard: Heard) -> bool:
        return "absence" in heard.kept

    def _answers_absence(self, heard: Heard) -> bool:
        state = heard.kept["absence"]
        if self._turns.agrees(heard.text) and state["stage"] == "confirm":
            return True
        if self._turns.declines(heard.text) or self._corrects(heard):
            return True
        picked = bool(_PICK.fullmatch(heard.text)) or bool(re.search(r"\(\d+\)$", heard.raw))
        return state["stage"] == "which" and picked

    def _corrects(self, heard: Heard) -> bool:
        """Tell whether a message puts another day in the place of the one read back, or names the one asked for."""
        words = heard.text.split()
        asks = heard.text.endswith("?") or bool({"when", "what", "where", "who", "how"} & set(words))
        return heard.dated and not asks and len(words) <= _CORRECTION

    def _asked(self, picture: Any, heard: Heard) -> Asked:
        return Asked(
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

    def _refusal(self, topic: str, heard: Heard) -> Words:
        name = _REFUSALS.get(heard.access, topic)
        return Words(self._text(Sentence(name), heard.rendering), refused=True)

    def _words(self, said: Said, rendering: Rendering) -> Words:
        text = ""
        for sentence in said.sentences:
            on_its_own = sentence.own_line or rendering is Rendering.EASY  # there, every thought has a line
            separator = "" if not text else "\n" if on_its_own else " "
            text += separator + self._text(sentence, rendering)
        sections = [s for sentence in said.sentences if (s := self._wording.section(sentence.name))]
        return Words(text, sections[0] if sections else None, said.options, said.calendar)

    def _text(self, sentence: Sentence, rendering: Rendering) -> str:
        values = dict(sentence.values)
        if values.get("what", "").startswith("what_"):  # what it is stands in the answers too
            values["what"] = self._wording.text(values["what"], rendering, **values)
        if values.get("venue") == "venue_unknown":
            values["venue"] = self._wording.text("venue_unknown", rendering)
        return self._wording.text(sentence.name, rendering, **values, **self._office)


_PICK = re.compile(r"(?:the |number |option )*(" + "|".join(ORDINALS) + r")(?: one)?[.!]*")


def _place(text: str, asked: Asked, state: Mapping[str, Any]) -> int | None:
    """Return which of the sessions offered a message picks: by its place, or by its whole title (a tapped button)."""
    offered = state.get("offered", [])
    own = {s.id: absence.title(s, asked) for e in asked.enrolments for s in e.own}
    for place, session_id in enumerate(offered):
        if own.get(session_id) == asked.text:
            return place
    match = _PICK.fullmatch(text)
    return ORDINALS[match[1]] if match else None


def _note(connection: Any, noted: absence.Noted, heard: Heard) -> None:
    repository.report_absence(connection, noted.enrolment_id, noted.session_id, noted.words, heard.now)
    audit.note(connection, heard.now, "participant", "absence reported", heard.participant_id)
