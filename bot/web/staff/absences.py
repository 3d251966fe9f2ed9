"""Absences that people reported: staff say which outcome each is, and have the person told that it was read."""

from starlette.responses import Response
from starlette.routing import Route
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from bot.records import audit
from bot.records.attendance import absence_decisions
from bot.records.attendance.absence_decisions import ReportedAbsence
from bot.records.enums import Outcome
from bot.records.staff import scope
from bot.replies import when
from bot.web.frontend.forms import Form
from bot.web.staff import labels, notices
from bot.web.staff.desk import FLASH_MESSAGES, NOT_DONE, StaffApp, StaffRequest

PATH = "/staff/absences"
FLASH_MESSAGES["decided"] = "The decision is saved."
FLASH_MESSAGES["decided_and_told"] = "The decision is saved, and a message is on its way."
NOT_DONE["decided_before"] = "Somebody else had decided on this absence already; nothing was changed."
_LATER = "later"
_ABSENT = [o for o in labels.OUTCOMES if o not in (Outcome.ATTC, Outcome.AFTC, Outcome.RSSR)]


class Decide(Form):
    """The outcome, and whether to write."""

    outcome = RadioField(
        "What should be recorded?",
        [InputRequired("Choose what should be recorded")],
        choices=[
            *((o.value, f"{labels.OUTCOMES[o]} ({o})") for o in _ABSENT),
            (_LATER, "Nothing yet: leave it to the register"),
        ],
    )
    tell = BooleanField("Send a message that it has been read", description="It says nothing of the decision")


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        desk.route("/absences", show),
        desk.route("/absences/{report:int}", ask),
        desk.route("/absences/{report:int}", decide, ["POST"]),
    ]


def show(visit: StaffRequest) -> Response:
    """Show what waits for a decision."""
    waiting = absence_decisions.waiting(visit.connection, visit.member)
    people = {report.participant_id for report in waiting}
    audit.note_reading(visit.connection, visit.now, visit.member.actor, "absence read", people)
    return visit.page("staff/absences.html", {"waiting": waiting})


def ask(visit: StaffRequest) -> Response:
    """Show one report, and ask for the decision."""
    found = _report(visit)
    audit.note_reading(visit.connection, visit.now, visit.member.actor, "absence read", [found.participant_id])
    return _page(visit, found, Decide())


def decide(visit: StaffRequest) -> Response:
    """Keep the decision."""
    found = _report(visit)
    form = Decide(visit.form)
    if not form.validate():
        return _page(visit, found, form, 400)
    outcome = None if form.outcome.data == _LATER else Outcome(form.outcome.data)
    if not absence_decisions.decide(visit.connection, found, outcome, visit.member, visit.now):
        return visit.go(PATH, "decided_before")
    told = form.tell.data and notices.send(
        visit, found.participant_id, "absence_read", day=when.day(found.starts_at, visit.now)
    )
    return visit.go(PATH, "decided_and_told" if told else "decided")


def _report(visit: StaffRequest) -> ReportedAbsence:
    return absence_decisions.report(
        visit.connection, scope.report_in_scope(visit.connection, visit.member, visit.number("report"))
    )


def _page(visit: StaffRequest, found: ReportedAbsence, form: Decide, status: int = 200) -> Response:
    values = {"report": found, "form": form, "reachable": notices.can_reach(visit, found.participant_id)}
    return visit.page("staff/absence.html", {**values, "recorded": labels.outcome(found.outcome)}, status)
