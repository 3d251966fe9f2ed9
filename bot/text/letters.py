"""A word as it was meant letter by letter, for those who compare it with a word of their own."""

import re

from bot.text.characters import base_letters
from bot.text.clean import clean
from bot.text.normalise import shared

_MARK = re.compile(r"(?<!\d)[^\w\s'-]|[^\w\s'-](?!\d)|_|(?<!\w)['-]|['-](?!\w)")


def plain_letters(text: str) -> str:
    """Return the words of ``text`` in lower case and plain letters, without punctuation.

    "St0p", "s t o p", "stöp", "S.T.O.P" and "STOP!" all come out as "stop". Spelling is not mended and short forms
    stay, so that a word that is not there does not come of it; codes, numbers, dates and names stay too.
    """
    undone = shared().undisguised(base_letters(clean(text)).lower())
    return " ".join(_MARK.sub(" ", undone).split())
