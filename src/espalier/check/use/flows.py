"""What the checks of flows share: shapes of data found by what they mean, and records that might be made. No check itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from espalier.blueprint.names import words
from espalier.runtime.access import AUTHOR

from ..stored import Stored, Values
from ..values import Choice, Search, Solution, choices_of, conditions_of, new_record
from .forms import MOST, UPLOADS

if TYPE_CHECKING:
    from espalier.blueprint.field import Field
    from espalier.blueprint.schema import Blueprint
    from espalier.runtime.access import Visitor

    from ..subject import Subject


def parts_of_name(name: str) -> set[str]:
    """The words a name is made of, in small letters and singular where that is plain: `PlacesLeft` is places, place, left."""
    found = set(words(name).lower().replace("_", " ").split())
    return found | {one.removesuffix("s") for one in found if len(one) > 3}


def references(blueprint: Blueprint, entity: str) -> Iterator[Field]:
    """The single references of an entity that people choose."""
    for spec in blueprint.entities[entity].fields.values():
        if spec.kind == "reference" and not spec.many and not spec.computed:
            yield spec


def makers(subject: Subject, stored: Stored, entity: str) -> list[Visitor]:
    """People other than the admin who may make such records: one of each role, and a second one."""
    everybody = [*subject.cast.members, *subject.cast.others.values()]
    found = {
        who.id: who for who in everybody if not who.is_admin and stored.view(who).can("create", entity) is not False
    }
    return list(found.values())


def search_for(stored: Stored, entity: str, who: Visitor, fixed: Values, access: bool = True) -> Search | None:
    """The search for a new record in which some fields are settled; None when something required has nothing to choose."""
    conditions = conditions_of(stored, entity, who, access="create" if access else "")
    asked = set().union(*(one.names for one in conditions))
    free: dict[str, list[Choice]] = {}
    view = stored.view(who)
    for name, spec in stored.blueprint.entities[entity].fields.items():
        if not spec.typed_in or name in fixed or spec.kind in UPLOADS:
            continue
        if view.sets(entity, name) is False:
            continue
        ways = choices_of(stored, spec, who, most=MOST if name in asked else 1)
        if not any(one.texts for one in ways) and spec.required and spec.kind != "bool":
            return None
        if ways:
            free[name] = ways
    return Search(stored, entity, {**new_record(stored, entity, who), **fixed}, free, conditions, who)


def could_be_made(stored: Stored, entity: str, who: Visitor, fixed: Values) -> Solution | None:
    """A record with these values that this person might make; None when something forbids it."""
    search = search_for(stored, entity, who, fixed)
    if search is None or any(not stored.view(who).sets(entity, name) for name in fixed if _typed(stored, entity, name)):
        return None
    found = search.meet_all()
    return found if found.broken is None else None


def _typed(stored: Stored, entity: str, name: str) -> bool:
    spec = stored.blueprint.entities[entity].fields.get(name)
    return spec is not None and spec.typed_in


__all__ = ["AUTHOR", "could_be_made", "makers", "parts_of_name", "references", "search_for"]
