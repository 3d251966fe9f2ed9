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


def taken_on(desk, key="facilitator", **values):
    """Raise an alert and have a member take it on; return the visitor and the alert's address."""
    raised(desk, **values)
    visitor = desk.signed_in(key)
    path = "/staff/alerts/" + str(row(desk, select(alert.c.id).order_by(alert.c.id.desc())).id)
    visitor.follow(f"{path}/acknowledge", {}, "/staff")
    return visitor, path


def test_an_alert_that_is_taken_on_stays_on_today_until_it_is_closed(desk):
    visitor, path = taken_on(desk)
    desk.now += timedelta(days=3)
    page = desk.signed_in("manager").text("/staff")
    assert "Taken on, not closed yet" in page
    assert "Taken on by Fay Invented" in page
    visitor = desk.signed_in()
    closed = visitor.follow(f"{path}/close", {"outcome": "spoke_to_them", "note": "Rang at ten.\nIs with family."})
    assert "Spoke to them" in closed
    assert "“Rang at ten.\nIs with family.”" in visitor.get(path).text
    page = visitor.text("/staff")
    assert "Taken on, not closed yet" not in page
    assert "1 alert closed in the last 24 hours" in page
    desk.now += timedelta(days=2)
    visitor = desk.signed_in()
    assert "closed in the last 24 hours" not in visitor.text("/staff")
    assert "Spoke to them" in visitor.text("/staff/alerts/closed")
    assert "Rang at ten" not in visitor.text("/staff/alerts/closed")


def test_closing_takes_an_outcome_and_for_some_a_note(desk):
    visitor, path = taken_on(desk)
    for fields, told in (
        ({}, "Choose an outcome"),
        ({"outcome": "made up"}, "Not a valid choice"),
        ({"outcome": "not_reached", "note": "  "}, "Write a note that says more about it"),
    ):
        response = visitor.post(f"{path}/close", fields)
        assert (response.status_code, told in response.text) == (400, True), fields
    assert visitor.post(f"{path}/close", {"outcome": "not_reached", "note": "Rang three times"}).status_code == 303


def test_what_is_not_taken_on_cannot_be_closed_and_what_is_closed_not_twice(desk):
    raised(desk)
    visitor = desk.signed_in()
    for action in ("close", "hand-over", "reopen"):
        assert visitor.get(f"/staff/alerts/1/{action}").status_code == 409
        assert visitor.post(f"/staff/alerts/1/{action}", {"outcome": "false_alarm"}, "/staff").status_code == 409
    visitor.follow("/staff/alerts/1/acknowledge", {}, "/staff")
    assert visitor.post("/staff/alerts/1/close", {"outcome": "false_alarm"}).status_code == 303
    assert visitor.post("/staff/alerts/1/close", {"outcome": "other", "note": "x"}, "/staff").status_code == 409
    assert len(audited(desk, "alert closed")) == 1


@pytest.mark.parametrize(("step", "field"), [("close", "note"), ("hand-over", "handed_note"), ("reopen", "reason")])
def test_what_was_written_about_an_alert_that_a_colleague_has_dealt_with_is_shown(desk, step, field):
    visitor, path = taken_on(desk)
    shown = visitor.get(f"{path}/{step}").text
    other = desk.signed_in("manager")
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


def test_an_alert_is_handed_to_a_colleague_of_the_office(desk):
    visitor, path = taken_on(desk)
    form = visitor.get(f"{path}/hand-over").text
    assert "Max Invented" in form
    assert "Eve Invented" not in form
    assert 'value="staff:1"' not in form, "nobody hands it to whoever has it"
    assert visitor.post(f"{path}/hand-over", {"colleague": "staff:4"}).status_code == 400
    page = visitor.follow(f"{path}/hand-over", {"colleague": "staff:2", "handed_note": "Is waiting for a call."})
    assert "Max Invented looks after it" in page
    assert "Handed over by Fay Invented to Max Invented “Is waiting for a call.”" in page
    assert "Taken on by Max Invented" in visitor.text("/staff")
    (entry,) = audited(desk, "alert handed over")
    assert (entry.actor, entry.detail) == ("staff:1", "alert 1: to staff:2")


def test_the_history_is_kept_over_a_reopening_and_all_of_it_is_audited(desk):
    visitor, path = taken_on(desk, person=person(desk, "P02"))
    visitor.follow(f"{path}/close", {"outcome": "false_alarm"})
    page = visitor.follow(f"{path}/reopen", {"reason": "It was not."})
    for said in ("Taken on by Fay Invented", "Closed by Fay Invented: False alarm", "Reopened by Fay Invented"):
        assert said in page
    assert page.index("Taken on by") < page.index("Closed by") < page.index("Reopened by")
    assert "“It was not.”" in page
    assert "Nobody has taken it on yet" in page
    assert "Take this on" in visitor.text("/staff")
    for action in ("alert acknowledged", "alert closed", "alert reopened"):
        (entry,) = audited(desk, action)
        assert (entry.participant_id, "alert 1" in entry.detail) == (person(desk, "P02"), True)
        assert "It was not" not in entry.detail


def test_taken_on_stops_the_texts_and_reopening_starts_them_anew(desk, loop):
    def look():
        loop.run(Escalation(desk.record, DUTY, lambda: desk.now, lambda: None).run_once())
        with desk.record.reading() as connection:
            return len(connection.execute(select(outbox.c.id)).all())

    raised(desk, minutes=15)
    assert look() == 1
    visitor = desk.signed_in()
    visitor.follow("/staff/alerts/1/acknowledge", {}, "/staff")
    before = look()
    desk.now += timedelta(hours=2)
    assert look() == before
    visitor = desk.signed_in()
    visitor.follow("/staff/alerts/1/close", {"outcome": "false_alarm"})
    visitor.follow("/staff/alerts/1/reopen", {"reason": ""})
    desk.now += timedelta(minutes=14)
    assert look() == before, "it waits from when it was opened again"
    assert "Overdue" not in visitor.text("/staff")
    desk.now += timedelta(minutes=1)
    assert look() == before + 1
    assert "Overdue" in visitor.text("/staff")
    desk.now += timedelta(minutes=15)
    assert look() == before + 2, "and both calls are made again"
    assert "The first duty phone was texted" in visitor.text("/staff/alerts/1"), "the earlier call stays in the history"


def test_figures_count_outcomes_and_false_alarms(desk):
    visitor, path = taken_on(desk, "manager")
    visitor.follow(f"{path}/close", {"outcome": "false_alarm"})
    visitor, path = taken_on(desk, "manager", address="+447700900556")
    visitor.follow(f"{path}/close", {"outcome": "emergency_services"})
    taken_on(desk, "manager", address="+447700900557")
    raised(desk, address="+447700900558")
    page = visitor.text("/staff/figures")
    assert "4 alerts, 1 of them not taken on yet" in page
    assert "1 taken on and not closed yet, 2 closed, 1 false alarm among them" in page
    assert "False alarm 1" in page
    assert "Emergency services called 1" in page


# Where it comes from


def test_an_alert_from_a_known_screen_says_where_and_is_for_its_office_alone(desk):
    typed(desk, "a", office_screen(desk, "Waiting room, ground floor"))
    page = desk.signed_in().text("/staff")
    assert "Where Waiting room, ground floor, Example office" in page
    assert "not known which screen" not in page
    other = desk.signed_in("elsewhere")
    assert "No alert is waiting" in other.text("/staff")
    assert other.get("/staff/alerts").json()["open"] == 0
    assert other.get("/staff/alerts/1").status_code == 404
    assert other.post("/staff/alerts/1/acknowledge", {}, "/staff").status_code == 404


def test_an_alert_from_an_unknown_screen_is_for_everybody_and_says_so(desk):
    typed(desk, "a", "a token of no screen")
    for key in ("facilitator", "elsewhere"):
        assert "It is not known which screen" in desk.signed_in(key).text("/staff")


def test_a_screen_of_an_office_without_staff_is_for_everybody(desk):
    device = office_screen(desk, key="elsewhere")
    typed(desk, "a", device)
    assert "No alert is waiting" in desk.signed_in().text("/staff")
    with desk.record.writing() as connection:
        members.remove(connection, members.find(connection, "elsewhere@example.org"), "test", NOW)
    assert "Where Waiting room, Another office" in desk.signed_in().text("/staff")


def test_somebody_signed_in_at_the_screen_of_another_office_is_for_both_and_named_to_one(desk):
    typed(desk, "a", office_screen(desk, "Their room", "elsewhere"), person=person(desk, "P03"))
    assert "Don Invented" in desk.signed_in().text("/staff")
    page = desk.signed_in("elsewhere").text("/staff")
    assert "Where Their room, Another office" in page
    assert "Don Invented" not in page


def test_an_alert_of_nobody_known_is_for_everybody_until_somebody_takes_it_on(desk):
    raised(desk)
    mine, other = desk.signed_in(), desk.signed_in("elsewhere")
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


def test_a_linked_person_can_be_rung_from_the_alert(desk):
    from bot.records.access import identities

    with desk.record.writing() as connection:
        code = identities.issue_code(connection, person(desk, "P02"), "test", NOW)
        identities.link(connection, Address.parse("sms:+447700900555"), code.replace("-", ""), NOW)
    typed(desk, "a", person=person(desk, "P02"))
    assert 'href="tel:+447700900555"' in desk.signed_in().get("/staff").text


# Many


def test_strangers_at_one_screen_are_one_alert_with_a_count(desk):
    device = office_screen(desk)
    for n in range(12):
        typed(desk, f"visit {n}", device, minutes=12 - n)
    (one,) = open_alerts(desk)
    assert (one.messages, one.last_at) == (12, desk.now - timedelta(minutes=1))
    assert "12 messages since then" in desk.signed_in().text("/staff")


def test_strangers_of_one_address_are_one_alert_and_others_are_not(desk):
    for n in range(50):
        typed(desk, f"visit {n}")
    typed(desk, "another", client="203.0.113.8")
    typed(desk, "a child", topic="child_at_risk")
    typed(desk, "known", office_screen(desk))
    typed(desk, "named", person=person(desk, "P03"))
    raised(desk)
    assert sorted(one.messages for one in open_alerts(desk)) == [1, 1, 1, 1, 1, 50]


def test_somebody_long_after_is_another_alert(desk):
    device = office_screen(desk)
    typed(desk, "one", device, minutes=30)
    typed(desk, "two", device, minutes=15)
    assert len(open_alerts(desk)) == 2


def test_what_comes_once_it_is_taken_on_is_another_alert(desk):
    device = office_screen(desk)
    typed(desk, "one", device)
    desk.signed_in().follow("/staff/alerts/1/acknowledge", {}, "/staff")
    typed(desk, "two", device)
    assert [one.id for one in open_alerts(desk)] == [2]


def test_a_thousand_addresses_bury_nobody(desk):
    for n in range(200):
        typed(desk, f"visit {n}", client=f"203.0.{n}.1", minutes=5)
    raised(desk, minutes=1)
    typed(desk, "known", office_screen(desk), minutes=0)
    assert len(open_alerts(desk)) == alert_store.MOST_UNKNOWN + 2
    visitor = desk.signed_in()
    page = visitor.text("/staff")
    assert page.index("+447700900555") < page.index("It is not known which screen")
    assert page.index("Waiting room") < page.index("It is not known which screen")
    assert "22 alerts are waiting , page 1 of 2" in page
    assert visitor.get("/staff").text.count("Take this on<") == 20
    assert visitor.get("/staff?alerts=2").text.count("Take this on<") == 2
    assert visitor.get("/staff/alerts").json()["open"] == 22


def test_an_alert_that_cannot_be_read_keeps_no_other_from_coming_or_being_seen(desk):
    typed(desk, "one")
    raised(desk)
    with desk.record.writing() as connection:
        connection.exec_driver_sql("UPDATE alert SET address = x'00', client = x'00'")
    typed(desk, "two")
    raised(desk)
    page = desk.signed_in().text("/staff")
    assert page.count("Part of this alert cannot be read") == 2
    assert "+447700900555" in page
    assert len(open_alerts(desk)) == 4


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
