"""Questions that are asked as a participant, at a given time."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.cli.console import operator
from bot.database.engine import Database
from bot.messages import Address, InboundMessage, ReplyFormat
from bot.records import audit
from bot.records.importing import cells
from bot.records.participants import repository
from bot.settings import SettingsError


@dataclass(frozen=True)
class AskedQuestion:
    """One line of input, understood."""

    text: str
    conversation: str
    speaker: str | None = None
    """The reference of the participant who is spoken as."""
    now: str | None = None
    """Local time."""


class Speakers:
    """Speaks as participants, by their references: each is noted in the audit trail the first time."""

    def __init__(self, record: Database, speaker: str | None, now: str | None) -> None:
        """Speak as ``speaker`` at ``now`` where a question says nothing else; raise SettingsError on unknown ones."""
        self._record = record
        self._speaker, self._now = speaker, now
        self._known: dict[str, int] = {}
        try:
            self.message(AskedQuestion("", ""), ReplyFormat.SCREEN)
        except ValueError as error:
            raise SettingsError(str(error)) from None

    def message(self, question: AskedQuestion, reply_format: ReplyFormat) -> InboundMessage:
        """Return ``question`` as a message; raise ValueError for a reference or time that cannot be used."""
        speaker, now = question.speaker or self._speaker, question.now or self._now
        acting_as = self._participant(speaker) if speaker else None
        # Nobody goes on with what somebody else has said.
        conversation = f"{question.conversation}:{acting_as}" if acting_as else question.conversation
        address, at = Address.parse(conversation), _moment(now) if now else None
        return InboundMessage(address, question.text, reply_format, acting_as, at)

    def _participant(self, reference: str) -> int:
        if reference not in self._known:
            with self._record.writing() as connection:
                found = repository.participant_id(connection, reference)
                if found is None:
                    raise ValueError(f"no participant {reference!r}: expected a reference of the record")
                audit.note(connection, datetime.now(UTC), operator(), "spoken as", found, "ask --as")
            self._known[reference] = found
        return self._known[reference]


def _moment(text: str) -> datetime:
    try:
        return cells.moment(text, "now")
    except cells.YearError:
        raise
    except ValueError:
        raise ValueError(f"now is {text!r}: expected local time like 2026-11-23T09:00") from None
