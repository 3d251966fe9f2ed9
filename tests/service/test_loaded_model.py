"""The encoder and the model, loaded: what they give, what they need, and what is not in them."""

import shutil
import subprocess
import sys

import numpy as np
import pytest

from bot.messages import Address
from bot.settings import ROOT, Settings
from bot.training import models
from bot.understanding.encoder import EncoderError, SentenceEncoder

pytestmark = pytest.mark.model  # and the encoder

ENCODER = ROOT / "data" / "encoder"


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
