"""The field's words: outcome codes of an attendance, states of an enrolment, kinds of an appointment, and so on."""

from enum import StrEnum


class AttendanceKind(StrEnum):
    """What an outcome says about having been there."""

    ATTENDED = "attended"
    MISSED = "missed"
    NOT_HELD = "not_held"


class Outcome(StrEnum):
    """HMPPS's outcome codes for a session."""

    ATTC = "ATTC"  # attended, complied
    AFTC = "AFTC"  # attended, failed to comply
    UAAB = "UAAB"  # unacceptable absence
    AAAA = "AAAA"  # acceptable absence, other
    AAME = "AAME"  # medical
    AARE = "AARE"  # religious
    AAHO = "AAHO"  # holiday
    AAEM = "AAEM"  # employment
    AAFC = "AAFC"  # family or childcare
    AACL = "AACL"  # court or legal
    AASD = "AASD"  # stood down
    RSSR = "RSSR"  # rescheduled by the service
    RSOF = "RSOF"  # rescheduled at the person's request

    @property
    def kind(self) -> AttendanceKind:
        """Whether the session was attended, missed (whatever the reason), or not held."""
        if self in (Outcome.ATTC, Outcome.AFTC):
            return AttendanceKind.ATTENDED
        return AttendanceKind.NOT_HELD if self in (Outcome.RSSR, Outcome.RSOF) else AttendanceKind.MISSED

    @property
    def can_be_known_before(self) -> bool:
        """Whether it can be known before the day: an acceptable reason or another date can."""
        return self not in (Outcome.ATTC, Outcome.AFTC, Outcome.UAAB)


class Status(StrEnum):
    """The state of an enrolment."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class ScheduleOption(StrEnum):
    """When a group meets: the leaflet's two options."""

    DAY = "day"
    EVENING = "evening"


class AppointmentKind(StrEnum):
    """What an appointment is for."""

    PRE_QUESTIONNAIRES = "pre_questionnaires"
    POST_QUESTIONNAIRES = "post_questionnaires"
    FINAL_REVIEW = "final_review"
    OFFENDER_MANAGER = "offender_manager"


class Role(StrEnum):
    """What a member of staff may do: each can do what the one before can."""

    FACILITATOR = "facilitator"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        """The place in that order."""
        return list(Role).index(self)


class ReviewReason(StrEnum):
    """Why a question is kept for staff."""

    NOT_UNDERSTOOD = "not_understood"
    OFFERED = "offered"
    OUTSIDE = "outside"
    UNHELPFUL = "unhelpful"


class ProposalState(StrEnum):
    """What became of questions that a member of staff would have the bot learn."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    APPROVED = "approved"
    IN_MODEL = "in_model"
    TAKEN_BACK = "taken_back"


class TrainingState(StrEnum):
    """What became of a training."""

    WANTED = "wanted"
    RUNNING = "running"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """The new model did worse on its trial than may be: the one in use stays."""
    FAILED = "failed"


class Access(StrEnum):
    """What a conversation may see."""

    UNKNOWN = "unknown"
    NO_PIN = "no_pin"  # linked, but no PIN chosen yet
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    UNAVAILABLE = "unavailable"  # the database cannot say
