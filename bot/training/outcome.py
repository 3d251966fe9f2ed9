"""What became of one question of an evaluation, by the topics that were answered or offered."""

from collections.abc import Collection
from enum import StrEnum


class Judgement(StrEnum):
    """What became of a question."""

    RIGHT = "right"
    OFFERED = "offered"
    MISSED = "missed"
    WRONG = "wrong"


def outcome(accepted: Collection[str], answered: Collection[str], offered: Collection[str]) -> Judgement:
    """Judge an answer by the topics that a fair reader would accept.

    Any answered topic that is not among ``accepted`` makes the answer wrong, whatever else it says. ``offered`` are
    the topics that the bot asked about where it answered none.
    """
    right = set(accepted)
    if answered:
        return Judgement.RIGHT if set(answered) <= right else Judgement.WRONG
    return Judgement.OFFERED if right & set(offered) else Judgement.MISSED
