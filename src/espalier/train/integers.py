"""The frozen base in 8-bit whole numbers, where the processor multiplies those faster than numbers with a point.

A row of activations and a row of weights each get one scale, so that their product is a product of whole numbers times two scales; the
same is done with the gradient on its way back. The base's weights come from four-bit blocks, so little is lost, and what learns (the
adapter) stays in full precision: Wortsman et al., "Stable and low-precision training for large-scale vision-language models"
(arXiv 2304.13013), whose SwitchBack keeps the weight's own gradient exact; here the weight is frozen and has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import nn

MOST = 127.0
EXACT = (
    "k_proj",
    "v_proj",
    "down_proj",
)  # forward: their inputs have a few large values beside many small ones (docs/log.md)


def quantised(rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Each row in whole numbers, with its scale. rows: (count, width); gives int8 of the same shape, and (count, 1)."""
    scale = rows.abs().amax(dim=-1, keepdim=True).clamp(min=1e-12) / MOST
    return (rows / scale).round().to(torch.int8), scale


class _Product(torch.autograd.Function):
    """`rows @ weight.T` for a frozen weight that is given twice: with a scale for each output, and turned, for each input."""

    @staticmethod
    def forward(ctx: Any, rows: torch.Tensor, weight: torch.Tensor, *whole_weight: torch.Tensor) -> torch.Tensor:
        forth, forth_scale, back, back_scale = whole_weight
        ctx.save_for_backward(back, back_scale)
        if not len(forth):
            return rows @ weight.T
        whole, scale = quantised(rows)
        return torch._int_mm(whole, forth.T).float() * scale * forth_scale

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        back, back_scale = ctx.saved_tensors
        whole, scale = quantised(grads[0])
        return torch._int_mm(whole, back.T).float() * scale * back_scale, None, None, None, None, None


class WholeNumbers(nn.Linear):
    """A frozen linear layer that multiplies in whole numbers; its plain weight stays for whoever asks."""

    forth: torch.Tensor
    forth_scale: torch.Tensor
    back: torch.Tensor
    back_scale: torch.Tensor

    def take(self, forward: bool) -> None:
        """Make the whole numbers of the plain weight. forward: on the way forward too, not on the way back alone."""
        with torch.no_grad():
            for name, weight in (("forth", self.weight if forward else self.weight[:0]), ("back", self.weight.T)):
                whole, scale = quantised(weight.float())
                self.register_buffer(name, whole.contiguous(), persistent=False)
                self.register_buffer(f"{name}_scale", scale.T.contiguous(), persistent=False)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        rows = input.reshape(-1, input.shape[-1])
        product = _Product.apply(rows, self.weight, self.forth, self.forth_scale, self.back, self.back_scale)
        product = product.reshape(*input.shape[:-1], -1)
        return product if self.bias is None else product + self.bias


def in_whole_numbers(model: nn.Module, names: Sequence[str]) -> None:
    """Let the linear layers of these names multiply in whole numbers."""
    for name, layer in model.named_modules():
        short = name.rsplit(".", 1)[-1]
        if isinstance(layer, nn.Linear) and short in names:
            layer.__class__ = WholeNumbers
            cast("WholeNumbers", layer).take(forward=short not in EXACT)
