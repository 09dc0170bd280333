"""The loss: cross entropy at the places that are learnt, over the tokens that matter, without ever holding all logits.

The head of a small model is a large part of it (a fifth to a third of the work). Two savings: the gradient is worked out
chunk by chunk while going forward, as fused linear cross entropy does (Liger kernel, arXiv 2410.10989), so no logits are kept; and the
softmax goes over the tokens that the data uses and a fresh sample of the others, not over a hundred thousand of which
the blueprint language never has need.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import cross_entropy

CHUNK = 512  # places at a time


class _LinearCrossEntropy(torch.autograd.Function):
    """Summed cross entropy of `hidden @ head.T`; the head is frozen."""

    @staticmethod
    def forward(ctx: Any, hidden: torch.Tensor, head: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        gradient = torch.empty_like(hidden)
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        for start in range(0, len(hidden), CHUNK):
            part = slice(start, start + CHUNK)
            logits = (hidden[part] @ head.T).float()
            total += cross_entropy(logits, targets[part], reduction="sum")
            chances = torch.softmax(logits, dim=-1)
            chances[torch.arange(len(chances), device=hidden.device), targets[part]] -= 1
            gradient[part] = chances.to(head.dtype) @ head
        ctx.save_for_backward(gradient)
        return total

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> tuple[torch.Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * grads[0], None, None


def summed_loss(hidden: torch.Tensor, head: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The summed cross entropy. hidden: (places, width); head: (tokens, width), frozen; targets: (places,), rows of the head."""
    return _LinearCrossEntropy.apply(hidden, head, targets)


class Vocabulary:
    """The tokens over which the softmax goes: those in use, and `others` more, another sample each time."""

    def __init__(self, size: int, used: set[int], others: int, seed: int) -> None:
        self.used = torch.tensor(sorted(used))
        rest = torch.ones(size, dtype=torch.bool)
        rest[self.used] = False
        self.rest = rest.nonzero().flatten()
        self.others = min(others, len(self.rest))
        self.generator = torch.Generator().manual_seed(seed)
        self.place = torch.full((size,), -1)
        self.place[self.used] = torch.arange(len(self.used))

    def begin(self, seed: int) -> None:
        """Start the samples of the others anew, as a run does that goes on."""
        self.generator.manual_seed(seed)

    def sample(self, head: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Rows of the head, and the targets as rows of it. Every target is among the tokens in use."""
        extra = (
            self.rest[torch.randint(len(self.rest), (self.others,), generator=self.generator)]
            if self.others
            else self.rest[:0]
        )
        chosen = torch.cat((self.used, extra)).to(head.device)
        return head[chosen], self.place.to(targets.device)[targets]
