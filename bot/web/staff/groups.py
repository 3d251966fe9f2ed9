"""Groups: the list, a new one, one with its sessions, and planning them."""

from starlette.responses import Response
from starlette.routing import Route
from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from bot.records.enums import Option, Role
from bot.records.importing import cells
from bot.records.importing.cells import CellError, YearError
from bot.records.sessions import planning, programmes, timetable
from bot.records.sessions.plan import WEEKDAYS, PlanError, Planned, plan
from bot.records.sessions.planning import PlannedGroup
from bot.records.staff import scope
from bot.text import discretion
from bot.web.frontend.forms import Form, StringField
from bot.web.frontend.time_range import discreet, too_far
from bot.web.staff.desk import FLASH_MESSAGES, StaffApp, StaffRequest

PATH = "/staff/groups"
FLASH_MESSAGES["group_added"] = "The group is added."
FLASH_MESSAGES["group_added_look"] = (
    "The group is added. Its name and place are in text messages that others may see, and one of them may give away "
    "what the group is for. Is that wanted?"
)
FLASH_MESSAGES["planned"] = "The sessions are planned."
_OPTIONS = [(Option.DAY.value, "Day"), (Option.EVENING.value, "Evening")]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class AddGroupForm(Form):
    """A new group."""

    name = StringField("Name", [DataRequired("Enter a name"), Length(max=80), discreet])
    option = RadioField("Option", [InputRequired("Choose day or evening")], choices=_OPTIONS)
    venue = StringField("Where it meets", [DataRequired("Enter where it meets"), Length(max=200), discreet])


class Plan(Form):
    """When a group is to meet."""

    start = StringField("First day", [InputRequired("Enter the first day")])
    weekdays = SelectMultipleField(
        "Weekdays", [InputRequired("Choose one weekday or more")], choices=list(zip(WEEKDAYS, _DAYS, strict=True))
    )
    begins = StringField("Begins", [Length(max=5)], description="Leave it empty for the option’s earliest time")
    block_sessions = IntegerField(
        "Sessions in a block", [InputRequired("Enter a number"), NumberRange(1, 100, "Enter a number from 1 to 100")]
    )


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    group = "/groups/{group:int}"
    return [
        desk.route("/groups", show),
        desk.route("/groups/new", ask_new, role=Role.MANAGER),
        desk.route("/groups/new", add, ["POST"], role=Role.MANAGER),
        desk.route(group, show_one),
        desk.route(f"{group}/plan", ask_plan, role=Role.MANAGER),
        desk.route(f"{group}/plan", make_plan, ["POST"], role=Role.MANAGER),
    ]


def show(visit: StaffRequest) -> Response:
    """Show the groups."""
    return visit.page("staff/groups.html", {"groups": planning.groups(visit.connection, visit.member)})


def show_one(visit: StaffRequest) -> Response:
    """Show a group and its sessions."""
    group = _group(visit)
    values = {"group": group, "sessions": timetable.of_group(visit.connection, group.id, visit.now)}
    return visit.page("staff/group.html", values)


def ask_new(visit: StaffRequest) -> Response:
    """Ask for a new group."""
    return visit.page("staff/group_new.html", {"form": AddGroupForm()})


def add(visit: StaffRequest) -> Response:
    """Add a group."""
    form = AddGroupForm(visit.form)
    if form.validate():
        name, option, venue = form.name.data, Option(form.option.data), form.venue.data
        programme = visit.desk.settings.programme
        try:
            group = planning.add(visit.connection, visit.member, programme, name, option, venue, visit.now)
        except planning.TakenError:
            form.name.errors = ["There is a group of this name already"]
        else:
            doubtful = discretion.doubtful(name) or discretion.doubtful(venue)
            return visit.go(f"{PATH}/{group}", "group_added_look" if doubtful else "group_added")
    return visit.page("staff/group_new.html", {"form": form}, 400)


def ask_plan(visit: StaffRequest) -> Response:
    """Ask when a group is to meet."""
    return visit.page("staff/plan.html", {"group": _group(visit), "form": Plan(block_sessions=7), "planned": []})


def make_plan(visit: StaffRequest) -> Response:
    """Show what would be planned, and keep it once that was confirmed."""
    group, form = _group(visit), Plan(visit.form)
    planned = _planned(visit, group, form)
    if planned and "confirmed" in visit.form and not group.sessions:
        planning.keep(visit.connection, visit.member, group.id, planned, visit.now)
        return visit.go(f"{PATH}/{group.id}", "planned")
    values = {"group": group, "form": form, "planned": planned}
    return visit.page("staff/plan.html", values, 200 if planned else 400)


def _planned(visit: StaffRequest, group: PlannedGroup, form: Plan) -> list[Planned]:
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
        numbers = programmes.numbers(visit.desk.settings.programme)
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


def _group(visit: StaffRequest) -> PlannedGroup:
    id_ = scope.group(visit.connection, visit.member, visit.number("group"))
    return planning.groups(visit.connection, visit.member, id_)[0]
