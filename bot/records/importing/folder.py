"""What of a folder is read: the files of an import, whatever the case of their names. All else is told."""

import difflib
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bot.records.importing.sheets import NAMES, Problems
from bot.text.typed import compared

_EXPECTED = f"expected {', '.join(NAMES)}"
_SAVE_AS = "Open it in Excel, LibreOffice or Numbers and save it as “CSV UTF-8 (Comma delimited)”"
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xltx", ".xls", ".xlt", ".ods", ".fods", ".numbers")
_PACKED = (".zip", ".7z", ".gz", ".rar", ".tar")
_OF_THE_COMPUTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
_OPEN_ELSEWHERE = ("~$", ".~lock.")
_COPY = re.compile(r"^copy of | ?-? ?copy$| ?\(\d+\)$|[ _-](?:\d{1,2}|final|new|old|v\d+)$")


class FileKind(Enum):
    """What a name in the folder means for the import."""

    READ = "read"
    PROBLEM = "problem"
    """It may well be meant to be read."""
    NOTE = "note"
    """It is hardly meant to be read; but nothing is passed over in silence."""


@dataclass(frozen=True)
class Judged:
    """A name, and what it means."""

    kind: FileKind
    text: str
    """For a file that is read the name of its sheet, for another one what is said about it."""


def judged(name: str) -> Judged:
    """Tell what a file called ``name`` is for an import."""
    folded = compared(name)
    if folded in NAMES:
        return Judged(FileKind.READ, folded)
    if folded in _OF_THE_COMPUTER or folded.startswith("._"):
        return Judged(FileKind.NOTE, "the computer's own file: not read")
    if folded.startswith(_OPEN_ELSEWHERE):
        return Judged(FileKind.NOTE, "not read. It says that a file is open in another program: is all of it saved?")
    meant = _meant(folded)
    if folded.endswith(_WORKBOOKS):
        called = f", called {meant}" if meant else f", and {_EXPECTED}"
        return Judged(FileKind.PROBLEM, f"a spreadsheet, which is not read. {_SAVE_AS}{called}")
    if folded.endswith(_PACKED):
        return Judged(FileKind.PROBLEM, f"a packed file, which is not read. Unpack it, and {_EXPECTED}")
    if meant or ".csv" in folded or folded.endswith((".tsv", ".tab")):
        return Judged(
            FileKind.PROBLEM, f"not a file of an import: {_EXPECTED}{_advice(folded, meant or _named(folded))}"
        )
    return Judged(FileKind.NOTE, f"not read: {_EXPECTED}")


def find(folder: Path, problems: Problems, notes: Problems) -> dict[str, Path]:
    """Return the files of ``folder`` by the names of their sheets; tell what else is there."""
    found: dict[str, Path] = {}
    for entry in sorted(folder.iterdir()):
        here = judged(entry.name)
        if entry.is_dir():
            _tell_folder(entry, problems, notes)
        elif here.kind is FileKind.READ and here.text in found:
            problems.add(entry.name, 0, f"{here.text} is there twice, as {found[here.text].name} too: expected one")
        elif here.kind is FileKind.READ:
            found[here.text] = entry
        else:
            tell(entry.name, here, problems, notes)
    if not found:
        problems.add("", 0, f"none of {', '.join(NAMES)} is there")
    return found


def tell(name: str, here: Judged, problems: Problems, notes: Problems) -> None:
    """Tell of a file that is not read."""
    line = 1 if name.lower().endswith(".csv") else 0
    (problems if here.kind is FileKind.PROBLEM else notes).add(name, line, here.text)


def _tell_folder(entry: Path, problems: Problems, notes: Problems) -> None:
    """Tell of a folder in the folder: a problem where files of an import may be in it."""
    try:
        inside = [judged(child.name).kind for child in entry.rglob("*")]
    except OSError:
        inside = [FileKind.PROBLEM]
    if judged(entry.name).kind is FileKind.NOTE and all(kind is FileKind.NOTE for kind in inside):
        notes.add(entry.name, 0, "a folder: not read, nor what is in it")
    else:
        problems.add(
            entry.name, 0, "a folder, and what is in it is not read: move it away, or its files beside the others"
        )


def _meant(folded: str) -> str | None:
    """Return the name of the sheet that a file is probably meant to be."""
    stem = folded.partition(".")[0].strip()
    while (shorter := _COPY.sub("", stem)) != stem:
        stem = shorter
    stems = {name.removesuffix(".csv"): name for name in NAMES}
    close = difflib.get_close_matches(re.sub(r"[ -]", "_", stem), stems, 1, 0.84)
    return stems[close[0]] if close else None


def _named(folded: str) -> str | None:
    """Return the name of the sheet that a name has in it, among others."""
    words = re.sub(r"[\W_]+", " ", folded)
    found = (name for name in NAMES if re.search(rf"\b{name.removesuffix('.csv').replace('_', ' ')}\b", words))
    return next(found, None)


def _advice(folded: str, meant: str | None) -> str:
    if meant is None:
        return ". Rename it if it is one of them, or move it away"
    if folded.endswith(".txt"):
        hidden = " Windows hides ends of names: turn on “File name extensions” to see them"
        return f". If it is {meant}, rename it to that.{hidden}"
    return f". If it is {meant}, rename it to that, or else move it away"
