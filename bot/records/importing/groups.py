"""groups.csv: the groups, their option, where they meet, and whose they are."""

from functools import partial

from bot.records.enums import ScheduleOption
from bot.records.importing import cells, store
from bot.records.importing.reading import FileImport, ImportContext
from bot.records.sessions.tables import programme_group
from bot.text import discretion
from bot.text.typed import compared


def read(file: FileImport, context: ImportContext) -> None:
    """Write the groups of ``file``."""
    index = context.index
    seen: dict[str, int] = {}
    for row in file.rows():
        key = compared(row["group"])
        # A second row of a group that was read well is wrong by itself: the group can still be named.
        with file.row(row, partial(index.failed_groups.add, key) if key not in seen else lambda: None):
            name = cells.discreet_text(cells.text(row["group"], "group", 80), "group", 80)
            file.once(seen, key, f"group {name!r}")
            option = cells.one_of(row["option"], "option", ScheduleOption)
            venue = cells.discreet_text(cells.text(row["venue"], "venue", 200), "venue", 200)
            recorded = index.recorded_group(name) or name
            values = {"programme_id": context.programme.id, "name": recorded, "option": option.value, "venue": venue}
            place = cells.optional_text(row["office"], "office", 80)
            values["office_id"] = index.office(recorded, place)
            store.upsert(context.connection, programme_group, [values], ["name"])
            _doubt(file, name, recorded, venue)
    index.read_groups()


def _doubt(file: FileImport, name: str, recorded: str, venue: str) -> None:
    if recorded != name:
        file.note(f"group {name!r} is in the record as {recorded!r}, and is taken for that group")
    for column, text in (("group", name), ("venue", venue)):
        told = discretion.doubtful(text)
        if told:
            file.note(f"{column} is {text!r}: “{told}” is then in text messages that others may see. Is that wanted?")
