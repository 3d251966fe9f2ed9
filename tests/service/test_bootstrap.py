"""One place builds everything, and any part of it can be another."""

from datetime import UTC, datetime

import pytest

from bot.bootstrap import Bootstrap
from bot.settings import Settings


def test_nothing_is_opened_before_it_is_wanted(tmp_path):
    Bootstrap(Settings(database_url=f"sqlite:///{tmp_path}/record.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_part_is_built_once_and_takes_the_place_of_the_one_of_its_name(empty_record):
    moment = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    parts = Bootstrap(Settings(), database=empty_record, clock=lambda: moment)
    assert parts.database is empty_record
    assert parts.clock() == moment
    assert parts.words is parts.words
    assert parts.personal_answers is parts.personal_answers


def test_a_part_that_there_is_none_of_is_an_error():
    with pytest.raises(TypeError, match="handlers"):
        Bootstrap(Settings(), handlers=None)
