"""What a personal answer costs among 100 and among 100,000 participants; writes docs/reference/measurements/record.md.

Both records are made by the import from invented people (35 sessions and 35 attendances each), then asked in turns.
"""

import csv
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from tqdm import tqdm

from actions.personal import counts, sessions
from actions.personal.said import PersonalQuery
from bot.database.engine import Database, open_database
from bot.database.keyring import new_key
from bot.database.migrate import migrate
from bot.messages import Address
from bot.records.access import identities
from bot.records.importing.load import Import
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import programmes
from bot.settings import ROOT
from evaluation.progress import say

REPORT = ROOT / "docs" / "reference" / "measurements" / "record.md"
SIZES = (100, 100_000)
IN_A_GROUP = 10
ROUNDS, ASKED = 20, 50
START = datetime(2026, 3, 2, 18, 0)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)


def main() -> int:
    """Make both records, ask, print and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        made = [_record(Path(folder) / str(size), size) for size in SIZES]
        times: list[list[float]] = [[] for _ in SIZES]
        for _ in range(ROUNDS):
            for (record, _), size, own in zip(made, SIZES, times, strict=True):
                own += [_asked(record, f"R{random.randrange(size)}") for _ in range(ASKED)]
        text = report(times, [took for _, took in made])
    REPORT.write_text(text, "utf-8")
    print(text)
    return 0


def report(times: list[list[float]], imports: list[float]) -> str:
    """Return the table in Markdown."""
    few, many = (statistics.median(own) for own in times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    head = f"| participants | {SIZES[0]:,} | {SIZES[1]:,} | ratio | aim |\n|---|---|---|---|---|\n"
    rows = [
        f"| median of an own answer, ms | {few:.2f} | {many:.2f} | {many / few:.2f} | at most 1.2 |",
        f"| 95th percentile, ms | {_p95(times[0]):.2f} | {_p95(times[1]):.2f} | | |",
        f"| import, s | {imports[0]:.1f} | {imports[1]:.1f} | | |",
        f"| attendances | {35 * SIZES[0]:,} | {35 * SIZES[1]:,} | | |",
    ]
    return f"{HEAD}\n{head}" + "\n".join(rows) + f"\n\nPeak memory of the whole run: {peak:.0f} MiB.\n"


HEAD = """# A personal answer, among few people and among many

`python -m benchmarks.record` (a part of `make bench`) makes both records by the import, on SQLite, and asks them in
turns. An own answer here is: who is asking, the person's whole record, and the words for four questions about it.
"""


def _record(folder: Path, size: int) -> tuple[Database, float]:
    folder.mkdir()
    say(f"writing {size:,} invented participants")
    _write(folder, size)
    record = open_database(f"sqlite:///{folder}/record.db", new_key(), say)
    migrate(record)
    started = time.monotonic()
    total = sum(file.stat().st_size for file in folder.glob("*.csv"))
    with (
        tqdm(total=total, unit="B", unit_scale=True, desc=f"importing {size:,}", delay=1, mininterval=5) as bar,
        record.writing() as connection,
    ):
        done = Import(connection, folder, programmes.ensure(connection, "isotp"), bar.update).run()
        assert not done.problems.count, done.problems.found[0]
    return record, time.monotonic() - started


def _asked(record: Database, reference: str) -> float:
    """Return the milliseconds of one own answer."""
    with record.reading() as connection:
        person = repository.participant_id(connection, reference)
    assert person is not None
    started = time.perf_counter()
    with record.reading() as connection:
        identities.find_caller(connection, Address.parse(f"sms:{reference}"), NOW)
        participant = repository.load_participant(connection, person)
    assert participant is not None
    asked = PersonalQuery(participant, NOW)
    answers: list[Callable[[PersonalQuery], object]] = [
        sessions.next_session,
        sessions.sessions_left,
        counts.attendance,
        counts.left_to_miss,
    ]
    for answer in answers:
        answer(asked)
    return (time.perf_counter() - started) * 1000


def _write(folder: Path, size: int) -> None:
    chance = random.Random(0)
    outcomes = ["ATTC"] * 30 + ["AFTC", "UAAB", "AAME", "AAEM", "RSSR"]
    groups = [f"G{number}" for number in range(-(-size // IN_A_GROUP))]
    times = [
        [at.isoformat(timespec="minutes"), (at + timedelta(hours=2)).isoformat(timespec="minutes")]
        for at in (START + timedelta(weeks=week) for week in range(35))
    ]
    _csv(folder / "groups.csv", "group,option,venue", ([g, "evening", "Room 1"] for g in groups))
    _csv(
        folder / "sessions.csv",
        "group,number,block,starts_at,ends_at,venue,title",
        ([g, n, (n - 1) // 7 + 1, *at, "", ""] for g in groups for n, at in enumerate(times, 1)),
    )
    people = [(f"R{number}", groups[number // IN_A_GROUP]) for number in range(size)]
    _csv(folder / "participants.csv", "reference,group,preferred_name", ([r, g, "Invented"] for r, g in people))
    _csv(
        folder / "attendance.csv",
        "reference,number,outcome",
        ([r, n, chance.choice(outcomes)] for r, _ in people for n in range(1, 36)),
    )


def _csv(file: Path, header: str, rows: Iterable[list[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(header + "\n")
        csv.writer(stream).writerows(rows)


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


if __name__ == "__main__":
    sys.exit(main())
