"""The pages of staff as tests use them: served over a record, a client for each member, a clock that tests set."""

import re
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.testclient import TestClient

from bot.messages import Answer, Reply
from bot.records.enums import Role
from bot.records.staff import members
from bot.replies.wording import load
from bot.settings import Settings
from bot.web.frontend.environment import environment
from bot.web.pages import pages
from bot.web.participant_notifier import ParticipantNotifier
from bot.web.staff.app import StaffApp
from bot.web.staff.routes import routes

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""A Tuesday morning; Evening A has a session that evening."""
PASSWORD = "an invented password"
PEOPLE = {
    "facilitator": ("Fay Invented", Role.FACILITATOR, "Example office"),
    "manager": ("Max Invented", Role.MANAGER, "Example office"),
    "administrator": ("Ada Invented", Role.ADMINISTRATOR, "Example office"),
    "elsewhere": ("Eve Invented", Role.ADMINISTRATOR, "Another office"),
}


def add_members(record, people, now):
    with record.writing() as connection:
        for key, (name, role, office) in people.items():
            members.add(connection, name, f"{key}@example.org", role, PASSWORD, office, "test", now)


async def echo(message):
    """Stands in for the bot: the desk only passes questions on."""
    return Answer((Reply(f"An answer to: {message.text}", "A heading of the leaflet"),))


class Served:
    """The application, and its clock; added questions go to a folder of its own."""

    def __init__(self, record, handle=echo, settings=None):
        self._folder = TemporaryDirectory(prefix="leafline-added-")
        self.added = Path(self._folder.name)
        self.record, self.now = record, NOW
        gateways = {"sms": "twilio", "telegram": "telegram"}
        self.app = StaffApp(
            record,
            settings or Settings(added=self.added),
            environment(),
            lambda: self.now,
            load("isotp", "en"),
            ParticipantNotifier(gateways),
            handle=handle,
        )
        self.routes = routes(self.app)
        self.application = pages(self.routes)

    def visitor(self):
        return Visitor(TestClient(self.application, follow_redirects=False))

    def signed_in(self, key="facilitator"):
        visitor = self.visitor()
        response = visitor.post(
            "/staff/sign-in", {"email": f"{key}@example.org", "password": PASSWORD}, "/staff/sign-in"
        )
        assert response.status_code == 303, response.text
        return visitor


class Visitor:
    """Somebody with a browser that keeps cookies."""

    def __init__(self, client):
        self.client = client

    def get(self, path):
        return self.client.get(path)

    def text(self, path):
        """What a page says, without its markup."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return words(response.text)

    def post(self, path, fields, shown_on=None):
        """Send a form with the token of the page that shows it."""
        token = form_token(self.get(shown_on or path).text)
        return self.client.post(path, data={**fields, "form_token": token})

    def follow(self, path, fields, shown_on=None):
        """Send a form and return what the page after it says."""
        response = self.post(path, fields, shown_on)
        assert response.status_code == 303, words(response.text)
        return self.text(response.headers["location"])


def form_token(html):
    found = re.search(r'name="form_token" value="([^"]+)"', html)
    assert found, "the page has no form"
    return found[1]


def words(html):
    import html as entities

    main = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", html)
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def each(staff_site, method):
    """Yield every address of staff that takes ``method``, its numbers filled in."""
    for route in staff_site.routes:
        if method in route.methods and "rest" not in route.path:
            yield route, re.sub(r"\{\w+:int\}", "1", route.path)
