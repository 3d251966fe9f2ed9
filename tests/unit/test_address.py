"""An address has a type, and is written as it has always been stored."""

import pytest

from bot.messages import Address, AddressKind


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("sms:+447700900123", AddressKind.SMS, "+447700900123"),
        ("telegram:4711", AddressKind.TELEGRAM, "4711"),
        ("screen:a:b", AddressKind.KIOSK, "a:b"),
        ("terminal:x", AddressKind.TERMINAL, "x"),
        ("a name", AddressKind.OTHER, "a name"),
        ("other:a", AddressKind.OTHER, "other:a"),
        ("", AddressKind.OTHER, ""),
    ],
)
def test_an_address_is_read_as_it_was_written(text, kind, value):
    assert Address.parse(text) == Address(kind, value)
    assert str(Address.parse(text)) == text


@pytest.mark.parametrize(
    ("channel", "stored", "text"),
    [
        ("kannel", "+447700900123", "sms:+447700900123"),
        ("twilio", "+447700900123", "sms:+447700900123"),
        ("sms", "+447700900123", "sms:+447700900123"),
        ("sms", "sms:+447700900123", "sms:+447700900123"),
        ("telegram", "4711", "telegram:4711"),
        ("screen", "screen:token", "screen:token"),
        ("screen", "token", "screen:token"),
    ],
)
def test_what_is_stored_beside_a_channel_is_the_address_on_it(channel, stored, text):
    assert str(Address.on(channel, stored)) == text
