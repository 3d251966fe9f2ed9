"""The model and the encoder belong to their sources, and a stale one is noticed."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from bot.errors import ConfigurationError
from bot.messages import Address
from bot.settings import ROOT, Settings, SettingsError
from bot.text import READ_WITH
from bot.topics.questions import Question, QuestionKind, read
from bot.training import encoder_age, models
from bot.understanding.encoder import MANIFEST_FILE, EncoderError, SentenceEncoder
from bot.understanding.finetune import examples
from bot.understanding.finetune.questions import questions

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


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_the_encoders_files_are_those_that_were_made(name):
    assert hashlib.sha256((ENCODER / name).read_bytes()).hexdigest() == MANIFEST["files"][name]


def test_a_vector_has_length_one_and_does_not_depend_on_its_neighbours():
    encoder = SentenceEncoder.load(ENCODER)
    texts = ["what if i miss a session", "hello", "how long is it " * 100, ""]
    together = encoder.encode(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    for text, vector in zip(texts, together, strict=True):
        assert float(encoder.encode([text])[0] @ vector) > 0.98


def test_a_missing_encoder_is_said_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(EncoderError, match="make encoder"):
        SentenceEncoder.load(tmp_path)


def test_a_file_that_is_no_encoder_is_refused(tmp_path):
    shutil.copyfile(ENCODER / "tokenizer.json", tmp_path / "tokenizer.json")
    (tmp_path / "encoder.onnx").write_bytes(b"not a model")
    with pytest.raises(EncoderError, match="not a model"):
        SentenceEncoder.load(tmp_path)


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
    waiting = [file for file in (ROOT / "bot" / "understanding").rglob("*.py") if "finetune" not in file.parts]
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


def test_the_words_come_from_the_files_and_not_from_the_model(record_settings, record, loop, monkeypatch):
    """A sentence of an answer is changed, and said, without training."""
    from bot import bootstrap
    from bot.messages import InboundMessage, ReplyFormat
    from bot.replies import wording

    words = wording.load("isotp", "en")
    changed = [
        {**variation, "text": "A sentence that was changed."} for variation in words.responses[words.name("dress")]
    ]
    other = wording.ResponseCatalog("isotp", "en", {**words.responses, words.name("dress"): changed})
    monkeypatch.setattr(wording, "load", lambda *_: other)
    bot = bootstrap.conversation(record_settings, record)
    answer = loop.run(bot.handle(InboundMessage(Address.parse("a"), "what should i wear", ReplyFormat.SMS)))
    assert [reply.text for reply in answer.replies] == ["A sentence that was changed."]


def test_a_model_that_is_up_to_date_is_not_trained_again(bot):
    model = models.path(Settings().models)
    before = model.stat().st_mtime_ns
    assert models.ready(Settings().models) == model
    assert model.stat().st_mtime_ns == before


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


def test_the_service_is_built_without_tensorflow(bot, tmp_path):
    """It costs seconds and hundreds of megabytes, and nothing that answers needs it."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom bot import bootstrap\nfrom bot.settings import Settings\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "url = f'sqlite:///{folder}/record.db'\n"
        "bootstrap.application(Settings(database_url=url, spool=folder / 'spool', added=folder / 'added'))\n"
        "assert 'rasa' in sys.modules\n"
        "assert 'tensorflow' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=200)
