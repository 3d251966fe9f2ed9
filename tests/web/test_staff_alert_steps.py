"""From open over taken on to closed, handed over and reopened; where an alert comes from, and whose it is."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.alerts import alert_store
from bot.alerts.escalation import Escalation
from bot.alerts.escalation_policy import EscalationPolicy
from bot.alerts.tables import alert
from bot.messages import Address
from bot.messaging.tables import outbox
from bot.records.staff import members
from bot.web.staff.alert_words import AlertWordsError, alert_words
from tests.support.staff_alerts import office_screen, open_alerts, typed
from tests.support.staff_desk import NOW
from tests.support.staff_records import audited, person, raised, row

DUTY = EscalationPolicy(
    "twilio", ("+447700900901",), "An alert is waiting.", timedelta(minutes=15), timedelta(minutes=15)
)


def taken_on(staff_site, key="facilitator", **values):
    """Raise an alert and have a member take it on; return the visitor and the alert's address."""
    raised(staff_site, **values)
    visitor = staff_site.signed_in(key)
    path = "/staff/alerts/" + str(row(staff_site, select(alert.c.id).order_by(alert.c.id.desc())).id)
    visitor.follow(f"{path}/acknowledge", {}, "/staff")
    return visitor, path


def test_an_alert_that_is_taken_on_stays_on_today_until_it_is_closed(staff_site):
    visitor, path = taken_on(staff_site)
    staff_site.now += timedelta(days=3)
    page = staff_site.signed_in("manager").text("/staff")
    assert "Taken on, not closed yet" in page
    assert "Taken on by Fay Invented" in page
    visitor = staff_site.signed_in()
    closed = visitor.follow(f"{path}/close", {"outcome": "spoke_to_them", "note": "Rang at ten.\nIs with family."})
    assert "Spoke to them" in closed
    assert "“Rang at ten.\nIs with family.”" in visitor.get(path).text
    page = visitor.text("/staff")
    assert "Taken on, not closed yet" not in page
    assert "1 alert closed in the last 24 hours" in page
    staff_site.now += timedelta(days=2)
    visitor = staff_site.signed_in()
    assert "closed in the last 24 hours" not in visitor.text("/staff")
    assert "Spoke to them" in visitor.text("/staff/alerts/closed")
    assert "Rang at ten" not in visitor.text("/staff/alerts/closed")


def test_closing_takes_an_outcome_and_for_some_a_note(staff_site):
    visitor, path = taken_on(staff_site)
    for fields, told in (
        ({}, "Choose an outcome"),
        ({"outcome": "made up"}, "Not a valid choice"),
        ({"outcome": "not_reached", "note": "  "}, "Write a note that says more about it"),
    ):
        response = visitor.post(f"{path}/close", fields)
        assert (response.status_code, told in response.text) == (400, True), fields
    assert visitor.post(f"{path}/close", {"outcome": "not_reached", "note": "Rang three times"}).status_code == 303


def test_what_is_not_taken_on_cannot_be_closed_and_what_is_closed_not_twice(staff_site):
    raised(staff_site)
    visitor = staff_site.signed_in()
    for action in ("close", "hand-over", "reopen"):
        assert visitor.get(f"/staff/alerts/1/{action}").status_code == 409
        assert visitor.post(f"/staff/alerts/1/{action}", {"outcome": "false_alarm"}, "/staff").status_code == 409
    visitor.follow("/staff/alerts/1/acknowledge", {}, "/staff")
    assert visitor.post("/staff/alerts/1/close", {"outcome": "false_alarm"}).status_code == 303
    assert visitor.post("/staff/alerts/1/close", {"outcome": "other", "note": "x"}, "/staff").status_code == 409
    assert len(audited(staff_site, "alert closed")) == 1


@pytest.mark.parametrize(("step", "field"), [("close", "note"), ("hand-over", "handed_note"), ("reopen", "reason")])
def test_what_was_written_about_an_alert_that_a_colleague_has_dealt_with_is_shown(staff_site, step, field):
    visitor, path = taken_on(staff_site)
    shown = visitor.get(f"{path}/{step}").text
    other = staff_site.signed_in("manager")
    if step == "reopen":
        other.follow(f"{path}/reopen", {"reason": "first"})
    else:
        other.follow(f"{path}/close", {"outcome": "spoke_to_them", "note": "with family"})
    token = re.search(r'name="form_token" value="([^"]+)"', shown)[1]
    sent = {field: "I rang at ten and again at eleven", "outcome": "false_alarm", "form_token": token}
    late = visitor.client.post(f"{path}/{step}", data=sent)
    assert late.status_code == 409
    assert "Somebody else has changed this alert meanwhile" in late.text
    assert "I rang at ten and again at eleven" in late.text
    assert "What was done" in late.text


def test_an_alert_is_handed_to_a_colleague_of_the_office(staff_site):
    visitor, path = taken_on(staff_site)
    form = visitor.get(f"{path}/hand-over").text
    assert "Max Invented" in form
    assert "Eve Invented" not in form
    assert 'value="staff:1"' not in form, "nobody hands it to whoever has it"
    assert visitor.post(f"{path}/hand-over", {"colleague": "staff:4"}).status_code == 400
    page = visitor.follow(f"{path}/hand-over", {"colleague": "staff:2", "handed_note": "Is waiting for a call."})
    assert "Max Invented looks after it" in page
    assert "Handed over by Fay Invented to Max Invented “Is waiting for a call.”" in page
    assert "Taken on by Max Invented" in visitor.text("/staff")
    (entry,) = audited(staff_site, "alert handed over")
    assert (entry.actor, entry.detail) == ("staff:1", "alert 1: to staff:2")


def test_the_history_is_kept_over_a_reopening_and_all_of_it_is_audited(staff_site):
    visitor, path = taken_on(staff_site, person=person(staff_site, "P02"))
    visitor.follow(f"{path}/close", {"outcome": "false_alarm"})
    page = visitor.follow(f"{path}/reopen", {"reason": "It was not."})
    for said in ("Taken on by Fay Invented", "Closed by Fay Invented: False alarm", "Reopened by Fay Invented"):
        assert said in page
    assert page.index("Taken on by") < page.index("Closed by") < page.index("Reopened by")
    assert "“It was not.”" in page
    assert "Nobody has taken it on yet" in page
    assert "Take this on" in visitor.text("/staff")
    for action in ("alert acknowledged", "alert closed", "alert reopened"):
        (entry,) = audited(staff_site, action)
        assert (entry.participant_id, "alert 1" in entry.detail) == (person(staff_site, "P02"), True)
        assert "It was not" not in entry.detail


def test_taken_on_stops_the_texts_and_reopening_starts_them_anew(staff_site, loop):
    def look():
        loop.run(Escalation(staff_site.record, DUTY, lambda: staff_site.now, lambda: None).run_once())
        with staff_site.record.reading() as connection:
            return len(connection.execute(select(outbox.c.id)).all())

    raised(staff_site, minutes=15)
    assert look() == 1
    visitor = staff_site.signed_in()
    visitor.follow("/staff/alerts/1/acknowledge", {}, "/staff")
    before = look()
    staff_site.now += timedelta(hours=2)
    assert look() == before
    visitor = staff_site.signed_in()
    visitor.follow("/staff/alerts/1/close", {"outcome": "false_alarm"})
    visitor.follow("/staff/alerts/1/reopen", {"reason": ""})
    staff_site.now += timedelta(minutes=14)
    assert look() == before, "it waits from when it was opened again"
    assert "Overdue" not in visitor.text("/staff")
    staff_site.now += timedelta(minutes=1)
    assert look() == before + 1
    assert "Overdue" in visitor.text("/staff")
    staff_site.now += timedelta(minutes=15)
    assert look() == before + 2, "and both calls are made again"
    assert "The first duty phone was texted" in visitor.text("/staff/alerts/1"), "the earlier call stays in the history"


def test_figures_count_outcomes_and_false_alarms(staff_site):
    visitor, path = taken_on(staff_site, "manager")
    visitor.follow(f"{path}/close", {"outcome": "false_alarm"})
    visitor, path = taken_on(staff_site, "manager", address="+447700900556")
    visitor.follow(f"{path}/close", {"outcome": "emergency_services"})
    taken_on(staff_site, "manager", address="+447700900557")
    raised(staff_site, address="+447700900558")
    page = visitor.text("/staff/figures")
    assert "4 alerts, 1 of them not taken on yet" in page
    assert "1 taken on and not closed yet, 2 closed, 1 false alarm among them" in page
    assert "False alarm 1" in page
    assert "Emergency services called 1" in page


# Where it comes from


def test_an_alert_from_a_known_screen_says_where_and_is_for_its_office_alone(staff_site):
    typed(staff_site, "a", office_screen(staff_site, "Waiting room, ground floor"))
    page = staff_site.signed_in().text("/staff")
    assert "Where Waiting room, ground floor, Example office" in page
    assert "not known which screen" not in page
    other = staff_site.signed_in("elsewhere")
    assert "No alert is waiting" in other.text("/staff")
    assert other.get("/staff/alerts").json()["open"] == 0
    assert other.get("/staff/alerts/1").status_code == 404
    assert other.post("/staff/alerts/1/acknowledge", {}, "/staff").status_code == 404


def test_an_alert_from_an_unknown_screen_is_for_everybody_and_says_so(staff_site):
    typed(staff_site, "a", "a token of no screen")
    for key in ("facilitator", "elsewhere"):
        assert "It is not known which screen" in staff_site.signed_in(key).text("/staff")


def test_a_screen_of_an_office_without_staff_is_for_everybody(staff_site):
    device = office_screen(staff_site, key="elsewhere")
    typed(staff_site, "a", device)
    assert "No alert is waiting" in staff_site.signed_in().text("/staff")
    with staff_site.record.writing() as connection:
        members.remove(connection, members.find(connection, "elsewhere@example.org"), "test", NOW)
    assert "Where Waiting room, Another office" in staff_site.signed_in().text("/staff")


def test_somebody_signed_in_at_the_screen_of_another_office_is_for_both_and_named_to_one(staff_site):
    typed(staff_site, "a", office_screen(staff_site, "Their room", "elsewhere"), person=person(staff_site, "P03"))
    assert "Don Invented" in staff_site.signed_in().text("/staff")
    page = staff_site.signed_in("elsewhere").text("/staff")
    assert "Where Their room, Another office" in page
    assert "Don Invented" not in page


def test_an_alert_of_nobody_known_is_for_everybody_until_somebody_takes_it_on(staff_site):
    raised(staff_site)
    mine, other = staff_site.signed_in(), staff_site.signed_in("elsewhere")
    for visitor in (mine, other):
        assert "+447700900555" in visitor.text("/staff")
    other_form = other.get("/staff").text
    mine.follow("/staff/alerts/1/acknowledge", {}, "/staff")
    assert "+447700900555" not in other.text("/staff")
    assert other.get("/staff/alerts/1").status_code == 404
    token = re.search(r'name="form_token" value="([^"]+)"', other_form)[1]
    late = other.client.post("/staff/alerts/1/acknowledge", data={"form_token": token})
    assert late.headers["location"].endswith("done=acknowledged_elsewhere")
    assert "A colleague of another office has taken that alert on" in other.text(late.headers["location"])


def test_a_linked_person_can_be_rung_from_the_alert(staff_site):
    from bot.records.access import identities

    with staff_site.record.writing() as connection:
        code = identities.issue_code(connection, person(staff_site, "P02"), "test", NOW)
        identities.link(connection, Address.parse("sms:+447700900555"), code.replace("-", ""), NOW)
    typed(staff_site, "a", person=person(staff_site, "P02"))
    assert 'href="tel:+447700900555"' in staff_site.signed_in().get("/staff").text


# Many


def test_strangers_at_one_screen_are_one_alert_with_a_count(staff_site):
    device = office_screen(staff_site)
    for n in range(12):
        typed(staff_site, f"visit {n}", device, minutes=12 - n)
    (one,) = open_alerts(staff_site)
    assert (one.messages, one.last_at) == (12, staff_site.now - timedelta(minutes=1))
    assert "12 messages since then" in staff_site.signed_in().text("/staff")


def test_strangers_of_one_address_are_one_alert_and_others_are_not(staff_site):
    for n in range(50):
        typed(staff_site, f"visit {n}")
    typed(staff_site, "another", client="203.0.113.8")
    typed(staff_site, "a child", topic="child_at_risk")
    typed(staff_site, "known", office_screen(staff_site))
    typed(staff_site, "named", person=person(staff_site, "P03"))
    raised(staff_site)
    assert sorted(one.messages for one in open_alerts(staff_site)) == [1, 1, 1, 1, 1, 50]


def test_somebody_long_after_is_another_alert(staff_site):
    device = office_screen(staff_site)
    typed(staff_site, "one", device, minutes=30)
    typed(staff_site, "two", device, minutes=15)
    assert len(open_alerts(staff_site)) == 2


def test_what_comes_once_it_is_taken_on_is_another_alert(staff_site):
    device = office_screen(staff_site)
    typed(staff_site, "one", device)
    staff_site.signed_in().follow("/staff/alerts/1/acknowledge", {}, "/staff")
    typed(staff_site, "two", device)
    assert [one.id for one in open_alerts(staff_site)] == [2]


def test_a_thousand_addresses_bury_nobody(staff_site):
    for n in range(200):
        typed(staff_site, f"visit {n}", client=f"203.0.{n}.1", minutes=5)
    raised(staff_site, minutes=1)
    typed(staff_site, "known", office_screen(staff_site), minutes=0)
    assert len(open_alerts(staff_site)) == alert_store.MOST_UNKNOWN + 2
    visitor = staff_site.signed_in()
    page = visitor.text("/staff")
    assert page.index("+447700900555") < page.index("It is not known which screen")
    assert page.index("Waiting room") < page.index("It is not known which screen")
    assert "22 alerts are waiting , page 1 of 2" in page
    assert visitor.get("/staff").text.count("Take this on<") == 20
    assert visitor.get("/staff?alerts=2").text.count("Take this on<") == 2
    assert visitor.get("/staff/alerts").json()["open"] == 22


def test_an_alert_that_cannot_be_read_keeps_no_other_from_coming_or_being_seen(staff_site):
    typed(staff_site, "one")
    raised(staff_site)
    with staff_site.record.writing() as connection:
        connection.exec_driver_sql("UPDATE alert SET address = x'00', client = x'00'")
    typed(staff_site, "two")
    raised(staff_site)
    page = staff_site.signed_in().text("/staff")
    assert page.count("Part of this alert cannot be read") == 2
    assert "+447700900555" in page
    assert len(open_alerts(staff_site)) == 4


# The words


def test_the_words_of_outcomes_are_checked_when_read(tmp_path):
    assert [key for key, one in alert_words().outcomes.items() if one.false_alarm] == ["false_alarm"]
    file = tmp_path / "alerts.yml"
    steps = "steps: {taken_on: a, handed_over: b, closed: c, reopened: d, first_call: e, second_call: f}"
    file.write_text(f"{steps}\noutcomes: {{spoke: {{text: x}}}}")
    with pytest.raises(AlertWordsError, match="expected words"):
        alert_words(file)
    (tmp_path / "other.yml").write_text("steps: {}\noutcomes: {}")
    with pytest.raises(AlertWordsError, match="expected words for taken_on"):
        alert_words(tmp_path / "other.yml")
