"""Entries of the audit trail in words: the trail itself has ids and codes, so that no name stands in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.records import audit
from bot.records.audit_search import AuditEntry
from bot.records.enums import Outcome, Role
from bot.web.staff import labels
from bot.web.staff.alert_words import AlertWords
from bot.web.staff.labels import Titles

NOTICES = {
    "absence_read": "that an absence was read",
    "date_moved": "that a session is moved",
    "date_cancelled": "that a session is cancelled",
}
ACTORS = {"participant": "The participant", audit.SERVICE: "The service"}
_MEMBER, _GROUP = re.compile(r"\bstaff:(\d+)"), re.compile(r"\bgroup (\d+)")
_OUTCOME = re.compile(rf"\b({'|'.join(Outcome)})\b")
_ROLE = re.compile(rf"(?<=\d )({'|'.join(Role)})\b")
_NOTICE = re.compile(rf"({'|'.join(NOTICES)}) by (\w+)")
_ALERT_CLOSED = re.compile(r"(alert \d+: )(\w+)")
_TOPIC = re.compile(r"(proposal \d+, )(\w+)")
_OPERATOR = "os:"


@dataclass(frozen=True)
class AuditLabels:
    """Puts entries into words; each mapping has what an id stands for."""

    members: Mapping[str, str]
    """Names by actor."""
    groups: Mapping[int, str]
    alerts: AlertWords
    titles: Titles

    def by(self, entry: AuditEntry) -> str:
        """Return who did it."""
        if entry.by.startswith(_OPERATOR):
            return f"{entry.by.removeprefix(_OPERATOR)}, at the command line"
        return ACTORS.get(entry.by, self._member(entry.by))

    def detail(self, entry: AuditEntry) -> str:
        """Return what more there is to say about it."""
        return self._common(self._special(entry.action, entry.detail))

    def _special(self, action: str, detail: str) -> str:
        """Return a detail with the codes in words that mean something in entries of one kind alone."""
        if action == "attendance recorded":
            return re.sub(r"\bnone\b", _lowered(labels.TO_BE_CONFIRMED), detail)
        if action == "alert closed":
            return _ALERT_CLOSED.sub(lambda found: found[1] + _lowered(self.alerts.outcome(found[2])), detail)
        if action == "notice sent":
            return _NOTICE.sub(lambda found: f"{NOTICES[found[1]]}, by {labels.channel(found[2])}", detail)
        if action == "questions proposed":
            return labels.topic(self.titles, detail)
        if action in ("channel linked", "link code wrong"):
            return labels.channel(detail)
        return _TOPIC.sub(lambda found: found[1] + labels.topic(self.titles, found[2]), detail)

    def _common(self, detail: str) -> str:
        for pattern, words in (
            (_ROLE, r"(\1)"),
            (_MEMBER, lambda found: self._member(found[0])),
            (_GROUP, lambda found: f"group {self.groups.get(int(found[1]), found[1])}"),
            (_OUTCOME, lambda found: _lowered(labels.outcome(Outcome(found[1])))),
        ):
            detail = pattern.sub(words, detail)
        return detail

    def _member(self, actor: str) -> str:
        if actor in self.members:
            return self.members[actor]
        return "somebody who has left" if _MEMBER.fullmatch(actor) else actor


def _lowered(text: str) -> str:
    """Return words as they stand in the middle of a sentence."""
    return text[:1].lower() + text[1:]
