"""What steps change, read from the blueprint alone: what the checks about actions and automations share. No check itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.blueprint.steps import Ask, Create, Delete, Set

if TYPE_CHECKING:
    from collections.abc import Iterable

    from espalier.blueprint.schema import Blueprint
    from espalier.blueprint.steps import Step

ANY = "*"


def touched_by(blueprint: Blueprint, entity: str, steps: Iterable[Step]) -> set[tuple[str, str]]:
    """(entity, field) of everything that the steps may set; ANY for records that they make or delete."""
    found: set[tuple[str, str]] = set()
    for step in steps:
        match step:
            case Set() | Ask():
                first, _, rest = step.path.partition(".")
                start, path = (first, rest) if first in blueprint.entities else (entity, step.path)
                if not start:
                    continue
                try:
                    place = blueprint.meaning.place(start, path)
                except ValueError:
                    continue
                found.add((place.entity, place.field.name))
            case Create():
                found.add((step.entity, ANY))
            case Delete():
                found.add((entity, ANY))
    return found


def touched_by_automations(blueprint: Blueprint) -> set[tuple[str, str]]:
    """The same of all automations that follow a change."""
    found: set[tuple[str, str]] = set()
    for trigger, steps in blueprint.automations.items():
        if trigger.kind not in ("before", "after", "every"):
            found |= touched_by(blueprint, trigger.entity, steps)
    return found
