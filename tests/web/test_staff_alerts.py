"""What the first page says of alerts that were escalated, and of people who cannot be written to."""

from datetime import timedelta

from bot.messages import Address
from bot.records.access import identities
from tests.support.staff_alerts import PHONES, escalate, with_phones
from tests.support.staff_desk import NOW
from tests.support.staff_records import audited, person, raised


def test_req_42_the_page_says_when_the_duty_phones_were_texted(staff_site, loop):
    staff_site = with_phones(staff_site)
    raised(staff_site, minutes=15)
    visitor = staff_site.signed_in()
    assert "duty phone" not in visitor.text("/staff")
    escalate(staff_site.record, staff_site.now, loop)
    assert "Text sent to the first duty phone: Tue 24 Nov 2026, 9am." in visitor.text("/staff")
    staff_site.now += timedelta(minutes=15)
    escalate(staff_site.record, staff_site.now, loop)
    page = visitor.text("/staff")
    assert "Text sent to the first duty phone: Tue 24 Nov 2026, 9am." in page
    assert "Text sent to all duty phones: Tue 24 Nov 2026, 9.15am." in page


def test_req_42_the_page_says_where_a_duty_phone_could_not_be_reached(staff_site, loop):
    staff_site = with_phones(staff_site)
    raised(staff_site, minutes=15)
    visitor = staff_site.signed_in()
    escalate(staff_site.record, staff_site.now, loop, refused=PHONES[:1])
    page = visitor.text("/staff")
    assert "Text to the first duty phone: Tue 24 Nov 2026, 9am. It did not get through." in page
    assert "text message, a duty phone: the message did not get through" in page
    assert PHONES[0] not in page
    staff_site.now += timedelta(minutes=1)
    escalate(staff_site.record, staff_site.now, loop, refused=PHONES[:1])
    assert "Tue 24 Nov 2026, 9.01am. It did not get through to 1 of 2." in visitor.text("/staff")


def test_req_42_without_a_duty_phone_the_page_says_so_and_tells_administrators_what_to_set(staff_site):
    for key, told in (("facilitator", False), ("manager", False), ("administrator", True)):
        page = staff_site.signed_in(key).text("/staff")
        assert "No duty phone is set: nobody is rung or texted about an alert that waits." in page
        assert ("LEAFLINE_DUTY_PHONES" in page) is told
    assert "No duty phone is set" not in with_phones(staff_site).signed_in("administrator").text("/staff")


def test_req_42_the_escalation_is_found_in_the_audit_trail(staff_site, loop):
    raised(staff_site, minutes=15)
    raised(staff_site, "child_at_risk", "telegram", "1", minutes=15, person=person(staff_site, "P03"))
    escalate(staff_site.record, staff_site.now, loop)
    assert [entry.actor for entry in audited(staff_site, "alert escalated")] == ["the service"] * 2
    found = staff_site.signed_in("manager").post("/staff/audit", {"actor": "the service"}).text
    assert "Alert escalated" in found or "alert escalated" in found
    assert found.count("the first duty phone was texted") == 2
    elsewhere = staff_site.signed_in("elsewhere").post("/staff/audit", {"actor": "the service"}).text
    assert elsewhere.count("the first duty phone was texted") == 1, "the one that is about nobody known"


def test_req_43_stop_while_an_alert_is_open_is_honoured_and_told(staff_site):
    with staff_site.record.writing() as connection:
        code = identities.issue_code(connection, person(staff_site, "P02"), "test", NOW)
        identities.link(connection, Address.parse("sms:+447700900555"), code.replace("-", ""), NOW)
    raised(staff_site)
    visitor = staff_site.signed_in()
    told = "The person has asked not to be written to: reach them another way."
    assert told not in visitor.text("/staff")
    with staff_site.record.writing() as connection:
        identities.stop(connection, Address.parse("sms:+447700900555"), NOW)
    assert told in visitor.text("/staff")
    with staff_site.record.reading() as connection:
        assert identities.writable(connection, person(staff_site, "P02")) == []
