"""Renaming: an entity, a field, a choice value or a role gets a new name everywhere an expression means it.

The expression is bound in the old blueprint; the new node is to be bound in the new one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from espalier.blueprint.expression.bind import Bound, Use, rebuild_with_source
from espalier.blueprint.expression.nodes import Aggregate, Choice, Node, Number, Path, Text


def renamed(bound: Bound, entities: dict[str, str], fields: dict[tuple[str, str], str]) -> Node:
    """The expression with new names for entities (old -> new) and fields ((entity, old) -> new), also inside paths."""

    def name(use: Use) -> str | None:
        if use.kind == "entity":
            return entities.get(use.name)
        return fields.get((use.entity, use.name)) if use.kind == "field" else None

    return _renamed(bound, name)


def rename_choice(bound: Bound, entity: str, field: str, old: str, new: str) -> Node:
    """The expression with the value `old` of this field of the entity called `new`."""
    wanted = (entity, field)
    return _renamed(bound, lambda use: new if use.kind == "choice" and use.name == old and use.of == wanted else None)


def rename_role(bound: Bound, old: str, new: str) -> Node:
    """The expression with the role `old` called `new`."""

    def name(use: Use) -> str | None:
        meant = use.kind == "role" or (use.kind == "choice" and use.of == ("User", "role"))
        return new if meant and use.name == old else None

    return _renamed(bound, name)


def _renamed(bound: Bound, name_of: Callable[[Use], str | None]) -> Node:
    meant: dict[int, dict[int, str]] = {}
    for use in bound.uses:
        name = name_of(use)
        if name is not None:
            meant.setdefault(use.node, {})[use.part] = name
    chosen = {use.node: use.name for use in bound.uses if use.kind == "choice"}

    def change(original: Node, copy: Node) -> Node:
        parts = meant.get(id(original), {})
        match copy:
            case Path() | Text() | Choice() | Number() if id(original) in chosen:
                word = next(iter(parts.values()), chosen[id(original)])
                return Choice(word, start=copy.start, end=copy.end)
            case Path() if parts:
                return replace(copy, names=_with(copy.names, parts))
            case Aggregate() if parts:
                return replace(copy, entity=parts.get(-1, copy.entity), path=_with(copy.path, parts))
        return copy

    return rebuild_with_source(bound.source, change)


def _with(names: tuple[str, ...], parts: dict[int, str]) -> tuple[str, ...]:
    return tuple(parts.get(index, name) for index, name in enumerate(names))
