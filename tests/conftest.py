"""What every layer of tests shares: its marker, and nothing left in the project's folder."""

import os
from pathlib import Path

import pytest

from bot import logs

pytest.register_assert_rewrite("tests.support")
pytest_plugins = ["tests.support.bot_fixtures", "tests.support.record_fixtures"]

logs.configure()

LAYERS = frozenset({"unit", "service", "web", "browser", "channels"})
"""The folders of tests; each test is marked with the name of its folder."""
NEEDING = {"bot": "model", "gateway": "kannel"}
"""What a test that uses a fixture is marked with."""


def pytest_generate_tests(metafunc):
    """Run a test of the pages of staff that asks for it over each kind of database."""
    if metafunc.definition.get_closest_marker("on_each_database"):
        postgresql = pytest.param("postgresql", marks=pytest.mark.postgresql)
        metafunc.parametrize("desk", ["sqlite", postgresql], indirect=True)


def pytest_collection_modifyitems(items):
    """Mark every test with its layer, and with what it needs."""
    for item in items:
        layer = item.path.relative_to(Path(__file__).parent).parts[0]
        assert layer in LAYERS, f"{item.path} belongs to no layer of tests"
        item.add_marker(layer)
        for fixture in NEEDING.keys() & set(item.fixturenames):
            item.add_marker(NEEDING[fixture])


@pytest.fixture(scope="session", autouse=True)
def _no_record_in_the_project(tmp_path_factory):
    """Keep the commands that tests start from making a database beside the code."""
    os.environ["DATABASE_URL"] = f"sqlite:///{tmp_path_factory.mktemp('commands')}/record.db"
