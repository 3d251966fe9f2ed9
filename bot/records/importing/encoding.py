"""What a file is written in: UTF-8, the UTF-16 of Excel's "Unicode Text", or nothing that is CSV at all."""

from pathlib import Path

_HEAD = 64 * 1024
_SAVE_AS = "expected CSV. Open it, and save it as “CSV UTF-8 (Comma delimited)”"
_OTHERS = (
    (b"PK\x03\x04", "an Excel workbook, or another packed file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook, or one with a password"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document"),
    (b"\x1f\x8b", "a packed file"),
)
_MARKS = ((b"\xff\xfe\0\0", "utf-32"), (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class NotCsvError(Exception):
    """The file is of another kind, whatever its name is; the message says which, and what was expected."""


def of(file: Path) -> str:
    """Return the encoding of ``file``; raise NotCsvError."""
    with file.open("rb") as stream:
        return of_bytes(stream.read(_HEAD))


def of_bytes(head: bytes) -> str:
    """Return the encoding of a file that begins with ``head``; raise NotCsvError."""
    for start, what in _OTHERS:
        if head.startswith(start):
            raise NotCsvError(f"this is {what}, not CSV, whatever its name says: {_SAVE_AS}")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise NotCsvError(f"this is a web page or XML, not CSV, whatever its name says: {_SAVE_AS}")
    return next((name for mark, name in _MARKS if head.startswith(mark)), None) or _by_zeros(head)


def _by_zeros(head: bytes) -> str:
    """Return UTF-16 where every other byte is zero, as in Latin text without a mark at its beginning."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) / 4 and not even:
        return "utf-16-le"
    if even > len(head) / 4 and not odd:
        return "utf-16-be"
    return "utf-8-sig"
