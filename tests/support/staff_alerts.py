"""Alerts that the pages of staff show: escalated to duty phones, or raised at an office's screen."""

from datetime import timedelta

from bot.alerts import alert_store, screens
from bot.alerts.escalation import Escalation
from bot.alerts.escalation_policy import EscalationPolicy
from bot.database.engine import Database
from bot.errors import PermanentSendError
from bot.messages import Address, Origin, SendReceipt
from bot.messaging.sender import Sender
from bot.records.staff import members
from bot.settings import Settings
from tests.support.staff_desk import NOW, Served

PHONES = ("+447700900901", "+447700900902")
DUTY = EscalationPolicy("twilio", PHONES, "An alert is waiting.", timedelta(minutes=15), timedelta(minutes=15))


def with_phones(staff_site):
    """The same desk where duty phones are set."""
    made = Served(staff_site.record, settings=Settings(duty_phones=PHONES))
    made.now = staff_site.now
    return made


def escalate(record: Database, now, loop, refused=()):
    """Look once; the gateway refuses the numbers in ``refused``."""

    async def send(address, outbound):
        if address in refused:
            raise PermanentSendError("no such number")
        return SendReceipt("an id")

    loop.run(Escalation(record, DUTY, lambda: now, lambda: None).run_once())
    loop.run(Sender(record, {"twilio": send}, lambda: now).send_some())


def office_screen(staff_site, name="Waiting room", key="administrator"):
    """Set a screen up in the member's office; return what its machine holds."""
    with staff_site.record.writing() as connection:
        who = members.member(connection, members.find(connection, f"{key}@example.org"))
        code = screens.issue_code(connection, screens.add(connection, who.office_id, name), NOW)
        screens.set_up(connection, code.replace("-", ""), f"token of {name}", NOW)
    return f"token of {name}"


def typed(staff_site, visit, device="", client="203.0.113.7", topic="crisis", minutes=1, person=None):
    """Raise an alert as a visit at a screen does."""
    with staff_site.record.writing() as connection:
        at = staff_site.now - timedelta(minutes=minutes)
        alert_store.put(
            connection, topic, Address.on("screen", f"screen:{visit}"), at, person, origin=Origin(device, client)
        )


def open_alerts(staff_site):
    with staff_site.record.reading() as connection:
        return [one for one in alert_store.listed(connection, staff_site.now) if one.waits]
