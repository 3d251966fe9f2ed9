"""Searching the audit trail. What is searched for is sent as a form, so that no reference stands in an address."""

from datetime import date, datetime, time, timedelta

from starlette.responses import Response
from starlette.routing import Route
from wtforms import SelectField
from wtforms.validators import Length, ValidationError

from bot.records import audit, audit_search
from bot.records.audit_search import SIZE, AuditFilter
from bot.records.enums import Role
from bot.records.importing import cells
from bot.records.importing.cells import CellError, YearError
from bot.records.participants.participant_record import LOCAL
from bot.web.frontend.forms import Form, StringField
from bot.web.frontend.time_range import too_far
from bot.web.staff.desk import StaffApp, StaffRequest

_ANYBODY = [("", "Anybody"), ("participant", "Participants themselves"), (audit.SERVICE, "The service itself")]


class AuditSearchForm(Form):
    """What to look for; an empty field is no condition."""

    actor = SelectField("Who did it", choices=[], validate_choice=False)
    action = SelectField("What was done", choices=[], validate_choice=False)
    reference = StringField("About (reference)", [Length(max=40)])
    first = StringField("From", [Length(max=10)])
    last = StringField("To", [Length(max=10)])

    def validate_first(self, field: StringField) -> None:
        """Refuse what is no day."""
        _day(field)

    def validate_last(self, field: StringField) -> None:
        """Refuse what is no day."""
        _day(field)


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        desk.route("/audit", show, role=Role.MANAGER),
        desk.route("/audit", find, ["POST"], role=Role.MANAGER),
    ]


def show(visit: StaffRequest) -> Response:
    """Show the newest entries."""
    return _found(visit, AuditSearchForm(), AuditFilter(), 1)


def find(visit: StaffRequest) -> Response:
    """Show what was searched for."""
    form = AuditSearchForm(visit.form)
    if not form.validate():
        return visit.page("staff/audit.html", {"form": _with_choices(visit, form), "entries": None}, 400)
    first, last = _day(form.first), _day(form.last)
    wanted = AuditFilter(
        form.actor.data or None,
        form.action.data or None,
        form.reference.data.strip() or None,
        datetime.combine(first, time(), LOCAL) if first else None,
        datetime.combine(last + timedelta(days=1), time(), LOCAL) if last else None,
    )
    page = visit.form.get("page", "1")
    return _found(visit, form, wanted, int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1)


def _found(visit: StaffRequest, form: AuditSearchForm, wanted: AuditFilter, page: int) -> Response:
    entries, total = audit_search.search(visit.connection, visit.member, wanted, max(1, page))
    audit.note(visit.connection, visit.now, visit.member.actor, "audit searched")
    values = {"form": _with_choices(visit, form), "entries": entries, "total": total, "number": max(1, page)}
    return visit.page("staff/audit.html", {**values, "more": total > max(1, page) * SIZE})


def _with_choices(visit: StaffRequest, form: AuditSearchForm) -> AuditSearchForm:
    form.actor.choices = [
        *_ANYBODY,
        *((m.actor, m.name) for m in audit_search.colleagues(visit.connection, visit.member)),
    ]
    form.action.choices = [
        ("", "Anything"),
        *((a, a[:1].upper() + a[1:]) for a in audit_search.actions(visit.connection)),
    ]
    return form


def _day(field: StringField) -> date | None:
    if not field.data:
        return None
    try:
        return cells.day(field.data, "it")
    except YearError as error:
        raise ValidationError(too_far(error)) from None
    except CellError:
        raise ValidationError("Enter a day like 2026-11-23") from None
