"""What the value of a setting is checked for. Each check raises ValueError with what follows the variable's name.

A check reads the text that an environment holds; a value that is not text is already what it should be.
"""

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from bot.text import discretion
from bot.text.typed import normalised

Check = Callable[[object], object]


def number(lowest: int, highest: int) -> Check:
    """Return a check for a whole number between the two."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            return value
        if not (re.fullmatch(r"[0-9]{1,9}", value) and lowest <= int(value) <= highest):
            raise ValueError(f"is {value!r}: expected a number from {lowest} to {highest}")
        return int(value)

    return check


def one_of(*choices: str) -> Check:
    """Return a check for one of ``choices``, in capitals or small letters."""

    def check(value: object) -> object:
        if isinstance(value, str) and value.upper() not in choices:
            raise ValueError(f"is {value!r}: expected {', '.join(choices[:-1])} or {choices[-1]}")
        return value.upper() if isinstance(value, str) else value

    return check


def written_as(pattern: str, expected: str, *, secret: bool = False) -> Check:
    """Return a check for a text that is wholly ``pattern``; the message does not quote one that is ``secret``."""

    def check(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise ValueError(f"{'cannot be used' if secret else f'is {value!r}'}: expected {expected}")
        return value

    return check


def no_longer_than(longest: int) -> Check:
    """Return a check for a text of 1 to ``longest`` characters."""

    def check(value: object) -> object:
        if isinstance(value, str) and not 0 < len(value) <= longest:
            raise ValueError(f"has {len(value)} characters: expected 1 to {longest}, so that it fits an SMS")
        return value

    return check


def not_empty(value: object) -> object:
    """Refuse an empty text: it is more likely a slip than a wish."""
    if value == "":
        raise ValueError("is empty: leave it out, or give it a value")
    return value


def yes_or_no(value: object) -> object:
    """Read yes or no."""
    if not isinstance(value, str):
        return value
    if value.lower() not in ("yes", "no"):
        raise ValueError(f"is {value!r}: expected yes or no")
    return value.lower() == "yes"


def discreet(value: object) -> object:
    """Return a text that others than the person may see, without what cannot be seen in it."""
    if not isinstance(value, str):
        return value
    return _without(discretion.refused(value), value)


def discreet_sender(value: object) -> object:
    """Return a sender's name; less may be in it than in the texts of :func:`discreet`."""
    if not isinstance(value, str):
        return value
    return _without(discretion.refused(value) or discretion.doubtful(value), value)


def _without(telling: str | None, value: str) -> str:
    if telling:
        expected = "expected neutral words, for others than the person may see it"
        raise ValueError(f"is {value!r}, and “{telling}” tells what it is about: {expected}")
    return normalised(value)


def hosts(value: object) -> object:
    """Read names of hosts with commas between."""
    return tuple(_host(part.strip()) for part in value.split(",")) if isinstance(value, str) else value


def _host(text: str) -> str:
    if not re.fullmatch(r"(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", text):
        raise ValueError(f"has {text!r}: expected names like bot.example.org, with commas, without a port")
    return text.lower()


def networks(value: object) -> object:
    """Read addresses and networks with commas between."""
    if not isinstance(value, str):
        return value
    return tuple(_network(part.strip()) for part in value.split(",") if part.strip())


def _network(text: str) -> str:
    try:
        return str(ip_network(text)) if "/" in text else str(ip_address(text))
    except ValueError:
        expected = "expected addresses or networks with commas, like 127.0.0.1,10.0.0.0/8"
        raise ValueError(f"is {text!r}: {expected}") from None


def phones(value: object) -> object:
    """Read mobile numbers with commas between, as E.164."""
    return tuple(_phone(part) for part in value.split(",")) if isinstance(value, str) else value


def _phone(text: str) -> str:
    from bot.text.phone_numbers import NumberError, e164  # the library's tables are loaded only where there is a number

    try:
        return e164(text)
    except NumberError:
        # Without the value: it may be somebody's own number, and this is shown and logged.
        expected = "expected mobile numbers with commas, like +447700900123,+447700900124"
        raise ValueError(f"cannot be used: {expected}") from None
