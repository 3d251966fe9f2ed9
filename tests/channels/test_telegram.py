"""Telegram through python-telegram-bot's own networking, against a Bot API server on loopback."""

import asyncio
import json
import time
from datetime import UTC, datetime
from statistics import median

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from telegram import Bot, Update

from bot.alerts.tables import alert
from bot.errors import PermanentSendError, TransientSendError
from bot.messages import Address, AddressKind, Button, File, OutboundMessage
from bot.messaging import gateways as gateways_module
from bot.messaging.channels.telegram import commands, receiving
from bot.messaging.channels.telegram.channel import Telegram
from bot.messaging.channels.telegram.pace import RateLimit
from bot.messaging.channels.telegram.updates import arrival
from bot.messaging.gateways import gateways
from bot.messaging.tables import outbox
from bot.records.access import identities
from bot.records.participants.tables import participant
from bot.runtime.background import BackgroundRuntime
from bot.settings import Settings, SettingsError
from bot.web.pages import pages
from bot.web.webhooks import routes
from tests.support.bot_api import TOKEN, bot_api

SECRET = "a-secret-that-only-telegram-knows"


@pytest.fixture
def api():
    with bot_api() as running:
        yield running


def settings(api, **more):
    return Settings(telegram_token=TOKEN, telegram_api_base_url=api.url, **more)


@pytest.fixture
def channel(api, loop):
    async def made():
        channel = gateways(settings(api))["telegram"].channel
        await channel.introduce(commands.load().menu)
        return channel

    return loop.run(made())


class Running:
    """The whole service with the real bot, fetching from the stand-in."""

    def __init__(self, record, bot, api, loop, **more):
        self._loop = loop
        gateway = gateways(settings(api, **more))["telegram"]
        self.channel = gateway.channel

        async def run():
            self._stop = asyncio.Event()
            service = BackgroundRuntime(
                record,
                bot,
                {"telegram": gateway.route},
                {"telegram": gateway.channel.send},
                lambda: datetime.now(UTC),
                receivers=[gateway.receive],
            )
            self.service = service
            self._started.set()
            async with service.running():
                await self._stop.wait()

        self._run = run

    def __enter__(self):
        async def begin():
            self._started = asyncio.Event()
            self._task = asyncio.create_task(self._run())
            await self._started.wait()

        self._loop.run(begin())
        return self

    def __exit__(self, *_):
        async def end():
            self._stop.set()
            await self._task

        self._loop.run(end())


@pytest.fixture
def running(record, bot, api, loop):
    with Running(record, bot, api, loop) as service:
        yield service


# The whole way


def test_a_question_is_fetched_and_answered_and_the_menu_set(api, running):
    api.say("what if i miss a session")
    api.wait(1)
    assert "catch-up" in api.texts()[0]
    assert api.commands == commands.load().menu
    assert api.sent[0]["link_preview_options"] == '{"is_disabled": true}'


def test_buttons_are_taps_that_are_answered_and_confirmed(api, running, unsure):
    api.say(unsure)
    api.wait(1)
    keyboard = json.loads(api.sent[0]["reply_markup"])["inline_keyboard"]
    assert len(keyboard) >= 2
    assert all(len(button["callback_data"].encode()) <= 64 for row in keyboard for button in row)
    api.tap(keyboard[1][0]["callback_data"])
    api.wait(2)
    assert "reply_markup" not in api.sent[1]
    assert len(api.wait_for("answercallbackquery")) == 1


def test_a_tap_on_an_old_message_is_answered_though_it_cannot_be_confirmed(api, running):
    api.refuse("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
    api.tap("Missing a session", old=True)
    api.wait(1)
    assert "catch-up" in api.texts()[0]


@pytest.mark.parametrize(
    ("sent", "part"),
    [
        ("/start", "automatic information service"),
        ("/help", "automatic information service"),
        ("/HELP@desk_test_bot", "automatic information service"),
        ("/stop", "I won't send you anything more"),
        ("/next", "I don't know who you are yet"),
        ("/attendance", "I don't know who you are yet"),
    ],
)
def test_commands_are_answered(api, running, sent, part):
    api.say(sent)
    api.wait(1)
    assert part in api.texts()[0]


DANGER = "i want to kill myself"
COMMANDS = (
    "/help",
    "/next",
    "/attendance",
    "/stop",
    "/start",
    "/unknown",
    "/HELP@desk_test_bot",
    "/stop@desk_test_bot",
)


@pytest.mark.parametrize("between", [" ", ", ", "\n", " - ", ". ", ": ", " please "])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_with_words_behind_it_is_a_message(channel, api, command, between):
    said = api.say(f"{command}{between}{DANGER}")
    found = arrival(Update.de_json(said, channel.bot), channel.commands, channel.bot.id, channel.bot.username)
    assert found.text.endswith(DANGER)


@pytest.mark.parametrize("command", COMMANDS[:5])
def test_danger_behind_a_command_is_answered_also_after_stop(api, running, record, command):
    api.say(f"{command} {DANGER}")
    api.wait(1)
    assert "116 123" in api.texts()[0]
    api.say("/stop")
    api.say(f"{command}\n{DANGER}")
    api.wait(3)
    # Danger may overtake the /stop before it, so its place among the replies is not fixed.
    assert sum("116 123" in text for text in api.texts()) == 2
    with record.reading() as connection:
        rows = connection.execute(select(alert.c.topic, alert.c.address)).all()
    assert "crisis" in [row.topic for row in rows if row.address == str(api.somebody)]


def test_danger_behind_a_command_is_answered_in_a_group(api, running):
    api.say("/help i want to kill myself @desk_test_bot", chat=-100789)
    api.say("/stop@desk_test_bot i want to kill myself", chat=-100789)
    api.wait(2)
    assert all("116 123" in text for text in api.texts(-100789))


@pytest.mark.parametrize(
    ("sent", "part"),
    [
        ("/stop please", "I won't send you anything more"),
        ("/STOP, thanks", "I won't send you anything more"),
        ("/help 😀", "automatic information service"),
        ("/help.", "automatic information service"),
        ("/next what are the rules", "arrive on time"),
        ("/attendance\nwhat are the rules", "arrive on time"),
    ],
)
def test_what_stands_behind_a_command_is_heard(api, running, sent, part):
    api.say(sent)
    api.wait(1)
    assert part in api.texts()[0]


def test_an_album_is_answered_once(api, running):
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]
    for _ in range(3):
        api.update({"message": api.message(photo=photo, media_group_id="13579")})
    api.update({"message": api.message(photo=photo, media_group_id="24680", caption="what are the rules")})
    for _ in range(2):
        api.update({"message": api.message(photo=photo, media_group_id="24680")})
    api.update({"message": api.message(photo=photo, media_group_id="11111")})
    api.update({"message": api.message(photo=photo, media_group_id="11111", caption=DANGER)})
    api.wait(4)
    danger = [text for text in api.texts() if "116 123" in text]
    first, rules, other = [text for text in api.texts() if text not in danger]
    assert "no words" in first and "no words" in other
    assert "arrive on time" in rules
    assert len(danger) == 1, "it goes before all others"


@pytest.mark.parametrize("more", [{"date": 10**20}, {"text": "i want to die \ud83d"}, {"text": ["a"]}, {"entities": 5}])
def test_req_18_odd_updates_raise_nothing(api, loop, channel, more):
    async def parsed():
        return channel.parse(api.update({"message": api.message(text="hello") | more}))

    found = loop.run(parsed())
    assert found is None or "\ud83d" not in str(found.text)


def test_after_stop_there_is_silence_but_for_danger_until_start(api, running, record):
    for text in ("/stop", "what are the rules", "i want to kill myself", "/start", "what are the rules"):
        api.say(text)
    api.wait(4)
    stopped, danger, started, rules = api.texts()
    assert "116 123" in danger
    assert "START" in stopped
    assert "again" in started
    assert "START" not in rules
    with record.reading() as connection:
        rows = connection.execute(select(alert.c.topic, alert.c.address)).all()
    assert [row.topic for row in rows if row.address == str(api.somebody)] == ["crisis", "opted_out"]


def test_a_link_code_opens_the_own_record_and_secrets_are_taken_back(api, running, record):
    with record.writing() as connection:
        person = connection.execute(select(participant)).first()
        identities.reset_pin(connection, person.id, "test", datetime.now(UTC))
        code = identities.issue_code(connection, person.id, "test", datetime.now(UTC))
    said = api.say(f"/start {code}")
    api.wait(1)
    assert "PIN" in api.texts()[0]
    pin = api.say("274913")
    api.wait(2)
    api.say("how many sessions have i been to")
    api.wait(3)
    deleted = [int(call["message_id"]) for call in api.wait_for("deletemessage", 2)]
    assert deleted == [said["message"]["message_id"], pin["message"]["message_id"]]
    assert api.sent[2]["protect_content"] == "true"
    assert api.sent[0]["protect_content"] == "false"
    assert not any(secret in text for text in api.texts() for secret in (code, "274913", person.reference))


def test_typing_is_shown_only_while_somebody_waits(api, loop, channel):
    async def waits():
        channel.take(Update.de_json(api.say("hello"), channel.bot))
        await asyncio.sleep(1.2)

    async def does_not_wait():
        channel.take(Update.de_json(api.say("hello"), channel.bot))
        await channel.send(str(api.somebody), OutboundMessage("hello"))
        await asyncio.sleep(1.2)

    loop.run(does_not_wait())
    assert [name for name, _ in api.calls if name == "sendchataction"] == []
    loop.run(waits())
    assert len(api.wait_for("sendchataction")) == 1


# What comes in


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]},
        {"sticker": {"file_id": "a", "file_unique_id": "a", "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
        {"voice": {"file_id": "a", "file_unique_id": "a", "duration": 1}},
        {"location": {"latitude": 53.4, "longitude": -2.2}},
        {"text": ""},
    ],
)  # fmt: skip
def test_req_18_what_has_no_words_is_answered_as_such(api, running, content):
    api.update({"message": api.message(**content)})
    api.wait(1)
    assert "no words" in api.texts()[0]


def test_req_18_edits_captions_and_posts_of_channels(api, running):
    api.edit("what if i miss a session")
    api.wait(1)
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]
    api.update({"message": api.message(photo=photo, caption="what are the rules")})
    api.wait(2)
    post = api.message(-100123, text="what are the rules") | {"chat": {"id": -100123, "type": "channel", "title": "x"}}
    api.update({"channel_post": post})
    api.update({"poll": {"id": "1"}})
    other_bot = api.message(text="hello") | {"from": {"id": 5, "is_bot": True, "first_name": "x"}}
    api.update({"message": other_bot})
    api.say("thank you")
    api.wait(3)
    assert "catch-up" in api.texts()[0]
    assert len(api.sent) == 3


def test_in_a_group_only_danger_is_answered_and_only_what_is_meant_for_the_bot(api, running):
    group = -100456
    member = {"user": {"id": 1, "is_bot": False, "first_name": "x"}, "status": "left"}
    joined = member | {"status": "member"}
    change = {"chat": api.chat(group), "from": api.person(5), "date": 0, "old_chat_member": member, "new_chat_member": joined}  # fmt: skip
    api.update({"my_chat_member": change})
    api.say("so when is the next one lads", chat=group)
    api.say("@desk_test_bot how many sessions have i missed", chat=group)
    api.say("@desk_test_bot i want to kill myself", chat=group)
    api.wait(3)
    time.sleep(0.3)
    danger = [text for text in api.texts(group) if "116 123" in text]
    first, second = [text for text in api.texts(group) if text not in danger]
    assert "only talk in private" in first
    assert first == second
    assert len(danger) == 1, "it goes before all others"


@pytest.mark.parametrize(
    "text", ["/intent{...}", " /restart", "／session_start", '/my_attendance{"participant": 1}', "/"]
)
def test_req_19_what_looks_like_an_order_is_ordinary_text(api, running, text):
    api.say(text)
    api.say("what if i miss a session")
    api.wait(2)
    assert "catch-up" in api.texts()[1]
    assert "Something went wrong" not in api.texts()[0]


def test_req_28_whose_chat_it_is_is_telegrams_word_alone(api, channel):
    forged = api.say("i am chat_id 1", chat=77) | {"chat_id": 1, "conversation": "telegram:1"}
    found = arrival(Update.de_json(forged, channel.bot), {}, 1, "x")
    assert found.address == Address(AddressKind.TELEGRAM, "77")


# What goes wrong


def test_req_10_an_update_is_stored_before_the_next_are_asked_for(api, loop, channel):
    """Telegram forgets an update when a higher offset is asked for: until it is stored, that must not happen."""
    stored, offsets = [], []

    async def store(found):
        offsets.append([f.get("offset") for name, f in api.calls if name == "getupdates"])
        stored.append(found.text)

    async def fetch():
        task = asyncio.create_task(receiving.fetch(channel, {}, store))
        while len(stored) < 3:
            await asyncio.sleep(0.01)
        task.cancel()

    for text in ("one", "two", "three"):
        api.say(text)
    loop.run(asyncio.wait_for(fetch(), 20))
    assert stored == ["one", "two", "three"]
    assert all(offset is None for seen in offsets for offset in seen)


def test_req_15_with_the_database_down_an_update_is_fetched_again(api, loop, channel, monkeypatch):
    from bot.database.engine import DatabaseError

    monkeypatch.setattr(receiving, "_FIRST_WAIT", 0.05)
    stored, down = [], [True, True]

    async def store(found):
        if down:
            down.pop()
            raise DatabaseError("down")
        stored.append(found.text)

    async def fetch():
        task = asyncio.create_task(receiving.fetch(channel, {}, store))
        while len(stored) < 2:
            await asyncio.sleep(0.01)
        task.cancel()

    api.say("one")
    api.say("two")
    loop.run(asyncio.wait_for(fetch(), 20))
    assert stored == ["one", "two"]


def test_req_48_what_comes_behind_an_update_that_cannot_be_kept_is_tried_all_the_same(api, loop, channel, monkeypatch):
    """Somebody in danger is answered directly there, and must not wait for somebody else's message."""
    from bot.database.engine import DatabaseError

    monkeypatch.setattr(receiving, "_FIRST_WAIT", 0.05)
    tried, up = [], []

    async def store(found):
        tried.append(found.text)
        if not up:
            raise DatabaseError("down")

    async def fetch():
        task = asyncio.create_task(receiving.fetch(channel, {}, store))
        while tried.count("two") < 2:
            await asyncio.sleep(0.01)
        up.append(True)
        tried.clear()
        while len(tried) < 2:
            await asyncio.sleep(0.01)
        task.cancel()

    api.say("one")
    api.say("two")
    loop.run(asyncio.wait_for(fetch(), 20))
    assert tried == ["one", "two"], "and once it can be kept, in order"


def test_the_network_and_a_wrong_token_are_lived_with(api, loop, channel, monkeypatch, caplog):
    monkeypatch.setattr(receiving, "_FIRST_WAIT", 0.05)
    monkeypatch.setattr(receiving, "_WRONG_TOKEN_WAIT", 0.05)
    for status, words in ((502, "Bad Gateway"), (409, "Conflict"), (401, "Unauthorized")):
        api.refuse("getUpdates", status, words)
    api.refuse("getUpdates", 429, "Too Many Requests", retry_after=1)
    stored = []

    async def store(found):
        stored.append(found.text)

    async def fetch():
        task = asyncio.create_task(receiving.fetch(channel, {}, store))
        while not stored:
            await asyncio.sleep(0.01)
        task.cancel()

    api.say("one")
    loop.run(asyncio.wait_for(fetch(), 20))
    assert "TELEGRAM_TOKEN" in caplog.text
    assert TOKEN not in caplog.text


def test_somebody_who_blocked_the_bot_blocks_nobody_else(api, running, record):
    api.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    api.say("what are the rules")
    api.say("what are the rules", chat=88)
    api.wait(1)
    with record.reading() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.address_hash == str(api.somebody))).all()
    assert [(row.state, row.detail) for row in rows] == [("failed", "Forbidden")]


def test_req_06_the_providers_wait_is_obeyed(api, running):
    api.refuse("sendMessage", 429, "Too Many Requests: retry after 2", retry_after=2)
    started = time.monotonic()
    api.say("what are the rules")
    api.wait(1)
    assert time.monotonic() - started >= 2


def test_req_06_a_notice_to_200_people_keeps_the_pace(api, loop, channel):
    async def notice():
        await asyncio.gather(*(channel.send(str(1000 + n % 190), OutboundMessage(f"{n}")) for n in range(200)))

    loop.run(notice())
    times = sorted(call["at"] for call in api.sent)
    assert len(times) == 200
    # A busy machine may take two calls later than they were made, and so nearer to each other: what holds whatever it
    # does is how long all of them take, and the middle one of the gaps.
    assert times[-1] - times[0] >= (200 - 30) / 30 - 0.5
    busiest = [sum(1 for t in times if start <= t < start + 1) for start in times]
    assert median(busiest) <= 33
    both = [sorted(call["at"] for call in api.sent if call["chat_id"] == str(chat)) for chat in range(1000, 1010)]
    assert median(second - first for first, second in both) >= 0.95


def test_req_14_what_may_have_arrived_is_not_sent_twice(api, loop):
    from telegram.request import HTTPXRequest

    bot = Bot(TOKEN, base_url=f"{api.url}/bot", request=HTTPXRequest(read_timeout=0.3, connect_timeout=0.3))
    channel = Telegram(bot, {}, pace=RateLimit(0, 0))
    api.before_answer = lambda method: time.sleep(1)
    with pytest.raises(PermanentSendError, match="nothing was heard"):
        loop.run(channel.send("5", OutboundMessage("hello")))
    assert len(api.sent) == 1
    gone = Telegram(Bot(TOKEN, base_url="http://127.0.0.1:1/bot"), {}, pace=RateLimit(0, 0))
    with pytest.raises(TransientSendError):
        loop.run(gone.send("5", OutboundMessage("hello")))


def test_a_file_goes_with_its_words_in_one_message(api, loop, channel):
    outbound = OutboundMessage("Your dates.", file=File("dates.ics", "text/calendar", "BEGIN:VCALENDAR"), personal=True)
    loop.run(channel.send("5", outbound))
    assert api.sent[0]["caption"] == "Your dates."
    assert api.sent[0]["protect_content"] == "true"
    assert {"name": "dates.ics", "content": "BEGIN:VCALENDAR"} in api.sent[0].values()


# Webhook


def test_req_25_the_webhook_takes_only_what_carries_the_secret(api, loop):
    gateway = gateways(settings(api, telegram_secret=SECRET, public_url="https://bot.example.org"))["telegram"]
    loop.run(gateway.channel.introduce({}))
    kept = []

    async def store(found):
        kept.append(found)

    application = pages(routes({"telegram": gateway.channel}, store, None))
    client = TestClient(application, raise_server_exceptions=False)
    body = json.dumps({"update_id": 7, "message": api.message(5, text="hello")})

    def post(content, **headers):
        return client.post("/webhooks/telegram", content=content, headers=headers).status_code

    own = {"x-telegram-bot-api-secret-token": SECRET}
    assert post(body) == 403
    assert post(body, **{"x-telegram-bot-api-secret-token": SECRET[:-1]}) == 403
    assert kept == []
    assert post(body, **own) == 200
    assert (kept[0].provider_id, kept[0].order, kept[0].text) == (f"7/{json.loads(body)['message']['message_id']}", 7, "hello")  # fmt: skip
    for bad in ("", "[]", "{}", "not json", "[" * 5000, '{"update_id": "x", "message": 5}', '{"message": {}}'):
        assert 400 <= post(bad, **own) < 500, bad
    assert post(json.dumps({"update_id": 8, "poll": {"id": "1"}}), **own) in (200, 400)
    assert len(kept) == 1


def test_the_webhook_is_registered_with_its_secret_and_one_call_at_a_time(api, loop):
    gateway = gateways(settings(api, telegram_secret=SECRET, public_url="https://bot.example.org"))["telegram"]
    loop.run(gateway.receive(None))
    assert api.webhook["url"] == "https://bot.example.org/webhooks/telegram"
    assert api.webhook["secret_token"] == SECRET
    assert api.webhook["max_connections"] == "1"


# Settings


@pytest.mark.parametrize(
    "given",
    [
        {"TELEGRAM_TOKEN": "abc"},
        {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": "telegram"},
        {"TELEGRAM_TOKEN": TOKEN, "LEAFLINE_TELEGRAM_SECRET": SECRET},
        {"TELEGRAM_TOKEN": TOKEN, "LEAFLINE_TELEGRAM_SECRET": "short", "LEAFLINE_PUBLIC_URL": "https://x.example.org"},
    ],
)
def test_a_setting_that_cannot_be_used_is_named(given):
    with pytest.raises(SettingsError, match=r"TELEGRAM|PUBLIC_URL"):
        Settings.from_env(given)


def test_the_token_is_all_that_a_newcomer_sets():
    found = Settings.from_env({"TELEGRAM_TOKEN": TOKEN})
    assert list(gateways_module.gateways(found)) == ["telegram"]
    assert gateways(found)["telegram"].channel.bot.base_url == f"https://api.telegram.org/bot{TOKEN}"


def test_a_button_with_a_long_title_still_fits():
    title = "é" * 60
    from bot.messaging.channels.telegram.channel import _keyboard

    data = _keyboard((title,)).inline_keyboard[0][0].callback_data
    assert len(data.encode()) <= 64
    assert title.startswith(data)
    assert Button(title, title).text == title
