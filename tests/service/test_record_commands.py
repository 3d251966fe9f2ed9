"""The commands for the record, each in a process of its own."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys

import pytest

from bot.settings import ROOT
from tests.support.records import RECORD

pytestmark = pytest.mark.slow  # each command is a process

NOW = "2026-11-23T09:00"


@pytest.fixture
def run(tmp_path):
    """Run a command on a record of its own."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/record.db"}

    def command(*arguments, given=""):
        done = subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            input=given, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=200,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done

    return command


def test_from_an_empty_folder_to_an_own_answer(run, tmp_path):
    first = run("import", RECORD)
    assert first.returncode == 0
    assert "Made the database's key" in first.stderr
    assert "16 rows of participants.csv" in first.stderr
    assert "Made" not in run("import", RECORD).stderr
    lines = [
        {"text": "how many have i attended", "as": "P04", "now": NOW},
        {"text": "when is my next session", "as": "P10"},
        {"text": "when is my next session", "as": "P99"},
        {"text": "when is my next session", "as": "P10", "now": "soon"},
        {"text": "when is my next session", "as": ""},
        {"text": "what are the rules"},
    ]
    given = "\n".join(map(json.dumps, lines))
    done = run("ask", "--jsonl", "--as", "P00", "--now", NOW, given=given)
    own, other, unknown, bad_time, nobody, leaflet = map(json.loads, done.stdout.splitlines())
    assert "attended 11" in own["replies"][0]
    assert "today, Monday 23 November" in other["replies"][0]
    assert unknown["error"].startswith("no participant 'P99'")
    assert "expected local time like" in bad_time["error"]
    assert "expected" in nobody["error"]
    assert leaflet["topic"] == "rules"


def test_ask_as_somebody_unknown_or_at_no_time_is_refused(run):
    assert run("ask", "--as", "P00").returncode == 2
    assert "expected local time like" in run("ask", "--now", "2026-03-29T01:30").stderr


def test_a_dry_run_and_a_bad_folder_write_nothing(run, tmp_path):
    dry = run("import", RECORD, "--dry-run")
    assert (dry.returncode, "nothing written" in dry.stderr) == (0, True)
    assert run("participant", "list").stdout == ""
    folder = shutil.copytree(RECORD, tmp_path / "bad")
    (folder / "attendance.csv").write_text("reference,number,outcome\nP00,1,XXXX\nP77,1,ATTC\n", "utf-8")
    bad = run("import", folder)
    assert bad.returncode == 1
    assert "attendance.csv, line 2: outcome is 'XXXX'" in bad.stderr
    assert "attendance.csv, line 3: reference is 'P77'" in bad.stderr
    assert "2 problems: nothing was written" in bad.stderr
    assert run("participant", "list").stdout == ""
    assert run("import", tmp_path / "none").returncode == 2


def test_a_plan_can_be_imported_as_it_is(run, tmp_path):
    done = run("schedule", "Evening A", "--start", "2027-03-30", "--weekdays", "tue", "--option", "evening")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 35
    assert rows[0]["starts_at"] == "2027-03-30T18:00"
    folder = tmp_path / "plan"
    folder.mkdir()
    shutil.copy(RECORD / "groups.csv", folder)
    (folder / "sessions.csv").write_text(done.stdout, "utf-8")
    assert run("import", folder).returncode == 0


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (("--weekdays", "someday"), "expected some of mon"),
        (("--start", "soon"), "expected a date like"),
        (("--time", "21:00"), "expected 18:00 to 20:00"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(run, option, expected):
    given = {"--start": "2027-03-30", "--weekdays": "tue", "--option": "evening"} | dict([option])
    done = run("schedule", "G", *[part for pair in given.items() for part in pair])
    assert done.returncode == 2
    assert expected in done.stderr


def test_the_demonstration_is_for_an_empty_record_only(run):
    done = run("demo")
    assert done.returncode == 0
    assert "DEMO-01" in done.stderr
    assert run("demo").returncode == 2
    listed = run("participant", "list").stdout.splitlines()
    assert len(listed) == 11


def test_req_53_what_is_held_about_one_person_is_exported_as_json(run):
    run("import", RECORD)
    found = json.loads(run("participant", "export", "P00").stdout)
    assert [row["reference"] for row in found["participant"]] == ["P00"]
    assert len(found["attendance"]) >= 12
    assert run("participant", "export", "nobody").returncode == 2
    again = json.loads(run("participant", "export", "P00").stdout)
    assert [entry["action"] for entry in again["audit_entry"]].count("record exported") == 2


def test_staff_link_unlink_reset_and_remove(run):
    run("import", RECORD)
    code = run("link-code", "p 00").stdout.strip()  # typed as telephones do
    assert len(code) == 9
    assert "attended 12" in run("participant", "show", "P00").stdout
    assert "0 telephones" in run("participant", "unlink", "P00").stderr
    assert len(run("participant", "reset-pin", "P00").stdout.strip()) == 9
    assert run("participant", "remove", "P00", given="something else\n").returncode == 2
    assert "P00" in run("participant", "list").stdout
    assert run("participant", "remove", "P00", given="P00\n").returncode == 0
    assert "P00" not in run("participant", "list").stdout
    assert run("link-code", "P00").returncode == 2


def test_the_key_is_rotated_with_its_file(run, tmp_path):
    run("import", RECORD)
    before = (tmp_path / "record.db.key").read_text("utf-8")
    assert run("rotate-key").returncode == 0
    after = (tmp_path / "record.db.key").read_text("utf-8")
    assert after.split()[1:] == before.split(), "the key before still reads"
    assert after.split()[0] not in before
    assert run("rotate-key").returncode == 0
    assert len((tmp_path / "record.db.key").read_text("utf-8").split()) == 3
    assert "attended 12" in run("participant", "show", "P00").stdout


def test_a_new_key_is_one_that_the_database_takes(run, tmp_path):
    key = run("new-key").stdout.strip()
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/other.db", "LEAFLINE_DATABASE_KEY": key}
    command = [sys.executable, "-m", "bot", "participant", "list"]
    assert subprocess.run(command, cwd=ROOT, env=environment, timeout=100).returncode == 0
    environment["LEAFLINE_DATABASE_KEY"] = "short"
    done = subprocess.run(command, cwd=ROOT, env=environment, timeout=100, capture_output=True, text=True)
    assert (done.returncode, "expected 44 characters" in done.stderr) == (2, True)


def test_an_import_tells_of_everything_in_the_folder_and_reads_names_in_any_case(run, tmp_path):
    folder = shutil.copytree(RECORD, tmp_path / "folder")
    (folder / "attendance.csv").rename(folder / "attendance.CSV")
    (folder / "notes.txt").write_text("for us", "utf-8")
    done = run("import", folder)
    assert done.returncode == 0
    assert "180 rows of attendance.csv" in done.stderr
    for name in ("notes.txt", "absences.jsonl", "questions.jsonl", "exchanges.jsonl"):
        assert f"Please check: {name}: not read" in done.stderr
    assert "Please check 4 things above." in done.stderr
    (folder / "attendance.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "attendance (1).csv").write_text("reference,number,outcome\n", "utf-8")
    done = run("import", folder, "--dry-run")
    assert done.returncode == 1
    assert "attendance.xlsx: a spreadsheet, which is not read" in done.stderr
    assert "attendance (1).csv, line 1: not a file of an import" in done.stderr
    assert "2 problems: nothing was written." in done.stderr


PLAN = ("--weekdays", "tue", "--option", "evening")


@pytest.mark.parametrize("start", ["0026-12-01", "2126-12-01", "2026-W49-2"])
def test_a_plan_from_a_day_that_nobody_means_is_refused(run, start):
    done = run("schedule", "G", "--start", start, *PLAN)
    assert (done.returncode, "--start is" in done.stderr, done.stdout) == (2, True, "")


@pytest.mark.parametrize("group", ["=1+1", "\N{FULLWIDTH EQUALS SIGN}1", "@x", "\u200b", "iSOTP"])
def test_a_plan_for_a_name_that_is_none_is_refused(run, group):
    done = run("schedule", group, "--start", "2027-03-30", *PLAN)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_plan_is_a_file_that_excel_knows_as_utf_8(run):
    done = run("schedule", " Caf\u00e9 \u2013  A", "--start", "30/03/2027", *PLAN)
    assert done.stdout.startswith("\ufeffgroup,number,block")
    assert "Caf\u00e9 \u2013 A,1,1,2027-03-30T18:00" in done.stdout


def test_a_year_that_nobody_means_is_refused_by_ask(run):
    done = run("ask", "--now", "0026-11-23T09:00", given="what are the rules\n")
    assert "expected a year from 2000 to" in done.stdout + done.stderr


def test_the_approved_questions_are_exported_and_again_only_where_something_changed(run, tmp_path):
    from datetime import UTC, datetime

    from bot import bootstrap
    from bot.settings import Settings
    from bot.training import added_questions, proposals

    folder, now = tmp_path / "review", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    record = bootstrap.database(Settings(database_url=f"sqlite:///{tmp_path}/record.db"))
    with record.writing() as connection:
        id_ = proposals.propose(connection, "breaks", ["can i vape outside"], [], "staff:1", now)
        proposals.approve(connection, id_, "staff:2", now)
    record.engine.dispose()
    assert "now holds the approved questions" in run("questions", "export", folder).stderr
    assert [entry.questions for entry in added_questions.entries(folder)] == [("can i vape outside",)]
    assert "already holds the approved questions" in run("questions", "export", folder).stderr
    refused = run("questions", "export", ROOT / "data" / "nlu" / "leaflet")
    assert refused.returncode == 2
    assert "expected a folder outside" in refused.stderr
