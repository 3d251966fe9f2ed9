"""Figures: attendance by group, and how the service did in the last four weeks. Nobody is named."""

from datetime import datetime, timedelta
from statistics import median

from starlette.responses import Response
from starlette.routing import Route

from bot.mailbox import alerts, troubles
from bot.records.outcomes import Kind, Role
from bot.records.staff import figures
from bot.web.staff import words
from bot.web.staff.desk import Desk, Visit

_LOOKED_BACK = timedelta(days=28)


def routes(desk: Desk) -> list[Route]:
    """Return the routes."""
    return [desk.route("/figures", show, role=Role.MANAGER)]


def show(visit: Visit) -> Response:
    """Show the page."""
    since = visit.now - _LOOKED_BACK
    groups = figures.of_groups(visit.connection, visit.member, visit.now)
    reasons = [
        (text, sum(one.outcomes.get(outcome, 0) for one in groups))
        for outcome, text in words.OUTCOMES.items()
        if outcome.kind is not Kind.ATTENDED
    ]
    messages: dict[str, dict[str, int]] = {}
    for channel, counts in troubles.counted(visit.connection, since).items():
        known = messages.setdefault(words.channel(channel).capitalize(), {})
        for state, count in counts.items():
            known[state] = known.get(state, 0) + count
    values = {
        "groups": groups,
        "reasons": [(text, count) for text, count in reasons if count],
        "messages": messages,
        "alerts": _alerts(visit, since),
    }
    return visit.page("staff/figures.html", values)


def _alerts(visit: Visit, since: datetime) -> dict[str, int | None]:
    recent = [a for a in alerts.listed(visit.connection, since) if a.raised_at >= since]
    waits = [(a.acknowledged_at - a.raised_at).total_seconds() / 60 for a in recent if a.acknowledged_at]
    return {
        "all": len(recent),
        "open": sum(a.acknowledged_at is None for a in recent),
        "minutes": round(median(waits)) if waits else None,
    }
