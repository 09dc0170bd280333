"""What the reader finds wrong with a tree, as ways into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ..meaning import Meaning
from ..reader import _known_keys, _without_tags, words_of
from ..schema import Blueprint
from .ways import Way


@dataclass(frozen=True)
class Wrong:
    """One fault. kind: of the shape, pydantic's own name for it; "meaning" for the rest. known: keys that could stand here."""

    way: Way
    kind: str
    message: str
    suggestion: str = ""
    text: str = ""
    known: tuple[str, ...] = ()


def wrongs(tree: Any) -> tuple[Meaning | None, list[Wrong]]:
    """All faults, and the meaning when the shape is right."""
    try:
        blueprint = Blueprint.model_validate(tree, context=words_of(tree))
    except ValidationError as error:
        return None, [_of_shape(fault, tree) for fault in error.errors(include_url=False)]
    meaning = Meaning(blueprint)
    found = [Wrong(fault.way, "meaning", fault.message, fault.suggestion, fault.text) for fault in meaning.faults]
    return meaning, found


def _of_shape(fault: Any, tree: Any) -> Wrong:
    way = tuple(step for step in fault["loc"] if step not in ("[key]", "fields"))
    context = fault.get("ctx") or {}
    if "key_of" in context:
        way = (*way, context["key_of"])
    way = _without_tags(way, tree)
    known = tuple(_known_keys(way, tree)) if fault["type"] == "extra_forbidden" else ()
    return Wrong(way, fault["type"], fault["msg"], known=known)
