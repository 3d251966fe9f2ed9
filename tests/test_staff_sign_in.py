"""Signing in: what opens the pages of staff, what does not, and how long it holds."""

import io
from datetime import timedelta

import pyotp
import pytest
from conftest import TEST_KEY
from sqlalchemy import select
from staff_desk import NOW, PASSWORD, Served, words

from bot.records.outcomes import Role
from bot.records.staff import members, sessions, signing_in
from bot.records.staff.signing_in import sign_in
from bot.records.tables import audit_entry, staff, staff_session
from bot.settings import Settings

EMAIL = "sam@example.org"


@pytest.fixture
def connection(empty_record):
    with empty_record.writing() as connection:
        members.add(connection, "Sam Invented", EMAIL, Role.FACILITATOR, PASSWORD, "Example office", "test", NOW)
        yield connection


def actions(connection):
    return list(connection.execute(select(audit_entry.c.action).order_by(audit_entry.c.id)).scalars())


def test_the_right_password_signs_in_however_the_address_is_written(connection):
    who = sign_in(connection, f" {EMAIL.upper()} ", PASSWORD, "", NOW)
    assert (who.name, who.role, who.office) == ("Sam Invented", Role.FACILITATOR, "Example office")
    assert actions(connection) == ["staff added", "signed in"]


def test_waits_grow_and_ten_wrong_tries_lock_for_a_day(connection):
    now = NOW
    for tried in range(1, 11):
        assert sign_in(connection, EMAIL, "wrong", "", now) is None
        until = connection.execute(select(staff.c.locked_until)).scalar()
        expected = None if tried < 3 else timedelta(days=1) if tried == 10 else timedelta(seconds=15 * 2 ** (tried - 3))
        assert (until and until - now) == expected
        if until:
            assert sign_in(connection, EMAIL, PASSWORD, "", until - timedelta(seconds=1)) is None
            now = until
    assert actions(connection)[-1] == "sign-in locked"
    assert sign_in(connection, EMAIL, PASSWORD, "", now) is not None


def test_a_code_of_the_app_works_once_and_only_with_the_password(connection):
    members.start_totp(connection, members.find(connection, EMAIL), EMAIL, "test", NOW)
    code = pyotp.TOTP(connection.execute(select(staff.c.totp)).scalar()).at(NOW)
    assert sign_in(connection, EMAIL, PASSWORD, "", NOW) is None
    assert sign_in(connection, EMAIL, PASSWORD, f"{code[:3]} {code[3:]}", NOW) is not None
    assert sign_in(connection, EMAIL, PASSWORD, code, NOW) is None


def test_nothing_that_names_a_member_is_readable_in_the_database(connection):
    row = connection.execute(staff.select().with_only_columns(staff.c.id, staff.c.password)).first()
    raw = connection.exec_driver_sql("SELECT name, email, email_hash FROM staff").first()
    assert all(b"Sam" not in bytes(value) and b"sam@" not in bytes(value) for value in raw)
    assert row.password.startswith("$argon2id$")


def test_req_32_a_session_ends_after_30_idle_minutes_and_after_12_hours(connection):
    who = sign_in(connection, EMAIL, PASSWORD, "", NOW)
    sessions.begin(connection, "one", who, NOW)
    assert sessions.holder(connection, "one", NOW + timedelta(minutes=29)) == who
    assert sessions.holder(connection, "one", NOW + timedelta(minutes=58)) == who
    assert sessions.holder(connection, "one", NOW + timedelta(minutes=88)) is None
    sessions.begin(connection, "two", who, NOW)
    for minutes in range(0, 719, 25):
        assert sessions.holder(connection, "two", NOW + timedelta(minutes=minutes)) == who
    assert sessions.holder(connection, "two", NOW + timedelta(hours=12)) is None


def test_another_password_ends_every_session(connection):
    who = sign_in(connection, EMAIL, PASSWORD, "", NOW)
    sessions.begin(connection, "one", who, NOW)
    members.set_password(connection, who.id, "another invented one", "test", NOW)
    assert connection.execute(select(staff_session)).first() is None
    assert sign_in(connection, EMAIL, PASSWORD, "", NOW) is None


def test_a_short_password_or_a_second_member_of_one_address_is_refused(connection):
    with pytest.raises(members.MemberError, match="expected 12 or more"):
        members.add(connection, "Jo", "jo@example.org", Role.MANAGER, "short", "Example office", "test", NOW)
    with pytest.raises(members.MemberError, match="already"):
        members.add(connection, "Jo", EMAIL, Role.MANAGER, PASSWORD, "Example office", "test", NOW)
    assert signing_in.WRONG_TRIES == 10


def test_signing_in_gives_another_cookie_out_of_reach_of_scripts(desk):
    visitor = desk.visitor()
    visitor.get("/staff/sign-in")
    before = visitor.client.cookies["staff"]
    response = visitor.post("/staff/sign-in", {"email": "facilitator@example.org", "password": PASSWORD})
    cookie = response.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/staff"))
    assert visitor.client.cookies["staff"] != before
    assert "Fay Invented, facilitator, Example office" in visitor.text("/staff")


def test_unknown_and_wrong_get_the_same_page(desk):
    pages = []
    for email in ("facilitator@example.org", "nobody@example.org"):
        response = desk.visitor().post("/staff/sign-in", {"email": email, "password": "wrong"})
        assert response.status_code == 403
        pages.append(words(response.text))
    assert pages[0] == pages[1]
    assert "wrong, or it is too soon" in pages[0]


def test_one_address_that_guesses_is_slowed_down(desk):
    visitor = desk.visitor()
    for n in range(20):
        assert visitor.post("/staff/sign-in", {"email": f"nobody{n}@example.org", "password": "x"}).status_code == 403
    right = {"email": "facilitator@example.org", "password": PASSWORD}
    assert visitor.post("/staff/sign-in", right).status_code == 429
    desk.now += timedelta(minutes=10)
    assert visitor.post("/staff/sign-in", right).status_code == 303


def test_req_32_signed_out_or_idle_shows_nothing_more(desk):
    visitor = desk.signed_in()
    visitor.post("/staff/sign-out", {}, "/staff")
    assert visitor.get("/staff").headers["location"] == "/staff/sign-in"
    visitor = desk.signed_in()
    desk.now += timedelta(minutes=30)
    assert visitor.get("/staff").headers["location"] == "/staff/sign-in"


def test_secure_cookies_are_a_setting(desk):
    desk = Served(desk.record, settings=Settings(secure_cookies=True))
    assert "secure" in desk.visitor().get("/staff/sign-in").headers["set-cookie"].lower()


def test_req_32_a_page_that_asks_by_itself_keeps_no_session_open(desk):
    visitor = desk.signed_in()
    for _ in range(3):
        desk.now += timedelta(minutes=10)
        last = visitor.get("/staff/alerts")
    assert last.headers["location"] == "/staff/sign-in"


def test_req_39_another_key_finds_members_and_ends_sessions(desk):
    from bot.database.keyring import Keyring, new_key
    from bot.records import rotation

    keys = [new_key(), TEST_KEY]
    visitor = desk.signed_in()
    with desk.record.writing() as connection:
        members.add(connection, "Jo", "Jo.Capital@Example.org", Role.MANAGER, PASSWORD, "Example office", "test", NOW)
    desk.record.engine.dialect.keyring = desk.record.keyring = Keyring(keys)
    with desk.record.writing() as connection:
        rotation.rotate(connection, "test", NOW)
    desk.record.engine.dialect.keyring = desk.record.keyring = Keyring(keys[:1])
    with desk.record.writing() as connection:
        assert sign_in(connection, "jo.capital@example.org", PASSWORD, "", NOW).name == "Jo"
    assert visitor.get("/staff").headers["location"] == "/staff/sign-in"
    assert desk.signed_in().get("/staff").status_code == 200


def test_the_first_administrator_comes_from_the_command_line(tmp_path, monkeypatch, capsys):
    from bot.__main__ import main

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/record.db")

    def run(*arguments, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main(["staff", *arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    add = ("add", "--role", "administrator", "Sam Invented", EMAIL)
    status, out, err = run(*add, "--totp", "--password-stdin", typed=f"{PASSWORD}\n")
    assert (status, "as administrator of Main office" in err) == (0, True)
    assert out.startswith("otpauth://totp/Leafline:sam%40example.org?secret=")
    assert run(*add, "--password-stdin", typed=f"{PASSWORD}\n")[0] == 2
    assert run("list")[1] == "1\tSam Invented\tadministrator\tMain office\n"
    answers = iter(["one invented password", "another invented password"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    status, _, err = run("password", EMAIL)
    assert (status, "the two passwords differ" in err) == (2, True)
    assert run("unlock", EMAIL)[0] == 0
    assert "nobody has that email address" in run("remove", "jo@example.org")[2]
    assert run("remove", EMAIL)[0] == 0
    assert run("list")[1] == ""
