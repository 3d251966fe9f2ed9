"""From a question that nobody could answer to its answer: asked, proposed, approved, trained, tried, and asked again."""

import os
import re
import threading
import time

import httpx
import pytest
from sqlalchemy import select

from bot import bootstrap
from bot.records.enums import Role
from bot.records.staff import members
from bot.settings import Settings
from bot.training import added_questions, current_model, models
from bot.training.tables import training
from tests.support.records import TEST_KEY
from tests.support.serving import listening
from tests.support.staff_desk import PASSWORD

QUESTION, ALIKE = "where do the vapers go", "is there anywhere for vapers to go"
ASKED_MEANWHILE = "wot if i mis a sesion"
LONGEST = 900
"""Seconds that a training and its trial may take on a busy machine; on two free cores it is two minutes."""


@pytest.fixture
def service(bot, tmp_path):
    """The whole service, as the composition root builds it, with folders and a record of its own."""
    (tmp_path / "models").mkdir()
    own = models.path(Settings().models)
    os.link(own, tmp_path / "models" / own.name)
    settings = Settings(
        models=tmp_path / "models",
        added=tmp_path / "added",
        spool=tmp_path / "spool",
        database_url=f"sqlite:///{tmp_path}/record.db",
        database_key=TEST_KEY,
    )
    record = bootstrap.database(settings)
    with record.writing() as connection:
        for name, role in (("Max Invented", Role.MANAGER), ("Bea Invented", Role.MANAGER)):
            email = f"{name.split()[0].lower()}@example.org"
            members.add(connection, name, email, role, PASSWORD, "Example office", "test", app_now())
    with listening(bootstrap.application(settings, record)) as address:
        yield settings, record, address
    record.engine.dispose()


def app_now():
    from bot.conversation.handler import utc_now

    return utc_now()


def signed_in(browser, address, name):
    page = browser.new_context(base_url=address).new_page()
    page.goto("/staff")
    page.get_by_label("Email address").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", level=1, name="Today").wait_for()
    return page


def said(address, text, client=httpx):
    """Ask the screen, as somebody new or as the visitor who holds ``client``."""
    response = client.post(f"{address}/messages", json={"text": text}, timeout=30)
    assert response.status_code == 200
    return response.json()


def topic(answer):
    """Return what the first reply is the wording of."""
    return answer["replies"][0]["topic"]


def exported(settings):
    """Return what the service has exported, as soon as there is something."""
    for _ in range(60):
        if found := added_questions.entries(settings.added):
            break
        time.sleep(0.5)
    return [entry.questions for entry in found]


class Asking(threading.Thread):
    """One visitor who goes on asking until told to stop; new visits from one address are limited."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address, self.topics, self.stopped = address, [], threading.Event()

    def run(self):
        with httpx.Client() as client:
            while not self.stopped.wait(0.5):
                try:
                    self.topics.append(topic(said(self.address, ASKED_MEANWHILE, client)))
                except Exception as error:
                    self.topics.append(repr(error))


@pytest.mark.timeout(LONGEST + 200)
def test_req_42_a_question_is_taught_by_two_people_and_answered_without_a_stop(service, browser):
    settings, record, address = service
    before = said(address, QUESTION)
    assert topic(before) != "breaks"

    max_ = signed_in(browser, address, "max")
    found = max_.get_by_role("link", name=f"“{QUESTION}”")
    for _ in range(20):
        max_.goto("/staff/questions")
        if found.count():
            break
        time.sleep(0.5)
    found.click()
    max_.get_by_role("checkbox", name=f"“{QUESTION}”").wait_for()
    max_.get_by_role("button", name="Add to a topic").click()
    max_.get_by_label("Questions to learn").fill(f"{QUESTION}\n{ALIKE}")
    max_.get_by_label("They are answered by").select_option("breaks")
    max_.get_by_role("button", name="Propose").click()
    max_.get_by_text("You proposed this: somebody else decides.").wait_for()
    assert max_.get_by_role("button", name="Approve").count() == 0

    bea = signed_in(browser, address, "bea")
    bea.goto("/staff/questions/proposals")
    bea.get_by_role("button", name="Approve for Breaks").click()
    bea.get_by_text("The next training learns 1 proposal").wait_for()
    assert exported(settings) == [(QUESTION, ALIKE)]

    asking = Asking(address)
    asking.start()
    bea.get_by_role("button", name="Train").click()
    bea.get_by_text(re.compile("is (waiting to begin|under way)")).wait_for()
    bea.get_by_text(re.compile("is (done|failed)")).wait_for(timeout=LONGEST * 1000)  # the page looks again by itself
    assert "the new model is in use" in bea.content(), bea.locator("#training").inner_text()
    asking.stopped.set()
    asking.join(30)

    after = said(address, QUESTION)
    assert topic(after) == "breaks"
    assert len(asking.topics) > 20
    assert set(asking.topics) == {"missed_session"}
    assert "Of what it was taught it answers 2 of 2" in bea.content()
    assert "Learnt" in bea.content()
    with record.reading() as connection:
        name = connection.execute(select(training.c.model)).scalar()
    assert current_model.model(settings, record) == settings.models / name, "a restart goes on with it"
