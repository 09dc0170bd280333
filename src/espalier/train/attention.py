"""Attention over rows in which several trees stand side by side.

A token sees what stands before it in its own span, and, in a branch, the whole trunk. Each span is attended on its own: there is no mask over the
row, whose cost would grow with the square of its length (at 2,048 tokens more than all the rest of the model, on a CPU).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface

from .sequences import Piece

NAME = "espalier_trees"
_pieces: Sequence[Piece] = ()


@contextmanager
def over(pieces: Sequence[Piece]) -> Iterator[None]:
    """While a row with these pieces goes through a model whose attention is NAME."""
    global _pieces
    _pieces = pieces
    try:
        yield
    finally:
        _pieces = ()


@torch.compiler.disable
def attend(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None = None,
    scaling: float | None = None,
    **ignored: Any,
) -> tuple[torch.Tensor, None]:
    """query: (1, heads, tokens, size); key, value: (1, key heads, tokens, size). Gives (1, tokens, heads, size)."""
    lengths = [piece.length for piece in _pieces]
    queries, keys, values = (part.split(lengths, dim=2) for part in (query, key, value))
    at = {piece.start: number for number, piece in enumerate(_pieces)}
    grouped = query.shape[1] != key.shape[1]
    seen = []
    for number, piece in enumerate(_pieces):
        mine, others, mask = keys[number], values[number], None
        start, size = piece.trunk
        if size:
            trunk = at[start]
            mine = torch.cat((keys[trunk], mine), dim=2)
            others = torch.cat((values[trunk], others), dim=2)
            mask = torch.ones(piece.length, size + piece.length, dtype=torch.bool, device=query.device).tril(size)
        seen.append(
            scaled_dot_product_attention(
                queries[number], mine, others, mask, is_causal=mask is None, scale=scaling, enable_gqa=grouped
            )
        )
    return torch.cat(seen, dim=2).transpose(1, 2), None


def _no_mask(*_: Any, **__: Any) -> None:
    """The pieces say it all."""


AttentionInterface.register(NAME, attend)
AttentionMaskInterface.register(NAME, _no_mask)
