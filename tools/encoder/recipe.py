"""How long and how hard to train: one recipe for every data set, some numbers by rule from its size."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    """Hyperparameters of fine-tuning."""

    epochs: int
    batch: int = 64
    rate: float = 1.5e-4
    head_rate: float = 3e-3
    warmup: float = 0.1
    weight_decay: float = 0.01
    scale: float = 20.0
    """Cosines are multiplied by this before the softmax over labels."""
    contrast: float = 0.5
    """Weight of the contrastive loss beside cross-entropy."""
    temperature: float = 0.1
    """Of the contrastive loss."""
    misspell: float = 0.0
    """Share of texts that get one random slip of the thumb, anew in each epoch."""
    join: float = 0.0
    """Share of texts that are joined with a text of another label, labels half and half."""
    runs: int = 1
    """Trained so many times, each from another seed, and their weights averaged: better than each, and no slower."""
    seed: int = 0
    threads: int = 2

    @classmethod
    def for_size(cls, examples: int, *, seed: int = 0, threads: int = 2) -> Recipe:
        """Return the recipe for so many examples: fewer are gone through more often."""
        epochs = min(20, max(5, round(60_000 / max(examples, 1))))
        return cls(epochs=epochs, seed=seed, threads=threads)

    @classmethod
    def for_messages(cls, examples: int, *, seed: int = 0, threads: int = 2) -> Recipe:
        """Return the recipe for the project's own questions: typed in a hurry, some two in one message."""
        return replace(cls.for_size(examples, seed=seed, threads=threads), join=0.15, misspell=0.1, runs=3)
