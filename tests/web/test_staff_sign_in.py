"""Signing in: what opens the pages of staff, what does not, and how long it holds."""

import io
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from bot.records.enums import Role
from bot.records.staff import login_sessions, members
from bot.records.staff.signing_in import sign_in
from bot.records.staff.tables import staff, staff_session, staff_try
from bot.records.tables import audit_entry
from bot.settings import Settings, SettingsError
from tests.support.records import TEST_KEY
from tests.support.staff_desk import NOW, PASSWORD, Served, words

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


def test_waits_grow_to_an_hour_and_no_further(connection):
    now = NOW
    for tried in range(1, 15):
        assert sign_in(connection, EMAIL, "wrong", "", now) is None
        until = connection.execute(select(staff_try.c.wait_until)).scalar()
        expected = None if tried < 3 else min(timedelta(seconds=15 * 2 ** (tried - 3)), timedelta(hours=1))
        assert (until and until - now) == expected
        if until:
            assert sign_in(connection, EMAIL, PASSWORD, "", until - timedelta(seconds=1)) is None
            now = until
    assert actions(connection)[-1] == "sign-in wrong"
    assert sign_in(connection, EMAIL, PASSWORD, "", now) is not None


def test_wrong_tries_from_elsewhere_lock_nobody_out(connection):
    for n in range(100):
        assert sign_in(connection, EMAIL, "wrong", "", NOW, f"203.0.113.{n % 3}") is None
    assert sign_in(connection, EMAIL, PASSWORD, "", NOW, "203.0.113.1") is None
    assert sign_in(connection, EMAIL, PASSWORD, "", NOW, "198.51.100.1") is not None


def test_an_administrator_lifts_a_wait(connection):
    for _ in range(10):
        assert sign_in(connection, EMAIL, "wrong", "", NOW) is None
    assert sign_in(connection, EMAIL, PASSWORD, "", NOW) is None
    members.unlock(connection, members.find(connection, EMAIL), "test", NOW)
    assert sign_in(connection, EMAIL, PASSWORD, "", NOW) is not None


def test_whoever_knows_the_password_and_guesses_codes_slows_the_account_down_from_every_address(connection):
    members.start_totp(connection, members.find(connection, EMAIL), EMAIL, "test", NOW)
    for n in range(3):
        assert sign_in(connection, EMAIL, PASSWORD, "000000", NOW, f"203.0.113.{n}") is None
    code = pyotp.TOTP(connection.execute(select(staff.c.totp)).scalar()).at(NOW)
    assert sign_in(connection, EMAIL, PASSWORD, code, NOW, "198.51.100.1") is None
    later = NOW + timedelta(seconds=15)
    code = pyotp.TOTP(connection.execute(select(staff.c.totp)).scalar()).at(later)
    assert sign_in(connection, EMAIL, PASSWORD, code, later, "198.51.100.1") is not None


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
    login_sessions.begin(connection, "one", who, NOW)
    assert login_sessions.holder(connection, "one", NOW + timedelta(minutes=29)) == who
    assert login_sessions.holder(connection, "one", NOW + timedelta(minutes=58)) == who
    assert login_sessions.holder(connection, "one", NOW + timedelta(minutes=88)) is None
    login_sessions.begin(connection, "two", who, NOW)
    for minutes in range(0, 719, 25):
        assert login_sessions.holder(connection, "two", NOW + timedelta(minutes=minutes)) == who
    assert login_sessions.holder(connection, "two", NOW + timedelta(hours=12)) is None


def test_another_password_ends_every_session(connection):
    who = sign_in(connection, EMAIL, PASSWORD, "", NOW)
    login_sessions.begin(connection, "one", who, NOW)
    members.set_password(connection, who.id, "another invented one", "test", NOW)
    assert connection.execute(select(staff_session)).first() is None
    assert sign_in(connection, EMAIL, PASSWORD, "", NOW) is None


def test_a_short_password_or_a_second_member_of_one_address_is_refused(connection):
    with pytest.raises(members.MemberError, match="expected 12 or more"):
        members.add(connection, "Jo", "jo@example.org", Role.MANAGER, "short", "Example office", "test", NOW)
    with pytest.raises(members.MemberError, match="already"):
        members.add(connection, "Jo", EMAIL, Role.MANAGER, PASSWORD, "Example office", "test", NOW)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("password1234", "Many people use"),
        ("Sam Invented1", "your name"),
        ("sam@example.org", "your email address"),
        ("Example office 7", "your office"),
        ("leafline.1234", "the name of this service"),
        ("christopher1", "is a name"),
        ("extraordinary", "from the dictionary"),
        ("asdfghjkl;'#", "beside each other"),
        ("samsamsamsam", "again and again"),
        ("abcdefghijklm", "in order"),
        ("19/05/1987-19", "Dates and years"),
    ],
)
def test_a_password_that_is_guessed_early_is_refused_with_the_reason(connection, password, why):
    id_ = members.find(connection, EMAIL)
    with pytest.raises(members.MemberError, match=f"{why}.*Use three or more words"):
        members.set_password(connection, id_, password, "test", NOW)
    assert sign_in(connection, EMAIL, PASSWORD, "", NOW) is not None, "the old one is still the right one"


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "brown dog on a Tuesday", "xkcdtrrsyqpl", "ä" + "ö\U0001f600 hören " * 20],
)
def test_words_that_do_not_belong_together_are_taken_however_long(connection, password):
    members.set_password(connection, members.find(connection, EMAIL), password, "test", NOW)
    assert sign_in(connection, EMAIL, password, "", NOW) is not None


def test_signing_in_gives_another_cookie_out_of_reach_of_scripts(staff_site):
    visitor = staff_site.visitor()
    visitor.get("/staff/sign-in")
    before = visitor.client.cookies["staff"]
    response = visitor.post("/staff/sign-in", {"email": "facilitator@example.org", "password": PASSWORD})
    cookie = response.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/staff"))
    assert visitor.client.cookies["staff"] != before
    assert "Fay Invented, facilitator, Example office" in visitor.text("/staff")


def test_unknown_and_wrong_get_the_same_page(staff_site):
    pages = []
    for email in ("facilitator@example.org", "nobody@example.org"):
        response = staff_site.visitor().post("/staff/sign-in", {"email": email, "password": "wrong"})
        assert response.status_code == 403
        pages.append(words(response.text))
    assert pages[0] == pages[1]
    assert "wrong, or it is too soon" in pages[0]


def test_whoever_guesses_at_one_account_is_slowed_down_and_nobody_else_behind_the_same_proxy(staff_site):
    visitor = staff_site.visitor()
    wrong, right = ({"email": "facilitator@example.org", "password": word} for word in ("x", PASSWORD))
    for n in range(20):
        assert visitor.post("/staff/sign-in", wrong).status_code == 403
        assert visitor.post("/staff/sign-in", {"email": f"nobody{n}@example.org", "password": "x"}).status_code == 403
    assert visitor.post("/staff/sign-in", right).status_code == 429
    assert staff_site.signed_in("manager").get("/staff").status_code == 200
    staff_site.now += timedelta(hours=1)
    assert visitor.post("/staff/sign-in", right).status_code == 303


@pytest.mark.parametrize(("trusted", "written", "seen"), [
    ((), "203.0.113.1", "127.0.0.1"),
    (("10.0.0.1",), "203.0.113.1", "127.0.0.1"),
    (("127.0.0.1",), "203.0.113.1", "203.0.113.1"),
    (("127.0.0.1",), "198.51.100.9, 203.0.113.1", "203.0.113.1"),
    (("127.0.0.0/8",), "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    (("127.0.0.1",), "", "127.0.0.1"),
])  # fmt: skip
def test_only_a_trusted_proxy_says_where_somebody_calls_from(trusted, written, seen):
    import httpx
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    from bot.web.client import client
    from tests.support.serving import listening

    async def tell(request):
        return PlainTextResponse(client(request))

    with listening(Starlette(routes=[Route("/", tell)]), trusted) as address:
        headers = {"X-Forwarded-For": written} if written else {}
        assert httpx.get(address, headers=headers).text == seen


def test_the_setting_of_trusted_proxies_is_checked():
    read = Settings.from_env({"LEAFLINE_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"})
    assert read.trusted_proxies == ("127.0.0.1", "10.0.0.0/8")
    assert Settings.from_env({}).trusted_proxies == ()
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES is 'proxy': expected addresses or networks"):
        Settings.from_env({"LEAFLINE_TRUSTED_PROXIES": "proxy"})


@pytest.mark.on_each_database
def test_req_32_signed_out_or_idle_shows_nothing_more(staff_site):
    visitor = staff_site.signed_in()
    visitor.post("/staff/sign-out", {}, "/staff")
    assert visitor.get("/staff").headers["location"] == "/staff/sign-in"
    visitor = staff_site.signed_in()
    staff_site.now += timedelta(minutes=30)
    assert visitor.get("/staff").headers["location"] == "/staff/sign-in"


def test_secure_cookies_are_a_setting(staff_site):
    staff_site = Served(staff_site.record, settings=Settings(secure_cookies=True))
    assert "secure" in staff_site.visitor().get("/staff/sign-in").headers["set-cookie"].lower()


def test_req_32_a_page_that_asks_by_itself_keeps_no_session_open(staff_site):
    visitor = staff_site.signed_in()
    for _ in range(3):
        staff_site.now += timedelta(minutes=10)
        last = visitor.get("/staff/alerts")
    assert last.headers["location"] == "/staff/sign-in"


def test_req_39_another_key_finds_members_and_ends_sessions(staff_site):
    from bot.database.keyring import Keyring, new_key
    from bot.retention import key_rotation

    keys = [new_key(), TEST_KEY]
    visitor = staff_site.signed_in()
    with staff_site.record.writing() as connection:
        members.add(connection, "Jo", "Jo.Capital@Example.org", Role.MANAGER, PASSWORD, "Example office", "test", NOW)
    staff_site.record.engine.dialect.keyring = staff_site.record.keyring = Keyring(keys)
    with staff_site.record.writing() as connection:
        key_rotation.rotate(connection, "test", NOW)
    staff_site.record.engine.dialect.keyring = staff_site.record.keyring = Keyring(keys[:1])
    with staff_site.record.writing() as connection:
        assert sign_in(connection, "jo.capital@example.org", PASSWORD, "", NOW).name == "Jo"
    assert visitor.get("/staff").headers["location"] == "/staff/sign-in"
    assert staff_site.signed_in().get("/staff").status_code == 200


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
    assert run("list")[1] == f"1\tSam Invented\t{EMAIL}\tadministrator\tMain office\n"
    answers = iter(["one invented password", "another invented password"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    status, _, err = run("password", EMAIL)
    assert (status, "the two passwords differ" in err) == (2, True)
    assert run("unlock", EMAIL)[0] == 0
    assert "nobody has that email address" in run("remove", "jo@example.org")[2]
    assert run("remove", EMAIL)[0] == 0
    assert run("list")[1] == ""
