"""Setting a screen up: from the page of an administrator to the machine, and what an alert from it says."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot import bootstrap
from bot.alerts.tables import office_screen
from bot.messages import Answer, Reply
from bot.runtime.background import BackgroundRuntime
from bot.settings import Settings
from bot.web.kiosk.app import MOST_NEW
from bot.web.kiosk.routes import routes
from bot.web.pages import pages
from tests.support.staff_alerts import open_alerts
from tests.support.staff_desk import NOW, Visitor, words
from tests.support.staff_records import audited, row


class Listening:
    """Stands in for the bot: what names the canary is danger."""

    async def handle(self, message, unit):
        danger = self.safety_response(message)
        return danger or Answer((Reply("An answer."),))

    def safety_response(self, message):
        return Answer((Reply("Lines that help."),), alerts=("crisis",)) if "canary" in message.text else None

    def apology(self, reply_format):
        return Answer((Reply("That did not work."),))


@pytest.fixture
def screen(staff_site):
    """The screen beside the pages of staff, over their record."""
    clock = lambda: staff_site.now  # noqa: E731
    runtime = BackgroundRuntime(staff_site.record, Listening(), {}, {}, clock)
    parts = {
        "words": staff_site.app.catalog,
        "notifier": staff_site.app.notifier,
        "pages_environment": staff_site.app.environment,
    }
    made = bootstrap.Bootstrap(Settings(), database=staff_site.record, clock=clock, runtime=runtime, **parts).kiosk
    return pages(routes(made))


def machine(screen):
    return Visitor(TestClient(screen, follow_redirects=False))


def added(staff_site, name="Waiting room"):
    """Add a screen; return the page with its code."""
    return staff_site.signed_in("administrator").post("/staff/screens", {"name": name}).text


def code_of(html):
    return re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", words(html))[0]


def test_a_screen_is_set_up_once_and_its_alerts_say_where(staff_site, screen):
    code, at_the_door = code_of(added(staff_site)), machine(screen)
    assert "not yet" in staff_site.signed_in("administrator").text("/staff/screens")
    told = at_the_door.post("/set-up", {"code": code.lower()})
    assert "This machine is now the screen “Waiting room” of Example office" in words(told.text)
    cookie = next(c for c in told.headers.get_list("set-cookie") if c.startswith("device="))
    assert all(part in cookie.lower() for part in ("httponly", "samesite=strict", "max-age"))
    assert machine(screen).post("/set-up", {"code": code}).status_code == 403, "it works once"
    at_the_door.client.post("/messages", json={"text": "a canary"})
    assert "Where Waiting room, Example office" in staff_site.signed_in().text("/staff")
    assert "No alert is waiting" in staff_site.signed_in("elsewhere").text("/staff")


def test_a_machine_stays_the_screen_when_a_visit_is_cleared(staff_site, screen):
    at_the_door = machine(screen)
    at_the_door.post("/set-up", {"code": code_of(added(staff_site))})
    for n in range(3):
        at_the_door.post("/end", {}, "/")
        staff_site.now += timedelta(minutes=5)
        at_the_door.post("/", {"text": f"a canary {n}"})
    assert {one.screen for one in open_alerts(staff_site)} == {"Waiting room"}
    assert "device=" in at_the_door.get("/").headers["set-cookie"], "looking at it begins the cookie anew"


def test_a_code_that_is_wrong_old_or_replaced_sets_nothing_up(staff_site, screen):
    first = code_of(added(staff_site))
    admin = staff_site.signed_in("administrator")
    second = code_of(admin.post("/staff/screens/1/code", {}, "/staff/screens").text)
    visitor = machine(screen)
    for code in ("", "nonsense", first):
        assert visitor.post("/set-up", {"code": code}).status_code in (400, 403)
    staff_site.now += timedelta(hours=24)
    assert visitor.post("/set-up", {"code": second}).status_code == 403
    assert row(staff_site, select(office_screen.c.token)).token is None
    for _ in range(30):
        visitor.post("/set-up", {"code": "K7QF-2MPD"})
    assert visitor.post("/set-up", {"code": "K7QF-2MPD"}).status_code == 429


def test_only_administrators_see_the_screens_and_only_those_of_their_office(staff_site):
    added(staff_site)
    for key in ("facilitator", "manager"):
        assert staff_site.signed_in(key).get("/staff/screens").status_code == 403
        assert "Screens" not in staff_site.signed_in(key).text("/staff")
    other = staff_site.signed_in("elsewhere")
    assert "No screen of your office is set up" in other.text("/staff/screens")
    for action in ("code", "remove"):
        assert other.post(f"/staff/screens/1/{action}", {}, "/staff").status_code == 404
    response = staff_site.signed_in("administrator").post("/staff/screens", {"name": " waiting  ROOM "})
    assert (response.status_code, "has a screen of this name already" in response.text) == (400, True)
    assert other.post("/staff/screens", {"name": "Waiting room"}).status_code == 200


def test_a_screen_that_is_removed_is_an_unknown_one(staff_site, screen):
    at_the_door = machine(screen)
    at_the_door.post("/set-up", {"code": code_of(added(staff_site))})
    admin = staff_site.signed_in("administrator")
    assert "The screen is removed" in admin.follow("/staff/screens/1/remove", {})
    at_the_door.client.post("/messages", json={"text": "a canary"})
    assert "It is not known which screen" in staff_site.signed_in().text("/staff")
    assert [entry.action for a in ("added", "set up", "removed") for entry in audited(staff_site, f"screen {a}")] == [
        "screen added",
        "screen set up",
        "screen removed",
    ]


def test_another_key_leaves_screens_set_up(staff_site, screen):
    from bot.database.keyring import Keyring, new_key
    from bot.retention import key_rotation
    from tests.support.records import TEST_KEY

    at_the_door = machine(screen)
    at_the_door.post("/set-up", {"code": code_of(added(staff_site))})
    keys = [new_key(), TEST_KEY]
    staff_site.record.engine.dialect.keyring = staff_site.record.keyring = Keyring(keys)
    with staff_site.record.writing() as connection:
        key_rotation.rotate(connection, "test", NOW)
    staff_site.record.engine.dialect.keyring = staff_site.record.keyring = Keyring(keys[:1])
    at_the_door.client.post("/messages", json={"text": "a canary"})
    assert "Where Waiting room, Example office" in staff_site.signed_in().text("/staff")


# Floods


def test_a_flood_from_one_address_is_one_alert_and_each_crisis_is_answered(staff_site, screen):
    client = TestClient(screen)
    for n in range(MOST_NEW + 50):
        client.cookies.clear()
        response = client.post("/messages", json={"text": f"a canary {n}"})
        assert response.json()["replies"][0]["text"] == "Lines that help.", n
    (one,) = open_alerts(staff_site)
    assert one.messages == MOST_NEW + 50


def test_new_visits_of_one_address_are_limited_and_those_under_way_are_not(staff_site, screen):
    client, stays = TestClient(screen), TestClient(screen)
    assert stays.post("/messages", json={"text": "hello"}).status_code == 200
    statuses = []
    for _ in range(MOST_NEW + 5):
        client.cookies.clear()
        statuses.append(client.post("/messages", json={"text": "hello"}).status_code)
    assert statuses.count(429) == 6
    assert stays.post("/messages", json={"text": "hello"}).status_code == 200
    client.cookies.clear()
    assert client.post("/messages", json={"text": "a canary"}).status_code == 200
    assert client.post("/", data={"text": "a canary"}).status_code == 200
    staff_site.now += timedelta(minutes=10)
    client.cookies.clear()
    assert client.post("/messages", json={"text": "hello"}).status_code == 200
