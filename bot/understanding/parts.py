"""How many parts of one message are read: each costs a pass of the sentence encoder."""

from collections.abc import Sequence

MOST = 20
"""A message of ordinary length has fewer. Two thousand characters in so many parts are a sentence each."""


def bounded(parts: Sequence[str]) -> list[str]:
    """Return ``parts`` as they are where they are few; else each once, and neighbours joined until they are.

    Nothing is left out: what one part says is still said, in no more words than a long sentence has.
    """
    if len(parts) <= MOST:
        return list(parts)
    once = list(dict.fromkeys(parts))
    return once if len(once) <= MOST else _joined(once)


def _joined(parts: Sequence[str]) -> list[str]:
    share = sum(map(len, parts)) / MOST
    groups: list[list[str]] = [[] for _ in range(MOST)]
    before = 0
    for part in parts:
        groups[min(int(before / share), MOST - 1)].append(part)
        before += len(part)
    return [". ".join(group) for group in groups if group]
