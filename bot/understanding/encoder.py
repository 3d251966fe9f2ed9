"""Computes sentence vectors of length 1 with an int8 ONNX encoder that is loaded from a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

DIMENSIONS = 384
MODEL_FILE = "encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"

MAX_PIECES = 128
"""At most this many wordpieces of a text are encoded, [CLS] and [SEP] included."""
MAX_CHARACTERS = 4_000
"""Of a longer text only the first and the last half of this are tokenised; that is already more than MAX_PIECES."""
BATCH_PIECES = 1_024
"""Wordpieces, padding included, in one batch: as many as stay in the cache of a core."""
FEW_TEXTS = 8
"""Up to so many texts (the parts of one message) are run one by one: padding them would cost more than the calls."""

Vectors = NDArray[np.float32]


class EncoderError(RuntimeError):
    """The folder of the encoder is incomplete, or one of its files cannot be used; the message says which."""


class SentenceEncoder:
    """Turns texts into vectors of DIMENSIONS numbers. Safe to share between threads."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer, fingerprint: str) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.fingerprint = fingerprint
        """The sha256 of the model file, in hexadecimal."""

    @classmethod
    def load(cls, folder: Path | str, *, threads: int = 1) -> SentenceEncoder:
        """Load the encoder in ``folder``, which takes about 0.2 s; ``threads`` is how many cores one encoding may use.

        Raises EncoderError where a file is missing or cannot be read.
        """
        from tokenizers import Tokenizer

        model, tokens = Path(folder) / MODEL_FILE, Path(folder) / TOKENIZER_FILE
        for file in (model, tokens):
            if not file.is_file():
                raise EncoderError(f"no {file.name} in the encoder folder {folder}: make it with `make encoder`")
        content = model.read_bytes()
        tokenizer = Tokenizer.from_file(str(tokens))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return cls(_session(content, threads, model), tokenizer, hashlib.sha256(content).hexdigest())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text, float32 (len(texts), DIMENSIONS), each of length 1."""
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        pieces = [piece_ids(self._tokenizer, text) for text in texts]
        for rows in _batches([len(p) for p in pieces], apart=len(texts) <= FEW_TEXTS):
            vectors[rows] = self._run([pieces[row] for row in rows])
        return vectors

    def _run(self, pieces: list[list[int]]) -> Vectors:
        longest = max(map(len, pieces))
        ids = np.zeros((len(pieces), longest), np.int64)
        mask = np.zeros((len(pieces), longest), np.float32)
        for row, piece in enumerate(pieces):
            ids[row, : len(piece)] = piece
            mask[row, : len(piece)] = 1
        result: Vectors = self._session.run(["vectors"], {"ids": ids, "mask": mask})[0]
        return result


def piece_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Return the wordpiece ids of ``text``; of a long text those of its start and end, where the question often is."""
    if len(text) > MAX_CHARACTERS:
        text = text[: MAX_CHARACTERS // 2] + " " + text[-MAX_CHARACTERS // 2 :]
    ids: list[int] = tokenizer.encode(text).ids
    if len(ids) <= MAX_PIECES:
        return ids
    half = MAX_PIECES // 2
    return ids[:half] + ids[-half:]


def _batches(lengths: Sequence[int], *, apart: bool) -> Iterator[list[int]]:
    """Yield row numbers in batches of similar length, longest first, so that there is little padding."""
    if apart:
        yield from ([row] for row in range(len(lengths)))
        return
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda r: -lengths[r]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > BATCH_PIECES:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _session(content: bytes, threads: int, file: Path) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exceptions share no public base class
        raise EncoderError(f"{file} is not a model that onnxruntime can read: {error}") from error
    if [i.name for i in session.get_inputs()] != ["ids", "mask"]:
        raise EncoderError(f"{file} is not a Leafline encoder: its inputs are not (ids, mask)")
    return session
