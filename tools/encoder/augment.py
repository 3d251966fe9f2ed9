"""Variations of the examples that cost nothing to write: slips of the thumb, two questions in one message."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bot.training.examples import Example
from tools.encoder.recipe import Recipe

_NEIGHBOURS = {
    letter: row[max(0, i - 1) : i] + row[i + 1 : i + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for i, letter in enumerate(row)
}
_JOINTS = (" ", ". ", "? ", " and ", ", ", " also ")


def vary(examples: Sequence[Example], recipe: Recipe, rng: random.Random) -> list[Example]:
    """Return the examples in their order, some misspelt, some joined with another one."""
    return [_vary(example, examples, recipe, rng) for example in examples]


def misspell(text: str, rng: random.Random) -> str:
    """Return ``text`` with one slip in one of its longer words: a letter lost, doubled, swapped or missed."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not long:
        return text
    i = rng.choice(long)
    words[i] = _slip(words[i], rng)
    return " ".join(words)


def join(first: Example, second: Example, rng: random.Random) -> Example:
    """Return one message that holds both texts, with the labels of both at half their weight."""
    labels = {
        label: (first.labels.get(label, 0.0) + second.labels.get(label, 0.0)) / 2
        for label in [*first.labels, *second.labels]
    }
    pair = [first.text, second.text]
    rng.shuffle(pair)
    return Example(rng.choice(_JOINTS).join(pair), labels)


def _vary(example: Example, examples: Sequence[Example], recipe: Recipe, rng: random.Random) -> Example:
    if recipe.join and rng.random() < recipe.join:
        return join(example, rng.choice(examples), rng)
    if recipe.misspell and rng.random() < recipe.misspell:
        return Example(misspell(example.text, rng), example.labels)
    return example


def _slip(word: str, rng: random.Random) -> str:
    i = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:i] + word[i + 1 :]
    if kind == 1:
        return word[:i] + word[i] + word[i:]
    if kind == 2:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    return word[:i] + rng.choice(_NEIGHBOURS.get(word[i], word[i])) + word[i + 1 :]
