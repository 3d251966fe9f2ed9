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
from bot.web.frontend.environment import SMALL, few
from bot.web.staff import alerts_seen, figures_asked, labels
from bot.web.staff.alert_words import alert_words
from bot.web.staff.desk import StaffApp, StaffRequest

_LOOKED_BACK = timedelta(days=28)


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        desk.route("/figures", show, role=Role.MANAGER),
        desk.route("/figures.csv", download, role=Role.MANAGER),
        *figures_asked.routes(desk),
    ]


def show(visit: StaffRequest) -> Response:
    """Show the page."""
    since = visit.now - _LOOKED_BACK
    groups = figures.of_groups(visit.connection, visit.member, visit.now)
    reasons = [
        (text, sum(one.outcomes.get(outcome, 0) for one in groups))
        for outcome, text in labels.OUTCOMES.items()
        if outcome.kind is not AttendanceKind.ATTENDED
    ]
    values = {
        "groups": [(one, one.percentage(SMALL)) for one in groups],
        "reasons": [(text, count) for text, count in reasons if count],
        "asked": figures_asked.figures(visit),
        "messages": _messages(visit, since),
        "votes": _votes(visit, since),
        "alerts": _alerts(visit, since),
    }
    return visit.page("staff/figures.html", values)


def download(visit: StaffRequest) -> Response:
    """Give the attendance of the groups out as a file, its small counts withheld as on the page."""
    rows: list[list[object]] = [
        ["group", "people", "sessions_held", "sessions", "attended", "missed", "attended_percent"]
    ]
    for one in figures.of_groups(visit.connection, visit.member, visit.now):
        percentage = one.percentage(SMALL)
        counts = [few(one.group.people), one.held, one.group.sessions, few(one.attended), few(one.missed)]
        rows.append([one.group.name, *counts, "" if percentage is None else percentage])
    return csv_file("figures.csv", rows)


def _messages(visit: StaffRequest, since: datetime) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for channel, counts in failed_messages.counted(visit.connection, since).items():
        known = found.setdefault(labels.channel(channel).capitalize(), {})
        for state, count in counts.items():
            known[state] = known.get(state, 0) + count
    return found


def _votes(visit: StaffRequest, since: datetime) -> list[tuple[str, int, int]]:
    votes = feedback.votes(visit.connection, since)
    titles = visit.desk.wording
    found = [(titles.title(t) or t.replace("_", " "), v.get(True, 0), v.get(False, 0)) for t, v in votes.items()]
    return sorted(found, key=lambda one: (-one[2], one[0]))


def _alerts(visit: StaffRequest, since: datetime) -> dict[str, object]:
    recent = [one.alert for one in alerts_seen.seen(visit, since) if one.alert.raised_at >= since]
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
