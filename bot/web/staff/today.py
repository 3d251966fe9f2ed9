"""Today: alerts first, then absences that wait for a decision, then the sessions of the day."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.mailbox import alerts, duty, troubles
from bot.mailbox.alerts import Alert
from bot.mailbox.troubles import Trouble
from bot.records import audit, repository
from bot.records.outcomes import Role
from bot.records.picture import LOCAL
from bot.records.staff import absences, members, scope, timetable
from bot.settings import variable
from bot.web.staff import whose, words
from bot.web.staff.desk import DONE, HOME, Desk, Visit

DONE["acknowledged"] = "You have taken the alert on."
DONE["acknowledged_before"] = "Somebody else had taken that alert on before you: see below."
_SHOWN_AFTER = timedelta(hours=24)
"""How long an alert that somebody has taken on is still shown."""
_REGISTERS_SHOWN = 20
_TROUBLES_SHOWN, _MOST_TROUBLES = timedelta(days=7), 50
_LOOKED_BACK = timedelta(days=28)
"""How far back registers are looked through for what is to be confirmed."""


@dataclass(frozen=True)
class Shown:
    """An alert, with whose it is where that is known."""

    alert: Alert
    about: str
    channel: str
    person: int | None
    name: str
    address: str
    overdue: bool
    taken_by: str
    opted_out: bool
    """Whether the person has asked not to be written to, before or since."""
    calls: list[str]
    """What the duty phones were sent about it, in words."""


def routes(desk: Desk) -> list[Route]:
    """Return the routes."""
    return [
        desk.route("", show),
        desk.quiet_route("/alerts", count),
        desk.route("/alerts/{alert:int}/acknowledge", acknowledge, ["POST"]),
    ]


def show(visit: Visit) -> Response:
    """Show the page."""
    connection, who, now = visit.connection, visit.member, visit.now
    found = _alerts(visit)
    waiting = absences.waiting(connection, who)
    midnight = datetime.combine(now.astimezone(LOCAL).date(), time(), LOCAL)
    audit.note_reading(connection, now, who.actor, "alert read", {a.person for a in found if a.person})
    audit.note_reading(connection, now, who.actor, "absence read", {report.participant_id for report in waiting})
    earlier = timetable.between(connection, who, midnight - _LOOKED_BACK, midnight, now)
    unconfirmed = [held for held in earlier if held.to_be_confirmed]
    values = {
        "open": [a for a in found if a.alert.acknowledged_at is None],
        "taken": [a for a in found if a.alert.acknowledged_at is not None],
        "minutes": visit.desk.settings.alert_minutes,
        "nobody_called": not visit.desk.settings.duty_phones,
        "setting": variable("duty_phones") if who.may(Role.ADMINISTRATOR) else "",
        "waiting": waiting,
        "troubles": _troubles(visit),
        "sessions": timetable.between(connection, who, midnight, midnight + timedelta(days=1), now),
        "unconfirmed": unconfirmed[:_REGISTERS_SHOWN],
        "more": max(0, len(unconfirmed) - _REGISTERS_SHOWN),
    }
    return visit.page("staff/today.html", values)


def count(visit: Visit) -> Response:
    """Tell how many alerts wait: {"open": 1, "newest": 7}. Every page asks, so that a new one is seen on each."""
    waiting = [shown.alert.id for shown in _alerts(visit) if shown.alert.acknowledged_at is None]
    return JSONResponse({"open": len(waiting), "newest": max(waiting, default=0)})


def acknowledge(visit: Visit) -> Response:
    """Take an alert on."""
    id_ = visit.number("alert")
    shown = next((a for a in _alerts(visit) if a.alert.id == id_), None)
    if shown is None:
        raise HTTPException(404)
    if not alerts.acknowledge(visit.connection, id_, visit.member.actor, visit.now):
        return visit.go(HOME, "acknowledged_before")
    audit.note(visit.connection, visit.now, visit.member.actor, "alert acknowledged", shown.person, f"alert {id_}")
    return visit.go(HOME, "acknowledged")


def _alerts(visit: Visit) -> list[Shown]:
    """Return the alerts about the member's people, and those about nobody known: they are everybody's."""
    overdue = visit.now - timedelta(minutes=visit.desk.settings.alert_minutes)
    theirs = set(visit.connection.execute(scope.people(visit.member)).scalars())
    found = []
    listed = alerts.listed(visit.connection, visit.now - _SHOWN_AFTER)
    told = duty.told(visit.connection, [alert.id for alert in listed if alert.first_called_at])
    for alert in listed:
        # What says that a life is at risk is answered before it is asked who that is.
        person = alert.participant_id or whose.person(visit, alert.channel, alert.address)
        if person is not None and person not in theirs:
            continue
        name = (repository.preferred_name(visit.connection, person) or "") if person else ""
        late = alert.acknowledged_at is None and alert.raised_at <= overdue
        by = _name(visit, alert.acknowledged_by or "")
        about, channel = words.alert(alert.topic), words.channel(alert.channel)
        address = whose.shown(alert.channel, alert.address)
        opted_out = whose.opted_out(visit, alert.channel, alert.address)
        calls = words.calls(alert, told.get(alert.id))
        found.append(Shown(alert, about, channel, person, name, address, late, by, opted_out, calls))
    return found


def _troubles(visit: Visit) -> list[tuple[Trouble, str, int | None, str]]:
    """Return the messages that something went wrong with, to the member's people or to nobody known."""
    theirs = set(visit.connection.execute(scope.people(visit.member)).scalars())
    found: list[tuple[Trouble, str, int | None, str]] = []
    for trouble in troubles.since(visit.connection, visit.now - _TROUBLES_SHOWN, _MOST_TROUBLES):
        person = whose.person(visit, trouble.channel, trouble.address)
        if person is None or person in theirs:
            name = (repository.preferred_name(visit.connection, person) or "") if person else ""
            if trouble.address in visit.desk.settings.duty_phones:
                name = words.DUTY_PHONE
            found.append((trouble, words.channel(trouble.channel), person, name))
    return found


def _name(visit: Visit, actor: str) -> str:
    kind, _, id_ = actor.partition(":")
    found = members.member(visit.connection, int(id_)) if kind == "staff" and id_.isdecimal() else None
    return found.name if found else actor
