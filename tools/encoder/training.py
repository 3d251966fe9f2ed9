"""The training loop: examples and a recipe in, a fine-tuned encoder out. Repeatable for a given seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR
from tqdm import tqdm

from bot.training.examples import Example
from bot.understanding.encoder import piece_ids
from tools.encoder import augment, losses
from tools.encoder.base import Base
from tools.encoder.batches import batches, labels_of
from tools.encoder.bert import Encoder, Packed
from tools.encoder.recipe import Recipe


def train(base: Base, examples: Sequence[Example], recipe: Recipe) -> Encoder:
    """Return an encoder fine-tuned on ``examples``, in evaluation mode. Progress goes to standard error.

    Several runs end in weights that differ but lie in one valley: their mean is an encoder as good as all of them
    asked together (Wortsman et al. 2022, "Model soups").
    """
    torch.set_num_threads(recipe.threads)
    encoders = []
    for run in range(recipe.runs):
        seeded = replace(recipe, seed=recipe.seed + run)
        torch.manual_seed(seeded.seed)
        encoders.append(_Trainer(base, examples, seeded).run(f"fine-tuning, {run + 1} of {recipe.runs}"))
    return _mean(base, encoders)


@torch.no_grad()
def _mean(base: Base, encoders: Sequence[Encoder]) -> Encoder:
    states = [encoder.state_dict() for encoder in encoders]
    mean = Encoder(base.weights)
    mean.load_state_dict({name: torch.stack([s[name] for s in states]).mean(dim=0) for name in states[0]})
    return mean.eval()


class _Trainer:
    def __init__(self, base: Base, examples: Sequence[Example], recipe: Recipe) -> None:
        self._recipe = recipe
        self._examples = list(examples)
        self._labels = labels_of(examples)
        self._tokenizer = base.tokenizer()
        self._rng = random.Random(recipe.seed)
        self._encoder = Encoder(base.weights)
        self._head = losses.CosineHead(self._centroids(), recipe.scale)
        self._parameters = [p for p in self._encoder.parameters() if p.requires_grad]
        self._optimizer = AdamW(
            [
                {"params": self._parameters, "lr": recipe.rate, "weight_decay": recipe.weight_decay},
                {"params": self._head.parameters(), "lr": recipe.head_rate, "weight_decay": 0.0},
            ],
            fused=True,
        )
        self._steps = recipe.epochs * -(-len(self._examples) // recipe.batch)
        self._schedule = LambdaLR(self._optimizer, self._rate)

    def run(self, title: str) -> Encoder:
        with tqdm(total=self._steps, desc=title, unit="step") as bar:
            for _ in range(self._recipe.epochs):
                texts = augment.vary(self._examples, self._recipe, self._rng)
                for rows in batches(self._examples, self._recipe.batch, self._rng):
                    loss = self._step([texts[row] for row in rows])
                    bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
                    bar.update()
        return self._encoder.eval()

    def _step(self, examples: Sequence[Example]) -> float:
        self._encoder.train()
        vectors = self._encoder(self._pack(examples))
        weights = self._weights(examples)
        loss = losses.cross_entropy(self._head(vectors), weights)
        loss = loss + self._recipe.contrast * losses.contrastive(vectors, weights, self._recipe.temperature)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        clip_grad_norm_(self._parameters, 1.0)
        self._optimizer.step()
        self._schedule.step()
        return float(loss.detach())

    def _pack(self, examples: Sequence[Example]) -> Packed:
        return Packed.of([piece_ids(self._tokenizer, e.text) for e in examples])

    def _weights(self, examples: Sequence[Example]) -> Tensor:
        return torch.tensor([[e.labels.get(label, 0.0) for label in self._labels] for e in examples])

    @torch.no_grad()
    def _centroids(self) -> Tensor:
        # Starting the head at each label's mean vector leaves the encoder less to undo, with few examples above all.
        self._encoder.eval()
        sums = torch.zeros(len(self._labels), self._encoder.norm.weight.shape[0])
        order = sorted(self._examples, key=lambda e: len(e.text))
        for start in range(0, len(order), 128):
            batch = order[start : start + 128]
            sums += self._weights(batch).T @ self._encoder(self._pack(batch))
        return torch.nn.functional.normalize(sums, dim=1)

    def _rate(self, step: int) -> float:
        warm = max(1, round(self._recipe.warmup * self._steps))
        return min((step + 1) / warm, max(0.0, (self._steps - step) / max(1, self._steps - warm)))
