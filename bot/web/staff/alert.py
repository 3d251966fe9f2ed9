"""One alert with its history, the list of those closed, and taking one on."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.alerts import alert_store, alert_workflow
from bot.records.staff import members
from bot.web.frontend.paging import paged
from bot.web.staff import alerts_seen
from bot.web.staff.alert_words import alert_words
from bot.web.staff.alerts_seen import AlertView
from bot.web.staff.app import StaffApp
from bot.web.staff.flash_messages import flash_messages
from bot.web.staff.navigation import HOME
from bot.web.staff.request import StaffRequest

PATH = f"{HOME}/alerts"
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/alerts/{alert:int}"
    return [
        app.route("/alerts/closed", show_closed),
        app.route(path, show),
        app.route(f"{path}/acknowledge", acknowledge, ["POST"]),
    ]


def show(request: StaffRequest) -> Response:
    """Show the alert."""
    one = find(request)
    return request.render("staff/alert.html", {**common(one), "steps": _steps(request, one)})


def show_closed(request: StaffRequest) -> Response:
    """List what is closed, the latest first."""
    found = [one for one in alerts_seen.seen(request, _EVER) if one.alert.closed_at]
    found.sort(key=lambda one: one.alert.closed_at or _EVER, reverse=True)
    page = paged(found, request.query("page"))
    _note_reading(request, list(page.items))
    values = {"page": page, "links": page.links(f"{PATH}/closed?page="), "outcome_words": alert_words().outcome}
    return request.render("staff/alerts_closed.html", values)


def acknowledge(request: StaffRequest) -> Response:
    """Take an alert on."""
    id_ = request.number("alert")
    one = find(request, may_be_taken=True)
    if not alert_store.acknowledge(request.connection, id_, request.member.actor, request.now):
        is_seen = alerts_seen.one(request, id_) is not None
        return request.redirect(HOME, "acknowledged_before" if is_seen else "acknowledged_elsewhere")
    note(request, one, "alert acknowledged")
    return request.redirect(HOME, "acknowledged")


def find(request: StaffRequest, *, may_be_taken: bool = False) -> AlertView:
    """Return the alert of the address; 404 where the member does not see it.

    One of nobody known that a member of another office took on a moment ago is still found by whoever
    ``may_be_taken`` in vain: to be told so.
    """
    one = alerts_seen.one(request, request.number("alert"), taken_by_anybody=may_be_taken)
    if one is None:
        raise HTTPException(404)
    _note_reading(request, [one])
    return one


def changed_page(request: StaffRequest, before: AlertView, written: str = "") -> Response:
    """Show an alert as it is by now to whoever acts on what it was, with the note that they wrote: it is not lost."""
    one = alerts_seen.one(request, before.alert.id)
    if one is None:
        raise HTTPException(404)
    values = {"steps": _steps(request, one), "changed": flash_messages().text("alert_changed"), "written": written}
    return request.render("staff/alert.html", {**common(one), **values}, 409)


def common(one: AlertView) -> dict[str, object]:
    """Return what every page about an alert shows."""
    wording = alert_words()
    return {
        "one": one,
        "outcome": wording.outcome(one.alert.outcome) if one.alert.closed_at else "",
        "screen_unknown": wording.screen_unknown,
    }


def _steps(request: StaffRequest, one: AlertView) -> list[tuple[datetime, str, str | None]]:
    names = {member.actor: member.name for member in members.members(request.connection)}
    return [
        (
            step.at,
            alert_words().step(
                step.action, names.get(step.actor, step.actor), names.get(step.to_actor or "", ""), step.outcome
            ),
            step.note,
        )
        for step in alert_workflow.history(request.connection, one.alert.id)
    ]


def note(request: StaffRequest, one: AlertView, action: str, more: str = "") -> None:
    """Note in the audit trail what was done about an alert."""
    detail = f"alert {one.alert.id}: {more}" if more else f"alert {one.alert.id}"
    request.note(action, one.person, detail)


def _note_reading(request: StaffRequest, found: list[AlertView]) -> None:
    people = {one.person for one in found if one.person}
    request.note_reading("alert read", people)
