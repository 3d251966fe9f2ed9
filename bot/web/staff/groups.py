"""Groups: the list, a new one, one with its sessions, and planning them."""

from starlette.responses import Response
from starlette.routing import Route
from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from bot.records.enums import Role, ScheduleOption
from bot.records.importing import cells
from bot.records.importing.cells import CellError, YearError
from bot.records.sessions import planning, programmes, timetable
from bot.records.sessions.plan import WEEKDAYS, PlanError, Planned, plan
from bot.records.sessions.planning import PlannedGroup
from bot.records.staff import scope
from bot.text import discretion
from bot.web.frontend.forms import Form, StringField
from bot.web.frontend.time_range import discreet, too_far
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

PATH = "/staff/groups"
_OPTIONS = [(ScheduleOption.DAY.value, "Day"), (ScheduleOption.EVENING.value, "Evening")]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class AddGroupForm(Form):
    """Asks for a new group's name, option and place."""

    name = StringField("Name", [DataRequired("Enter a name"), Length(max=80), discreet])
    option = RadioField("Option", [InputRequired("Choose day or evening")], choices=_OPTIONS)
    venue = StringField("Where it meets", [DataRequired("Enter where it meets"), Length(max=200), discreet])


class PlanSessionsForm(Form):
    """Asks when the group is to meet."""

    start = StringField("First day", [InputRequired("Enter the first day")])
    weekdays = SelectMultipleField(
        "Weekdays", [InputRequired("Choose one weekday or more")], choices=list(zip(WEEKDAYS, _DAYS, strict=True))
    )
    begins = StringField("Begins", [Length(max=5)], description="Leave it empty for the option’s earliest time")
    block_sessions = IntegerField(
        "Sessions in a block", [InputRequired("Enter a number"), NumberRange(1, 100, "Enter a number from 1 to 100")]
    )


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    group = "/groups/{group:int}"
    return [
        app.route("/groups", show),
        app.route("/groups/new", ask_new, auth=Role.MANAGER),
        app.route("/groups/new", add, ["POST"], auth=Role.MANAGER),
        app.route(group, show_one),
        app.route(f"{group}/plan", ask_plan, auth=Role.MANAGER),
        app.route(f"{group}/plan", make_plan, ["POST"], auth=Role.MANAGER),
    ]


def show(request: StaffRequest) -> Response:
    """Show the groups."""
    return request.render("staff/groups.html", {"groups": planning.groups(request.connection, request.member)})


def show_one(request: StaffRequest) -> Response:
    """Show a group and its sessions."""
    group = _group(request)
    values = {"group": group, "sessions": timetable.of_group(request.connection, group.id, request.now)}
    return request.render("staff/group.html", values)


def ask_new(request: StaffRequest) -> Response:
    """Ask for a new group."""
    return request.render("staff/group_new.html", {"form": AddGroupForm()})


def add(request: StaffRequest) -> Response:
    """Add a group."""
    form = AddGroupForm(request.form)
    if form.validate():
        name, option, venue = form.name.data, ScheduleOption(form.option.data), form.venue.data
        programme = request.app.settings.programme
        try:
            group = planning.add(request.connection, request.member, programme, name, option, venue, request.now)
        except planning.TakenError:
            form.name.errors = ["There is a group of this name already"]
        else:
            doubtful = discretion.doubtful(name) or discretion.doubtful(venue)
            return request.redirect(f"{PATH}/{group}", "group_added_look" if doubtful else "group_added")
    return request.render("staff/group_new.html", {"form": form}, 400)


def ask_plan(request: StaffRequest) -> Response:
    """Ask when a group is to meet."""
    return request.render(
        "staff/plan.html", {"group": _group(request), "form": PlanSessionsForm(block_sessions=7), "planned": []}
    )


def make_plan(request: StaffRequest) -> Response:
    """Show what would be planned, and keep it once that was confirmed."""
    group, form = _group(request), PlanSessionsForm(request.form)
    planned = _planned(request, group, form)
    if planned and "confirmed" in request.form and not group.sessions:
        planning.keep(request.connection, request.member, group.id, planned, request.now)
        return request.redirect(f"{PATH}/{group.id}", "planned")
    values = {"group": group, "form": form, "planned": planned}
    return request.render("staff/plan.html", values, 200 if planned else 400)


def _planned(request: StaffRequest, group: PlannedGroup, form: PlanSessionsForm) -> list[Planned]:
    if not form.validate():
        return []
    try:
        start = cells.day(form.start.data, "it")
    except YearError as error:
        form.start.errors = [too_far(error)]
        return []
    except CellError:
        start = None
    if start is None:
        form.start.errors = ["Enter a day like 2026-11-23"]
        return []
    weekdays = [WEEKDAYS.index(name) for name in form.weekdays.data or []]
    try:
        begins = cells.clock(form.begins.data) if form.begins.data else None
        numbers = programmes.numbers(request.app.settings.programme)
        found = list(plan(numbers, group.option, start, weekdays, begins, form.block_sessions.data or 0))
        planning.check(found)
    except PlanError as error:
        form.begins.errors = [str(error)[:1].upper() + str(error)[1:]]
    except CellError:
        form.begins.errors = ["One of the sessions would fall into the hour that the clocks go forward over"]
    except OverflowError:
        form.start.errors = ["Enter a day that is not so far away"]
    except ValueError:
        form.begins.errors = ["Enter a time like 18:00"]
    else:
        return found
    return []


def _group(request: StaffRequest) -> PlannedGroup:
    id_ = scope.group_in_scope(request.connection, request.member, request.number("group"))
    return planning.groups(request.connection, request.member, id_)[0]
