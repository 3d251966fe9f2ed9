"""What can be done about an alert that is taken on: close it, hand it over, have it wait again."""

from starlette.responses import Response
from starlette.routing import Route
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Length

from bot.alerts import alert_workflow
from bot.records import audit_search
from bot.web.frontend.forms import Form, TextAreaField
from bot.web.staff.alert import PATH, changed_page, common, find, note
from bot.web.staff.alert_words import alert_words
from bot.web.staff.alerts_seen import AlertView
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

_NOTE = "No more than staff need to know. It is kept with the alert."
_LONGEST_NOTE = 2_000


class CloseAlertForm(Form):
    """Asks how the alert ended."""

    outcome = RadioField("Outcome", [InputRequired("Choose an outcome")], choices=[])
    note = TextAreaField("Note", [Length(max=_LONGEST_NOTE)], description=_NOTE)


class HandOverAlertForm(Form):
    """Asks which colleague the alert is handed to."""

    colleague = SelectField("Colleague", [InputRequired("Choose a colleague")], choices=[])
    handed_note = TextAreaField("Note", [Length(max=_LONGEST_NOTE)], description=_NOTE)


class ReopenAlertForm(Form):
    """Asks why the alert is to wait again."""

    reason = TextAreaField("Why", [Length(max=_LONGEST_NOTE)], description=_NOTE)


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/alerts/{alert:int}"
    return [
        app.route(f"{path}/close", ask_close),
        app.route(f"{path}/close", close, ["POST"]),
        app.route(f"{path}/hand-over", ask_hand_over),
        app.route(f"{path}/hand-over", hand_over, ["POST"]),
        app.route(f"{path}/reopen", ask_reopen),
        app.route(f"{path}/reopen", reopen, ["POST"]),
    ]


def ask_close(request: StaffRequest) -> Response:
    """Ask how it ended."""
    one = find(request)
    return _close_page(request, one, _close_form(request)) if _in_hand(one) else changed_page(request, one)


def close(request: StaffRequest) -> Response:
    """Close the alert, with its outcome and a note."""
    one, form, wording = find(request), _close_form(request), alert_words()
    if not _in_hand(one):
        return changed_page(request, one, form.note.data)
    if form.validate() and wording.outcomes[form.outcome.data].note and not form.note.data.strip():
        form.note.errors = [wording.note_missing]
    if form.errors:
        return _close_page(request, one, form, 400)
    outcome, text = form.outcome.data, form.note.data.strip()
    if not alert_workflow.close(request.connection, one.alert.id, request.member.actor, outcome, text, request.now):
        return changed_page(request, one, text)
    note(request, one, "alert closed", outcome)
    return request.redirect(f"{PATH}/{one.alert.id}", "alert_closed")


def ask_hand_over(request: StaffRequest) -> Response:
    """Ask whom it is to be handed to."""
    one = find(request)
    if not _in_hand(one):
        return changed_page(request, one)
    return request.render("staff/alert_hand_over.html", {**common(one), "form": _hand_over_form(request, one)})


def hand_over(request: StaffRequest) -> Response:
    """Have a colleague look after it."""
    one = find(request)
    form = _hand_over_form(request, one)
    if not _in_hand(one):
        return changed_page(request, one, form.handed_note.data)
    if not form.validate():
        return request.render("staff/alert_hand_over.html", {**common(one), "form": form}, 400)
    to, text = form.colleague.data, form.handed_note.data.strip()
    if not alert_workflow.hand_over(request.connection, one.alert.id, request.member.actor, to, text, request.now):
        return changed_page(request, one, text)
    note(request, one, "alert handed over", f"to {to}")
    return request.redirect(f"{PATH}/{one.alert.id}", "alert_handed")


def ask_reopen(request: StaffRequest) -> Response:
    """Ask why it is to wait again."""
    one = find(request)
    if one.alert.waits:
        return changed_page(request, one)
    return request.render("staff/alert_reopen.html", {**common(one), "form": ReopenAlertForm()})


def reopen(request: StaffRequest) -> Response:
    """Have it wait again, for everybody that it is for."""
    one, form = find(request), ReopenAlertForm(request.form)
    if one.alert.waits:
        return changed_page(request, one, form.reason.data)
    if not form.validate():
        return request.render("staff/alert_reopen.html", {**common(one), "form": form}, 400)
    reason = form.reason.data.strip()
    if not alert_workflow.reopen(request.connection, one.alert.id, request.member.actor, reason, request.now):
        return changed_page(request, one, reason)
    note(request, one, "alert reopened")
    return request.redirect(f"{PATH}/{one.alert.id}", "alert_reopened")


def _in_hand(one: AlertView) -> bool:
    """Tell whether an alert is taken on and not closed."""
    return not (one.alert.waits or one.alert.closed_at)


def _close_form(request: StaffRequest) -> CloseAlertForm:
    form = CloseAlertForm(request.form)
    form.outcome.choices = [(key, outcome.words) for key, outcome in alert_words().outcomes.items()]
    return form


def _close_page(request: StaffRequest, one: AlertView, form: CloseAlertForm, status: int = 200) -> Response:
    return request.render("staff/alert_close.html", {**common(one), "form": form}, status)


def _hand_over_form(request: StaffRequest, one: AlertView) -> HandOverAlertForm:
    form = HandOverAlertForm(request.form)
    colleagues = [
        m for m in audit_search.colleagues(request.connection, request.member) if m.actor != one.alert.acknowledged_by
    ]
    form.colleague.choices = [("", "Choose"), *((m.actor, f"{m.name}, {m.role.value}") for m in colleagues)]
    return form
