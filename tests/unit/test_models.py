"""The model and the encoder belong to their sources, and a stale one is noticed."""

import hashlib
import json
import re
import tomllib
from dataclasses import replace

import pytest

from bot.errors import ConfigurationError
from bot.settings import ROOT, Settings, SettingsError
from bot.text import READ_WITH
from bot.topics.questions import Question, QuestionKind, read
from bot.training import encoder_age, examples, models
from bot.training.questions import questions
from bot.understanding.encoder import MANIFEST_FILE

ENCODER = ROOT / "data" / "encoder"
MANIFEST = json.loads((ENCODER / MANIFEST_FILE).read_text("utf-8"))


def test_what_the_encoder_was_made_from_is_compared_with_the_questions_beside_it():
    """An encoder that is older than the questions is a warning, which training prints; it fails nothing."""
    age = encoder_age.encoder_age(read())
    assert age.is_older is (MANIFEST["data"]["sha256"] != examples.digest(questions()))
    assert (age.warning() is None) is not age.is_older
    assert (age.made_from, encoder_age.known_topics()) == (
        MANIFEST["data"]["examples"],
        set(MANIFEST["data"]["topics"]),
    )


def test_an_encoder_that_is_older_says_what_it_does_not_know_and_what_that_costs():
    new = Question("where can i leave my bike", "bike_shed", QuestionKind.PLAIN, "a", (), (), ENCODER / "none.yml")
    assert encoder_age.encoder_age([*read(), replace(new, kind=QuestionKind.HARD)]) == encoder_age.encoder_age(read())
    age = encoder_age.encoder_age([*read(), new])
    assert age.is_older
    assert age.unknown_topics == ("bike_shed",)
    for said in ("bike_shed", f"{MANIFEST['data']['examples']}", encoder_age.COST, "make encoder"):
        assert said in age.warning()


def test_the_encoder_is_made_with_the_versions_that_it_is_used_with():
    """A text that is normalised or cut into wordpieces in another way in training would cost accuracy unnoticed."""
    own, product = (
        {package["name"]: package["version"] for package in tomllib.loads(file.read_text("utf-8"))["package"]}
        for file in (ROOT / "tools" / "encoder" / "uv.lock", ROOT / "uv.lock")
    )
    shared = {"numpy", "onnxruntime", "pyyaml", "symspellpy", "tokenizers"}
    assert {name: own[name] for name in shared} == {name: product[name] for name in shared}
    assert "torch" not in product


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_the_encoders_files_are_those_that_were_made(name):
    assert hashlib.sha256((ENCODER / name).read_bytes()).hexdigest() == MANIFEST["files"][name]


@pytest.fixture
def sources(tmp_path):
    """A small project of the same shape."""
    for name in ("config.yml", "domain.yml", "uv.lock", "data/nlu/a.yml", "data/safety/p.yml", "bot/text/normalise.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "uv.lock", "data/nlu/a.yml", "bot/text/normalise.py"])
def test_a_model_is_stale_when_a_source_of_it_changes(sources, name):
    before = models.digest(sources)
    (sources / name).write_text("something else")
    assert models.digest(sources) != before


@pytest.mark.parametrize(
    "name", ["data/safety/p.yml", "data/answers/isotp/en/a.yml", "data/staff/alerts.yml", "bot/text/days.py"]
)
def test_a_model_is_not_stale_when_only_what_is_read_at_start_changes(sources, name):
    before = models.digest(sources)
    (sources / name).parent.mkdir(parents=True, exist_ok=True)
    (sources / name).write_text("something else")
    assert models.digest(sources) == before


def test_the_model_is_made_from_every_module_that_understanding_reads_texts_with():
    """What is imported from bot/understanding, directly or through another module of bot/text, makes a model stale."""
    found, looked_at = set(), set()
    waiting = list((ROOT / "bot" / "understanding").rglob("*.py"))
    while waiting:
        file = waiting.pop()
        looked_at.add(file)
        names = re.findall(r"^from bot\.text(?:\.(\w+))? import (.+)$", file.read_text("utf-8"), re.MULTILINE)
        for module, imported in names:
            for name in [module] if module else re.findall(r"\w+", imported):
                own = ROOT / "bot" / "text" / f"{name}.py"
                if own.exists():
                    found.add(name)
                    waiting += [own] if own not in looked_at else []
    assert sorted(found) == sorted(READ_WITH)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"), ("PORT", "x"), ("LOG_LEVEL", "LOUD"), ("OFFICE_PHONE", "1" * 17), ("CONTACT_NAME", ""),
        ("OFFICE_HOURS", "h" * 33), ("PROGRAMME", ""),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_names_itself_and_what_was_expected(name, value):
    with pytest.raises(SettingsError, match=f"LEAFLINE_{name}"):
        Settings.from_env({f"LEAFLINE_{name}": value})


def test_a_programme_without_answers_is_said():
    from bot.replies import wording

    with pytest.raises(ConfigurationError, match=r"expected \.yml files"):
        wording.load("nowhere", "en")
