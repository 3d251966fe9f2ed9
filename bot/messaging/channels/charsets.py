"""Text out of bytes, in the character set that came declared with them."""

import codecs
import logging
import re
from email.message import Message

logger = logging.getLogger(__name__)

_NAMES = {
    "ucs2": "utf-16-be",
    "ucs2be": "utf-16-be",
    "iso10646ucs2": "utf-16-be",
    "csunicode": "utf-16-be",
    "utf16be": "utf-16-be",
    "ucs2le": "utf-16-le",
    "utf16le": "utf-16-le",
    "ucs4": "utf-32-be",
    "unicode11utf8": "utf-8",
    "ansi": "windows-1252",
    "windowslatin1": "windows-1252",
    "macintosh": "mac-roman",
}
"""Names, in small letters and without marks, that Python does not know or knows as something else."""
_UTF_16 = frozenset({"utf16", "unicode"})
_NO_CHARSETS = frozenset({"idna", "punycode", "unicodeescape", "rawunicodeescape", "undefined"})
"""What Python can decode and no telephone writes."""
_GSM = frozenset({"gsm", "gsm7", "gsm0338", "gsm7bit", "etsigsm0338", "gsmdefault"})
_GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = dict(zip(b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65", "\f^{}\\[~]|€", strict=True))
_ESCAPE = 0x1B
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF16_LE, "utf-16"))


def text(body: bytes, content_type: str) -> str:
    """Return ``body`` as text, by the charset of its ``content_type``.

    Where none is declared, or one that is not known, what it is shows in the bytes: that is logged, and still read as
    well as it can be, for it may be a cry for help. What cannot be read of a known one becomes U+FFFD.
    """
    declared = _charset(content_type)
    if declared is None:
        return _guessed(body)
    try:
        return _decoded(body, declared)
    except (LookupError, ValueError):
        logger.error("a text came in a charset that is not known: it is read as what it looks like")
        return _guessed(body)


def _charset(content_type: str) -> str | None:
    header = Message()
    header["content-type"] = content_type.encode("ascii", "ignore").decode()
    declared = header.get_param("charset")
    return declared.strip() or None if isinstance(declared, str) else None


def _decoded(body: bytes, declared: str) -> str:
    name = re.sub(r"[^a-z0-9]", "", declared.lower())
    if name in _NO_CHARSETS:
        raise LookupError(name)
    if name in _GSM:
        return _from_gsm(body)
    if name in _UTF_16 and not body.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return body.decode("utf-16-be", "replace")  # without a mark the big end comes first (RFC 2781)
    decoded = body.decode(_NAMES.get(name, declared), "replace")
    return decoded.removeprefix("\ufeff")


def _guessed(body: bytes) -> str:
    for mark, charset in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body.decode(charset, "replace")
    if len(body) % 2 == 0 and b"\0" in body:
        # Of a letter that Latin has, the byte before it is nought; a text without one holds no nought at all.
        big = body[0::2].count(0) >= body[1::2].count(0)
        return body.decode("utf-16-be" if big else "utf-16-le", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("windows-1252", "replace")


def _from_gsm(body: bytes) -> str:
    """Decode the alphabet of text messages (GSM 03.38), one byte a character."""
    found: list[str] = []
    escaped = False
    for byte in body:
        if byte == _ESCAPE and not escaped:
            escaped = True
            continue
        character = _GSM_EXTENDED.get(byte, "") if escaped else ""
        found.append(character or (_GSM_BASIC[byte] if byte < len(_GSM_BASIC) else "\ufffd"))
        escaped = False
    return "".join(found)
