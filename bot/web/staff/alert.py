"""One alert: who looks after it, its history, and what can be done about it."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Length

from bot.alerts import alert_store, alert_workflow
from bot.records import audit, audit_search
from bot.records.staff import members
from bot.web.frontend.forms import Form, TextAreaField
from bot.web.frontend.paging import paged
from bot.web.staff import alerts_seen
from bot.web.staff.alert_words import alert_words
from bot.web.staff.alerts_seen import AlertView
from bot.web.staff.desk import FLASH_MESSAGES, HOME, NOT_DONE, StaffApp, StaffRequest

PATH = f"{HOME}/alerts"
FLASH_MESSAGES["acknowledged"] = "You have taken the alert on. It stays on Today until it is closed."
NOT_DONE["acknowledged_before"] = "Somebody else had taken that alert on before you: see below."
FLASH_MESSAGES["alert_closed"] = "The alert is closed."
FLASH_MESSAGES["alert_handed"] = "The alert is handed over."
FLASH_MESSAGES["alert_reopened"] = "The alert is open again."
NOT_DONE["acknowledged_elsewhere"] = "A colleague of another office has taken that alert on before you."
NOT_DONE["alert_changed"] = "Somebody else has changed this alert meanwhile: see below. Nothing of yours was saved."
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_NOTE = "No more than staff need to know. It is kept with the alert."
_LONGEST_NOTE = 2_000


class Close(Form):
    """How it ended."""

    outcome = RadioField("Outcome", [InputRequired("Choose an outcome")], choices=[])
    note = TextAreaField("Note", [Length(max=_LONGEST_NOTE)], description=_NOTE)


class HandOver(Form):
    """Whom to."""

    colleague = SelectField("Colleague", [InputRequired("Choose a colleague")], choices=[])
    handed_note = TextAreaField("Note", [Length(max=_LONGEST_NOTE)], description=_NOTE)


class Reopen(Form):
    """Why."""

    reason = TextAreaField("Why", [Length(max=_LONGEST_NOTE)], description=_NOTE)


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/alerts/{alert:int}"
    return [
        desk.route("/alerts/closed", show_closed),
        desk.route(path, show),
        desk.route(f"{path}/acknowledge", acknowledge, ["POST"]),
        desk.route(f"{path}/close", ask_close),
        desk.route(f"{path}/close", close, ["POST"]),
        desk.route(f"{path}/hand-over", ask_hand_over),
        desk.route(f"{path}/hand-over", hand_over, ["POST"]),
        desk.route(f"{path}/reopen", ask_reopen),
        desk.route(f"{path}/reopen", reopen, ["POST"]),
    ]


def show(visit: StaffRequest) -> Response:
    """Show the alert."""
    one = _found(visit)
    return visit.page("staff/alert.html", {**_common(one), "steps": _steps(visit, one)})


def show_closed(visit: StaffRequest) -> Response:
    """List what is closed, the latest first."""
    found = [one for one in alerts_seen.seen(visit, _EVER) if one.alert.closed_at]
    found.sort(key=lambda one: one.alert.closed_at or _EVER, reverse=True)
    page = paged(found, visit.request.query_params.get("page", ""))
    _note_reading(visit, list(page.items))
    values = {"page": page, "links": page.links(f"{PATH}/closed?page="), "outcome_words": alert_words().outcome}
    return visit.page("staff/alerts_closed.html", values)


def acknowledge(visit: StaffRequest) -> Response:
    """Take an alert on."""
    id_ = visit.number("alert")
    one = _found(visit, may_be_taken=True)
    if not alert_store.acknowledge(visit.connection, id_, visit.member.actor, visit.now):
        is_seen = alerts_seen.one(visit, id_) is not None
        return visit.go(HOME, "acknowledged_before" if is_seen else "acknowledged_elsewhere")
    _note(visit, one, "alert acknowledged")
    return visit.go(HOME, "acknowledged")


def ask_close(visit: StaffRequest) -> Response:
    """Ask how it ended."""
    one = _found(visit)
    return _close_page(visit, one, _close_form(visit)) if _in_hand(one) else _changed(visit, one)


def close(visit: StaffRequest) -> Response:
    """Close the alert, with its outcome and a note."""
    one, form, wording = _found(visit), _close_form(visit), alert_words()
    if not _in_hand(one):
        return _changed(visit, one, form.note.data)
    if form.validate() and wording.outcomes[form.outcome.data].note and not form.note.data.strip():
        form.note.errors = [wording.note_missing]
    if form.errors:
        return _close_page(visit, one, form, 400)
    outcome, note = form.outcome.data, form.note.data.strip()
    if not alert_workflow.close(visit.connection, one.alert.id, visit.member.actor, outcome, note, visit.now):
        return _changed(visit, one, note)
    _note(visit, one, "alert closed", outcome)
    return visit.go(f"{PATH}/{one.alert.id}", "alert_closed")


def ask_hand_over(visit: StaffRequest) -> Response:
    """Ask whom it is to be handed to."""
    one = _found(visit)
    if not _in_hand(one):
        return _changed(visit, one)
    return visit.page("staff/alert_hand_over.html", {**_common(one), "form": _hand_over_form(visit, one)})


def hand_over(visit: StaffRequest) -> Response:
    """Have a colleague look after it."""
    one = _found(visit)
    form = _hand_over_form(visit, one)
    if not _in_hand(one):
        return _changed(visit, one, form.handed_note.data)
    if not form.validate():
        return visit.page("staff/alert_hand_over.html", {**_common(one), "form": form}, 400)
    to, note = form.colleague.data, form.handed_note.data.strip()
    if not alert_workflow.hand_over(visit.connection, one.alert.id, visit.member.actor, to, note, visit.now):
        return _changed(visit, one, note)
    _note(visit, one, "alert handed over", f"to {to}")
    return visit.go(f"{PATH}/{one.alert.id}", "alert_handed")


def ask_reopen(visit: StaffRequest) -> Response:
    """Ask why it is to wait again."""
    one = _found(visit)
    if one.alert.waits:
        return _changed(visit, one)
    return visit.page("staff/alert_reopen.html", {**_common(one), "form": Reopen()})


def reopen(visit: StaffRequest) -> Response:
    """Have it wait again, for everybody that it is for."""
    one, form = _found(visit), Reopen(visit.form)
    if one.alert.waits:
        return _changed(visit, one, form.reason.data)
    if not form.validate():
        return visit.page("staff/alert_reopen.html", {**_common(one), "form": form}, 400)
    reason = form.reason.data.strip()
    if not alert_workflow.reopen(visit.connection, one.alert.id, visit.member.actor, reason, visit.now):
        return _changed(visit, one, reason)
    _note(visit, one, "alert reopened")
    return visit.go(f"{PATH}/{one.alert.id}", "alert_reopened")


def _found(visit: StaffRequest, *, may_be_taken: bool = False) -> AlertView:
    """Return the alert of the address; 404 where the member does not see it.

    One of nobody known that a member of another office took on a moment ago is still found by whoever
    ``may_be_taken`` in vain: to be told so.
    """
    one = alerts_seen.one(visit, visit.number("alert"), taken_by_anybody=may_be_taken)
    if one is None:
        raise HTTPException(404)
    _note_reading(visit, [one])
    return one


def _in_hand(one: AlertView) -> bool:
    """Tell whether an alert is taken on and not closed."""
    return not (one.alert.waits or one.alert.closed_at)


def _changed(visit: StaffRequest, before: AlertView, written: str = "") -> Response:
    """Show an alert as it is by now to whoever acts on what it was, with the note that they wrote: it is not lost."""
    one = alerts_seen.one(visit, before.alert.id)
    if one is None:
        raise HTTPException(404)
    values = {"steps": _steps(visit, one), "changed": NOT_DONE["alert_changed"], "written": written}
    return visit.page("staff/alert.html", {**_common(one), **values}, 409)


def _close_form(visit: StaffRequest) -> Close:
    form = Close(visit.form)
    form.outcome.choices = [(key, outcome.words) for key, outcome in alert_words().outcomes.items()]
    return form


def _close_page(visit: StaffRequest, one: AlertView, form: Close, status: int = 200) -> Response:
    return visit.page("staff/alert_close.html", {**_common(one), "form": form}, status)


def _hand_over_form(visit: StaffRequest, one: AlertView) -> HandOver:
    form = HandOver(visit.form)
    colleagues = [
        m for m in audit_search.colleagues(visit.connection, visit.member) if m.actor != one.alert.acknowledged_by
    ]
    form.colleague.choices = [("", "Choose"), *((m.actor, f"{m.name}, {m.role.value}") for m in colleagues)]
    return form


def _common(one: AlertView) -> dict[str, object]:
    wording = alert_words()
    return {
        "one": one,
        "outcome": wording.outcome(one.alert.outcome) if one.alert.closed_at else "",
        "screen_unknown": wording.screen_unknown,
    }


def _steps(visit: StaffRequest, one: AlertView) -> list[tuple[datetime, str, str | None]]:
    names = {member.actor: member.name for member in members.members(visit.connection)}
    return [
        (
            step.at,
            alert_words().step(
                step.action, names.get(step.actor, step.actor), names.get(step.to_actor or "", ""), step.outcome
            ),
            step.note,
        )
        for step in alert_workflow.history(visit.connection, one.alert.id)
    ]


def _note(visit: StaffRequest, one: AlertView, action: str, more: str = "") -> None:
    detail = f"alert {one.alert.id}: {more}" if more else f"alert {one.alert.id}"
    audit.note(visit.connection, visit.now, visit.member.actor, action, one.person, detail)


def _note_reading(visit: StaffRequest, found: list[AlertView]) -> None:
    people = {one.person for one in found if one.person}
    audit.note_reading(visit.connection, visit.now, visit.member.actor, "alert read", people)
