"""Questions that staff added, as training data: one file a topic, in the form of the others, for review."""

import os
import re
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ConfigurationError

AUTHOR, WEIGHT = "staff", 10
"""Each counts as ten of the product's own: of seven unlike anything that was taught before all were learnt so, of those
with a weight of one none of the four that the bot got wrong; the questions of the trial lost nothing by it."""
_HEAD = """\
# Questions that staff added, each after a second person approved it. The service writes this file: what it has added is
# changed on the page of questions. Entries that it does not know stay as they are.
version: "3.1"
nlu:
"""
_MARKS = str.maketrans("[]{}", "()()")
"""Square and curly brackets would be read as the mark of an entity."""


class FolderError(ConfigurationError):
    """The folder of added questions cannot be read or written; the message says which file."""


@dataclass(frozen=True)
class AddedQuestions:
    """Questions added by one decision."""

    key: str
    topic: str
    questions: tuple[str, ...]


def one_line(text: str) -> str:
    """Return a question as a line of training data has it."""
    return " ".join(text.translate(_MARKS).split()).lstrip("-# ")


def entries(folder: Path) -> list[AddedQuestions]:
    """Read every entry of ``folder``, in the order of the files."""
    return [entry for file in sorted(folder.glob("*.yml")) for entry in _read(file)]


def bring_up_to_date(folder: Path, wanted: Iterable[AddedQuestions], known: Collection[str]) -> bool:
    """Make ``folder`` hold ``wanted`` and, of entries called ``known``, no others; tell whether that changed anything.

    Each file is replaced as a whole: whoever reads meanwhile sees the old one or the new one.
    """
    wanted = list(wanted)
    strangers = [entry for entry in entries(folder) if entry.key not in known]
    by_topic: dict[str, list[AddedQuestions]] = {}
    for entry in [*strangers, *wanted]:
        by_topic.setdefault(entry.topic, []).append(entry)
    changed = False
    try:
        for file in folder.glob("*.yml"):
            if file.stem not in by_topic:
                file.unlink()
                changed = True
        for topic, own in by_topic.items():
            changed |= _put(folder / f"{topic}.yml", _HEAD + "".join(map(_written, own)))
    except OSError as error:
        raise FolderError(f"{folder}: added questions cannot be written ({error.strerror})") from None
    return changed


def _read(file: Path) -> list[AddedQuestions]:
    try:
        given: Any = yaml.safe_load(file.read_text("utf-8"))
        return [_entry(file.stem, one) for one in given["nlu"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise FolderError(f"{file} cannot be read: expected training questions as in data/nlu/") from None


def _entry(topic: str, given: dict[str, Any]) -> AddedQuestions:
    lines = [line.strip().removeprefix("- ") for line in given["examples"].splitlines()]
    key = (given.get("metadata") or {}).get("proposal", "")
    return AddedQuestions(str(key), topic, tuple(line for line in lines if line))


def _written(entry: AddedQuestions) -> str:
    lines = "".join(f"      - {question}\n" for question in entry.questions)
    metadata = f"    metadata:\n      author: {AUTHOR}\n      weight: {WEIGHT}\n" + (
        f'      proposal: "{entry.key}"\n' if entry.key else ""
    )
    return f"  - intent: {entry.topic}\n{metadata}    examples: |\n{lines}"


def _put(file: Path, content: str) -> bool:
    if not re.fullmatch(r"[a-z_]+", file.stem):
        raise FolderError(f"{file.stem!r} is no topic: expected letters and underscores")
    if file.exists() and file.read_text("utf-8") == content:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    Path(beside).chmod(0o644)
    Path(beside).replace(file)
    return True
