"""Figures: attendance by group, what is asked, and how the service did in the last four weeks. Nobody is named."""

from collections import Counter
from datetime import datetime, timedelta
from statistics import median

from starlette.responses import Response
from starlette.routing import Route

from bot.messaging import failed_messages
from bot.records import figures
from bot.records.enums import AttendanceKind, Role
from bot.review import feedback
from bot.web.frontend.downloads import csv_file
from bot.web.frontend.environment import SMALL, suppressed
from bot.web.staff import alerts_seen, figures_asked, labels
from bot.web.staff.alert_words import alert_words
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

_LOOKED_BACK = timedelta(days=28)


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/figures", show, auth=Role.MANAGER),
        app.route("/figures.csv", download, auth=Role.MANAGER),
        *figures_asked.routes(app),
    ]


def show(request: StaffRequest) -> Response:
    """Show the page."""
    since = request.now - _LOOKED_BACK
    groups = figures.of_groups(request.connection, request.member, request.now)
    reasons = [
        (text, sum(one.outcomes.get(outcome, 0) for one in groups))
        for outcome, text in labels.OUTCOMES.items()
        if outcome.kind is not AttendanceKind.ATTENDED
    ]
    values = {
        "groups": [(one, one.percentage(SMALL)) for one in groups],
        "reasons": [(text, count) for text, count in reasons if count],
        "asked": figures_asked.figures(request),
        "messages": _messages(request, since),
        "votes": _votes(request, since),
        "alerts": _alerts(request, since),
    }
    return request.render("staff/figures.html", values)


def download(request: StaffRequest) -> Response:
    """Give the attendance of the groups out as a file, its small counts withheld as on the page."""
    rows: list[list[object]] = [
        ["group", "people", "sessions_held", "sessions", "attended", "missed", "attended_percent"]
    ]
    for one in figures.of_groups(request.connection, request.member, request.now):
        percentage = one.percentage(SMALL)
        counts = [
            suppressed(one.group.people),
            one.held,
            one.group.sessions,
            suppressed(one.attended),
            suppressed(one.missed),
        ]
        rows.append([one.group.name, *counts, "" if percentage is None else percentage])
    return csv_file("figures.csv", rows)


def _messages(request: StaffRequest, since: datetime) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for channel, counts in failed_messages.counted(request.connection, since).items():
        known = found.setdefault(labels.channel(channel).capitalize(), {})
        for state, count in counts.items():
            known[state] = known.get(state, 0) + count
    return found


def _votes(request: StaffRequest, since: datetime) -> list[tuple[str, int, int]]:
    votes = feedback.votes(request.connection, since)
    titles = request.app.catalog
    found = [(titles.title(t) or t.replace("_", " "), v.get(True, 0), v.get(False, 0)) for t, v in votes.items()]
    return sorted(found, key=lambda one: (-one[2], one[0]))


def _alerts(request: StaffRequest, since: datetime) -> dict[str, object]:
    recent = [one.alert for one in alerts_seen.seen(request, since) if one.alert.raised_at >= since]
    waits = [(a.acknowledged_at - a.waits_since).total_seconds() / 60 for a in recent if a.acknowledged_at]
    closed, wording = [a for a in recent if a.closed_at], alert_words()
    outcomes = Counter(wording.outcome(a.outcome) for a in closed)
    return {
        "all": len(recent),
        "open": sum(a.waits for a in recent),
        "in_hand": sum(not a.waits and a.closed_at is None for a in recent),
        "closed": len(closed),
        "false": sum(wording.is_false_alarm(a.outcome) for a in closed),
        "outcomes": outcomes.most_common(),
        "minutes": round(median(waits)) if waits else None,
    }
