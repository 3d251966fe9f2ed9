"""Which alerts a member sees, and what is known of each.

An alert about somebody known is for the offices of that person's groups, one from a screen that is known for the
screen's office. Any other is for everybody until somebody takes it on, and then for the office of whoever did. Where
the offices that it is for have no member of staff, it is for everybody as well: somebody has to take it on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from bot.alerts import alert_store, escalation_policy
from bot.alerts.alert_store import SCREEN, Alert
from bot.messages import Address, AddressKind
from bot.records import offices
from bot.records.access import identities
from bot.records.participants import repository
from bot.records.staff import members, scope
from bot.records.staff.members import Member
from bot.web.staff import labels
from bot.web.staff.request import StaffRequest

SHOWN_CLOSED = timedelta(hours=24)
"""How long the first page shows an alert that is closed."""


@dataclass(frozen=True)
class AlertView:
    """An alert, with whose it is where that is known."""

    alert: Alert
    about: str
    channel: str
    place: str
    """Which screen of which office; empty where it is another channel or not known which."""
    screen_unknown: bool
    person: int | None
    name: str
    address: str
    telephones: list[str]
    """Numbers at which the person can be rung."""
    overdue: bool
    taken_by: str
    closed_by: str
    opted_out: bool
    """Whether the person has asked not to be written to, before or since."""
    calls: list[str]
    """What the duty phones were sent about it, in words."""


def seen(request: StaffRequest, since: datetime) -> list[AlertView]:
    """Return the alerts that the member sees and that are not closed, or were ``since``; the oldest first."""
    found = alert_store.listed(request.connection, since)
    visible = _AlertScope(request, found)
    return [visible.shown(alert) for alert in found if visible.sees(alert)]


def one(request: StaffRequest, alert_id: int, *, taken_by_anybody: bool = False) -> AlertView | None:
    """Return one alert; None where there is none or the member does not see it.

    With ``taken_by_anybody`` also one that the member could have taken on, had another office not been faster.
    """
    alert = alert_store.find(request.connection, alert_id)
    if alert is None:
        return None
    visible = _AlertScope(request, [alert])
    return visible.shown(alert) if visible.sees(alert, taken_by_anybody=taken_by_anybody) else None


def waiting(found: list[AlertView]) -> list[AlertView]:
    """Return those that nobody has taken on. Strangers at unknown screens come last: anybody can make many of those."""
    return sorted((one for one in found if one.alert.waits), key=lambda one: one.screen_unknown and one.person is None)


class _AlertScope:
    """What one member sees, with what is looked up once for all alerts."""

    def __init__(self, request: StaffRequest, found: list[Alert]) -> None:
        self._request = request
        self._told = escalation_policy.escalation_status(
            request.connection, [one.id for one in found if one.first_called_at]
        )
        self._overdue = request.now - timedelta(minutes=request.app.settings.alert_minutes)
        self._theirs = scope.participants(request.connection, request.member)

    @cached_property
    def _members(self) -> dict[str, Member]:
        return {one.actor: one for one in members.members(self._request.connection)}

    def sees(self, alert: Alert, *, taken_by_anybody: bool = False) -> bool:
        """Tell whether the member sees an alert."""
        person, own = self._person(alert), self._request.member.office_id
        if person in self._theirs or alert.office_id == own:
            return True
        return not self._staffed(alert, person) and (taken_by_anybody or self._is_free(alert))

    def _is_free(self, alert: Alert) -> bool:
        """Tell whether an alert of no office is the member's to see: it waits, or a colleague has taken it on."""
        holder = self._members.get(alert.closed_by or alert.acknowledged_by or "")
        return alert.waits or holder is None or holder.office_id == self._request.member.office_id

    def _staffed(self, alert: Alert, person: int | None) -> set[int]:
        """Return the offices that an alert is for and that somebody works in."""
        own: set[int | None] = {alert.office_id}
        if person is not None:
            own |= scope.offices_of(self._request.connection, person)
        return {one.office_id for one in self._members.values()} & own

    def _person(self, alert: Alert) -> int | None:
        # What says that a life is at risk is answered before it is asked who that is.
        if alert.participant_id or alert.address is None:
            return alert.participant_id
        return identities.find_caller(self._request.connection, alert.address, self._request.now).participant_id

    def shown(self, alert: Alert) -> AlertView:
        """Return an alert with what is known about it."""
        request, person = self._request, self._person(alert)
        own = person if person in self._theirs else None
        name = (repository.preferred_name(request.connection, own) or "") if own else ""
        office = offices.name(request.connection, alert.office_id) if alert.office_id else ""
        return AlertView(
            alert,
            labels.alert(alert.topic),
            labels.channel(alert.channel),
            f"{alert.screen}, {office}" if alert.screen and office else alert.screen,
            alert.channel == SCREEN and not alert.screen,
            own,
            name,
            "" if own else _shown(alert.address),
            self._telephones(alert, own),
            alert.waits and alert.waits_since <= self._overdue,
            self._name(alert.acknowledged_by),
            self._name(alert.closed_by),
            alert.address is not None and identities.opted_out(request.connection, alert.address),
            labels.calls(alert, self._told.get(alert.id)),
        )

    def _telephones(self, alert: Alert, person: int | None) -> list[str]:
        linked = identities.addresses(self._request.connection, person) if person else []
        found = [one for one in linked if one.kind is AddressKind.SMS]
        if alert.address and alert.address.kind is AddressKind.SMS and alert.address not in found:
            found.insert(0, alert.address)
        return [one.value for one in found]

    def _name(self, actor: str | None) -> str:
        holder = self._members.get(actor or "")
        return holder.name if holder else actor or ""


def _shown(address: Address | None) -> str:
    """Return how an address that is linked to nobody is shown: a number as it is, a kiosk's token not at all."""
    return "" if address is None or address.kind is AddressKind.KIOSK else address.value
