"""Promises of every page of staff."""

import re

import pytest

from bot.settings import ROOT
from bot.web.headers import HEADERS
from tests.support.staff_desk import each, form_token

OPEN = {"show", "enter", "nothing"}
TEMPLATES = sorted((ROOT / "bot" / "web" / "templates").rglob("*.html"))


def test_every_page_needs_somebody_who_is_signed_in(staff_site):
    visitor = staff_site.visitor()
    token = form_token(visitor.get("/staff/sign-in").text)
    for method in ("GET", "POST"):
        for route, path in each(staff_site, method):
            if path == "/staff/sign-in":
                continue
            response = visitor.client.request(method, path, data={"form_token": token} if method == "POST" else None)
            assert (response.status_code, response.headers.get("location")) == (303, "/staff/sign-in"), route.path


def test_every_form_needs_the_token_of_its_own_visitor(staff_site):
    member, other = staff_site.signed_in("administrator"), staff_site.signed_in("manager")
    foreign = form_token(other.get("/staff").text)
    for route, path in each(staff_site, "POST"):
        for fields in ({}, {"form_token": ""}, {"form_token": foreign}, {"form_token": "é"}):
            assert member.client.post(path, data=fields).status_code == 403, route.path
    assert staff_site.visitor().client.post("/staff/sign-in", data={"form_token": foreign}).status_code == 403


def test_every_page_carries_the_safety_headers_and_is_not_kept(staff_site):
    member = staff_site.signed_in("administrator")
    for _, path in [*each(staff_site, "GET"), (None, "/staff/nothing-here"), (None, "/staff/a/b?c=d")]:
        response = member.get(path)
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS, path
        assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("value", [None, "", "x", "2026-11-24", "\0", "é" * 300])
def test_req_18_no_form_makes_a_server_error(staff_site, value):
    names = set()
    for template in TEMPLATES:
        names |= set(re.findall(r"(?:form|book|record|search)\.(\w+)[,)]", template.read_text("utf-8")))
    fields = {} if value is None else dict.fromkeys([*names, "was", "page", "confirmed"], value)
    for route, path in each(staff_site, "POST"):
        if path != "/staff/sign-out":
            response = staff_site.signed_in("administrator").post(path, fields, "/staff")
            assert response.status_code < 500, (route.path, fields)


def test_an_address_that_is_no_page_gets_one_that_says_so(staff_site):
    for visitor in (staff_site.visitor(), staff_site.signed_in()):
        response = visitor.get("/staff/nothing-here")
        assert response.status_code == 404
        assert "Page not found" in response.text


def test_numbers_that_no_row_can_have_are_not_found(staff_site):
    member = staff_site.signed_in("administrator")
    for route in staff_site.routes:
        if "{" in route.path and "rest" not in route.path and "GET" in route.methods:
            for number in ("0", "99999999", "99999999999999999999"):
                assert member.get(re.sub(r"\{\w+:int\}", number, route.path)).status_code == 404, route.path


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_no_page_holds_style_or_script_of_its_own(template):
    text = template.read_text("utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<style", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"(src|href)=\"(https?:)?//", text), "something from elsewhere"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_form_that_is_sent_carries_the_token(template):
    text = template.read_text("utf-8")
    if "staff" in template.parts:
        assert text.count('method="post"') == text.count("forms.token(")


def test_the_first_load_is_light(staff_site):
    visitor = staff_site.visitor()
    html = visitor.get("/staff/sign-in").text
    size = len(html)
    for path in {*re.findall(r'(?:src|href)="(/static/[^"]+)"', html), "/static/govuk/govuk-frontend.min.js"}:
        size += int(visitor.get(path).headers.get("content-length") or len(visitor.client.get(path).content))
    assert size < 150_000
    assert visitor.get("/static/govuk/govuk-frontend.min.css").headers["content-encoding"] == "gzip"


def test_the_typeface_and_the_crest_of_gov_uk_are_not_used():
    css = (ROOT / "bot" / "web" / "static" / "govuk" / "govuk-frontend.min.css").read_text("utf-8")
    assert not re.search(r"GDS Transport|@font-face|url\(", css)
    assert not list((ROOT / "bot" / "web" / "static").rglob("*.woff*"))


def test_a_page_that_fails_says_nothing_of_what_was_asked(staff_site, monkeypatch):
    member = staff_site.signed_in()
    monkeypatch.setattr("bot.web.staff.app.login_sessions.holder", lambda *_: 1 / 0)
    response = member.get("/staff")
    assert response.status_code == 500
    assert "Something went wrong" in response.text
    assert "ZeroDivision" not in response.text


def test_looking_at_a_page_holds_no_lock_on_the_record(staff_site, monkeypatch):
    """Every page is made in a transaction that may not write; what it leaves behind is kept afterwards."""
    from contextlib import contextmanager

    reading = staff_site.record.reading

    @contextmanager
    def only_reading():
        with reading() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("PRAGMA query_only = OFF")

    member = staff_site.signed_in("administrator")
    monkeypatch.setattr(staff_site.record, "reading", only_reading)
    for _, path in each(staff_site, "GET"):
        assert member.get(path).status_code in (200, 303, 404), path


def test_a_page_whose_entry_cannot_be_kept_is_not_shown(staff_site, monkeypatch):
    from contextlib import contextmanager

    from bot.database.engine import DatabaseError

    member = staff_site.signed_in()

    @contextmanager
    def no_writing():
        raise DatabaseError("the database cannot be used just now")
        yield

    monkeypatch.setattr(staff_site.record, "writing", no_writing)
    assert member.get("/staff/participants").status_code == 503
    assert member.get("/staff/groups").status_code == 200, "it leaves nothing behind"


@pytest.mark.on_each_database
def test_every_page_is_shown(staff_site):
    member = staff_site.signed_in("administrator")
    shown = {path: member.get(path).status_code for _, path in each(staff_site, "GET")}
    assert {path: status for path, status in shown.items() if status >= 500} == {}
    assert sum(status == 200 for status in shown.values()) >= 15
