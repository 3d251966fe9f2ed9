"""The programme's own numbers: from data/leaflet/ into the record, so that counts and plans go by the leaflet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

import yaml
from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.records.enums import ScheduleOption
from bot.records.sessions.tables import programme, programme_option
from bot.settings import ROOT

LEAFLET = ROOT / "data" / "leaflet"


@dataclass(frozen=True)
class Window:
    """What an option of the programme means: over how many weeks, and between which local times."""

    weeks: int
    earliest: time
    latest: time


@dataclass(frozen=True)
class Numbers:
    """What the leaflet says in numbers."""

    sessions: int
    session_minutes: int
    allowed_misses: int
    options: Mapping[ScheduleOption, Window]


@dataclass(frozen=True)
class Programme:
    """The programme's row in the record."""

    id: int
    sessions: int
    options: Mapping[ScheduleOption, Window]


def numbers(key: str, folder: Path = LEAFLET) -> Numbers:
    """Read data/leaflet/<key>/programme.yml."""
    data = yaml.safe_load((folder / key / "programme.yml").read_text("utf-8"))
    options = {
        ScheduleOption(name): Window(
            given["weeks"], time.fromisoformat(given["earliest"]), time.fromisoformat(given["latest"])
        )
        for name, given in data.pop("options").items()
    }
    return Numbers(**data, options=options)


def ensure(connection: Connection, key: str) -> Programme:
    """Return the programme ``key``, put into the record now where it is not there yet."""
    row = connection.execute(select(programme).where(programme.c.key == key)).first()
    if row:
        return Programme(row.id, row.sessions, windows(connection, row.id))
    found = numbers(key)
    values = {
        "key": key,
        "sessions": found.sessions,
        "session_minutes": found.session_minutes,
        "allowed_misses": found.allowed_misses,
    }
    id_ = connection.execute(insert(programme).values(**values)).inserted_primary_key[0]
    for option, window in found.options.items():
        connection.execute(
            insert(programme_option).values(
                programme_id=id_,
                option=option.value,
                weeks=window.weeks,
                earliest=window.earliest.isoformat("minutes"),
                latest=window.latest.isoformat("minutes"),
            )
        )
    return Programme(id_, found.sessions, found.options)


def windows(connection: Connection, programme_id: int) -> dict[ScheduleOption, Window]:
    """Return the options of a programme of the record."""
    rows = connection.execute(select(programme_option).where(programme_option.c.programme_id == programme_id))
    return {
        ScheduleOption(row.option): Window(row.weeks, time.fromisoformat(row.earliest), time.fromisoformat(row.latest))
        for row in rows
    }
