"""What the first page says of alerts that were escalated, and of people who cannot be written to."""

from datetime import timedelta

from bot.messages import Address
from bot.records.access import identities
from tests.support.staff_alerts import PHONES, escalate, with_phones
from tests.support.staff_desk import NOW
from tests.support.staff_records import audited, person, raised


def test_req_42_the_page_says_when_the_duty_phones_were_texted(desk, loop):
    desk = with_phones(desk)
    raised(desk, minutes=15)
    visitor = desk.signed_in()
    assert "duty phone" not in visitor.text("/staff")
    escalate(desk.record, desk.now, loop)
    assert "Text sent to the first duty phone: Tue 24 Nov 2026, 9am." in visitor.text("/staff")
    desk.now += timedelta(minutes=15)
    escalate(desk.record, desk.now, loop)
    page = visitor.text("/staff")
    assert "Text sent to the first duty phone: Tue 24 Nov 2026, 9am." in page
    assert "Text sent to all duty phones: Tue 24 Nov 2026, 9.15am." in page


def test_req_42_the_page_says_where_a_duty_phone_could_not_be_reached(desk, loop):
    desk = with_phones(desk)
    raised(desk, minutes=15)
    visitor = desk.signed_in()
    escalate(desk.record, desk.now, loop, refused=PHONES[:1])
    page = visitor.text("/staff")
    assert "Text to the first duty phone: Tue 24 Nov 2026, 9am. It did not get through." in page
    assert "text message, a duty phone: the message did not get through" in page
    assert PHONES[0] not in page
    desk.now += timedelta(minutes=1)
    escalate(desk.record, desk.now, loop, refused=PHONES[:1])
    assert "Tue 24 Nov 2026, 9.01am. It did not get through to 1 of 2." in visitor.text("/staff")


def test_req_42_without_a_duty_phone_the_page_says_so_and_tells_administrators_what_to_set(desk):
    for key, told in (("facilitator", False), ("manager", False), ("administrator", True)):
        page = desk.signed_in(key).text("/staff")
        assert "No duty phone is set: nobody is rung or texted about an alert that waits." in page
        assert ("LEAFLINE_DUTY_PHONES" in page) is told
    assert "No duty phone is set" not in with_phones(desk).signed_in("administrator").text("/staff")


def test_req_42_the_escalation_is_found_in_the_audit_trail(desk, loop):
    raised(desk, minutes=15)
    raised(desk, "child_at_risk", "telegram", "1", minutes=15, person=person(desk, "P03"))
    escalate(desk.record, desk.now, loop)
    assert [entry.actor for entry in audited(desk, "alert escalated")] == ["the service"] * 2
    found = desk.signed_in("manager").post("/staff/audit", {"actor": "the service"}).text
    assert "Alert escalated" in found or "alert escalated" in found
    assert found.count("the first duty phone was texted") == 2
    elsewhere = desk.signed_in("elsewhere").post("/staff/audit", {"actor": "the service"}).text
    assert elsewhere.count("the first duty phone was texted") == 1, "the one that is about nobody known"


def test_req_43_stop_while_an_alert_is_open_is_honoured_and_told(desk):
    with desk.record.writing() as connection:
        code = identities.issue_code(connection, person(desk, "P02"), "test", NOW)
        identities.link(connection, Address.parse("sms:+447700900555"), code.replace("-", ""), NOW)
    raised(desk)
    visitor = desk.signed_in()
    told = "The person has asked not to be written to: reach them another way."
    assert told not in visitor.text("/staff")
    with desk.record.writing() as connection:
        identities.stop(connection, Address.parse("sms:+447700900555"), NOW)
    assert told in visitor.text("/staff")
    with desk.record.reading() as connection:
        assert identities.writable(connection, person(desk, "P02")) == []
