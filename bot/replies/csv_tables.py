"""Tables as CSV files: Excel shows the right letters, and no spreadsheet takes a text for a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

_BEGINS = frozenset("=+-@|%")
"""What a formula or a command begins with, in one spreadsheet or another."""
_ALIKE = frozenset((*map(chr, range(0x2010, 0x2016)), "\u2212", "\ufe63", "\u2795", "\u2796"))
"""Dashes, a minus and bold signs: what a program may take for a sign of calculation."""
_MARK = "\ufeff"
"""Without this mark at the beginning Excel reads a file in the computer's own encoding."""


def write(rows: Iterable[Sequence[object]]) -> str:
    """Return ``rows`` as the text of a CSV file, with the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return _MARK + text.getvalue()


def plain(cell: object) -> object:
    """Return ``cell`` so that a spreadsheet shows it as it is: what may be a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and _may_be_formula(cell) else cell


def _may_be_formula(text: str) -> bool:
    """Tell whether ``text`` begins like a formula, once what cannot be seen is left out."""
    if text[:1] in ("\t", "\r", "\n", "\0"):
        return True
    shown = (c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf", "Mn"))
    first = next(shown, "")
    return bool({first, unicodedata.normalize("NFKC", first)[:1]} & (_BEGINS | _ALIKE))
