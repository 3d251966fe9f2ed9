"""Link codes and PINs as people write them: found in a message before anything else may see it."""

import re
from dataclasses import dataclass
from itertools import pairwise

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
_NO_HALVES = re.compile(r"\d(?:am|pm|st|nd|rd|th)\b", re.IGNORECASE)

# Six digits as people group them; a date has other groups, or goes on after a mark.
_SIX = r"(?<![\d./-])(?:\d{6}|\d{3}[ -]\d{3}|\d{2} \d{2} \d{2}|(?:\d ){5}\d)(?![./-]?\d)"
_RUN = r"(?<![\d./-])(?:\d(?: ?\d){3,9}|\d{3}-\d{3,4})(?![./-]?\d)"
_NAMED = re.compile(
    rf"(?:\b(?:my )?(?:pin|passcode|password)\b(?: (?:number|code))?(?: is|'s)?[\s:=,]*)(?P<after>{_RUN})"
    rf"|(?P<before>{_RUN})(?= (?:is|'s) (?:my |the )?(?:pin|passcode|password)\b)",
    re.IGNORECASE,
)
_ALONE = re.compile(_RUN)
_BARE = re.compile(
    rf"(?:(?:ok|okay|it|is|its|it's|here|my|the|number|so|hi|please|thanks|try)[\s:,.!]+)*(?P<six>{_SIX})[\s.!]*"
)


@dataclass(frozen=True)
class Secrets:
    """What a message holds."""

    code: str | None = None
    """A link code, in capitals and without marks; also one that is mistyped, but meant as one."""
    pin: str | None = None
    """The digits of what is called a PIN, or stands alone as six digits."""
    digits: str | None = None
    """Digits that stand alone: a PIN, rightly or wrongly written, where one is waited for."""
    rest: str = ""
    """The message without its PIN, where more was said than that."""

    @property
    def any(self) -> bool:
        """Whether there is something that nobody else may see."""
        return bool(self.code or self.pin)


def find(text: str) -> Secrets:
    """Return what ``text`` (cleaned) holds."""
    code = _code(text)
    if code:
        return Secrets(code=code)
    named = _NAMED.search(text)
    if named:
        rest = " ".join((text[: named.start()] + " " + text[named.end() :]).split()).strip(" ,.;:-")
        return Secrets(pin=_plain(named["after"] or named["before"]), rest=rest if len(rest.split()) > 2 else "")
    bare = _BARE.fullmatch(text.lower())
    if bare:
        digits = _plain(bare["six"])
        return Secrets(pin=digits if _ALONE.fullmatch(text.strip(" .!")) else None, digits=digits)
    alone = _ALONE.fullmatch(text.strip(" .!"))
    return Secrets(digits=_plain(alone[0]) if alone else None)


def easy(pin: str) -> bool:
    """Tell whether a PIN is one of those that people guess first: one digit, a run, or a pattern repeated."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return (len(steps) == 1 and steps <= {0, 1, 9}) or pin[:2] * 3 == pin or pin[:3] * 2 == pin


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
