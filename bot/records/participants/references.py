"""How references are compared: DEMO-02, demo 02, "demo02" and "DEMO–02." are one and the same person's."""

import unicodedata

_IGNORED = frozenset({"Pd", "Pc", "Zs", "Zl", "Zp", "Cc", "Cf", "Mn"})
"""Dashes, underscores, spaces, control and format characters, and marks on letters."""
_MINUS = "\N{MINUS SIGN}"  # a dash to everybody but Unicode
_AROUND = ".,;:!?'\"`()[]"
"""Marks that stand before or after a reference in a sentence, and are no part of it."""


def folded(reference: str) -> str:
    """Return what two spellings of one reference have in common; empty where ``reference`` has no letter or digit."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", reference).casefold())
    kept = "".join(c for c in plain if c != _MINUS and unicodedata.category(c) not in _IGNORED)
    return kept.strip(_AROUND)
