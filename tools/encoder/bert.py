"""MiniLM's forward pass in torch. Texts are packed end to end, so that no arithmetic is spent on padding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

HIDDEN, HEADS, LAYERS, INNER = 384, 12, 6, 1536
EPSILON = 1e-12


@dataclass(frozen=True)
class Packed:
    """Texts laid end to end: all tensors are (pieces,) but ``lengths`` (texts,)."""

    ids: Tensor
    position: Tensor  # of each piece within its text
    text: Tensor  # to which text each piece belongs
    lengths: Tensor

    @classmethod
    def of(cls, pieces: Sequence[Sequence[int]]) -> Packed:
        """Pack the texts given as wordpiece ids."""
        lengths = torch.tensor([len(p) for p in pieces])
        ids = torch.tensor([i for p in pieces for i in p])
        position = torch.cat([torch.arange(n) for n in lengths.tolist()])
        return cls(ids, position, torch.repeat_interleave(torch.arange(len(pieces)), lengths), lengths)


class Layer(nn.Module):
    """One transformer layer."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(HIDDEN, 3 * HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.up, self.down = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN, EPSILON), nn.LayerNorm(HIDDEN, EPSILON)

    def forward(self, x: Tensor, slots: Tensor, mask: Tensor, dropout: float) -> Tensor:
        """Return (pieces, HIDDEN). ``slots`` says where each piece lies in the padded (texts, longest) grid."""
        texts, longest = mask.shape
        grid = x.new_zeros(texts * longest, 3 * HIDDEN).index_copy(0, slots, self.qkv(x))
        q, k, v = grid.view(texts, longest, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, mask[:, None, None, :])
        seen = seen.transpose(1, 2).reshape(texts * longest, HIDDEN)[slots]
        x = self.norm1(x + functional.dropout(self.out(seen), dropout))
        return self.norm2(x + functional.dropout(self.down(functional.gelu(self.up(x))), dropout))


class Encoder(nn.Module):
    """Wordpieces to unit vectors: embeddings, six layers, mean, normalisation."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self.dropout = 0.1
        words = weights["embeddings.word_embeddings.weight"]
        # Frozen: training 30,522 rows to move the few hundred in use costs time and wins nothing.
        self.words = nn.Embedding.from_pretrained(words.clone(), freeze=True)
        # Every piece is of type 0 here, so that row is added to the positions once and for all.
        places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.places = nn.Embedding.from_pretrained(places, freeze=True)
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self._copy(weights)

    def forward(self, packed: Packed) -> Tensor:
        """Return (texts, HIDDEN), each row of length 1."""
        dropout = self.dropout if self.training else 0.0
        longest = int(packed.lengths.max())
        slots = packed.text * longest + packed.position
        mask = torch.arange(longest)[None, :] < packed.lengths[:, None]
        x = self.norm(self.words(packed.ids) + self.places(packed.position))
        x = functional.dropout(x, dropout)
        for layer in self.layers:
            x = layer(x, slots, mask, dropout)
        sums = x.new_zeros(len(packed.lengths), HIDDEN).index_add(0, packed.text, x)
        return functional.normalize(sums, dim=1)  # the mean and the sum point the same way

    @torch.no_grad()
    def _copy(self, weights: dict[str, Tensor]) -> None:
        _fill(self.norm, weights, "embeddings.LayerNorm")
        for i, layer in enumerate(self.layers):
            name = f"encoder.layer.{i}"
            qkv = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
            layer.qkv.weight.copy_(torch.cat([weights[f"{part}.weight"] for part in qkv]))
            layer.qkv.bias.copy_(torch.cat([weights[f"{part}.bias"] for part in qkv]))
            _fill(layer.out, weights, f"{name}.attention.output.dense")
            _fill(layer.norm1, weights, f"{name}.attention.output.LayerNorm")
            _fill(layer.up, weights, f"{name}.intermediate.dense")
            _fill(layer.down, weights, f"{name}.output.dense")
            _fill(layer.norm2, weights, f"{name}.output.LayerNorm")


def _fill(module: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(weights[f"{name}.weight"])
    module.bias.copy_(weights[f"{name}.bias"])
