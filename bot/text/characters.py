"""One plain letter for each that carries a mark or only looks like one: "díe", "stöp", a Cyrillic "с" in "suicide"."""

import re
import unicodedata

_LATIN = str.maketrans(
    {
        **dict(zip("ıłøđðħŧŋɑɓƀɖɗɛəɡɨɭɔƒʋƙƥƭƶʂɱȷ", "iloddhtnabbddeegilofvkptzsmj", strict=True)),
        **dict(zip("ŁØĐÐĦŦŊƏƁƊƑƘƤƬƵ", "LODDHTNEBDFKPTZ", strict=True)),
        **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)),
        **{"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ẞ": "SS", "þ": "th", "Þ": "TH"},
        # Letters in a circle or a square that Unicode itself does not call the same as the letter.
        **{chr(first + i): chr(ord("A") + i) for first in (0x1F150, 0x1F170) for i in range(26)},
    }
)
"""Letters of Latin alphabets that Unicode does not take apart into a letter and a mark."""
_ALIKE = str.maketrans(
    dict(zip("авекмнорстухѕіјԁԛԝһӏ", "abekmhopctyxsijdqwhl", strict=True))
    | dict(zip("АВЕКМНОРСТУХЅІЈԀԚԜҺӀ", "ABEKMHOPCTYXSIJDQWHL", strict=True))
    | dict(zip("αβεικνορτυχγηωσ", "abeikvoptuxynwo", strict=True))
    | dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
)
"""Cyrillic and Greek letters that look like Latin ones."""
_FOREIGN = re.compile(r"[^\W\d_]*[\u0370-\u052f][^\W\d_]*")


def base_letters(text: str) -> str:
    """Return ``text`` with a plain Latin letter for each that has a mark or looks like one."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text.translate(_LATIN))
    text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Me"))
    return unicodedata.normalize("NFC", _FOREIGN.sub(_lookalike, text))


def _lookalike(found: re.Match[str]) -> str:
    # A word that is left with other letters is of another language, and stays as it is.
    word = found.group().translate(_ALIKE)
    return word if word.isascii() else found.group()
