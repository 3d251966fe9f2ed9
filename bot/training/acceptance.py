"""Decides whether a new model may be used: it has learnt what it was taught and does no worse than the present one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.training.evaluation import EvaluationReport

MARGIN = 0.02
"""By this share of the questions the new model may answer fewer rightly, or more wrongly, than the present one."""
LEARNT = 0.9
"""This share of the taught questions must be answered with their topic."""


@dataclass(frozen=True)
class EvaluationResult:
    """Whether a model was accepted, and why."""

    failed: tuple[str, ...]
    """The criteria that the new model fails; empty if it may be used."""
    figures: Mapping[str, Any]
    """The counts that decided: for each [before, after, of how many]."""

    @property
    def accepted(self) -> bool:
        """Tell whether the model may be used."""
        return not self.failed


def compare(before: EvaluationReport, after: EvaluationReport) -> EvaluationResult:
    """Compare the evaluation of the new model with that of the present one, over the same questions."""
    slack = MARGIN * after.asked
    lost = set(before.noticed) - set(after.noticed)
    failed = {
        "taught": sum(after.taught) < LEARNT * len(after.taught),
        "danger": bool(lost),
        "right": after.right < before.right - slack,
        "wrong": after.wrong > before.wrong + slack,
        "false_alarms": after.false_alarms > before.false_alarms,
    }
    counts = ("right", "wrong", "false_alarms")
    figures: dict[str, Any] = {name: [getattr(before, name), getattr(after, name), after.asked] for name in counts}
    figures["danger"] = [len(before.noticed), len(after.noticed), after.danger]
    figures["taught"] = [sum(before.taught), sum(after.taught), len(after.taught)]
    return EvaluationResult(tuple(name for name, fails in failed.items() if fails), figures)
