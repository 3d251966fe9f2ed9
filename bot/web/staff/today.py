"""Today: alerts first, then absences that wait for a decision, then the sessions of the day."""

from datetime import datetime, time, timedelta

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.messaging import failed_messages
from bot.messaging.failed_messages import FailedMessage
from bot.records import audit
from bot.records.access import identities
from bot.records.attendance import absence_decisions
from bot.records.enums import Role
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import timetable
from bot.records.staff import scope
from bot.settings import variable
from bot.web.frontend.paging import paged
from bot.web.staff import alerts_seen, labels
from bot.web.staff.alert_words import alert_words
from bot.web.staff.alerts_seen import AlertView
from bot.web.staff.app import StaffApp
from bot.web.staff.navigation import HOME
from bot.web.staff.request import StaffRequest

_ALERTS_SHOWN = 20
_REGISTERS_SHOWN = 20
_TROUBLES_SHOWN, _MOST_TROUBLES = timedelta(days=7), 50
_LOOKED_BACK = timedelta(days=28)
"""How far back registers are looked through for what is to be confirmed."""


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("", show),
        app.route("/alerts", count, touch_session=False),
    ]


def show(request: StaffRequest) -> Response:
    """Show the page."""
    connection, who, now = request.connection, request.member, request.now
    found = alerts_seen.seen(request, now - alerts_seen.SHOWN_CLOSED)
    waiting = absence_decisions.waiting(connection, who)
    midnight = datetime.combine(now.astimezone(LOCAL).date(), time(), LOCAL)
    audit.note_reading(connection, now, who.actor, "alert read", {a.person for a in found if a.person})
    audit.note_reading(connection, now, who.actor, "absence read", {report.participant_id for report in waiting})
    earlier = timetable.between(connection, who, midnight - _LOOKED_BACK, midnight, now)
    unconfirmed = [session for session in earlier if session.to_be_confirmed]
    values = {
        **_alerts(request, found),
        "minutes": request.app.settings.alert_minutes,
        "nobody_called": not request.app.settings.duty_phones,
        "setting": variable("duty_phones") if who.may(Role.ADMINISTRATOR) else "",
        "waiting": waiting,
        "troubles": _troubles(request),
        "sessions": timetable.between(connection, who, midnight, midnight + timedelta(days=1), now),
        "unconfirmed": unconfirmed[:_REGISTERS_SHOWN],
        "more": max(0, len(unconfirmed) - _REGISTERS_SHOWN),
    }
    return request.render("staff/today.html", values)


def count(request: StaffRequest) -> Response:
    """Tell how many alerts wait: {"open": 1, "newest": 7}. Every page asks, so that a new one is seen on each."""
    found = alerts_seen.seen(request, request.now)
    waiting = [shown.alert.id for shown in found if shown.alert.waits]
    return JSONResponse({"open": len(waiting), "newest": max(waiting, default=0)})


def _alerts(request: StaffRequest, found: list[AlertView]) -> dict[str, object]:
    waiting, wording = alerts_seen.waiting(found), alert_words()
    page = paged(waiting, request.query("alerts"), _ALERTS_SHOWN)
    return {
        "open": page,
        "open_links": page.links(f"{HOME}?alerts="),
        "overdue": sum(one.overdue for one in waiting),
        "in_hand": [one for one in found if not one.alert.waits and not one.alert.closed_at],
        "closed": [one for one in found if one.alert.closed_at],
        "outcome_words": wording.outcome,
        "screen_unknown": wording.screen_unknown,
    }


def _troubles(request: StaffRequest) -> list[tuple[FailedMessage, str, int | None, str]]:
    """Return the messages that something went wrong with, to the member's people or to nobody known."""
    theirs = scope.participants(request.connection, request.member)
    found: list[tuple[FailedMessage, str, int | None, str]] = []
    for trouble in failed_messages.since(request.connection, request.now - _TROUBLES_SHOWN, _MOST_TROUBLES):
        person = identities.find_caller(request.connection, trouble.address, request.now).participant_id
        if person is None or person in theirs:
            name = (repository.preferred_name(request.connection, person) or "") if person else ""
            if trouble.address.value in request.app.settings.duty_phones:
                name = labels.DUTY_PHONE
            found.append((trouble, labels.channel(trouble.channel), person, name))
    return found
