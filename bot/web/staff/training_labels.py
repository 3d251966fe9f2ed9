"""What the report of a training says, in the words of staff."""

from collections.abc import Mapping
from typing import Any

FAILURES = {
    "stopped": "The service was stopped meanwhile.",
    "changed": "Training questions were changed meanwhile.",
    "training": "The training ended with an error; the service’s log says more.",
    "trial": "The trial of the new model ended with an error; the service’s log says more.",
    "loading": "The new model could not be loaded; the service’s log says more.",
    "folder": "The folder of added questions could not be written.",
}
_FIGURES = {
    "taught": "Of what it was taught it answers {after} of {of}, the old model {before}",
    "danger": "Of the trial’s messages of danger it notices {after} of {of} by itself, the old model {before}",
    "right": "Of the trial’s other questions it answers {after} of {of} rightly, the old model {before}",
    "wrong": "It answers {after} of them wrongly, the old model {before}",
    "false_alarms": "It sees danger in {after} of them where there is none, the old model in {before}",
}


def report(given: Mapping[str, Any]) -> list[str]:
    """Return what the report of a training says, a sentence each."""
    if given.get("why"):
        return [FAILURES.get(given["why"], FAILURES["training"])]
    said = []
    for name, (before, after, of) in given.get("figures", {}).items():
        failed = ". That is too far off." if name in given["failed"] else "."
        said.append(_FIGURES[name].format(before=before, after=after, of=of) + failed)
    return said
