"""What an app's database holds at one moment, read past the app and its rules, and what the blueprint says of it.

`Stored` is cheap to make, before and after something is done, to see what it changed. It has every record as the values of
expressions (money in cents, references as ids); what the blueprint says of them is world.py's. It never writes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import sqlalchemy

from espalier.blueprint.condition import Expression
from espalier.blueprint.expression import Bound
from espalier.blueprint.expression import meaning as m
from espalier.runtime.access import AUTHOR
from espalier.runtime.storage import system
from espalier.runtime.storage.tables import is_link, quoted

from .world import View, World

if TYPE_CHECKING:
    from espalier.blueprint.schema import Blueprint
    from espalier.runtime.access import Visitor
    from espalier.runtime.storage import Tables

    from .subject import Subject

Values = dict[str, Any]
Read = Callable[[Any], Any]


@dataclass(frozen=True)
class _Layout:
    """How the rows of one entity's table become values."""

    select: str
    columns: tuple[tuple[str, Read | None], ...]
    links: tuple[tuple[str, str], ...]  # field -> the query that gives (record, target) in order


@dataclass
class Changes:
    """What is different in one entity. changed: id -> the names of the fields."""

    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    changed: dict[int, set[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


class Stored:
    """All records of an app as they stand in its database when this is made."""

    def __init__(self, subject: Subject, like: Stored | None = None) -> None:
        self._like = like
        self.blueprint: Blueprint = subject.blueprint
        self.now: datetime = subject.app.now()
        self._layouts = _layouts(subject.app.database.tables, self.blueprint)
        self._records: dict[str, dict[int, Values]] = {}
        self._author: View | None = None
        self._own: set[str] = set()
        with subject.app.database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            self.raw: dict[str, list[Any]] = {
                name: driver.execute(layout.select).fetchall() for name, layout in self._layouts.items()
            }
            self.raw_links: dict[tuple[str, str], list[Any]] = {
                (name, link): driver.execute(query).fetchall()
                for name, layout in self._layouts.items()
                for link, query in layout.links
            }
            self.letters: list[Any] = driver.execute(LETTERS).fetchall()
            self.notices: list[Any] = driver.execute(NOTICES).fetchall()

    # --- records ------------------------------------------------------------------------------------------------------

    def __getitem__(self, entity: str) -> dict[int, Values]:
        """The records of an entity by id, in the order in which they were made."""
        if entity not in self._records:
            layout = self._layouts[entity]
            same = self._like
            if same is not None and self._is_same(same, entity):
                # Rows are never changed once they are read.
                self._records[entity] = same[entity]
                return self._records[entity]
            made: dict[int, Values] = {}
            for row in self.raw[entity]:
                values = {
                    name: value if read is None or value is None else read(value)
                    for (name, read), value in zip(layout.columns, row, strict=True)
                }
                made[values["id"]] = values
            for link, _ in layout.links:
                for values in made.values():
                    values[link] = []
                for record, target in self.raw_links[entity, link]:
                    if record in made:
                        made[record][link].append(target)
            self._records[entity] = made
        return self._records[entity]

    def copy(self) -> Stored:
        """The same, to be changed by `writable`: an image of what the database ought to hold after something was done."""
        made = object.__new__(Stored)
        made.__dict__.update({name: value for name, value in self.__dict__.items() if name != "world"})
        made._records = {entity: self[entity] for entity in self._layouts}
        made._like = self
        made._author = None
        made._own = set()
        return made

    def writable(self, entity: str) -> dict[int, Values]:
        """The records of an entity of a copy, to be changed; say `changed` afterwards."""
        if entity not in self._own:
            self._own.add(entity)
            self._records[entity] = {id: _copied(row) for id, row in self._records[entity].items()}
        return self._records[entity]

    def changed(self) -> None:
        """Forget what was worked out from records as they were."""
        self.__dict__.pop("world", None)
        self._author = None

    def changes(self, after: Stored) -> dict[str, Changes]:
        """What is different afterwards, by entity; entities in which nothing is are left out. `updated` does not count."""
        found: dict[str, Changes] = {}
        for entity in self._layouts:
            if self._is_same(after, entity):
                continue
            before, now = self[entity], after[entity]
            one = Changes([id for id in now if id not in before], [id for id in before if id not in now])
            for id, values in before.items():
                if id in now:
                    names = {name for name in values if name != "updated" and values[name] != now[id][name]}
                    if names:
                        one.changed[id] = names
            if one:
                found[entity] = one
        return found

    def _is_same(self, other: Stored, entity: str) -> bool:
        links = self._layouts[entity].links
        return self.raw[entity] == other.raw[entity] and all(
            self.raw_links[entity, link] == other.raw_links[entity, link] for link, _ in links
        )

    @property
    def next_ids(self) -> dict[str, int]:
        """The id that a new record would get at least."""
        return {entity: max((row[0] for row in rows), default=0) + 1 for entity, rows in self.raw.items()}

    # --- what the blueprint says of it ----------------------------------------------------------------------------------

    @cached_property
    def world(self) -> World:
        """The same as a World, which knows who may do what."""
        made = World(self.blueprint, {entity: list(self[entity].values()) for entity in self._layouts}, self.now)
        if self._like is not None:
            # What expressions mean does not depend on the records.
            made._flat, made._rules = self._like.world._flat, self._like.world._rules
        return made

    def view(self, who: Visitor) -> View:
        """What a person may do and see of it; AUTHOR for the app itself, which nobody is."""
        if who.id is not None or not who.is_admin:
            return self.world.of(who)
        if self._author is None:
            self._author = View(self.world, who)
        return self._author

    def without(self, entity: str, id: int) -> Stored:
        """The same without a record: its rules do not count it."""
        made = self.copy()
        made._records[entity] = {key: row for key, row in self[entity].items() if key != id}
        return made

    def with_record(self, entity: str, record: Values) -> Stored:
        """The same with a record (by its id) as given."""
        made = self.copy()
        made._records[entity] = {**self[entity], record["id"]: record}
        return made

    def may(self, operation: str, entity: str, record: Values, who: Visitor) -> bool:
        """May this person read, create, update or delete the record, by the blueprint's words?"""
        return self.view(who).may(operation, entity, record)

    def condition(self, expression: Expression, entity: str, record: Values, who: Visitor = AUTHOR) -> bool:
        """Whether a condition of the author's holds in a record, over all there is."""
        return self.view(who).condition(expression, entity, record)

    def work_out(
        self,
        bound: Bound,
        entity: str,
        record: Values | None,
        who: Visitor = AUTHOR,
        this: tuple[str, Values] | None = None,
    ) -> Any:
        """The value of an expression of the author's, over all there is."""
        if isinstance(bound.meaning, m.Constant):
            return bound.meaning.value
        view = self.view(who)
        return view._evaluated(bound, view._plain, entity, record, this)

    def value(self, entity: str, record: Values, name: str, who: Visitor = AUTHOR) -> Any:
        """The value of any field, computed ones too."""
        return self.view(who).value(entity, record, name)


# --- what an expression stands on -------------------------------------------------------------------------------------


def depends_on(part: m.Meaning, blueprint: Blueprint, anchor: str = "record") -> set[str]:
    """The fields of the record at hand that a value can change with, by their own names: through computed fields, as the
    first step of a path, and inside numbers over other records."""
    found: set[str] = set()
    if isinstance(part, m.Value | m.Computed):
        if part.anchor != anchor:
            return found
        if part.hops:
            return {part.hops[0].field}
        if isinstance(part, m.Computed):
            return depends_on(part.expression, blueprint)
        return {part.field}
    if isinstance(part, m.Aggregate):
        for inner in (part.value, part.where):
            if inner is not None:
                found |= depends_on(inner, blueprint, "this")
        return found
    if isinstance(part, m.Own):
        for name in blueprint.meaning.owners(part.entity):
            bound = blueprint.meaning.computed.get((part.entity, name))
            found |= depends_on(bound.meaning, blueprint) if bound is not None else {name}
        return found
    for inner in inside(part):
        found |= depends_on(inner, blueprint, anchor)
    return found


def inside(part: m.Meaning) -> Iterator[m.Meaning]:
    """The parts that a meaning is directly made of."""
    for name in part.__dataclass_fields__:
        held = getattr(part, name)
        for one in held if isinstance(held, tuple) else (held,):
            if isinstance(one, m.Meaning):
                yield one


def everything_in(part: m.Meaning) -> Iterator[m.Meaning]:
    """The meaning and all that it is made of, computed fields and numbers over other records too."""
    yield part
    for one in inside(part):
        yield from everything_in(one)


def bound_of(expression: Expression, blueprint: Blueprint) -> Bound:
    """What an expression of the blueprint means."""
    if expression.bound is None:
        _ = blueprint.meaning  # binds all expressions of the blueprint
    assert expression.bound is not None
    return expression.bound


# --- the seeded data, once for all checks -----------------------------------------------------------------------------

_seeded: WeakKeyDictionary[Subject, Stored] = WeakKeyDictionary()


def seeded(subject: Subject) -> Stored:
    """What the app holds as seeded, read once; the data is put back for it."""
    found = _seeded.get(subject)
    if found is None:
        subject.cast  # noqa: B018  the people are part of the seed
        subject.restore()
        found = _seeded[subject] = Stored(subject)
        found.__dict__["world"] = subject.world
        found._records = {entity: {row["id"]: row for row in rows} for entity, rows in subject.world.rows.items()}
    return found


# --- the database -----------------------------------------------------------------------------------------------------

LETTERS = f"SELECT id, kind, recipient, subject, body, error FROM {system.outbox.name} ORDER BY id"  # noqa: S608 - our own table
NOTICES = f'SELECT id, "user", text, entity, record FROM {system.notification.name} ORDER BY id'  # noqa: S608 - our own table

_known: WeakKeyDictionary[Tables, dict[str, _Layout]] = WeakKeyDictionary()


def now(subject: Subject) -> Stored:
    """What the app holds at this moment."""
    return Stored(subject, _seeded.get(subject))


def _layouts(tables: Tables, blueprint: Blueprint) -> dict[str, _Layout]:
    found = _known.get(tables)
    if found is None:
        found = _known[tables] = {entity: _layout(tables, blueprint, entity) for entity in blueprint.entities}
    return found


def _layout(tables: Tables, blueprint: Blueprint, entity: str) -> _Layout:
    table = tables[entity]
    maker = tables.maker(entity).name
    own = blueprint.entities[entity].fields
    columns = []
    for column in table.columns:
        name = "owner" if column.name == maker and "owner" not in own else column.name
        columns.append((name, _reader(column.type)))
    links = []
    for name, spec in own.items():
        if is_link(spec):
            link = tables.link(entity, name)
            links.append((name, f"SELECT record, target FROM {quoted(link.name)} ORDER BY record, position, created"))  # noqa: S608
    named = ", ".join(quoted(column.name) for column in table.columns)
    return _Layout(f"SELECT {named} FROM {quoted(table.name)} ORDER BY id", tuple(columns), tuple(links))  # noqa: S608


def _reader(kind: Any) -> Read | None:
    match kind:
        case sqlalchemy.DateTime():
            return datetime.fromisoformat
        case sqlalchemy.Date():
            return date.fromisoformat
        case sqlalchemy.Time():
            return time.fromisoformat
        case sqlalchemy.Boolean():
            return bool
        case sqlalchemy.JSON():
            return json.loads
    return None


def _copied(row: Values) -> Values:
    return {name: list(value) if isinstance(value, list) else value for name, value in row.items()}


__all__ = ["Changes", "Stored", "Values", "bound_of", "depends_on", "everything_in", "inside", "now", "seeded"]
