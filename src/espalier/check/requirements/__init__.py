"""What was asked, as a list of small decidable things. One file a kind; a rubric is a list of them."""

from __future__ import annotations

import importlib
from functools import lru_cache

from espalier.blueprint.schema import Blueprint

from .base import KINDS, Requirement, Rubric
from .outline import Outline

# Written out, so that a report lists them in this order.
NAMES = (
    "entity field reference choice role signup permission private public page block color style seed text action automation "
    "rule unique flow game"
).split()
for _name in NAMES:
    importlib.import_module(f"{__name__}.{_name}")

Rubric.model_rebuild()

__all__ = ["KINDS", "Outline", "Requirement", "Rubric", "draw", "facts"]


@lru_cache(maxsize=256)  # several answers to one prompt are judged one after the other
def draw(prompt: str) -> Rubric:
    """The rubric that a prompt says, by rules. See ../draw.py."""
    from ..draw import draw as drawn

    return drawn(prompt)


def facts(blueprint: Blueprint) -> list[Requirement]:
    """Every requirement that this blueprint fulfils, of every kind: its full specification."""
    outline = Outline.of(blueprint)
    return [fact for name in NAMES for fact in KINDS[name].facts(outline)]
