"""Measures how many of the days that people name the libraries dateparser and parsedatetime read (decision 0026).

Neither is a dependency, so they are lent for a run:

    uv run --no-project --python 3.11 --with dateparser==1.5.0 --with parsedatetime==2.6 \\
        python benchmarks/date_libraries.py

The phrases and what they mean are the table COUNTED of tests/unit/test_day_phrases.py: each means one day.
"""

import ast
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

PHRASES = Path(__file__).resolve().parents[1] / "tests" / "unit" / "test_day_phrases.py"
NOW = datetime(2026, 11, 28, 12)
Read = Callable[[str], set[date]]


def phrases() -> Iterator[tuple[str, date]]:
    """Yield each phrase of the table COUNTED with the day that it means on 28 November 2026."""
    for node in ast.parse(PHRASES.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "COUNTED":
            assert isinstance(node.value, ast.Call)
            for row in ast.literal_eval(node.value.args[0]).strip().splitlines():
                words, meant = (part.strip() for part in row.split("->"))
                yield words, date.fromisoformat(meant if len(meant) > 5 else f"2026-{meant}")


def libraries() -> dict[str, Read]:
    """Return what each library finds in a phrase: whole, and wherever it finds something in it."""
    import dateparser
    import parsedatetime
    from dateparser.search import search_dates

    settings = {"RELATIVE_BASE": NOW, "PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY"}
    calendar = parsedatetime.Calendar(parsedatetime.Constants("en_GB", usePyICU=False))

    def whole(text: str) -> set[date]:
        found = dateparser.parse(text, languages=["en"], settings=settings)
        return {found.date()} if found else set()

    def anywhere(text: str) -> set[date]:
        return {at.date() for _, at in search_dates(text, languages=["en"], settings=settings) or ()}

    def parsed(text: str) -> set[date]:
        found, status = calendar.parseDT(text, sourceTime=NOW)
        return {found.date()} if status else set()

    return {"dateparser": whole, "dateparser, search": anywhere, "parsedatetime": parsed}


def main() -> None:
    """Print how many phrases each reads rightly, wrongly (another day, or several) and not at all."""
    asked = list(phrases())
    for name, read in libraries().items():
        found = [(read(words), meant) for words, meant in asked]
        right = sum(days == {meant} for days, meant in found)
        missed = sum(not days for days, _ in found)
        print(f"{name}: {right} right, {len(asked) - right - missed} wrong, {missed} not read, of {len(asked)}")


if __name__ == "__main__":
    main()
