"""Every table, with how long its rows are kept and how they go when a participant is removed.

docs/reference/tables.md says the same for readers, and a test holds both against the tables that there are.
"""

from dataclasses import dataclass
from enum import StrEnum


class Period(StrEnum):
    """How long rows of a table are kept."""

    MESSAGES = "messages"
    """``LEAFLINE_KEEP_DAYS``."""
    ALERTS = "alerts"
    """``LEAFLINE_KEEP_ALERT_DAYS`` after they were dealt with; what is open stays."""
    AUDIT = "audit"
    """``LEAFLINE_KEEP_AUDIT_DAYS``."""
    LIFE = "life"
    """Until its own end: a code or a session of sign-in that has expired, a visit that is over."""
    RECORD = "record"
    """Until staff change or remove it."""


class Erasure(StrEnum):
    """How rows go when a participant is removed."""

    CASCADE = "cascade"
    """They point to the participant, and go with it."""
    ADDRESS = "address"
    """They are found by the person's telephones, chats and visits, present and former."""
    CUT_OUT = "cut out"
    """They stay, and no longer say whom they are about."""
    NOBODY = "nobody"
    """They are about no participant."""


@dataclass(frozen=True)
class Holding:
    """What holds for the rows of one table."""

    period: Period
    erasure: Erasure


_R, _N = Period.RECORD, Erasure.NOBODY
HOLDINGS: dict[str, Holding] = {
    "office": Holding(_R, _N),
    "programme": Holding(_R, _N),
    "programme_option": Holding(_R, _N),
    "programme_group": Holding(_R, _N),
    "block": Holding(_R, _N),
    "session": Holding(_R, _N),
    "participant": Holding(_R, Erasure.CASCADE),
    "enrolment": Holding(_R, Erasure.CASCADE),
    "attendance": Holding(_R, Erasure.CASCADE),
    "catch_up": Holding(_R, Erasure.CASCADE),
    "appointment": Holding(_R, Erasure.CASCADE),
    "absence_report": Holding(_R, Erasure.CASCADE),
    "calendar_entry": Holding(Period.LIFE, Erasure.CASCADE),
    "pin": Holding(_R, Erasure.CASCADE),
    "channel_identity": Holding(Period.LIFE, Erasure.CASCADE),
    "former_identity": Holding(Period.ALERTS, Erasure.CASCADE),
    "link_code": Holding(Period.LIFE, Erasure.CASCADE),
    "guess": Holding(Period.MESSAGES, _N),
    "opt_out": Holding(_R, Erasure.ADDRESS),
    "inbox": Holding(Period.MESSAGES, Erasure.ADDRESS),
    "outbox": Holding(Period.MESSAGES, Erasure.ADDRESS),
    "conversation_state": Holding(Period.MESSAGES, Erasure.ADDRESS),
    "alert": Holding(Period.ALERTS, Erasure.ADDRESS),
    "alert_step": Holding(Period.ALERTS, Erasure.ADDRESS),
    "duty_text": Holding(Period.MESSAGES, Erasure.ADDRESS),
    "audit_entry": Holding(Period.AUDIT, Erasure.CUT_OUT),
    "question": Holding(Period.MESSAGES, _N),
    "proposal": Holding(Period.MESSAGES, _N),
    "training": Holding(Period.AUDIT, _N),
    "feedback": Holding(Period.AUDIT, _N),
    "asked": Holding(Period.AUDIT, _N),
    "staff": Holding(_R, _N),
    "staff_session": Holding(Period.LIFE, _N),
    "staff_try": Holding(Period.LIFE, _N),
    "kept_form": Holding(Period.LIFE, _N),
    "office_screen": Holding(_R, _N),
    "service_instance": Holding(Period.LIFE, _N),
}
