"""Files of questions that staff added: training data in the form of data/nlu/, one file a topic.

The rows of the database are what counts. These files are made from them: in a temporary folder for a training, and in
the folder of LEAFLINE_ADDED for people to review.
"""

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
"""Each question counts as ten of the product's own.

With that weight seven of seven questions unlike any taught before were learnt, and the questions of the evaluation lost
nothing. With a weight of one, none of the four that the bot had got wrong was learnt.
"""
_HEAD = """\
# Questions that staff added, each after a second person approved it. This file is written from the database, for
# review: what staff added is changed on the page of questions. Nothing is trained from this file. Entries without the
# key of a proposal stay as they are.
version: "3.1"
nlu:
"""
_BRACKETS = str.maketrans("[]{}", "()()")
"""Square and curly brackets would be read as the mark of an entity."""


class FolderError(ConfigurationError):
    """The folder of added questions cannot be read or written; the message says which file."""


@dataclass(frozen=True)
class AddedQuestions:
    """The questions of one approved proposal."""

    key: str
    """The key of the proposal; empty for an entry that somebody wrote into a file by hand."""
    topic: str
    questions: tuple[str, ...]


def one_line(text: str) -> str:
    """Return a question in the form that a line of training data has."""
    return " ".join(text.translate(_BRACKETS).split()).lstrip("-# ")


def entries(folder: Path) -> list[AddedQuestions]:
    """Read every entry in the files of ``folder``, in the order of the files. Raises FolderError."""
    return [entry for file in sorted(folder.glob("*.yml")) for entry in _read(file)]


def sync(folder: Path, wanted: Iterable[AddedQuestions], known: Collection[str]) -> bool:
    """Make ``folder`` hold ``wanted`` and no other entry whose key is in ``known``.

    Entries with other keys or none stay. Each file is replaced as a whole, so that a reader sees the old or the new
    one. Returns whether anything changed; raises FolderError.
    """
    by_topic: dict[str, list[AddedQuestions]] = {}
    for entry in [*_foreign_entries(folder, known), *wanted]:
        by_topic.setdefault(entry.topic, []).append(entry)
    try:
        changed = _remove_others(folder, by_topic)
        for topic, own in by_topic.items():
            changed |= _replace(folder / f"{topic}.yml", _HEAD + "".join(map(_written, own)))
    except OSError as error:
        raise FolderError(f"{folder}: added questions cannot be written ({error.strerror})") from None
    return changed


def _foreign_entries(folder: Path, known: Collection[str]) -> list[AddedQuestions]:
    return [entry for entry in entries(folder) if entry.key not in known]


def _remove_others(folder: Path, topics: Collection[str]) -> bool:
    others = [file for file in folder.glob("*.yml") if file.stem not in topics]
    for file in others:
        file.unlink()
    return bool(others)


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


def _replace(file: Path, content: str) -> bool:
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
