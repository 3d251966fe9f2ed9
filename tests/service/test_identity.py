"""Who is asking: link codes, PINs, what is seen without them, and what happens to both in the middle of anything else."""

import itertools
import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.conversation.identity import Identity
from bot.database.engine import DatabaseError
from bot.database.unit_of_work import UnitOfWork
from bot.messages import Address, InboundMessage, Origin, ReplyFormat
from bot.records.access import identities
from bot.records.access.tables import channel_identity
from bot.records.access.tables import link_code as link_codes
from bot.records.access.waits import WRONG_PINS
from bot.records.enums import Access
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from bot.records.tables import audit_entry
from bot.text.personal_codes import find
from bot.text.text import Text
from tests.support.records import RECORD, imported

START = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)
UNLOCK = timedelta(minutes=15)
PIN = "580417"
numbers = itertools.count(100)


@pytest.fixture
def people(empty_record):
    imported(empty_record, RECORD)
    return empty_record


def issue(record, reference, now=START):
    with record.writing() as connection:
        person = repository.participant_id(connection, reference)
        return identities.issue_code(connection, person, "test", now)


class Person:
    """Somebody with a telephone of their own, whose clock goes on as the test says."""

    def __init__(self, bot, loop, reply_format=ReplyFormat.SMS):
        self.address = f"sms:+447700900{next(numbers)}"
        self.now = START
        self._bot, self._loop, self._reply_format = bot, loop, reply_format

    def says(self, text, after=timedelta(seconds=5)):
        self.now += after
        answer = self._loop.run(
            self._bot.handle(InboundMessage(Address.parse(self.address), text, self._reply_format, at=self.now))
        )
        self.answer = answer
        return " ".join(reply.text for reply in answer.replies)

    def links(self, record, reference):
        self.says(issue(record, reference, self.now))
        return self.says(PIN)


@pytest.fixture
def person(bot, loop):
    return Person(bot, loop)


@pytest.fixture
def fresh(record):
    """A person of the record without a PIN: one that other tests used is reset first."""

    def reset(reference):
        with record.writing() as connection:
            found = repository.participant_id(connection, reference)
            identities.unlink_all(connection, found, "test", START)
            identities.reset_pin(connection, found, "test", START)
        return reference

    return reset


# A link, from code to answer


@pytest.mark.parametrize(
    "written",
    ["{}", "LINK {}", "link {lower}", "{lower}", "{spaced}", "/start {}", "my code is {}", "hi its {} thanks"],
)
def test_a_code_is_taken_however_it_is_sent(record, fresh, person, written):
    code = issue(record, fresh("P00"))
    said = person.says(written.format(code, lower=code.lower(), spaced=code.replace("-", " ")))
    assert "choose a PIN" in said
    assert person.answer.held_secret


def test_the_whole_way_to_an_own_answer(record, fresh, person):
    assert "link code" in person.says("when is my next session")
    assert "choose a PIN" in person.says(issue(record, fresh("P00"), person.now))
    assert "six digits" in person.says("when is my next session")
    said = person.says(PIN)
    assert "PIN is set" in said
    assert "session 13" in said, "what was asked before the PIN is answered after it"
    assert "attended 12" in person.says("how many have i attended")


def test_after_a_while_the_pin_is_asked_for_again_and_the_question_is_not_lost(record, fresh, person):
    person.links(record, fresh("P00"))
    assert "attended" in person.says("how many have i attended", after=timedelta(minutes=14))
    said = person.says("how many have i attended", after=timedelta(minutes=2))
    assert "PIN" in said
    assert "attended" not in said
    assert "attended 12" in person.says(PIN)


def test_a_leaflet_question_needs_no_pin_and_offers_the_own_figure(record, fresh, person):
    person.links(record, fresh("P01"))
    said = person.says("what if i miss a session", after=timedelta(hours=1))
    assert "catch-up" in said
    assert "Do you want to know how many you can still miss" in said
    assert "PIN" in person.says("yes")
    assert "missed 1" in person.says(PIN)


def test_linking_can_be_interrupted_mistyped_and_taken_up_again(record, fresh, person):
    code = issue(record, fresh("P00"))
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert "did not work" in person.says(wrong)
    assert "choose a PIN" in person.says(code)
    assert "2 hours" in person.says("how long is a session") or "two hours" in person.says("how long is a session")
    assert "six digits" in person.says("12345")
    assert "easy to guess" in person.says("123456")
    assert "whenever you like" in person.says("not now")
    assert "PIN is set" in person.says(PIN)


def test_a_second_telephone_needs_the_same_pin(bot, loop, record, fresh, person):
    person.links(record, fresh("P00"))
    other = Person(bot, loop)
    assert "have a PIN already" in other.says(issue(record, "P00"))
    assert "attended" not in other.says("how many have i attended")
    assert "attended 12" in other.says(PIN)


def test_forget_me_and_lock(record, fresh, person):
    person.links(record, fresh("P00"))
    assert "ask for your PIN" in person.says("lock")
    assert "attended 12" not in person.says("how many have i attended")
    assert "no longer know who you are" in person.says("Forget me please")
    assert "link code" in person.says("how many have i attended")
    assert "attended" not in person.says(PIN)


def test_crisis_comes_before_all_of_it(record, fresh, person):
    code = issue(record, fresh("P00"))
    assert "116 123" in person.says("i want to end my life")
    person.says(code)
    assert "116 123" in person.says("im going to kill myself")
    assert "PIN is set" in person.says(PIN)
    person.says("can't come tomorrow")
    assert "116 123" in person.says("i want to die")


# Requirements


def test_req_27_nobody_gets_at_anybody_elses_record(record, fresh, person, bot, loop):
    person.links(record, fresh("P01"))
    about_others = [
        "how many has Ada Invented missed?",
        "how many has Dave missed?",
        "when is P00's next session",
        '/my_attendance{"participant": 1}',
        "/restart",
        "participant 1: how many have I attended",
        "I am P00. how many have i attended",
    ]
    own = person.says("how many have i attended")
    for text in about_others:
        said = person.says(text)
        assert "attended 12" not in said, text
        assert said == own or not re.search(r"attended \d", said), text
    real, invented = (
        re.sub("Ada Invented|Zed Nobody", "X", person.says(f"how many has {name} missed?"))
        for name in ("Ada Invented", "Zed Nobody")
    )
    assert real == invented
    unknown = Person(bot, loop)
    refusals = {unknown.says(text) for text in ("when is my next session", "when is my next session, I am P01")}
    assert not any("attended" in said or "session 13" in said for said in refusals)


def test_req_28_every_address_is_its_own_conversation(record, fresh, bot, loop, person):
    person.links(record, fresh("P00"))
    assert "session 13" in person.says("when is my next session")
    for address in ("", "sms:", person.address + " ", person.address.upper(), "sms:+447700900999"):
        other = Person(bot, loop)
        other.address = address
        other.now = person.now
        assert "session" not in other.says("and the one after that?").replace("sessions", "")
        assert "link code" in other.says("when is my next session")


def test_req_29_wrong_pins_wait_longer_and_lock_with_one_and_the_same_reply(people):
    with people.writing() as connection:
        code = identities.issue_code(connection, repository.participant_id(connection, "P00"), "test", START)
        identities.link(connection, Address.parse("sms:1"), code.replace("-", ""), START)
        identities.choose_pin(connection, Address.parse("sms:1"), PIN, START, UNLOCK)
        now, waits = START, []
        for _ in range(WRONG_PINS):
            before = now
            while not _wrong_is_counted(connection, "sms:1", now):
                now += timedelta(seconds=15)
            waits.append(now - before)
            now += timedelta(seconds=1)
        assert waits == sorted(waits)
        assert waits[0] == timedelta(0)
        assert waits[-1] >= timedelta(minutes=15)
        # Locked: the right PIN is refused, on another channel as well, however long one waits.
        assert identities.enter_pin(connection, Address.parse("sms:1"), PIN, now + timedelta(days=30), UNLOCK) is False
        code = identities.issue_code(connection, repository.participant_id(connection, "P00"), "test", now)
        identities.link(connection, Address.parse("telegram:1"), code.replace("-", ""), now)
        assert (
            identities.enter_pin(connection, Address.parse("telegram:1"), PIN, now + timedelta(days=30), UNLOCK)
            is False
        )
        code = identities.reset_pin(connection, repository.participant_id(connection, "P00"), "staff", now)
        assert identities.find_caller(connection, Address.parse("sms:1"), now).access is Access.UNKNOWN
        assert identities.link(connection, Address.parse("sms:1"), code.replace("-", ""), now).access is Access.NO_PIN


def _wrong_is_counted(connection, address, now):
    from bot.records.access.tables import pin

    before = connection.execute(select(pin.c.wrong)).scalar()
    assert identities.enter_pin(connection, Address.parse(address), "000001", now, UNLOCK) is False
    return connection.execute(select(pin.c.wrong)).scalar() > before


def test_req_29_the_reply_to_a_pin_that_came_too_soon_tells_nothing_of_it(record, fresh, person):
    person.links(record, fresh("P00"))
    person.says("lock")
    assert "did not work. Please try once more" in person.says("000001")
    person.says("000002")
    assert "Wait 1 minute" in person.says("000003")
    soon = [person.says(pin, after=timedelta(seconds=1)) for pin in ("000004", PIN)]  # the second is right
    assert soon[0] == soon[1]
    assert "for a new one" in soon[0]
    assert "own dates" in person.says(PIN, after=timedelta(minutes=1))


def test_req_29_whoever_waits_is_told_how_long_and_in_the_end_to_ask_staff(record, fresh, person):
    person.links(record, fresh("P00"))
    person.says("lock")
    said = [person.says(f"00000{n}", after=timedelta(hours=2)) for n in range(1, 10)]
    assert [re.search(r"Wait (\d+ minutes?)", one)[1] for one in said[2:]] == [
        "1 minute", "1 minute", "1 minute", "2 minutes", "4 minutes", "8 minutes", "16 minutes"
    ]  # fmt: skip
    assert "no PIN works now" in person.says("000010", after=timedelta(hours=2))
    assert "no PIN works now" in person.says(PIN, after=timedelta(days=1))


def test_req_29_the_lock_survives_a_restart(people, tmp_path):
    identity = Identity(_turns(), UNLOCK)
    with people.writing() as connection:
        code = identities.issue_code(connection, repository.participant_id(connection, "P00"), "test", START)
        identities.link(connection, Address.parse("sms:1"), code.replace("-", ""), START)
        identities.choose_pin(connection, Address.parse("sms:1"), PIN, START, UNLOCK)
        now = START
        for _ in range(WRONG_PINS):
            now += timedelta(hours=2)
            identities.enter_pin(connection, Address.parse("sms:1"), "000001", now, UNLOCK)
    people.engine.dispose()
    result = _run(
        identity.authenticate(
            InboundMessage(Address.parse("sms:1"), PIN), Text(PIN), now + timedelta(days=1), UnitOfWork(people)
        )
    )
    assert result.response_key == "pin_locked"


def test_req_30_codes_are_random_hashed_used_once_and_expire(people):
    with people.writing() as connection:
        ben, cal = (repository.participant_id(connection, reference) for reference in ("P01", "P02"))
        codes = {identities.issue_code(connection, cal, "test", START) for _ in range(200)}
        assert len(codes) == 200
        assert all(find(code).code == code.replace("-", "") for code in codes)
        assert not re.search("[ILO01]", "".join(codes).replace("-", ""))
        code = identities.issue_code(connection, ben, "test", START).replace("-", "")
        stored = connection.execute(select(link_codes.c.code_hash)).scalars().all()
        assert code.encode() not in [bytes(value) for value in stored]
        assert identities.link(connection, Address.parse("sms:1"), code, START + timedelta(hours=25)) is None
        assert identities.link(connection, Address.parse("sms:1"), code, START).participant_id == ben
        assert identities.link(connection, Address.parse("sms:2"), code, START) is None
        older, newer = (identities.issue_code(connection, cal, "test", START).replace("-", "") for _ in range(2))
        assert identities.link(connection, Address.parse("sms:3"), older, START) is None
        assert identities.link(connection, Address.parse("sms:3"), newer, START).participant_id == cal


def test_req_31_a_known_number_alone_shows_nothing(record, fresh, person):
    person.links(record, fresh("P02"))
    for question in (
        "when is my next session",
        "how many have i missed",
        "what are my dates",
        "where do i go",
        "have i got a catch up",
        "how many sessions left",
        "how many can i miss",
        "i cant come tomorrow",
    ):
        said = person.says(question, after=timedelta(hours=1))
        assert not re.search(r"\d{1,2} November|Room|Evening A|missed 2|attended", said), said


def test_req_33_a_removed_participant_is_refused_at_once(people, loop):
    identity = Identity(_turns(), UNLOCK)
    with people.writing() as connection:
        ada = repository.participant_id(connection, "P00")
        for address in ("sms:1", "telegram:1"):
            code = identities.issue_code(connection, ada, "test", START).replace("-", "")
            identities.link(connection, Address.parse(address), code, START)
            if address == "sms:1":
                identities.choose_pin(connection, Address.parse(address), PIN, START, UNLOCK)
            else:
                identities.enter_pin(connection, Address.parse(address), PIN, START, UNLOCK)
        unused = identities.issue_code(connection, ada, "test", START)
        assert identities.find_caller(connection, Address.parse("telegram:1"), START).access is Access.UNLOCKED
        repository.remove(connection, ada, "staff", START)
        assert connection.execute(select(func.count()).select_from(channel_identity)).scalar() == 0
    for address in ("sms:1", "telegram:1"):
        assert (
            loop.run(
                identity.authenticate(
                    InboundMessage(Address.parse(address), "hello"), Text("hello"), START, UnitOfWork(people)
                )
            ).caller.access
            is Access.UNKNOWN
        )
    assert (
        loop.run(
            identity.authenticate(
                InboundMessage(Address.parse("sms:3"), unused), Text(unused), START, UnitOfWork(people)
            )
        ).response_key
        == "no_such_code"
    )
    with people.reading() as connection:
        assert "participant removed" in connection.execute(select(audit_entry.c.action)).scalars().all()


# Nothing of it is seen where it should not be


def test_codes_and_pins_reach_neither_dialogue_nor_log(bot, record, fresh, person, caplog, monkeypatch):
    heard = []
    original = bot._dialogue.respond

    async def listening(*given, **named):
        heard.append(given)
        return await original(*given, **named)

    monkeypatch.setattr(bot._dialogue, "respond", listening)
    code = issue(record, fresh("P00"))
    with caplog.at_level(logging.DEBUG):
        for text in (code, "123456", PIN, "lock", "000001", "my pin is " + PIN, "LINK AAAA-BBB2", "P6QA-6QC"):
            person.says(text)
    assert heard == []
    assert not any(secret in caplog.text for secret in (code, PIN, "000001", person.address[-6:]))


def test_everything_that_changes_access_is_in_the_audit_trail(people):
    with people.writing() as connection:
        ada = repository.participant_id(connection, "P00")
        code = identities.issue_code(connection, ada, "os:someone", START).replace("-", "")
        identities.link(connection, Address.parse("sms:+447700900123"), code, START)
        identities.choose_pin(connection, Address.parse("sms:+447700900123"), PIN, START, UNLOCK)
        identities.enter_pin(connection, Address.parse("sms:+447700900123"), "000001", START, UNLOCK)
        identities.unlink(connection, Address.parse("sms:+447700900123"), START)
        identities.reset_pin(connection, ada, "os:someone", START)
        rows = connection.execute(select(audit_entry).order_by(audit_entry.c.id)).all()
    assert [row.action for row in rows] == [
        "link code issued",
        "channel linked",
        "PIN chosen",
        "PIN wrong",
        "channel unlinked",
        "channels unlinked",
        "PIN reset",
        "link code issued",
    ]
    assert not any("7700900123" in str(row) or PIN in str(row) or code in str(row) for row in rows)


def test_without_the_database_no_secret_gets_through_and_the_leaflet_still_answers(loop):
    class Down:
        async def read(self, work):
            raise DatabaseError("down")

        write = read

    identity = Identity(_turns(), UNLOCK)
    for secret in (PIN, "A2BC-3DEF"):
        result = loop.run(
            identity.authenticate(InboundMessage(Address.parse("sms:1"), secret), Text(secret), START, Down())
        )
        assert result.response_key == "trouble"
    result = loop.run(
        identity.authenticate(
            InboundMessage(Address.parse("sms:1"), "what are the rules"), Text("what are the rules"), START, Down()
        )
    )
    assert (result.response_key, result.caller.access) == (None, Access.UNAVAILABLE)


@pytest.mark.parametrize(
    "text",
    ["tues 24th", "session 2", "what time 2mo", "covid 19 again", "a4 paper", "24th nov 10am", "10am-12pm", "session12", "next 2 weeks", "is it 6pm or 7pm"],
)  # fmt: skip
def test_ordinary_words_are_no_code(text):
    assert find(text).code is None


@pytest.mark.parametrize(
    "text",
    ["K7QF-2MPD", "k7qf2mpd", "K7QF - 2MPD", "K 7 Q F 2 M P D", "k7qf.2mpd", "LINK K7QF-2MPD", "/start k7qf-2mpd", "link: K7QF 2MPD", "hi its k7qf-2mpd thanks"],
)  # fmt: skip
def test_a_code_in_every_spelling(text):
    assert find(text).code == "K7QF2MPD"


@pytest.mark.parametrize("text", ["P6QA-6QC", "X0RM-2KAE", "LINK K7QF2MP", "code K7QF-2MP0"])
def test_a_mistyped_code_is_still_kept_from_everybody(text):
    assert find(text).code


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("580417", "580417"), ("58 04 17", "580417"), ("580-417", "580417"), ("pin 580417", "580417"),
        ("my pin is 580417 please tell me when my next session is", "580417"), ("580417 is my pin", "580417"),
        ("PIN 4829133", "4829133"), ("07700900123", None), ("58041", None), ("2026-11-24", None), ("14-12-26", None),
        ("is there one on 14-12-26?", None), ("my case no is 482 913", None), ("24.11.26", None), ("14/12/2026", None),
    ],
)  # fmt: skip
def test_a_pin_is_no_date_and_no_other_number(text, pin):
    assert find(text).pin == pin


def test_what_else_was_said_beside_a_pin_is_kept():
    assert (
        find("my pin is 580417 please tell me when my next session is").rest == "please tell me when my next session is"
    )
    assert find("ok 580417").digits == "580417"


def test_a_pin_in_a_long_message_is_taken_and_the_rest_answered(record, fresh, person):
    person.links(record, fresh("P00"))
    person.says("lock")
    said = person.says(f"my pin is {PIN} please tell me when my next session is")
    assert "session 13" in said
    assert person.answer.held_secret


def test_a_date_is_never_taken_for_a_pin(record, fresh, person):
    person.says(issue(record, fresh("P00")))
    for text in ("is there one on 14-12-26?", "24-11-26", "14.12", "2026-12-15"):
        assert "PIN is set" not in person.says(text)
    person.says(PIN)
    person.says("lock")
    for text in ("what have i got on 24-11-26", "14-12-26"):
        assert "did not work" not in person.says(text)


def test_a_crisis_message_with_a_secret_in_it_is_deleted_too(person):
    assert "116 123" in person.says(f"i want to kill myself my pin is {PIN}")
    assert person.answer.held_secret


def test_after_a_reset_no_telephone_that_was_linked_chooses_the_pin(record, fresh, person):
    person.links(record, fresh("P00"))
    fresh("P00")
    assert "don't know who you are" in person.says("555013")
    assert "link code" in person.says("when is my next session")


def test_whoever_guesses_codes_is_told_to_wait_and_not_that_a_code_is_wrong(record, fresh, person):
    for number in range(6):
        person.says(f"LINK A2BC-{number + 2}DEF")
    code = issue(record, fresh("P00"), person.now)
    said = person.says(code)
    assert "Wait 10 minutes" in said
    assert "did not work, so" in said
    assert "mistyped" not in said
    assert person.answer.held_secret
    assert "choose a PIN" in person.says(code, after=timedelta(minutes=11))


def test_whoever_guesses_at_screens_shuts_nobody_else_out(bot, loop, record, fresh, person):
    """Each visit to a screen is a new conversation, and anybody can begin as many as they like."""
    codes = itertools.product("23456789", "ABCDE")
    for digit, letter in codes:
        guess = InboundMessage(
            Address.parse(f"screen:{digit}{letter}"), f"A2BC-{digit}DE{letter}", origin=Origin(client="192.0.2.7")
        )
        answer = loop.run(bot.handle(replace(guess, at=START)))
    assert "Wait" in answer.replies[0].text, "from that address no more is looked at"
    assert "choose a PIN" in person.says(issue(record, fresh("P00")))
    code = issue(record, fresh("P00"))
    elsewhere = InboundMessage(Address.parse("screen:elsewhere"), code, at=START, origin=Origin(client="192.0.2.8"))
    assert "choose a PIN" in loop.run(bot.handle(elsewhere)).replies[0].text


# A PIN with something around it


@pytest.mark.parametrize("text", ["{} thanks", "set my pin to {}", "is {} ok", "58-04-17", "{} 👍", "my pin: 580_417"])
def test_a_pin_is_taken_while_it_is_waited_for(record, fresh, person, text):
    person.says(issue(record, fresh("P00")))
    assert "PIN is set" in person.says(text.format(PIN))
    assert person.answer.held_secret
    person.says("lock")
    assert "own dates" in person.says(text.format(PIN))
    assert person.answer.held_secret


@pytest.mark.parametrize("text", ["{} thanks", "ok its {}", "58 04 17 please"])
def test_a_pin_behind_a_code_that_did_not_work_is_a_secret(person, text):
    assert "did not work" in person.says("A2BC-3DEF")
    assert "don't know who you are" in person.says(text.format(PIN))
    assert person.answer.held_secret


@pytest.mark.parametrize(("text", "is_pin"), [("{} thanks", True), ("ok its {}", True), ("its 10 12 26", False)])
def test_a_pin_that_is_sent_once_more_is_a_secret(record, fresh, person, text, is_pin):
    person.says(issue(record, fresh("P00")))
    person.says(PIN)
    person.says(text.format(PIN))
    assert person.answer.held_secret == is_pin


def test_what_makes_no_sense_right_after_a_code_is_answered_with_what_is_waited_for(record, fresh, person):
    person.says(issue(record, fresh("P00")))
    assert person.says("my name is joe") == "Now send six digits for your PIN, just the digits."
    assert "10am" in person.says("what times are the sessions")
    assert "six digits" not in person.says("my name is joe", after=timedelta(hours=1))


def _turns():
    from bot.dialogue.personal_phrases import load

    return load()


def _run(coroutine):
    import asyncio

    return asyncio.run(coroutine)


# STOP and START by text message


def test_stop_is_confirmed_once_then_silence_but_for_danger_and_start(person):
    assert "send START" in person.says("STOP")
    assert person.says("what times are the sessions") == ""
    assert person.says("stop") == ""
    assert person.says("😀") == ""
    said = person.says("i want to kill myself")
    assert "116 123" in said
    assert person.answer.alerts == ("crisis", "opted_out")
    assert "write to me again" in person.says("Start")
    assert "10am" in person.says("what times are the sessions")


@pytest.mark.parametrize("text", ["stopall", "UNSUBSCRIBE", "Cancel", "end.", "QUIT", "please stop texting me"])
def test_every_way_to_stop(person, text):
    assert "send START" in person.says(text)
    assert person.says("what times are the sessions") == ""


STOPPED, STARTED, GOES_ON = "I won't send you anything more", "write to me again", "stopped nothing"


@pytest.mark.parametrize(
    "text",
    ["Stop, wrong number", "STOP - wrong number", "stop you have the wrong number", "wrong number pls stop", "Stop. Thank you", "hi stop", "Stop who is this", "pls stop msging", "leave me alone", "STOP\n\nSent from my iPhone"],
)  # fmt: skip
def test_stop_with_more_words_stops_and_says_nothing_of_what_this_is(person, text):
    assert person.says(text).startswith("OK. I won't send you anything more")
    assert person.answer.alerts == ()
    assert person.says("what times are the sessions") == ""
    assert person.says(text) == ""
    assert person.answer.alerts == ()


@pytest.mark.parametrize("text", ["wrong number", "u got wrong number mate", "this isn't Dave's number"])
def test_a_stranger_learns_nothing_but_how_to_stop(person, text):
    said = person.says(text)
    assert "send STOP" in said
    assert person.answer.alerts == ()
    assert not any(
        word in said.lower() for word in ("officer", "probation", "leaflet", "session", "group", "programme")
    )


@pytest.mark.parametrize(
    "text", ["please dont stop texting me", "switch the texts back on", "i want the messages back", "i didnt mean to stop", "can you start sending me messages again"]
)  # fmt: skip
def test_a_wish_to_go_on_stops_nothing(person, text):
    assert GOES_ON in person.says(text)
    assert "10am" in person.says("what times are the sessions")


@pytest.mark.parametrize("text", ["Start please", "start again", "opt me back in", "START texting me"])
def test_start_with_a_word_or_two_starts(person, text):
    person.says("STOP")
    assert STARTED in person.says(text)
    assert "10am" in person.says("what times are the sessions")


@pytest.mark.parametrize("text", ["turn messages back on", "i didn't mean to stop", "how can i start again"])
def test_who_is_silent_and_writes_of_starting_is_told_how_in_one_line(person, text):
    person.says("STOP")
    assert person.says(text) == "To get messages from me again, send START."
    assert person.says("what times are the sessions") == ""
    assert person.says("hello") == ""


UNDERSTOOD_ONLY = "pack it in with the reminders"


@pytest.mark.parametrize(
    ("answers", "stops"),
    [(["yes"], True), (["Yes please"], True), (["STOP"], True), ([UNDERSTOOD_ONLY], True), (["no"], False), (["what are the rules"], False), (["what are the rules", "yes"], False)],
)  # fmt: skip
def test_a_wish_to_stop_that_is_only_understood_is_asked_about_once(person, answers, stops):
    assert "Reply YES" in person.says(UNDERSTOOD_ONLY)
    said = [person.says(text) for text in answers]
    assert (STOPPED in said[-1]) is stops
    assert not any("Reply YES" in text for text in said)
    assert (person.says("what times are the sessions") == "") is stops


def test_a_thumb_is_neither_yes_nor_no(record, fresh, person):
    person.says(UNDERSTOOD_ONLY)
    assert person.says("👍") == "Please reply yes or no."
    assert STOPPED in person.says("yes")
    other = Person(person._bot, person._loop)
    other.links(record, fresh("P00"))
    other.says("can't come tomorrow")
    assert [other.says(text) for text in ("👍", "✅", "👎🏽")] == ["Please reply yes or no."] * 3
    assert "no words" in Person(person._bot, person._loop).says("👍")


@pytest.mark.parametrize("text", ["STOP", "Stop please", "stopall", "unsubscribe"])
def test_stop_in_the_middle_of_something_stops_and_ends_that(record, fresh, person, text):
    person.links(record, fresh("P00"))
    person.says("can't come tomorrow")
    assert STOPPED in person.says(text)
    assert person.says("what times are the sessions") == ""
    person.says("START")
    assert "noted" not in person.says("yes")


def test_cancel_instead_of_an_offer_and_of_a_pin_cancels_that(record, fresh, person, unsure):
    person.says(unsure)
    assert "Ask me anything else" in person.says("cancel")
    person.says(issue(record, fresh("P00"), person.now))
    assert "whenever you like" in person.says("Cancel")
    assert "10am" in person.says("what times are the sessions")


def test_req_43_a_stop_beside_danger_is_honoured_and_staff_are_told_of_both(person):
    said = person.says("stop i want to kill myself")
    assert "116 123" in said and STOPPED in said
    assert person.answer.alerts == ("crisis", "opted_out")
    assert person.says("what times are the sessions") == ""
    assert "116 123" in person.says("STOP. i want to kill myself")


def test_a_reaction_to_the_help_lines_raises_nothing_again(person):
    helped = person.says("i want to kill myself")
    for form in ("Laughed at “{}”", "Liked “{}”", "Removed a heart from “{}”", "👍 to “{}”"):
        assert person.says(form.format(helped)) == ""
        assert person.answer.alerts == ()
    assert "10am" in person.says(f"Liked “{helped}” what times are the sessions")
    assert person.says("Liked “i want to kill myself”") == helped
    assert person.answer.alerts == ("crisis",)


def test_what_a_telephone_answers_by_itself_is_left_but_for_danger(record, fresh, person):
    person.links(record, fresh("P00"))
    person.says("can't come tomorrow")
    assert person.says("I'm driving right now. I'll get back to you later.") == ""
    assert person.says("Auto reply: I am on holiday until Monday") == ""
    assert "116 123" in person.says("Auto reply: i want to kill myself")


@pytest.mark.parametrize(
    ("text", "heard"),
    [("STOP", True), ("Stop, wrong number", True), ("cancel", True), ("start please", True), ("hello", False), ("stop smoking", False)],
)  # fmt: skip
def test_what_must_be_heard_from_somebody_who_writes_too_much(bot, text, heard):
    assert bot.must_be_heard(InboundMessage(Address.parse("sms:1"), text, ReplyFormat.SMS)) is heard
    assert not bot.must_be_heard(InboundMessage(Address.parse("a screen"), text, ReplyFormat.SCREEN))


def test_cancel_in_the_middle_of_something_cancels_that(record, fresh, person):
    person.links(record, fresh("P00"))
    person.says("can't come tomorrow")
    assert "noted nothing" in person.says("cancel")
    assert "10am" in person.says("what times are the sessions")


def test_stop_ends_what_was_begun(record, fresh, person):
    person.links(record, fresh("P00"))
    person.says("can't come tomorrow")
    person.says("unsubscribe please stop texting me")
    person.says("START")
    assert "noted for staff" not in person.says("yes")


@pytest.mark.parametrize("between", ["when is my next session", "yes"])
def test_a_pin_in_between_ends_what_was_begun(record, fresh, person, between):
    """Whoever gives the PIN may be somebody else: nothing is noted without being read back again."""
    person.links(record, fresh("P00"))
    assert "Shall I note" in person.says("can't come tomorrow")
    assert "PIN" in person.says(between, after=timedelta(hours=1))
    said = person.says(PIN)
    assert "noted for staff" not in said
    if between == "yes":
        assert "Shall I note" in said
    else:
        assert "noted for staff" not in person.says("yes")


def test_a_locked_person_lets_go_too(record, fresh, person):
    person.links(record, fresh("P00"))
    person.says("can't come tomorrow")
    person.says("lock")
    person.says(PIN)
    assert "noted for staff" not in person.says("yes")


def test_a_screen_knows_no_stop(bot, loop):
    person = Person(bot, loop, ReplyFormat.SCREEN)
    person.says("STOP")
    assert "10am" in person.says("what times are the sessions")
