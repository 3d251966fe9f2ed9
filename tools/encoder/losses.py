"""What training minimises: soft cross-entropy over cosines, and a supervised contrastive loss."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class CosineHead(nn.Module):
    """One direction for each label; a text's score is its cosine with it, times ``scale``."""

    def __init__(self, directions: Tensor, scale: float) -> None:
        super().__init__()
        self.directions = nn.Parameter(directions.clone())
        self.scale = scale

    def forward(self, vectors: Tensor) -> Tensor:
        """Return (texts, labels) logits for unit vectors (texts, HIDDEN)."""
        return self.scale * vectors @ functional.normalize(self.directions, dim=1).T


def cross_entropy(logits: Tensor, weights: Tensor) -> Tensor:
    """Return the mean cross-entropy with soft labels; both tensors are (texts, labels)."""
    return -(weights * logits.log_softmax(dim=1)).sum(dim=1).mean()


def contrastive(vectors: Tensor, weights: Tensor, temperature: float) -> Tensor:
    """Return the supervised contrastive loss (Khosla et al. 2020); sharing half a label pulls half as much."""
    itself = torch.eye(len(vectors), dtype=torch.bool)
    logits = (vectors @ vectors.T / temperature).masked_fill(itself, -1e9)
    pull = (weights @ weights.T).masked_fill(itself, 0.0)
    amount = pull.sum(dim=1)
    has_partner = amount > 0
    if not bool(has_partner.any()):
        return vectors.sum() * 0.0
    losses = -(pull * logits.log_softmax(dim=1)).sum(dim=1)[has_partner] / amount[has_partner]
    return losses.mean()
