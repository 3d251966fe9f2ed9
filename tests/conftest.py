"""What every layer of tests shares: its marker, and nothing left in the project's folder."""

import os
import tempfile
from pathlib import Path

import pytest

from bot import logs
from bot.settings import ROOT

pytest.register_assert_rewrite("tests.support")
pytest_plugins = ["tests.support.bot_fixtures", "tests.support.record_fixtures"]

logs.configure()

LAYERS = ("browser", "channels", "service", "web", "unit")
"""The folders of tests, those first whose files take longest; each test is marked with the name of its folder."""
LONG = ("test_staff_journeys.py", "test_staff_teaching.py", "test_kiosk.py", "test_gateways.py", "test_one_answer.py")
"""Files that are begun before all others, because a file belongs to one process of a run."""
MADE = frozenset({"models", "reports"})
"""Folders that a run may make: a trained model, and what the tests cover."""
NEEDING = {"trained_model": "model", "gateway": "kannel", "loaded": "slow"}
"""What a test that uses a fixture is marked with."""


def pytest_generate_tests(metafunc):
    """Run a test of the pages of staff that asks for it over each kind of database."""
    if metafunc.definition.get_closest_marker("on_each_database"):
        postgresql = pytest.param("postgresql", marks=pytest.mark.postgresql)
        metafunc.parametrize("staff_site", ["sqlite", postgresql], indirect=True)


def pytest_collection_modifyitems(items):
    """Mark every test with its layer, and with what it needs; put the longest files first."""
    for item in items:
        item.add_marker(_layer(item))
        for fixture in NEEDING.keys() & set(item.fixturenames):
            item.add_marker(NEEDING[fixture])
    items.sort(key=lambda item: (item.path.name not in LONG, LAYERS.index(_layer(item))))


def _layer(item):
    layer = item.path.relative_to(Path(__file__).parent).parts[0]
    assert layer in LAYERS, f"{item.path} belongs to no layer of tests"
    return layer


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_behind(tmp_path_factory):
    """Keep what tests and the commands that they start write out of the project's folder and of the machine's."""
    tmp_path_factory.getbasetemp()  # pytest's own folder is beside this one, and outlives it where a test fails
    before, usual = _files_of_the_project(), tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="leafline-tests-", ignore_cleanup_errors=True) as temporary:
        os.environ["TMPDIR"] = tempfile.tempdir = temporary
        os.environ["DATABASE_URL"] = f"sqlite:///{temporary}/record.db"
        os.environ["LEAFLINE_SPOOL"] = f"{temporary}/alerts.spool"
        yield
    tempfile.tempdir = usual
    left = _files_of_the_project() - before
    assert not left, f"the tests left files in the project's folder: {sorted(map(str, left))}"


def _files_of_the_project():
    """Return what stands in the project's own folder, without what tools keep there."""
    return {file for file in ROOT.iterdir() if not file.name.startswith(".") and file.name not in MADE}
