"""A rubric from a free prompt, by rules."""

from __future__ import annotations

from .requirements.base import Rubric


def draw(prompt: str) -> Rubric:
    """What the prompt asks for."""
    return Rubric(source="drawn")
