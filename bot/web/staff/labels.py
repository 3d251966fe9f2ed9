"""What codes mean in plain words, as staff read them."""

from collections.abc import Callable
from datetime import datetime

from bot.alerts.alert_store import Alert
from bot.alerts.escalation_policy import EscalationStatus
from bot.messages import AnswerOutcome
from bot.records.enums import AppointmentKind, Outcome, ProposalState, ReviewReason, Status, TrainingState
from bot.web.frontend.environment import moment

OUTCOMES = {
    Outcome.ATTC: "Attended",
    Outcome.AFTC: "Attended, did not comply",
    Outcome.UAAB: "Absent, not acceptable",
    Outcome.AAME: "Absent, acceptable: medical",
    Outcome.AAEM: "Absent, acceptable: employment",
    Outcome.AAFC: "Absent, acceptable: family or childcare",
    Outcome.AARE: "Absent, acceptable: religious",
    Outcome.AAHO: "Absent, acceptable: holiday",
    Outcome.AACL: "Absent, acceptable: court or legal",
    Outcome.AASD: "Absent, acceptable: stood down",
    Outcome.AAAA: "Absent, acceptable: other reason",
    Outcome.RSSR: "Rescheduled by the service",
    Outcome.RSOF: "Rescheduled at the person’s request",
}
TO_BE_CONFIRMED = "To be confirmed"
STATUSES = {
    Status.ACTIVE: "Active",
    Status.SUSPENDED: "Suspended",
    Status.COMPLETED: "Completed",
    Status.WITHDRAWN: "Left",
}
APPOINTMENTS = {
    AppointmentKind.PRE_QUESTIONNAIRES: "Questionnaires before the group",
    AppointmentKind.POST_QUESTIONNAIRES: "Questionnaires after the group",
    AppointmentKind.FINAL_REVIEW: "Final review",
    AppointmentKind.OFFENDER_MANAGER: "Offender manager",
}
ALERTS = {
    "crisis": "Somebody’s life may be at risk",
    "child_at_risk": "A child may be at risk",
    "threat": "Somebody may be in danger: the person has made a threat",
    "opted_out": "The person has asked not to be written to: reach them another way",
    "blocked_by_provider": "Messages to this person do not get through: reach them another way",
    "danger_not_delivered": "The reply to somebody in danger did not get through: reach them another way",
    "replies_not_delivered": "Replies could not be delivered for hours: a gateway is out of order",
}
DUTY_PHONE = "a duty phone"
CHANNELS = {
    "twilio": "text message",
    "notify": "text message",
    "kannel": "text message",
    "sms": "text message",
    "telegram": "Telegram",
    "screen": "the screen at the office",
}
WHYS = {
    ReviewReason.NOT_UNDERSTOOD: "not understood",
    ReviewReason.OFFERED: "asked back",
    ReviewReason.OUTSIDE: "said that the leaflet leaves it out",
    ReviewReason.UNHELPFUL: "the answer did not help",
}
UNDERSTOOD = {
    AnswerOutcome.ANSWERED: "Answered",
    AnswerOutcome.OFFERED: "Asked back",
    AnswerOutcome.NOT_UNDERSTOOD: "Not understood",
    AnswerOutcome.OUTSIDE: "Not in the leaflet",
}
PROPOSALS = {
    ProposalState.PROPOSED: "Waiting for a second person",
    ProposalState.REFUSED: "Refused",
    ProposalState.APPROVED: "Approved, not learnt yet",
    ProposalState.IN_MODEL: "Learnt",
    ProposalState.TAKEN_BACK: "Taken back",
}
TRAININGS = {
    TrainingState.WANTED: "waiting to begin",
    TrainingState.RUNNING: "under way",
    TrainingState.ACCEPTED: "done: the new model is in use",
    TrainingState.REFUSED: "done: the new model did worse than may be, so the old one stays in use",
    TrainingState.FAILED: "failed: the old model stays in use",
}
Titles = Callable[[str], str]
OUT_OF_SCOPE = "Outside the leaflet"
NOT_ANSWERED = "No topic"


def topic(titles: Titles, name: str | None) -> str:
    """Return how a topic is called; ``titles`` knows those that are offered to people."""
    if name is None:
        return NOT_ANSWERED
    return OUT_OF_SCOPE if name == "out_of_scope" else titles(name) or name.replace("_", " ").capitalize()


def outcome(value: Outcome | None) -> str:
    """Return an outcome in words."""
    return TO_BE_CONFIRMED if value is None else OUTCOMES[value]


def alert(topic: str) -> str:
    """Return what an alert is about; a topic that nobody has put into words yet by its own name."""
    return ALERTS.get(topic, topic.replace("_", " ").capitalize())


def channel(name: str) -> str:
    """Return how a channel is called."""
    return CHANNELS.get(name, name)


def calls(alert: Alert, status: EscalationStatus | None) -> list[str]:
    """Return what the duty phones were sent about an alert, and what became of the latest of it."""
    moments = ((1, alert.first_called_at, "the first duty phone"), (2, alert.second_called_at, "all duty phones"))
    return [
        _call(who, at, status if status and status.call == number else None)
        for number, at, who in moments
        if at is not None
    ]


def _call(who: str, at: datetime, status: EscalationStatus | None) -> str:
    if status is None or status.failed + status.waiting == 0:
        return f"Text sent to {who}: {moment(at)}."
    if status.waiting:
        return f"A text to {who} is waiting to be sent since {moment(at)}."
    if status.sent:
        reached = f"{status.failed} of {status.failed + status.sent}"
        return f"Text sent to {who}: {moment(at)}. It did not get through to {reached}."
    return f"Text to {who}: {moment(at)}. It did not get through."
