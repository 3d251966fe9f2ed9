"""What codes mean in plain words, as staff read them."""

from datetime import datetime

from bot.mailbox.alerts import Alert
from bot.mailbox.duty import Told
from bot.records.outcomes import AppointmentKind, Outcome, Status
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


def outcome(value: Outcome | None) -> str:
    """Return an outcome in words."""
    return TO_BE_CONFIRMED if value is None else OUTCOMES[value]


def alert(topic: str) -> str:
    """Return what an alert is about; a topic that nobody has put into words yet by its own name."""
    return ALERTS.get(topic, topic.replace("_", " ").capitalize())


def channel(name: str) -> str:
    """Return how a channel is called."""
    return CHANNELS.get(name, name)


def calls(alert: Alert, told: Told | None) -> list[str]:
    """Return what the duty phones were sent about an alert, and what became of the latest of it."""
    moments = ((1, alert.first_called_at, "the first duty phone"), (2, alert.second_called_at, "all duty phones"))
    return [
        _call(who, at, told if told and told.call == number else None) for number, at, who in moments if at is not None
    ]


def _call(who: str, at: datetime, told: Told | None) -> str:
    if told is None or told.failed + told.waiting == 0:
        return f"Text sent to {who}: {moment(at)}."
    if told.waiting:
        return f"A text to {who} is waiting to be sent since {moment(at)}."
    if told.sent:
        return (
            f"Text sent to {who}: {moment(at)}. It did not get through to {told.failed} of {told.failed + told.sent}."
        )
    return f"Text to {who}: {moment(at)}. It did not get through."
