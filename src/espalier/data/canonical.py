"""A blueprint in the one order it is learned and written in: what an entity refers to stands before it, so far as that is possible.

A writer, and the grammar that guides it, then meet every name before it is used. Access and seed follow the order of data.
Only the order changes, never what is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from espalier.blueprint import Blueprint, print_tree, read
from espalier.blueprint.patch import Patch, apply, derive

T = TypeVar("T")


def canonical(text: str) -> str:
    """The canonical text of a blueprint given as text. Raises BlueprintError when it cannot be read."""
    return print_tree(ordered(read(text)))


def ordered(blueprint: Blueprint) -> dict[str, Any]:
    """The document tree of a blueprint, as `model_dump` gives it, with its entities in canonical order."""
    tree = blueprint.model_dump()
    if "data" not in tree:
        return tree
    order = _order(blueprint)
    tree["data"] = _sorted(tree["data"], order)
    for part, first in (("access", ["default"]), ("seed", [])):
        if part in tree:
            tree[part] = _sorted(tree[part], [*first, *order])
    return tree


def canonical_patch(before: Blueprint, patch: Patch) -> Patch:
    """The patch, derived anew against a blueprint that is in canonical order.

    What it adds stands where merging puts it: an edit is not asked to move what is there. An order of pages or of fields that
    the patch itself gives is kept. Raises BlueprintError when the patch does not fit.
    """
    orders = {
        place: names for place, names in (patch.get("order") or {}).items() if place not in ("data", "access", "seed")
    }
    plain = {key: value for key, value in patch.items() if key != "order"}
    after = apply(before, {**plain, "order": orders} if orders else plain)
    return derive(before, after, patch.get("rename"))


def _order(blueprint: Blueprint) -> list[str]:
    """Stable: of the entities that could come next, the first one written does; a circle is entered at its first."""
    waiting = list(blueprint.data)
    targets = {
        name: {field.target for field in entity.fields.values() if field.target in blueprint.data} - {name}
        for name, entity in blueprint.data.items()
    }
    placed: list[str] = []
    while waiting:
        ready = (name for name in waiting if targets[name] <= set(placed))
        name = next(ready, waiting[0])
        waiting.remove(name)
        placed.append(name)
    return placed


def _sorted(entries: dict[str, T], order: Iterable[str]) -> dict[str, T]:
    """The entries in this order, others after them."""
    first = {name: entries[name] for name in order if name in entries}
    return first | entries
