"""Learning from what staff added: the gate, which model a service begins with, and a training that ends whatever happens."""

import asyncio
import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.database.engine import open_database
from bot.database.migrate import migrate
from bot.jobs import Job, PeriodicJobs
from bot.messages import Address, InboundMessage
from bot.records.enums import TrainingState
from bot.settings import ROOT, Settings
from bot.topics.registry import DIALOGUE_ACTS
from bot.training import added_questions, current_model, models, proposals, question_export, trainings
from bot.training.acceptance import compare
from bot.training.added_questions import FolderError
from bot.training.encoder_age import known_topics
from bot.training.evaluation import QUESTIONS, EvaluationReport, evaluate
from bot.training.model_trainer import ModelTrainer
from bot.training.worker import TrainingWorker
from tests.support.components import postgresql_database
from tests.support.records import TEST_KEY

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


# The gate

GOOD = EvaluationReport(asked=100, right=90, offered=5, wrong=2, danger=3, noticed=["a", "b"], taught=[False, False])


def after(**changes):
    values = GOOD.__dict__ | {"taught": [True, True]} | changes
    return EvaluationReport(**values)


def test_a_model_that_learnt_and_lost_nothing_is_accepted():
    verdict = compare(GOOD, after())
    assert verdict.accepted
    assert verdict.figures["right"] == [90, 90, 100]
    assert verdict.figures["taught"] == [0, 2, 2]


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({"right": 88}, ()),
        ({"right": 87}, ("right",)),
        ({"wrong": 4}, ()),
        ({"wrong": 5}, ("wrong",)),
        ({"noticed": ["a", "c", "d"]}, ("danger",)),  # more than before, but one of those is lost
        ({"noticed": ["a", "b", "c"]}, ()),
        ({"false_alarms": 1}, ("false_alarms",)),
        ({"taught": [True] * 9 + [False]}, ()),
        ({"taught": [True] * 8 + [False]}, ("taught",)),
        ({"right": 0, "noticed": []}, ("danger", "right")),
    ],
)
def test_a_model_that_does_worse_is_refused_and_it_is_said_on_what(changes, failed):
    assert compare(GOOD, after(**changes)).failed == failed


class Turn:
    def __init__(self, *topics, offered=()):
        self.topics, self.suggestions = topics, offered


def test_a_trial_counts_what_was_answered(loop):
    turns = {
        "right": Turn("breaks"), "wrong": Turn("dress"), "two": Turn("breaks", "dress"), "lost": Turn(),
        "offered": Turn(offered=("dress", "breaks")), "alarm": Turn("crisis"), "dark": Turn("child_at_risk"),
        "missed": Turn("breaks"), "taught": Turn("breaks", "dress"),
    }  # fmt: skip

    async def hear(text):
        return turns[text]

    danger = [{"q": text, "topic": "crisis"} for text in ("dark", "missed")]
    others = [{"q": text, "topic": "breaks"} for text in ("right", "wrong", "two", "lost", "offered", "alarm")]
    taught = [{"text": "taught", "topic": "dress"}, {"text": "lost", "topic": "dress"}]
    assert loop.run(evaluate(hear, [*danger, *others], taught)) == EvaluationReport(
        asked=6, right=1, offered=1, wrong=3, false_alarms=1, danger=2, noticed=["dark"], taught=[True, False]
    )


def test_the_trial_asks_of_every_topic_what_nothing_was_trained_or_measured_on():
    import yaml

    from bot.text.normalise import normalise
    from bot.training.questions import by_author
    from evaluation.sets import cases, danger

    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    asked = {normalise(row["q"]) for row in rows}
    trained = {
        normalise(e.text) for author, e in by_author([ROOT / "data" / "nlu"]) if author != added_questions.AUTHOR
    }
    measured = {normalise(case.text) for case in [*cases(), *danger()]}
    assert len(asked) == len(rows) >= 150
    assert asked & trained == asked & measured == set()
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"]) - DIALOGUE_ACTS
    assert {row["topic"] for row in rows} <= intents
    assert known_topics() - {row["topic"] for row in rows} <= {"goodbye", "stop_messages", "other_people", "help"}
    assert sum(row["topic"] in ("crisis", "child_at_risk") for row in rows) >= 15


# Which model a service begins with


@pytest.fixture
def set_up(tmp_path, bot):
    """Settings with folders of their own: models with the product's own one in it, and nothing added."""
    (tmp_path / "models").mkdir()
    made = models.path(Settings().models)
    os.link(made, tmp_path / "models" / made.name)
    return Settings(models=tmp_path / "models", added=tmp_path / "added")


def taught(record, *words, topic="breaks"):
    with record.writing() as connection:
        id_ = proposals.propose(connection, topic, list(words), [], "staff:1", NOW)
        proposals.approve(connection, id_, "staff:2", NOW)
    return id_


def want(record):
    with record.writing() as connection:
        assert trainings.request(connection, "staff:2", NOW)


def last(record):
    with record.reading() as connection:
        return trainings.latest(connection)[0]


def test_what_is_approved_and_not_tried_is_not_in_the_model_that_a_service_begins_with(empty_record, set_up):
    taught(empty_record, "can i vape outside")
    with empty_record.reading() as connection:
        question_export.export(connection, set_up.added)
    assert current_model.model(set_up, empty_record).name == models.path(Settings().models).name


def test_a_service_begins_with_the_newest_accepted_model_until_it_holds_what_was_taken_back(
    empty_record, set_up, monkeypatch
):
    id_ = taught(empty_record, "can i vape outside")
    (set_up.models / "taught.tar.gz").write_bytes(b"")
    with empty_record.writing() as connection:
        trainings.request(connection, "staff:1", NOW)
        key = proposals.one(connection, id_).key
        sources = models.sources()
        own = trainings.claim(connection, NOW)
        trainings.finish(connection, own, TrainingState.ACCEPTED, NOW, {}, "taught.tar.gz", sources, [key])
    assert current_model.model(set_up, empty_record).name == "taught.tar.gz"

    learnt = []

    def train(model, added):
        learnt.extend(entry.questions for entry in added_questions.entries(added))
        model.write_bytes(b"")

    monkeypatch.setattr(models, "train", train)
    (set_up.models / "taught.tar.gz").unlink()  # on a machine that has it not: trained from what was learnt before
    taught(empty_record, "is there a smoking area")
    again = current_model.model(set_up, empty_record)
    assert learnt == [("can i vape outside",)]
    assert again.name not in ("taught.tar.gz", models.path(Settings().models).name)
    again.unlink()
    (set_up.models / "taught.tar.gz").write_bytes(b"")
    with empty_record.writing() as connection:
        proposals.revoke(connection, id_, NOW)
    assert current_model.model(set_up, empty_record).name == models.path(Settings().models).name


def test_a_model_that_is_made_anew_holds_all_that_was_ever_learnt(empty_record, set_up, monkeypatch):
    with empty_record.writing() as connection:
        for number in range(201):  # more than any page shows
            id_ = proposals.propose(connection, "breaks", [f"can i vape {'x' * number}"], [], "staff:1", NOW)
            proposals.mark_trained(connection, [proposals.approve(connection, id_, "staff:2", NOW).key])
    learnt = []

    def train(model, added):
        learnt.extend(added_questions.entries(added))
        model.write_bytes(b"")

    monkeypatch.setattr(models, "train", train)
    current_model.model(set_up, empty_record).unlink()
    assert len(learnt) == 201


def test_the_digest_knows_added_questions_wherever_their_folder_is(tmp_path):
    for name in ("config.yml", "data/nlu/leaflet/a.yml", "data/evaluation/q.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    inside, outside = tmp_path / "data" / "nlu" / "added", tmp_path / "elsewhere"
    sources = models.sources(tmp_path)
    for place in (inside, outside):
        place.mkdir()
        (place / "breaks.yml").write_text("x")
    assert models.digest(tmp_path, inside) == models.digest(tmp_path, outside) != sources
    assert models.digest(tmp_path) == models.sources(tmp_path) == sources, "files for review are not read back"
    names = [str(Path(name).relative_to(tmp_path)) for name in models.training_files(outside, tmp_path)]
    assert names == ["data/nlu/leaflet/a.yml", "elsewhere/breaks.yml"]
    (tmp_path / "data/evaluation/q.jsonl").write_text("another")
    assert models.sources(tmp_path) == sources


# The worker

QUICK = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"
"""Stands in for a training of two minutes: the model is the product's own."""


@pytest.fixture
def quick(monkeypatch, bot):
    own = models.path(Settings().models)
    monkeypatch.setattr(models, "command", lambda model, added: [sys.executable, "-c", QUICK, str(own), str(model)])


def teacher(record, settings, switched):
    own = models.path(settings.models)
    return TrainingWorker(record, settings, own, switched.append, lambda texts: None, lambda text: False, lambda: NOW)


def test_a_training_that_ends_with_an_error_says_so_and_the_model_stays(empty_record, set_up, loop, monkeypatch):
    monkeypatch.setattr(models, "command", lambda model, added: [sys.executable, "-c", "raise SystemExit(1)"])
    taught(empty_record, "can i vape outside")
    want(empty_record)
    switched = []
    loop.run(teacher(empty_record, set_up, switched).run_once())
    assert (last(empty_record).state, last(empty_record).report) == (TrainingState.FAILED, {"why": "training"})
    assert switched == []
    want(empty_record)  # another one may be asked for


def test_a_model_that_did_not_learn_is_refused_by_its_real_trial(empty_record, set_up, loop, quick):
    """The stand-in learns nothing, so the trial, which is the real one, has to notice."""
    taught(empty_record, "will there be a quiz", topic="breaks")
    want(empty_record)
    switched = []
    loop.run(teacher(empty_record, set_up, switched).run_once(), 600)
    ended = last(empty_record)
    assert ended.state is TrainingState.REFUSED, ended.report
    assert ended.report["failed"] == ["taught"]
    before, now, of = ended.report["figures"]["right"]
    assert before == now > 0.9 * of
    assert switched == []
    assert [file.name for file in set_up.models.iterdir()] == [models.path(Settings().models).name]
    with empty_record.reading() as connection:
        assert trainings.pending_changes(connection) == trainings.PendingChanges(1, 0)


def test_stopping_the_service_ends_the_training_and_its_process(empty_record, set_up, loop, tmp_path, monkeypatch):
    pid = tmp_path / "pid"
    sleep = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(300)"
    monkeypatch.setattr(models, "command", lambda model, added: [sys.executable, "-c", sleep])
    taught(empty_record, "can i vape outside")
    want(empty_record)

    async def begun_and_stopped():
        looking = Job("training", 3, teacher(empty_record, set_up, []).run_once, at_once=True)
        async with PeriodicJobs([looking]).running():
            async with asyncio.timeout(30):
                while not (pid.exists() and pid.read_text()):
                    await asyncio.sleep(0.05)
            niceness = os.getpriority(os.PRIO_PROCESS, int(pid.read_text()))
        return niceness

    assert loop.run(begun_and_stopped()) >= 15
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert last(empty_record).report == {"why": "stopped"}


def test_another_process_follows_and_two_do_not_train_at_once(set_up, loop, tmp_path, monkeypatch):
    good = EvaluationReport(asked=100, right=90, taught=[True])

    async def evaluate(self, model, entries):
        await asyncio.sleep(0.2)
        return good

    monkeypatch.setattr(ModelTrainer, "evaluate", evaluate)
    trained = []

    def command(model, added):
        trained.append(model)
        return [sys.executable, "-c", "import sys; open(sys.argv[1], 'w').close()", str(model)]

    monkeypatch.setattr(models, "command", command)
    with postgresql_database() as url:
        records = [open_database(url, TEST_KEY, print) for _ in range(2)]
        migrate(records[0])
        taught(records[0], "can i vape outside")
        want(records[0])
        switched = [], []
        teachers = [teacher(record, set_up, own) for record, own in zip(records, switched, strict=True)]

        async def both():
            await asyncio.gather(*(one.run_once() for one in teachers))
            await asyncio.gather(*(one.run_once() for one in teachers))

        loop.run(both())
        assert len(trained) == 1
        assert switched == (trained, trained)
        assert last(records[0]).state is TrainingState.ACCEPTED
        for record in records:
            record.engine.dispose()


def test_questions_that_change_meanwhile_end_the_training(empty_record, set_up, loop, monkeypatch):
    changes = "open(sys.argv[1], 'w').close(); p = sys.argv[2] + '/dress.yml'; open(p, 'w').write('nlu: []')"
    monkeypatch.setattr(
        models, "command", lambda model, added: [sys.executable, "-c", f"import sys; {changes}", str(model), str(added)]
    )
    taught(empty_record, "can i vape outside")
    want(empty_record)
    loop.run(teacher(empty_record, set_up, []).run_once())
    assert last(empty_record).report == {"why": "changed"}


# The files for review


def exported(settings):
    return [entry.questions for entry in added_questions.entries(settings.added)]


def test_what_is_approved_is_exported_after_the_commit_and_once(empty_record, set_up, loop):
    worker = teacher(empty_record, set_up, [])
    loop.run(worker.run_once())
    assert not set_up.added.exists()
    id_ = taught(empty_record, "can i vape outside")
    assert not set_up.added.exists(), "the decision itself writes no file"
    loop.run(worker.run_once())
    assert exported(set_up) == [("can i vape outside",)]
    (file,) = set_up.added.iterdir()
    file.unlink()
    loop.run(worker.run_once())
    assert not list(set_up.added.iterdir()), "nothing has changed: nothing is written again"
    with empty_record.writing() as connection:
        proposals.revoke(connection, id_, NOW)
    taught(empty_record, "is there a smoking area")
    loop.run(worker.run_once())
    assert exported(set_up) == [("is there a smoking area",)]


def test_a_process_that_ends_between_the_commit_and_the_export_loses_nothing(empty_record, set_up, loop):
    taught(empty_record, "can i vape outside")  # and the process that committed it is gone
    loop.run(teacher(empty_record, set_up, []).run_once())
    assert exported(set_up) == [("can i vape outside",)]


def test_a_folder_that_cannot_be_written_holds_nothing_up_and_is_written_later(empty_record, set_up, loop, caplog):
    set_up.added.write_text("in the way")
    worker = teacher(empty_record, set_up, [])
    taught(empty_record, "can i vape outside")
    for _ in range(2):
        loop.run(worker.run_once())
    assert caplog.text.count("approved questions could not be exported") == 1
    set_up.added.unlink()
    loop.run(worker.run_once())
    assert exported(set_up) == [("can i vape outside",)]


def test_a_training_reads_the_database_and_not_the_files(empty_record, set_up, loop, monkeypatch):
    set_up.added.mkdir()
    (set_up.added / "dress.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: dress\n    examples: |\n      - written by hand\n', "utf-8"
    )
    learnt = []

    def command(model, added):
        learnt.extend(entry.questions for entry in added_questions.entries(added))
        return [sys.executable, "-c", "raise SystemExit(1)"]

    monkeypatch.setattr(models, "command", command)
    taught(empty_record, "can i vape outside")
    want(empty_record)
    loop.run(teacher(empty_record, set_up, []).run_once())
    assert learnt == [("can i vape outside",)]
    assert sorted(exported(set_up)) == [("can i vape outside",), ("written by hand",)]


def test_a_folder_among_the_training_data_is_refused(empty_record):
    with empty_record.reading() as connection, pytest.raises(FolderError, match="expected a folder outside"):
        question_export.export(connection, ROOT / "data" / "nlu" / "leaflet")


# Switching


def test_a_model_is_switched_while_messages_are_answered(bot, loop, tmp_path):
    other = tmp_path / "other.tar.gz"
    shutil.copyfile(models.path(Settings().models), other)

    async def asked():
        done, answers = asyncio.Event(), []

        async def ask(name):
            while not done.is_set():
                answers.append(
                    await bot.handle(InboundMessage(Address.parse(f"switch {name}"), "wot if i mis a sesion"))
                )

        asking = [asyncio.create_task(ask(name)) for name in range(4)]
        await asyncio.to_thread(bot.switch, other)
        done.set()
        await asyncio.gather(*asking)
        leant = await bot.handle(InboundMessage(Address.parse("switch 0"), "why"))
        return answers, leant

    answers, leant = loop.run(asked())
    assert len(answers) > 10
    assert {answer.topics for answer in answers} == {("missed_session",)}
    assert leant.topics, "what was said before the switch is still leant on"
