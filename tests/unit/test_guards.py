"""Promises that hold for the whole project."""

import ast
import re
import sys

import pytest
import yaml

from bot.settings import ROOT, Settings, variable
from bot.topics import question_check
from bot.topics.questions import FEWEST, collisions, read
from bot.topics.registry import DIALOGUE_ACTS
from bot.training.encoder_age import known_topics
from bot.training.importer import stories
from tests.support.source_code import imports, modules

FLOORS = {
    "bot.errors": 0, "bot.jobs": 0,
    "bot.text": 1, "bot.logs": 1,
    "bot.messages": 2, "bot.settings": 2, "bot.records.enums": 2, "bot.conversation.absence_state": 2,
    "bot.topics": 2.5,
    "bot.conversation.state": 3, "bot.records.access.caller": 3,
    "bot.replies": 3, "bot.database": 3,
    "bot.records": 4, "bot.dialogue": 4, "bot.safety": 4, "bot.messaging.channels": 4, "bot.messaging.tables": 4,
    "bot.review": 5, "bot.alerts": 5, "bot.conversation": 5, "actions": 5,
    "bot.messaging": 6, "bot.training": 6,
    "bot.alerts.escalation_policy": 7, "bot.retention": 7,
    "bot.alerts.escalation": 8,
    "bot.runtime": 9,
    "bot.web": 10,
    "bot.bootstrap": 11,
    "actions.server": 13,
    "bot.cli": 12,
    "bot.__main__": 13,
}  # fmt: skip
"""A package imports only from lower ones; two on the same floor do not know each other. bot/understanding, which Rasa
loads, stands beside them: it knows bot/text alone."""


def room(name):
    return max((r for r in FLOORS if name == r or name.startswith(r + ".")), key=len, default=None)


def test_imports_go_only_downwards_between_rooms():
    wrong = [
        f"{name} imports {imported}"
        for name, tree in modules()
        for imported in imports(tree)
        if room(name) and room(imported) and room(name) != room(imported)
        and FLOORS[room(imported)] >= FLOORS[room(name)]
    ]  # fmt: skip
    assert wrong == []


def test_no_two_classes_have_the_same_name():
    classes = [node.name for _, tree in modules() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert sorted({name for name in classes if classes.count(name) > 1}) == []


def test_no_module_is_named_like_one_of_the_standard_library():
    names = [name.split(".") for name, _ in modules()]
    assert [".".join(parts) for parts in names if parts[-1] in sys.stdlib_module_names - {"__main__"}] == []


def test_the_product_knows_nothing_of_what_measures_it_or_makes_its_encoder():
    outside = ("benchmarks", "deploy", "evaluation", "tests", "tools")
    wrong = [f"{name} imports {i}" for name, tree in modules() for i in imports(tree) if i.split(".")[0] in outside]
    assert wrong == []


def test_understanding_knows_only_text():
    wrong = [
        f"{name} imports {imported}"
        for name, tree in modules()
        for imported in imports(tree)
        if name.startswith("bot.understanding")
        and imported.startswith(("bot.", "actions"))
        and not imported.startswith(("bot.understanding", "bot.text"))
    ]
    assert wrong == []


@pytest.mark.parametrize("field", list(Settings.__fields__))
def test_every_setting_is_documented(field):
    assert f"`{variable(field)}`" in (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")


def test_every_path_that_the_documents_name_exists():
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = {
        (document.name, path)
        for document in documents
        for path in re.findall(
            r"`((?:bot|data|actions|tests|docs|benchmarks|evaluation|tools|\.ci)/[\w./-]*)`",
            document.read_text("utf-8"),
        )
    }
    made = ("benchmarks/cache", "docs/reference/measurements")
    assert [(d, p) for d, p in named if not (ROOT / p).exists() and not p.startswith(made)] == []


def test_every_link_between_documents_leads_somewhere():
    wrong = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            if not (document.parent / target).exists():
                wrong.append((document.name, target))
    assert wrong == []


def test_every_make_target_that_the_readme_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"`make ([a-z-]+)", (ROOT / "README.md").read_text("utf-8"))) <= targets


def test_topics_are_the_same_in_domain_stories_questions_and_answers():
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"])
    questions = {file.stem for file in (ROOT / "data" / "nlu").glob("*.yml")}
    answers = {file.stem for file in (ROOT / "data" / "answers" / "isotp" / "en").glob("*.yml")}
    trained = {story["steps"][0]["intent"] for story in stories(sorted(intents))["stories"]}
    assert intents == questions == answers | DIALOGUE_ACTS
    assert intents == trained
    assert len(intents - DIALOGUE_ACTS) >= 56


def test_nothing_is_missing_in_the_questions_of_a_topic_and_none_is_given_to_two():
    assert [str(violation) for violation in question_check.violations()] == []
    assert [str(collision) for collision in collisions(read())] == []


def test_there_are_enough_questions_where_a_miss_is_worst():
    from bot.training.questions import questions

    counts = {}
    for example in questions():
        counts[example.main] = counts.get(example.main, 0) + 1
    assert counts["out_of_scope"] >= 600
    assert counts["crisis"] + counts["child_at_risk"] >= 300
    assert min(counts[topic] for topic in known_topics()) >= 40
    assert min(counts.values()) >= FEWEST
