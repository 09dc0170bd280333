"""What a database has to do when its blueprint changes: the one place that decides it, as named changes with words for a person.

`plan` compares two shapes and touches no database. What migrate.py knows of the rows (how many there are, what is kept
aside) comes in as `Kept` and `count`; doing it, and refusing what would lose values, is migrate.py's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...blueprint import names as spelling
from ...blueprint.field import Field
from ...blueprint.schema import Blueprint
from .errors import Refused
from .shape import EntityShape, Shape

Count = Callable[[str, str], int]
# What a rename is remembered as: entity and field by the old names, entity and field by the new; field is "" for an entity.
Rename = tuple[str, str, str, str]


@dataclass(frozen=True)
class Kept:
    """An entity (field is "") or the values of a field that wait aside.

    shape: an EntityShape or a Field; tables: the tables that hold the rows. A field of an entity that is aside itself has
    its id in within. needs (of a field) and targets (of an entity, by field): which entities, aside too, it refers to.
    """

    id: int
    entity: str
    field: str
    shape: Any
    rows: int
    retyped: bool
    within: int | None
    tables: Any
    needs: frozenset[int] = frozenset()
    targets: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One change. kind is a verb and a noun (`drop field`); entity and field are the new names, for a drop the old ones."""

    kind: str
    entity: str
    field: str
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class FieldMove:
    """How one field comes to its new form.

    before: what it was (under its old name), None when it is new. after: None when it goes.
    kept: what comes back from aside as `before`. convert: whether every value has to be judged, and perhaps rewritten.
    """

    before: Field | None
    after: Field | None
    kept: Kept | None = None
    convert: bool = False


@dataclass(frozen=True)
class EntityMove:
    """How one entity comes to its new form; before and after as with fields."""

    before: EntityShape | None
    after: EntityShape | None
    kept: Kept | None = None
    fields: tuple[FieldMove, ...] = ()


@dataclass
class Plan:
    """Everything that has to happen, in the order in which a person reads it.

    refused: set by migrate.look_ahead when values would be lost; the plan cannot be done then.
    """

    old: Shape
    new: Shape
    moves: list[EntityMove]
    changes: list[Change]
    renames: list[Rename]
    refused: Refused | None = None

    @property
    def notes(self) -> list[str]:
        """The changes in words for a person."""
        return [change.words for change in self.changes]

    @property
    def entity_names(self) -> dict[str, str]:
        """The new names of renamed entities by their old ones."""
        return {old: new for old, field_name, new, _ in self.renames if not field_name}


def plan(
    old: Shape | Blueprint,
    new: Shape | Blueprint,
    renames: Mapping[str, str] | None = None,
    *,
    kept: Iterable[Kept] = (),
    without: Collection[int] = (),
    count: Count | None = None,
) -> Plan:
    """The way from one shape to the other.

    renames: as in Database.open; those that do not fit the two shapes are passed over, so that they may be given again.
    kept: what waits aside, newest last; without: ids of it that must stay there.
    count: how many records an entity has, or how many of them have a value in a field (both by old names).
    """
    old = old if isinstance(old, Shape) else Shape.of(old)
    new = new if isinstance(new, Shape) else Shape.of(new)
    work = _Work(old, new, [item for item in kept if item.id not in without], count)
    entities, fields = _resolve(old, new, dict(renames or {}))
    moves: list[EntityMove] = []
    came_from = {after: before for before, after in entities.items()}
    for name, after in new.entities.items():
        before_name = came_from.get(name)
        if before_name is None:
            moves.append(work.arrive(after))
            continue
        if before_name != name:
            work.note(
                "rename entity",
                name,
                "",
                f"{_many(before_name)} are called {_many(name, small=True)} from now on{work.all_stay(before_name)}.",
            )
            work.renames.append((before_name, "", name, ""))
        moves.append(work.stay(old.entities[before_name], after, entities, fields.get(before_name, {})))
    for name, before in old.entities.items():
        if name not in entities:
            moves.append(EntityMove(before, None))
            number = work.count(name, "")
            stays = (
                f"{_number(number, name)} {_are(number)} kept aside and {'comes' if number == 1 else 'come'} back when `{name}` does"
                if number
                else "there are none"
            )
            work.note("drop entity", name, "", f"{_many(name)} are no longer used: {stays}.")
    return Plan(old, new, moves, work.changes, work.renames)


def signature(field: Field) -> tuple[str, bool, str]:
    """What two fields must share for the values of one to be those of the other."""
    return field.kind, field.many, field.target


class _Work:
    def __init__(self, old: Shape, new: Shape, kept: list[Kept], count: Count | None) -> None:
        self.old = old
        self.new = new
        self.kept = kept
        self.counter = count
        self.changes: list[Change] = []
        self.renames: list[Rename] = []

    def note(self, kind: str, entity: str, field_name: str, words: str) -> None:
        self.changes.append(Change(kind, entity, field_name, words))

    def count(self, entity: str, field_name: str) -> int:
        return self.counter(entity, field_name) if self.counter else 0

    def all_stay(self, entity: str) -> str:
        number = self.count(entity, "")
        return f"; all {number} stay" if number > 1 else ""

    def arrive(self, after: EntityShape) -> EntityMove:
        """An entity that is new, or comes back."""
        for item in reversed(self.kept):
            if item.entity == after.name and not item.field and item.within is None and self._fits(item.shape, after):
                self.note(
                    "return entity", after.name, "", f"{_many(after.name)} come back, with {_records(item.rows)}."
                )
                return self.stay(item.shape, after, {}, {}, item)
        self.note("add entity", after.name, "", f"{_many(after.name)} are new.")
        return EntityMove(None, after)

    @staticmethod
    def _fits(before: EntityShape, after: EntityShape) -> bool:
        """Is it the same entity that comes back, or another that only has its name?"""
        shared = [name for name in before.fields if name in after.fields]
        return bool(shared) and all(signature(before.fields[name]) == signature(after.fields[name]) for name in shared)

    def stay(
        self,
        before: EntityShape,
        after: EntityShape,
        entities: Mapping[str, str],
        fields: Mapping[str, str],
        kept: Kept | None = None,
    ) -> EntityMove:
        """An entity that was there before, under its old or its new name."""
        was = before.name if kept is None else ""
        came_from = {fields.get(name, name): name for name in before.fields if fields.get(name, name) in after.fields}
        # A new field takes the name of one that was renamed away: then only the renamed one came from there.
        for old_name, new_name in fields.items():
            came_from[new_name] = old_name
            if came_from.get(old_name) == old_name:
                del came_from[old_name]
        moves = []
        for name, field_after in after.fields.items():
            if name not in came_from:
                moves.append(self._field_arrives(after.name, field_after, kept, was))
                continue
            field_before = before.fields[came_from[name]]
            if came_from[name] != name:
                self.note(
                    "rename field",
                    after.name,
                    name,
                    f"`{came_from[name]}` of {_many(after.name, small=True)} is called `{name}` from now on.",
                )
                self.renames.append((before.name, came_from[name], after.name, name))
            moves.append(self._field_stays(after.name, field_before, field_after, entities, was))
        gone = set(before.fields) - set(came_from.values())
        for name in before.fields:
            if name in gone:
                moves.append(FieldMove(before.fields[name], None))
                self._note_drop(after, name, was)
        self._note_together(before, after, fields)
        return EntityMove(before, after, kept, tuple(moves))

    def _field_arrives(self, entity: str, after: Field, within: Kept | None, was: str) -> FieldMove:
        waiting = []
        for item in reversed(self.kept):
            if item.entity != entity or item.field != after.name or item.retyped:
                continue
            if item.within is not None and (within is None or item.within != within.id):
                continue
            waiting.append(item)
        # What had just this type before any other, then what can be carried to it the way it came.
        for fits in (_just, _alike, self._was_once):
            for item in waiting:
                if fits(item, after):
                    comes = f"`{after.name}` of {_many(entity, small=True)} comes back, with {_values(item.rows)}."
                    self.note("return field", entity, after.name, comes)
                    return FieldMove(item.shape, after, item, convert=_judged(item.shape, after))
        words = f"{_many(entity)} get {_a(after.label.lower())}"
        number = self.count(was, "") if was else 0
        if after.required and number and after.kind not in ("serial", "marks"):
            words += f"; where there is no default, it is asked for when one of the {number} is changed next"
        self.note("add field", entity, after.name, words + ".")
        return FieldMove(None, after)

    def _was_once(self, item: Kept, after: Field) -> bool:
        return any(_alike(child, after) for child in self.kept if child.within == item.id and child.retyped)

    def _field_stays(
        self, entity: str, before: Field, after: Field, entities: Mapping[str, str], was: str
    ) -> FieldMove:
        now = replace(before, name=after.name, target=entities.get(before.target, before.target))
        if now == after:
            return FieldMove(before, after)
        of = f"`{after.name}` of {_many(entity, small=True)}"
        number = self.count(was, before.name) if was else 0
        judged = _judged(now, after)
        if signature(now) != signature(after):
            done = f"; {_values(number)} {_are(number)} carried over" if number else ""
            self.note("retype field", entity, after.name, f"{of} becomes {_type(after)}{done}.")
        elif now.choices != after.choices:
            gone, come = (
                [c for c in now.choices if c not in after.choices],
                [c for c in after.choices if c not in now.choices],
            )
            parts = [f"no longer takes {_list(gone)}"] * bool(gone) + [f"also takes {_list(come)}"] * bool(come) or [
                "orders its choices anew"
            ]
            self.note("change choices", entity, after.name, f"{of} {' and '.join(parts)}.")
        elif now.parameter != after.parameter:
            self.note("change range", entity, after.name, f"{of} takes `{after.parameter or 'any value'}` from now on.")
        if now.required != after.required:
            missing = self.count(was, "") - number if was and after.required else 0
            asked = (
                f"; {missing} {_are(missing)} without it so far, which is asked for when they are changed next"
                if missing > 0
                else ""
            )
            self.note("require field" if after.required else "relax field", entity, after.name,
                      f"{of} {'must be given' if after.required else 'may be left empty'} from now on{asked}.")  # fmt: skip
        if now.unique != after.unique:
            self.note("make unique" if after.unique else "drop unique", entity, after.name,
                      f"{of} {'must be different in each record' if after.unique else 'may be the same in several records'} from now on.")  # fmt: skip
        if (now.part, now.owner) != (after.part, after.owner):
            self.note(
                "change role",
                entity,
                after.name,
                f"{of} changes what it means for who may do what, or for what is deleted with it.",
            )
        return FieldMove(before, after, convert=judged)

    def _note_drop(self, after: EntityShape, name: str, was: str) -> None:
        number = self.count(was, name) if was else 0
        why = "is worked out from now on" if name in after.computed else "is no longer used"
        stays = (
            f"; {_values(number)} {_are(number)} kept aside and {'comes' if number == 1 else 'come'} back when the field does"
            if number
            else ""
        )
        self.note("drop field", after.name, name, f"`{name}` of {_many(after.name, small=True)} {why}{stays}.")

    def _note_together(self, before: EntityShape, after: EntityShape, fields: Mapping[str, str]) -> None:
        was = tuple(fields.get(name, name) for name in before.unique)
        if after.unique and set(after.unique) != set(was):
            self.note(
                "make unique",
                after.name,
                "",
                f"{_list(after.unique)} of {_many(after.name, small=True)} must differ together from now on.",
            )
        elif was and not after.unique:
            self.note(
                "drop unique",
                after.name,
                "",
                f"{_list(was)} of {_many(after.name, small=True)} may repeat together from now on.",
            )


def _alike(item: Kept, after: Field) -> bool:
    return signature(item.shape) == signature(after)


def _just(item: Kept, after: Field) -> bool:
    return _alike(item, after) and (item.shape.choices, item.shape.parameter) == (after.choices, after.parameter)


def _judged(before: Field, after: Field) -> bool:
    """Must every value be looked at, since it may not fit or needs another form?"""
    if after.kind == "serial" and before.kind == "serial":
        return False
    return (
        signature(before) != signature(after) or before.choices != after.choices or before.parameter != after.parameter
    )


def _resolve(old: Shape, new: Shape, renames: dict[str, str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """For every old entity that stays its new name; and by old entity, the new names of renamed fields by their old ones."""
    said = {before: after for before, after in renames.items() if "." not in before and "." not in after}
    wanted = {before: after for before, after in said.items() if before in old.entities and after in new.entities}
    entities = _pairs(list(old.entities), list(new.entities), {b: a for b, a in wanted.items() if "User" not in (b, a)})
    fields: dict[str, dict[str, str]] = {}
    for path, after in renames.items():
        entity, _, before = path.partition(".")
        # `Client.phone` may be said by either name of the entity, and lead to `mobile` or to `Customer.mobile`.
        entity = entity if entity in entities else next((b for b, a in entities.items() if a == entity), "")
        if entity and before:
            fields.setdefault(entity, {})[before] = after.rpartition(".")[2]
    found = {}
    for entity, pairs in fields.items():
        have, get = list(old.entities[entity].fields), list(new.entities[entities[entity]].fields)
        kept_names = {
            b: a for b, a in pairs.items() if entity != "User" or not {a, b} & {"name", "email", "role", "avatar"}
        }
        found[entity] = {before: after for before, after in _pairs(have, get, kept_names).items() if before != after}
    return entities, found


def _pairs(old: list[str], new: list[str], wanted: dict[str, str]) -> dict[str, str]:
    """Old names with their new ones: those wanted that are possible, and the others by themselves."""
    wanted = {before: after for before, after in wanted.items() if before in old and after in new and before != after}
    while True:
        # The new name must be free: not held by another old one that stays.
        clash = [b for b, a in wanted.items() if (a in old and a not in wanted) or list(wanted.values()).count(a) > 1]
        if not clash:
            break
        del wanted[clash[-1]]
    return wanted | {name: name for name in old if name in new and name not in wanted and name not in wanted.values()}


# Words.


def _many(entity: str, small: bool = False) -> str:
    said = spelling.plural(spelling.words(entity))
    return said if small else said[:1].upper() + said[1:]


def _number(number: int, entity: str) -> str:
    return f"{number} {spelling.words(entity) if number == 1 else _many(entity, small=True)}"


def _records(number: int) -> str:
    return "1 record" if number == 1 else f"{number} records"


def _values(number: int) -> str:
    return "1 value" if number == 1 else f"{number} values"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def _list(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _type(after: Field) -> str:
    if after.kind == "reference":
        return f"{'several' if after.many else 'one'} of {_many(after.target, small=True)}"
    return after.type.says if not after.many else f"several of: {after.type.says}"
