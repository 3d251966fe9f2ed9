"""The recipe of docs/how-to/add-a-topic.md, followed as it stands there in a copy of the project."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings
from bot.training import models

RECIPE = ROOT / "docs" / "how-to" / "add-a-topic.md"
UNSEEN = [
    "where can i wait quietly", "anywhere quiet to sit b4 group", "do you have a room thats quiet",
    "I find noise hard, is there a calm place to wait?", "can i get away from the noise before it starts",
    "is the quiet room open to everyone", "i get anxious round people, can i sit alone before the session",
    "who can go in the quiet room",
]  # fmt: skip
"""Questions that the recipe does not have."""
CPU_SECONDS = 600


def steps():
    """Yield the fenced blocks of the recipe that are done: commands, and files with their path in the first line."""
    for language, block in re.findall(r"^```(\w+)\n(.*?)^```$", RECIPE.read_text("utf-8"), re.M | re.S):
        if language == "yaml":
            first, _, content = block.partition("\n")
            yield Path(first.removeprefix("# ")), content
        else:
            yield None, block


@pytest.fixture
def project(tmp_path):
    """Copy what a model is made from and what answers."""
    copy = tmp_path / "project"
    unwanted = shutil.ignore_patterns("__pycache__", "added")
    for name in ("bot", "actions", "data", "migrations"):
        shutil.copytree(ROOT / name, copy / name, ignore=unwanted)
    for file in ("config.yml", "domain.yml", "uv.lock", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / file, copy)
    return copy


def run(project, command, given=""):
    """Run a command as somebody would who stands in the project with its environment active."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "DATABASE_URL": f"sqlite:///{project}/record.db", "LEAFLINE_SPOOL": str(project / "spool")}
    done = subprocess.run(
        ["bash", "-ec", command], cwd=project, env={**os.environ, **own}, input=given, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def sources(project):
    """Return the name of the model that the project's files make."""
    command = "python -c 'from bot.training import models; print(models.digest())'"
    return run(project, command).stdout.strip()


@pytest.mark.timeout(1800)
def test_the_recipe_adds_a_topic_that_is_answered_and_taken_away_again(project, capsys):
    before = {file: file.read_bytes() for file in project.rglob("*") if file.is_file()}
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = []
    for path, content in steps():
        if path:
            assert (project / path).exists(), f"the recipe fills in {path}, and nothing has begun it"
            (project / path).write_text(content, "utf-8")
        else:
            said.append(run(project, content))
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = ended.ru_utime + ended.ru_stime - started.ru_utime - started.ru_stime
    began, checked, tried = said
    assert "wrote data/nlu/quiet_room.yml" in began.stdout
    assert "Nothing is missing." in checked.stdout
    assert "knows nothing of quiet_room" in tried.stderr
    (answer,) = map(json.loads, tried.stdout.splitlines())
    assert answer["topic"] == "quiet_room"
    assert answer["replies"] == ["There is a quiet room. You can wait there before a session. Ask the staff."]
    unseen = [json.loads(line) for line in run(project, "python -m bot ask", "\n".join(UNSEEN)).stdout.splitlines()]
    answered = [one["text"] for one in unseen if one["topics"] == ["quiet_room"]]
    offered = [one["text"] for one in unseen if "quiet_room" in one["suggestions"]]
    with capsys.disabled():
        print(f"\nThe recipe took {spent:.0f} s of CPU time; unseen questions answered: {len(answered)}, "
              f"offered: {len(offered)}, of {len(UNSEEN)}")  # fmt: skip
    assert len(answered) + len(offered) >= 0.7 * len(UNSEEN)
    assert spent <= CPU_SECONDS
    taken_away(project, before)


def taken_away(project, before):
    """Take the topic away, as the recipe says, and find the project as it was."""
    for name in ("data/nlu/quiet_room.yml", "data/answers/isotp/en/quiet_room.yml"):
        (project / name).unlink()
    domain = project / "domain.yml"
    domain.write_text(domain.read_text("utf-8").replace("  - quiet_room\n", ""), "utf-8")
    assert {file: file.read_bytes() for file in before} == before
    assert "Nothing is missing." in run(project, "python -m bot topic check").stdout
    assert sources(project) == models.digest(added=Settings().added)


def test_what_the_recipe_leaves_to_fill_in_is_said(project):
    run(project, "python -m bot topic new quiet_room")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "topic", "check", "quiet_room"], cwd=project, capture_output=True, text=True
    )
    assert done.returncode == 1
    for missing in ("placeholder TODO", "1 plain questions: expected 20", "no claims", "section is 'TODO'"):
        assert missing in done.stdout


def test_a_question_that_is_given_to_two_topics_stops_training_before_it_begins(project):
    file = project / "data" / "nlu" / "dress.yml"
    file.write_text(file.read_text("utf-8") + "      - what is the quiet dress code in breaks\n", "utf-8")
    other = project / "data" / "nlu" / "breaks.yml"
    other.write_text(other.read_text("utf-8") + "      - what is the quiet dress code in breaks\n", "utf-8")
    done = subprocess.run([sys.executable, "-m", "bot", "train"], cwd=project, capture_output=True, text=True)
    assert done.returncode == 2
    for place in ("data/nlu/breaks.yml:", "data/nlu/dress.yml:", "given to two topics"):
        assert place in done.stderr
    assert "training the model" not in done.stderr
