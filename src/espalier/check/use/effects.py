"""What steps ought to change, worked out from the blueprint alone: what the checks about actions and automations share.

`Image` is a copy of all records on which steps are done in plain Python. It follows docs/language.md, section Steps, and shares
nothing with the runtime. What automations do in turn is left out; `touched_by_automations` says of which fields nothing can be
said then. No check itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.steps import Ask, Create, Delete, Email, If, Notify, Set, Webhook

from ..stored import Stored, Values, bound_of
from ..values import fitting, new_record

if TYPE_CHECKING:
    from espalier.blueprint.field import Field
    from espalier.blueprint.schema import Blueprint
    from espalier.blueprint.steps import Step
    from espalier.runtime.access import Visitor

ANY = "*"
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Told:
    """Somebody who ought to be written to. kind: email, notify or webhook; to: an address, or a person's id."""

    kind: str
    to: Any
    text: str  # as the blueprint has it, with its placeholders


@dataclass
class Image:
    """Records as they ought to be after steps. made: of each entity that a step makes, the (negative) id; stopped: the steps
    ended at an `if`."""

    stored: Stored
    who: Visitor
    made: dict[str, int] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    gone: set[tuple[str, int]] = field(default_factory=set)
    stopped: bool = False

    @classmethod
    def of(cls, stored: Stored, who: Visitor) -> Image:
        return cls(stored.copy(), who)

    def perform(self, entity: str, id: int | None, steps: Iterable[Step], answers: Mapping[str, Any]) -> None:
        """Do the steps on a record (None: on none). answers: the values that were given for what is asked, by path."""
        for step in steps:
            row = self.stored[entity].get(id) if entity and id is not None else None
            match step:
                case If():
                    if not self.stored.view(self.who).condition(step.condition, entity, row or {}):
                        self.stopped = True
                        return
                case Ask():
                    self._set(step.path, entity, id, answers.get(step.path))
                case Set():
                    bound = bound_of(step.value, self.stored.blueprint)
                    constant = isinstance(bound.meaning, m.Constant) and bound.meaning.value is None
                    value = None if constant else self.stored.work_out(bound, entity, row, self.who)
                    self._set(step.path, entity, id, value)
                case Create():
                    self._create(step.entity, entity, id)
                case Delete():
                    if id is not None:
                        self._delete(entity, id)
                    return
                case Email() | Notify():
                    self._tell(step, entity, id)
                case Webhook():
                    self.told.append(Told("webhook", step.url, ""))

    # --- data ---------------------------------------------------------------------------------------------------------

    def _fields(self, entity: str) -> Mapping[str, Field]:
        return self.stored.blueprint.entities[entity].fields

    def _set(self, path: str, entity: str, id: int | None, value: Any) -> None:
        first, _, rest = path.partition(".")
        if first not in self.stored.blueprint.entities:
            rows, at, rest = [self.stored[entity][id]] if id in self.stored[entity] else [], entity, path
        elif first in self.made:
            rows, at = [self.stored[first][self.made[first]]], first
        else:
            rows, at = self._below(first, entity, id), first
        *hops, name = rest.split(".")
        for hop in hops:
            target = self._fields(at)[hop].target if hop in self._fields(at) else "User"
            ids = {row.get(hop) for row in rows}
            rows, at = [self.stored[target][one] for one in ids if one in self.stored[target]], target
        value = fitting(value, self._fields(at)[name]) if name in self._fields(at) else value
        own = self.stored.writable(at)
        for row in rows:
            own[row["id"]][name] = value
        self.stored.changed()

    def _ties(self, entity: str, to: str) -> list[Field]:
        found = [one for one in self._fields(entity).values() if one.target == to and not one.computed]
        return sorted(found, key=lambda one: (not one.part, one.many))

    def _below(self, entity: str, to: str, id: int | None) -> list[Values]:
        rows = list(self.stored[entity].values())
        if not to:
            return rows
        ties = self._ties(entity, to)
        if not ties:
            return [row for row in rows if row["owner"] == id] if to == "User" else []
        tie = ties[0]
        return [row for row in rows if (id in row[tie.name] if tie.many else row[tie.name] == id)]

    def _create(self, entity: str, to: str, id: int | None) -> None:
        row = new_record(self.stored, entity, self.who)
        if to and id is not None:
            for tie in self._ties(entity, to)[:1]:
                row[tie.name] = [id] if tie.many else id
        self.stored.writable(entity)[row["id"]] = row
        self.made[entity] = row["id"]
        self.stored.changed()

    def _delete(self, entity: str, id: int) -> None:
        self.stored.writable(entity).pop(id, None)
        self.gone.add((entity, id))
        for name, by in self.stored.blueprint.meaning.children(entity):
            for row in list(self.stored.writable(name).values()):
                if by.many and id in row[by.name]:
                    row[by.name] = [one for one in row[by.name] if one != id]
                elif not by.many and row[by.name] == id and by.part:
                    self._delete(name, row["id"])
                elif not by.many and row[by.name] == id:
                    row[by.name] = None
        self.stored.changed()

    # --- people -------------------------------------------------------------------------------------------------------

    def _tell(self, step: Email | Notify, entity: str, id: int | None) -> None:
        kind = "email" if isinstance(step, Email) else "notify"
        users = self.stored["User"]
        for one in self._whom(step.who, entity, id):
            to = one
            if kind == "email" and isinstance(one, int):
                to = users[one]["email"] if one in users else None
            if to and Told(kind, to, step.text) not in self.told:
                self.told.append(Told(kind, to, step.text))

    def _whom(self, who: str, entity: str, id: int | None) -> list[Any]:
        """Ids of people, or addresses."""
        users = self.stored["User"]
        if who == "me":
            return [self.who.id] if self.who.id is not None else []
        if who == "user":
            return list(users)
        if who in (*self.stored.blueprint.roles, "admin"):
            return [one for one, row in users.items() if row["role"] == who]
        first, _, rest = who.partition(".")
        rows, at, path = [self.stored[entity][id]] if entity and id in self.stored[entity] else [], entity, who
        if first in self.stored.blueprint.entities:
            at, path = first, rest or "email"
            if first in self.made:
                rows = [self.stored[first][self.made[first]]]
            elif entity and self._ties(first, entity):
                rows = self._below(first, entity, id)
            else:
                rows = list(self.stored[first].values())
        *hops, name = path.split(".")
        for hop in hops:
            target = self._fields(at)[hop].target if hop in self._fields(at) else "User"
            rows = [self.stored[target][row[hop]] for row in rows if row.get(hop) in self.stored[target]]
            at = target
        if name == "owner" and "owner" not in self._fields(at):
            name = self.stored.blueprint.meaning.owners(at)[0]
        if at == "User" and name in ("id", "email"):
            return [row["id"] for row in rows]
        found: list[Any] = []
        for row in rows:
            value = self.stored.value(at, row, name)
            found += value if isinstance(value, list) else [value]
        return [one for one in dict.fromkeys(found) if one is not None]


def heard(told: Told, before: Stored, after: Stored) -> bool:
    """Was that said, with every placeholder of its text filled in?"""
    spoken = [part for part in PLACEHOLDER.split(told.text) if part.strip()]
    if told.kind == "notify":
        new = [(row[1], row[2]) for row in after.notices[len(before.notices) :]]
    else:
        kind = "webhook" if told.kind == "webhook" else "email"
        new = [(row[2], row[4]) for row in after.letters[len(before.letters) :] if row[1] == kind]
    for to, text in new:
        flat = " ".join(text.split())
        if to == told.to and all(" ".join(part.split()) in flat for part in spoken) and not _unfilled(told.text, text):
            return True
    return False


def _unfilled(template: str, text: str) -> bool:
    return any(one in text for one in PLACEHOLDER.findall(template))


# --- what steps may touch ---------------------------------------------------------------------------------------------


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
    followers = (
        touched_by(blueprint, trigger.entity, steps)
        for trigger, steps in blueprint.automations.items()
        if trigger.kind not in ("before", "after", "every")
    )
    return set(itertools.chain.from_iterable(followers))
