"""A change that somebody may make to a record: what the checks of boards, cells and edit pages share. No check itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.runtime.access import Visitor

from ..stored import Stored, Values
from ..values import Choice, choices_of, conditions_of, same
from .effects import ANY, touched_by_automations
from .forms import UPLOADS

if TYPE_CHECKING:
    from ..subject import Subject

MOST_ROWS = 12  # that are tried for each person


@dataclass(frozen=True)
class Change:
    """One field of one record, and what this person may put into it."""

    who: Visitor
    entity: str
    row: Values
    name: str
    choice: Choice


def changes_of(subject: Subject, stored: Stored, entity: str, names: Iterable[str]) -> Iterator[Change]:
    """Changes that are allowed by access and by the rules, people with a role before the admin."""
    fields = stored.blueprint.entities[entity].fields
    wanted = [
        name
        for name in names
        if name in fields and fields[name].typed_in and fields[name].kind not in (*UPLOADS, "marks", "json")
    ]
    cast = subject.cast
    for who in [*(one for one in cast.members if not one.is_admin), cast.admin]:
        view = stored.view(who)
        if view.can("update", entity) is False:
            continue
        rows = [row for row in view.readable(entity) if view.may("update", entity, row)]
        for row in rows[:MOST_ROWS]:
            for name in wanted:
                if not (view.sets(entity, name, row) and view.sees(entity, name, row)):
                    continue
                found = _choice(stored, entity, row, name, who)
                if found is not None:
                    yield Change(who, entity, row, name, found)


def _choice(stored: Stored, entity: str, row: Values, name: str, who: Visitor) -> Choice | None:
    spec = stored.blueprint.entities[entity].fields[name]
    conditions = [one for one in conditions_of(stored, entity, who, id=row["id"]) if name in one.names]
    for choice in choices_of(stored, spec, who, most=6):
        if not choice.texts or same(choice.value, row.get(name)):
            continue
        if all(one.holds({**row, name: choice.value}) for one in conditions) and _stays(
            stored, entity, row, name, choice, who
        ):
            return choice
    return None


def _stays(stored: Stored, entity: str, row: Values, name: str, choice: Choice, who: Visitor) -> bool:
    """Would it still be theirs to change afterwards? A record cannot be pushed into somebody else's hands."""
    if stored.blueprint.entities[entity].fields[name].kind != "reference":
        return True
    draft = {**row, name: choice.value}
    return stored.with_record(entity, draft).may("update", entity, draft, who)


def outsider(subject: Subject, stored: Stored, change: Change) -> Visitor | None:
    """Somebody who may not make that change."""
    for who in (*subject.cast.others.values(), subject.cast.stranger):
        view = stored.view(who)
        if not view.reaches("update", change.entity, change.row) or not view.sets(
            change.entity, change.name, change.row
        ):
            return who
    return None


def faults_of(before: Stored, after: Stored, change: Change) -> list[str]:
    """What is not as it should be after the change: the field has the new value, and nothing else is different."""
    followed = touched_by_automations(before.blueprint)
    found = []
    row = after[change.entity].get(change.row["id"])
    if row is None:
        return ["the record is gone"]
    if (change.entity, change.name) not in followed and not same(row[change.name], change.choice.value):
        found.append(f"`{change.name}` is {row[change.name]!r:.60} instead of {change.choice.value!r:.60}")
    for entity, one in before.changes(after).items():
        if (entity, ANY) not in followed and (one.added or one.removed):
            found.append(f"{len(one.added)} {entity} were made and {len(one.removed)} deleted")
        for id, names in one.changed.items():
            mine = {change.name} if (entity, id) == (change.entity, row["id"]) else set()
            other = {name for name in names - mine if (entity, name) not in followed}
            if other:
                found.append(f"{', '.join(sorted(other))} of {entity} {id} changed too")
    return found
