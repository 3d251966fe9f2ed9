"""Link codes and PINs as people write them: found in a message before anything else may see it."""

import re
from dataclasses import dataclass

from bot.text import pins, six_digits
from bot.text.clean import has_words

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of a link code: without I, L and O, which look like digits; the digits go without 0 and 1."""
DIGITS = "23456789"
SHAPE = (LETTERS, DIGITS, LETTERS, LETTERS, DIGITS, LETTERS, LETTERS, LETTERS)
"""What stands where in a link code: no word of any message has this shape, so a code is known when seen."""

_CLASSES = [f"[{characters}]" for characters in SHAPE]
_CODE = re.compile(rf"(?<![A-Z0-9]){''.join(_CLASSES[:4])}[ .\-_]{{0,3}}{''.join(_CLASSES[4:])}(?![A-Z0-9])")
_SPREAD = re.compile(r"[ .\-_]{0,3}".join(_CLASSES))
"""With marks or spaces anywhere: only where it is the whole message."""
_INTRODUCED = re.compile(r"^(?:/?start|link|(?:my |the )?(?:link )?code(?: is)?)[\s:]+(?P<code>.*)$", re.IGNORECASE)
_MISTYPED = re.compile(r"(?=.*[A-Z])(?=.*\d)[A-Z0-9](?:[ .\-_]?[A-Z0-9]){3,11}", re.IGNORECASE)
_HALVES = re.compile(r"(?=[^-]*\d[^-]*-[^-]*\d)(?=.*[A-Z])[A-Z0-9]{3,5}-[A-Z0-9]{3,5}", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_NO_HALVES = re.compile(r"\d(?:am|pm|st|nd|rd|th)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Secrets:
    """What a message holds."""

    code: str | None = None
    """A link code, in capitals and without marks; also one that is mistyped, but meant as one."""
    pin: str | None = None
    """The digits of what is called a PIN, or stands alone as six digits."""
    digits: str | None = None
    """Digits in a short message: a PIN, rightly or wrongly written, where one is waited for."""
    rest: str = ""
    """What is asked beside the PIN, where something is."""

    @property
    def any(self) -> bool:
        """Whether there is something that nobody else may see."""
        return bool(self.code or self.pin)


def find(text: str) -> Secrets:
    """Return what ``text`` (cleaned) holds."""
    code = _code(text)
    if code:
        return Secrets(code=code)
    plain = pins.plain_digits(text)
    named = pins.named(plain)
    if named:
        return Secrets(pin=named.digits, rest=named.rest)
    waited_for = pins.waited_for(plain)
    if waited_for is None:
        return Secrets()
    is_alone = len(waited_for.digits) == six_digits.DIGITS and not has_words(_DIGITS.sub("", plain))
    pin = waited_for.digits if is_alone else None
    return Secrets(pin=pin, digits=waited_for.digits, rest=waited_for.rest)


def _code(text: str) -> str | None:
    upper = text.upper().strip()
    found = _CODE.search(upper) or _SPREAD.fullmatch(upper.strip(" .!"))
    if found:
        return _plain(found[0])
    introduced = _INTRODUCED.match(upper)
    if introduced and (_SPREAD.fullmatch(introduced["code"]) or _MISTYPED.fullmatch(introduced["code"])):
        return _plain(introduced["code"])
    halves = _HALVES.fullmatch(upper)
    return _plain(halves[0]) if halves and not _NO_HALVES.search(text) else None


def _plain(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())
