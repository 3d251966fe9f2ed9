"""A message's text is cleaned and normalised once, however many parts of the bot read it."""

from uuid import uuid4

import pytest

from bot.messages import Address, InboundMessage, ReplyFormat
from bot.text import normalise


@pytest.fixture
def normalised(monkeypatch):
    """The texts that the real normaliser was given."""
    seen, real = [], normalise.Normaliser.__call__
    monkeypatch.setattr(normalise.Normaliser, "__call__", lambda self, text: seen.append(text) or real(self, text))
    return seen


def handled(bot, loop, name, text, reply_format):
    return loop.run(bot.handle(InboundMessage(Address.parse(name), text, reply_format)))


@pytest.mark.parametrize("reply_format", [ReplyFormat.SCREEN, ReplyFormat.SMS])
def test_a_message_is_normalised_once(bot, loop, normalised, reply_format):
    for text in ("What happens if I miss a session?", "wot r the rules mate", "is there a dress code"):
        normalised.clear()
        handled(bot, loop, f"sms:+4477009{uuid4().int % 100000:05d}", text, reply_format)
        assert normalised == [text]


def test_so_is_one_that_is_read_in_the_context_of_the_last_answer(bot, loop, normalised):
    name = uuid4().hex
    handled(bot, loop, name, "what happens if i miss a session", ReplyFormat.SCREEN)
    handled(bot, loop, name, "and after that?", ReplyFormat.SCREEN)  # the topic's own words are normalised once as well
    normalised.clear()
    handled(bot, loop, name, "and if i do it again?", ReplyFormat.SCREEN)
    assert normalised == ["and if i do it again?"]


def test_no_text_is_normalised_twice_where_there_are_several_ways_to_read_it(bot, loop, normalised):
    handled(bot, loop, uuid4().hex, "i wan tto d ie", ReplyFormat.SCREEN)
    assert len(normalised) == len(set(normalised)) > 1
