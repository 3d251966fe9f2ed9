"""A file as rows of named cells, as spreadsheets write it, with whatever is wrong in its form told by its line."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from bot.records.importing import encoding, quotation
from bot.records.importing.sheets import CsvSpec, Problems, Row
from bot.text.typed import compared, normalised

_BETWEEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEP = re.compile(r'\ufeff?"?sep=(.)"?[,;\t|]*', re.IGNORECASE)
_UTF_8 = "expected the file saved as UTF-8. In Excel: “Save as”, and not plain “CSV” but “CSV UTF-8 (Comma delimited)”"
_SWALLOWED = 2
"""So many commas in a later line of one cell look like another row that a missing quotation mark swallowed."""


def rows(
    file: Path, spec: CsvSpec, problems: Problems, notes: Problems, advance: Callable[[int], object]
) -> Iterator[Row]:
    """Yield the rows of ``file`` that have the right form; ``advance`` is told how many characters were read."""
    try:
        written_in = encoding.of(file)
        # A byte that is no UTF-8 becomes a surrogate, so that its line can be told and the others still be read.
        errors = "surrogateescape" if written_in == "utf-8-sig" else "replace"
        with file.open(encoding=written_in, errors=errors, newline="") as stream:
            if written_in != "utf-8-sig":
                notes.add(spec.name, 0, "it is saved as Unicode text (UTF-16), and was read as that")
            yield from _Table(spec, _Lines(stream, advance), problems, notes).rows()
    except encoding.NotCsvError as error:
        problems.add(spec.name, 0, str(error))
    except OSError:
        problems.add(spec.name, 0, "it cannot be opened: is it open in another program, or not yours to read?")


class _Lines:
    """The lines of a file; those of the row that is being read are kept."""

    def __init__(self, stream: Iterator[str], advance: Callable[[int], object]) -> None:
        self._stream, self._advance = stream, advance
        self.read = 0
        self.kept: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._stream)
        self.read += 1
        self._advance(len(line))
        self.kept.append(line)
        return line


class _Table:
    """One file while it is read."""

    def __init__(self, spec: CsvSpec, lines: _Lines, problems: Problems, notes: Problems) -> None:
        self._spec, self._lines = spec, lines
        self._problems, self._notes = problems, notes
        self._columns: list[str] = []
        self._width = 0
        """How many columns the header has, with those that have no name."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        header, delimiter = self._header()
        reader = csv.reader(chain([header], self._lines), delimiter=delimiter, strict=True, skipinitialspace=True)
        first = self._lines.read
        try:
            if not self._name_columns(next(reader, []), first):
                return
            if delimiter != ",":
                text = f"it has {_BETWEEN.get(delimiter, 'other characters')} between its columns, not commas"
                self._notes.add(self._spec.name, 0, f"{text}, and was read with those")
            while True:
                self._lines.kept.clear()
                first = self._lines.read + 1
                row = self._row(next(reader), delimiter, first)
                if row is not None:
                    yield row
        except StopIteration:
            return
        except csv.Error:
            line = first + quotation.opened("".join(self._lines.kept), delimiter)
            self._problems.add(self._spec.name, line, quotation.FAULT)

    def _header(self) -> tuple[str, str]:
        """Return the first line that is not empty, and what stands between its columns."""
        likely = list(_BETWEEN)
        for line in self._lines:
            del self._lines.kept[:-1]
            bare = line.strip("\ufeff\r\n")
            said = _SEP.fullmatch(bare)
            if said and said[1] in likely:
                likely = [said[1], *(one for one in likely if one != said[1])]
            elif bare.strip(' \t,;|"'):
                return line, max(likely, key=lambda delimiter: self._known(line, delimiter))
        return "", ","

    def _known(self, header: str, delimiter: str) -> int:
        """Return how many columns of the sheet ``header`` names, if ``delimiter`` stands between them."""
        try:
            cells = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:  # a line of a hundred thousand characters
            return 0
        return sum(_column(cell) in self._spec.columns for cell in cells)

    def _name_columns(self, header: Sequence[str], line: int) -> bool:
        """Take in what the columns are called; tell what is wrong with it."""
        self._columns, self._width = [_column(name) for name in header], len(header)
        while self._columns and not self._columns[-1]:
            self._columns.pop()
        named = [name for name in self._columns if name]
        missing = [name for name in self._spec.required if name not in named]
        wrong = [name for name in named if name not in self._spec.columns]
        wrong = wrong or sorted({name for name in named if named.count(name) > 1})
        expected = self._spec.expected
        if any(_is_undecoded(cell) for cell in header):
            text = f"not UTF-8: {expected}. {_UTF_8[:1].upper()}{_UTF_8[1:]}"
        elif missing:
            found = f". Its first row is {', '.join(named)!r:.120}" if named else ". It is empty"
            line = line if named else 1
            text = f"no column {', '.join(missing)}: {expected}{found}"
        elif wrong:
            text = f"column {', '.join(map(repr, wrong))} is not known: {expected}"
        else:
            return True
        self._problems.add(self._spec.name, max(1, line), text)
        return False

    def _row(self, cells: Sequence[str], delimiter: str, line: int) -> Row | None:
        values = [normalised(cell) for cell in cells]
        if not any(values):
            return None
        fault = self._fault(cells, values, delimiter)
        if fault:
            self._problems.add(self._spec.name, line, fault)
            return None
        given = dict(zip(self._columns, values, strict=False))
        return Row(line, {name: given.get(name, "") for name in self._spec.columns})

    def _fault(self, cells: Sequence[str], values: Sequence[str], delimiter: str) -> str | None:
        """Return what is wrong with the form of a row, whose cells are ``values`` once normalised."""
        everything = "".join(cells)
        if not (everything.isascii() and everything.isprintable()):
            if _is_undecoded(everything):
                return f"not UTF-8: {_UTF_8}"
            if "\0" in everything:
                return "a NUL character: expected text"
            if any(line.count(delimiter) >= _SWALLOWED for cell in cells for line in cell.splitlines()[1:]):
                return f"one of its cells goes on over the next lines, which look like rows: {quotation.EXPECTED}"
        return self._misplaced(values, delimiter)

    def _misplaced(self, values: Sequence[str], delimiter: str) -> str | None:
        """Return what is wrong with the number of cells, or with those that stand below no heading."""
        wanted = len(self._columns)
        nameless = [text for name, text in zip(self._columns, values, strict=False) if not name and text]
        nameless += [text for text in values[wanted : self._width] if text]
        if nameless:
            return f"{nameless[0]!r} stands below no heading: {self._spec.expected}"
        if len(values) >= wanted and not any(values[wanted:]):
            return None
        count = "1 cell" if len(values) == 1 else f"{len(values)} cells"
        return f"{count}: expected {wanted}, as in the header{_advice(values, wanted, delimiter)}"


def _column(cell: str) -> str:
    return re.sub(r"[ -]", "_", compared(cell))


def _is_undecoded(cell: str) -> bool:
    return not cell.isascii() and any("\udc80" <= character <= "\udcff" for character in cell)


def _advice(values: Sequence[str], wanted: int, delimiter: str) -> str:
    """Return what may have happened to a row with another number of cells than the header."""
    other = next((one for one in _BETWEEN if one != delimiter and values[0].count(one) >= wanted - 1), None)
    if len(values) == 1 and other:
        return f". It has {_BETWEEN[other]} between its cells, and the header {_BETWEEN.get(delimiter, 'others')}"
    return "" if len(values) < wanted else ". A text with a comma in it needs quotation marks around it"
