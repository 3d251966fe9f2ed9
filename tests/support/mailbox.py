"""The mailbox without its surroundings: a bot that echoes, a provider that takes, and one step at a time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from bot.dialogue.errors import DialogueError
from bot.messages import Address, AddressKind, Answer, Arrival, Reply, ReplyFormat, SendReceipt
from bot.messaging import inbox
from bot.messaging.worker import ChannelConfig

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ADA, BEN = "+447700900001", "+447700900002"
ROUTES = {name: ChannelConfig(AddressKind.SMS, ReplyFormat.SMS) for name in ("kannel", "twilio")}


class Echo:
    """A bot that says what it heard, remembers how often it was asked, and fails on demand."""

    def __init__(self):
        self.heard = []
        self.failures = 0

    async def answer(self, message, unit):
        if self.failures:
            self.failures -= 1
            raise DialogueError("broken")
        self.heard.append((message.conversation, message.text))
        count = unit.state.misunderstood + 1
        unit.state = replace(unit.state, misunderstood=count)
        alerts = ("crisis",) if "danger" in message.text else ()
        return Answer((Reply(f"{count}: {message.text}"),), alerts=alerts, held_secret="secret" in message.text)

    async def handle(self, message, unit):
        return await self.answer(message, unit)

    def apology(self, reply_format):
        return Answer((Reply("sorry"),))

    def slow_down(self, reply_format):
        return Answer((Reply("slow down"),))

    def safety_response(self, message):
        return None

    def must_be_heard(self, message, state):
        return "stop" in message.text


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


class Provider:
    """Takes what is sent; refuses or stumbles on demand."""

    def __init__(self):
        self.taken = []
        self.trouble = []

    async def send(self, address, outbound):
        if self.trouble:
            raise self.trouble.pop(0)
        self.taken.append((address, outbound.text))
        return SendReceipt(f"id{len(self.taken)}")


def store(record, clock, *texts, address=ADA, channel="kannel"):
    for text in texts:
        with record.writing() as connection:
            assert inbox.store(
                connection, Arrival(channel, f"id {address} {text}", Address.on(channel, address), text), clock()
            )


def work(worker):
    async def all_of_it():
        while await worker.handle_one():
            pass

    asyncio.run(all_of_it())


def send(sender):
    async def all_of_it():
        while await sender.send_some():
            pass

    asyncio.run(all_of_it())


def states(record, table):
    with record.reading() as connection:
        return [row.state for row in connection.execute(select(table).order_by(table.c.id))]
