"""Absences that people reported: staff say which outcome each is, and have the person told that it was read."""

from starlette.responses import Response
from starlette.routing import Route
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from bot.records.attendance import absence_decisions
from bot.records.attendance.absence_decisions import ReportedAbsence
from bot.records.enums import Outcome
from bot.records.staff import scope
from bot.replies import when
from bot.web.frontend.forms import Form
from bot.web.staff import labels, notices
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

PATH = "/staff/absences"
_LATER = "later"
_ABSENT = [o for o in labels.OUTCOMES if o not in (Outcome.ATTC, Outcome.AFTC, Outcome.RSSR)]


class DecideAbsenceForm(Form):
    """Asks which outcome is to be recorded, and whether to write to the person."""

    outcome = RadioField(
        "What should be recorded?",
        [InputRequired("Choose what should be recorded")],
        choices=[
            *((o.value, f"{labels.OUTCOMES[o]} ({o})") for o in _ABSENT),
            (_LATER, "Nothing yet: leave it to the register"),
        ],
    )
    tell = BooleanField("Send a message that it has been read", description="It says nothing of the decision")


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/absences", show),
        app.route("/absences/{report:int}", ask),
        app.route("/absences/{report:int}", decide, ["POST"]),
    ]


def show(request: StaffRequest) -> Response:
    """Show what waits for a decision."""
    waiting = absence_decisions.waiting(request.connection, request.member)
    people = {report.participant_id for report in waiting}
    request.note_reading("absence read", people)
    return request.render("staff/absences.html", {"waiting": waiting})


def ask(request: StaffRequest) -> Response:
    """Show one report, and ask for the decision."""
    found = _report(request)
    request.note_reading("absence read", [found.participant_id])
    return _page(request, found, DecideAbsenceForm())


def decide(request: StaffRequest) -> Response:
    """Keep the decision."""
    found = _report(request)
    form = DecideAbsenceForm(request.form)
    if not form.validate():
        return _page(request, found, form, 400)
    outcome = None if form.outcome.data == _LATER else Outcome(form.outcome.data)
    if not absence_decisions.decide(request.connection, found, outcome, request.member, request.now):
        return request.redirect(PATH, "decided_before")
    told = form.tell.data and notices.send(
        request, found.participant_id, "absence_read", day=when.day(found.starts_at, request.now)
    )
    return request.redirect(PATH, "decided_and_told" if told else "decided")


def _report(request: StaffRequest) -> ReportedAbsence:
    return absence_decisions.report(
        request.connection, scope.report_in_scope(request.connection, request.member, request.number("report"))
    )


def _page(request: StaffRequest, found: ReportedAbsence, form: DecideAbsenceForm, status: int = 200) -> Response:
    values = {"report": found, "form": form, "reachable": notices.can_reach(request, found.participant_id)}
    return request.render("staff/absence.html", {**values, "recorded": labels.outcome(found.outcome)}, status)
