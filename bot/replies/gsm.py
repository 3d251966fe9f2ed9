"""GSM 03.38: what a text message can carry, and in how many parts."""

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"  # noqa: E501
)
EXTENDED = frozenset("^{}[]~\\|€\f")
"""Characters that take two places (escape and character)."""
_ALL = BASIC | EXTENDED

_MAPPED = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "•": "-"}
)


def to_gsm(text: str) -> str:
    """Return ``text`` with typographic quotes, dashes and bullets mapped to their plain forms."""
    return text.translate(_MAPPED)


def is_gsm(text: str) -> bool:
    """Tell whether every character of ``text`` is in the GSM 7-bit alphabet or its extension."""
    return _ALL.issuperset(text)


def parts(text: str) -> int:
    """Return how many text messages carry ``text``: 160 places alone or 153 a part, 70 or 67 in UCS-2.

    A two-place character is never cut in two, so a part may end one place early.
    """
    if not is_gsm(text):
        units = [2 if ord(c) > 0xFFFF else 1 for c in text]
        return _count(units, single=70, joined=67)
    return _count([2 if c in EXTENDED else 1 for c in text], single=160, joined=153)


def _count(units: list[int], *, single: int, joined: int) -> int:
    if sum(units) <= single:
        return 1
    count, room = 1, joined
    for unit in units:
        if unit > room:
            count, room = count + 1, joined
        room -= unit
    return count
