"""Whether a new model may be used: it has learnt what it was taught, and does no worse than the one in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.training.evaluation import EvaluationReport

MARGIN = 0.02
"""So much less of the trial's questions may be answered rightly, or more of them wrongly, than before."""
LEARNT = 0.9
"""So much of what was taught has to be answered."""


@dataclass(frozen=True)
class EvaluationResult:
    """What the gate says."""

    failed: tuple[str, ...]
    """What the new model fails on; empty where it may be used."""
    figures: Mapping[str, Any]
    """What that was decided on: [before, after, of how many] for each count."""

    @property
    def accepted(self) -> bool:
        """Tell whether the model may be used."""
        return not self.failed


def compare(before: EvaluationReport, after: EvaluationReport) -> EvaluationResult:
    """Judge the new model by its trial and that of the one in use, both over the same questions."""
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
