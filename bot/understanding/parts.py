"""Limits how many parts of one message are classified, because each costs a pass of the sentence encoder."""

from collections.abc import Sequence

MOST = 20
"""The most parts of a message. An ordinary message has fewer; of 2,000 characters each part is then a sentence."""


def bounded(parts: Sequence[str]) -> list[str]:
    """Return ``parts`` if there are at most MOST; otherwise without repeats and with neighbours joined.

    Nothing is left out, and no part gets longer than a long sentence.
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
