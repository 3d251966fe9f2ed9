"""Searching the audit trail. What is searched for is sent as a form, so that no reference stands in an address."""

from datetime import date, datetime, time, timedelta

from starlette.responses import Response
from starlette.routing import Route
from wtforms import SelectField
from wtforms.validators import Length, ValidationError

from bot.records import audit, audit_search
from bot.records.audit_search import AuditFilter
from bot.records.enums import Role
from bot.records.importing import cells
from bot.records.importing.cells import CellError, YearError
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import planning
from bot.records.staff import members
from bot.web.frontend.forms import Form, StringField
from bot.web.frontend.paging import page_number, page_of
from bot.web.frontend.time_range import too_far
from bot.web.staff.alert_words import alert_words
from bot.web.staff.app import StaffApp
from bot.web.staff.audit_labels import AuditLabels
from bot.web.staff.request import StaffRequest

_ANYBODY = [("", "Anybody"), ("participant", "Participants themselves"), (audit.SERVICE, "The service itself")]


class AuditSearchForm(Form):
    """Asks what to look for; an empty field is no condition."""

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


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/audit", show, auth=Role.MANAGER),
        app.route("/audit", find, ["POST"], auth=Role.MANAGER),
    ]


def show(request: StaffRequest) -> Response:
    """Show the newest entries."""
    return _found(request, AuditSearchForm(), AuditFilter(), 1)


def find(request: StaffRequest) -> Response:
    """Show what was searched for."""
    form = AuditSearchForm(request.form)
    if not form.validate():
        return request.render("staff/audit.html", {"form": _with_choices(request, form), "page": None}, 400)
    first, last = _day(form.first), _day(form.last)
    criteria = AuditFilter(
        form.actor.data or None,
        form.action.data or None,
        form.reference.data.strip() or None,
        datetime.combine(first, time(), LOCAL) if first else None,
        datetime.combine(last + timedelta(days=1), time(), LOCAL) if last else None,
    )
    return _found(request, form, criteria, page_number(request.form.get("page", "")))


def _found(request: StaffRequest, form: AuditSearchForm, criteria: AuditFilter, page: int) -> Response:
    entries, total = audit_search.search(request.connection, request.member, criteria, page)
    request.note("audit searched")
    words = _labels(request)
    lines = [(entry, words.by(entry), words.detail(entry)) for entry in entries]
    values = {"form": _with_choices(request, form), "page": page_of(lines, page, total, audit_search.SIZE)}
    return request.render("staff/audit.html", values)


def _labels(request: StaffRequest) -> AuditLabels:
    names = {member.actor: member.name for member in members.members(request.connection)}
    groups = {group.id: group.name for group in planning.groups(request.connection, request.member)}
    return AuditLabels(names, groups, alert_words(), request.app.catalog.title)


def _with_choices(request: StaffRequest, form: AuditSearchForm) -> AuditSearchForm:
    form.actor.choices = [
        *_ANYBODY,
        *((m.actor, m.name) for m in audit_search.colleagues(request.connection, request.member)),
    ]
    form.action.choices = [
        ("", "Anything"),
        *((a, a[:1].upper() + a[1:]) for a in audit_search.actions(request.connection)),
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
