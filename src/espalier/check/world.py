"""The data of an app seen past its runtime: all rows as plain dicts, and what the blueprint says of them, worked out in Python.

`World` holds every row as it stands in the database. `View` is one person's sight of it: what they may do, which records and
fields they see, and what an expression of a page comes to for them. Both follow docs/language.md and share nothing with the
runtime but the parser: that is what makes them fit to check it. Nothing here asks the app anything, or changes it.

Values are those of blueprint/expression/evaluate.py: money in cents, references as ids, lists for fields of many (marks: the ids
of people), None for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields as parts_of
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from espalier.blueprint.condition import Expression, Who
from espalier.blueprint.expression import Bound, Environment, Scope, bind_condition, evaluate, evaluate_aggregate
from espalier.blueprint.expression import meaning as m
from espalier.blueprint.meaning import SYSTEM_FIELDS

if TYPE_CHECKING:
    import sqlite3

    from espalier.blueprint.field import Field
    from espalier.blueprint.schema import Blueprint
    from espalier.runtime.access import Visitor
    from espalier.runtime.storage.tables import Tables

Row = dict[str, Any]
PUBLIC_OF_USER = ("name", "role", "avatar")
DEEPEST = 3  # how often a rule may lead back to the same entity before nothing is allowed any more
READERS: dict[str, Callable[[Any], Any]] = {
    "bool": bool, "date": date.fromisoformat, "datetime": datetime.fromisoformat, "time": time.fromisoformat,
    "tags": json.loads, "json": json.loads,
}  # fmt: skip


class World:
    """All rows of an app, by entity, each with `id`, `created`, `updated`, `owner` (who made it) and its stored fields."""

    def __init__(self, blueprint: Blueprint, rows: dict[str, list[Row]], now: datetime) -> None:
        self.blueprint = blueprint
        self.rows = rows
        self.now = now
        self._by_id = {entity: {row["id"]: row for row in some} for entity, some in rows.items()}
        self._views: dict[int | None, View] = {}
        self._flat: dict[
            int, tuple[Bound, Bound]
        ] = {}  # by the id of the bound, which is kept so that the id stays its own
        self._computed: dict[tuple[str, int, str], Any] = {}
        self._personal: dict[tuple[str, str], bool] = {}
        self._rules: dict[tuple[str, str], Bound | str] = {}

    @classmethod
    def read(cls, blueprint: Blueprint, tables: Tables, driver: sqlite3.Connection, now: datetime) -> World:
        """The rows as they stand in the database."""
        rows: dict[str, list[Row]] = {}
        for entity, spec in blueprint.entities.items():
            found = driver.execute(f'SELECT * FROM "{tables.names[entity]}" ORDER BY id')  # noqa: S608 - the app's own table
            names = [column[0] for column in found.description]
            readers = [_reader(spec.fields.get(name) or SYSTEM_FIELDS.get(name)) for name in names]
            if "_owner" in names and "owner" not in names:
                names[names.index("_owner")] = "owner"
            known = rows[entity] = [
                {
                    name: value if value is None or reader is None else reader(value)
                    for name, reader, value in zip(names, readers, row, strict=True)
                }
                for row in found
            ]
            by_id = {row["id"]: row for row in known}
            for name, table in tables.links(entity).items():
                for row in known:
                    row[name] = []
                links = driver.execute(f'SELECT record, target FROM "{table.name}" ORDER BY record, position, created')  # noqa: S608
                for record, target in links:
                    by_id[record][name].append(target)
        return cls(blueprint, rows, now)

    def row(self, entity: str, id: int | None) -> Row | None:
        """A record by its id; None when there is none."""
        return None if id is None else self._by_id[entity].get(id)

    def of(self, who: Visitor) -> View:
        """What this person may do and see; made once for each."""
        if who.id not in self._views:
            self._views[who.id] = View(self, who)
        return self._views[who.id]

    def field(self, entity: str, name: str) -> Field | None:
        """A field of the language, the system's among them."""
        return self.blueprint.entities[entity].fields.get(name) or SYSTEM_FIELDS.get(name)

    def place(self, entity: str, path: str) -> Field | None:
        """The field at the end of a path; None when it leads nowhere."""
        *hops, name = path.split(".")
        for hop in hops:
            field = self.field(entity, hop)
            if field is None or field.kind != "reference" or field.many:
                return None
            entity = field.target
        return self.field(entity, name)

    # --- the meaning of expressions, made ready for rows that know their computed fields --------------------------------

    def bound(self, expression: Expression) -> Bound:
        """What an expression of the blueprint means, with `own` spelled out and computed fields as values of the row."""
        if expression.bound is None:
            _ = self.blueprint.meaning  # binds all expressions of the blueprint
        assert expression.bound is not None
        return self.ready(expression.bound)

    def ready(self, bound: Bound) -> Bound:
        """The same of a bound expression."""
        known = self._flat.get(id(bound))
        if known is None:
            known = self._flat[id(bound)] = (bound, replace(bound, meaning=self._flattened(bound.meaning)))
        return known[1]

    def rule(self, operation: str, entity: str) -> Bound | str:
        """What decides about an operation: a condition on the record, or one of "user", "nobody" and "parts"."""
        key = (operation, entity)
        if key not in self._rules:
            self._rules[key] = self._rule(operation, entity)
        return self._rules[key]

    def _rule(self, operation: str, entity: str) -> Bound | str:
        access = self.blueprint.access
        entry = access.get(entity)
        who = entry.rule(operation) if entry else None
        if who is not None:
            return self.bound(who)
        if entity == "User":
            return "user" if operation == "read" else "nobody"
        if self.parts(entity):
            return "parts"
        default = access.get("default")
        who = default.rule(operation) if default else None
        if who is not None:
            return self.ready(bind_condition(who.node, Scope.visitor(self.blueprint.meaning, entity)))
        if operation == "read":
            return "user"
        return self.ready(bind_condition(Who.parse("own").node, Scope.visitor(self.blueprint.meaning, entity)))

    def parts(self, entity: str) -> list[str]:
        """The fields that say what a record is part of."""
        return [name for name, field in self.blueprint.entities[entity].fields.items() if field.part]

    def owners(self, entity: str) -> list[str]:
        """The fields that say whose a record is."""
        return [name for name, field in self.blueprint.entities[entity].fields.items() if field.is_owner] or ["owner"]

    def _flattened(self, part: m.Meaning) -> m.Meaning:
        if isinstance(part, m.Computed):
            return m.Value(part.type, part.anchor, part.hops, part.entity, part.field)
        if isinstance(part, m.Own):
            return self._own(part.entity)
        changes: dict[str, Any] = {}
        for one in parts_of(part):
            held = getattr(part, one.name)
            if isinstance(held, m.Meaning):
                changes[one.name] = self._flattened(held)
            elif isinstance(held, tuple) and held and isinstance(held[0], m.Meaning):
                changes[one.name] = tuple(self._flattened(inner) for inner in held)
        return replace(part, **changes) if changes else part

    def _own(self, entity: str) -> m.Meaning:
        person = m.Type("reference", "User")
        me = m.Value(person, "me", (), "User", "id")
        if entity == "User":
            return m.Compare(m.BOOL, "=", m.Value(person, "record", (), "User", "id"), me)
        conditions: list[m.Meaning] = []
        for name in self.owners(entity):
            field = self.field(entity, name)
            held = m.Value(person, "record", (), entity, name)
            many = field is not None and field.many
            conditions.append(m.Member(m.BOOL, me, held) if many else m.Compare(m.BOOL, "=", held, me))
        return conditions[0] if len(conditions) == 1 else m.Logic(m.BOOL, "or", tuple(conditions))

    def is_personal(self, entity: str, name: str) -> bool:
        """Does a computed field depend on who looks at it?"""
        if (entity, name) not in self._personal:
            bound = self.blueprint.meaning.computed[entity, name]
            self._personal[entity, name] = any(
                isinstance(part, m.SignedIn | m.HasRole) or (isinstance(part, m.Value) and part.anchor == "me")
                for part in inside(bound.meaning)
            )
        return self._personal[entity, name]


class View:
    """One person's sight of a world. The rules are those of docs/language.md, section access."""

    def __init__(self, world: World, who: Visitor) -> None:
        self.world = world
        self.who = who
        self.blueprint = world.blueprint
        self.admin = who.role == "admin"
        self._may: dict[tuple[str, str, int], bool] = {}
        self._open: dict[tuple[str, str], int] = {}
        self._readable: dict[str, list[Row]] = {}
        self._settled: dict[int, bool | None] = {}
        self._selected: dict[Any, list[Row]] = {}
        self._seen_wholly: dict[str, bool] = {}
        self._own_computed: dict[tuple[str, int, str], Any] = {}
        me = world.row("User", who.id)
        common: dict[str, Any] = {
            "me": None if me is None else Sight(self, "User", me, False),
            "roles": frozenset({who.role} if who.role and who.id is not None else ()),
            "today": world.now.date(),
            "now": world.now,
            "vocabulary": self.blueprint.meaning,
        }
        self._plain = Environment(
            **common, lookup=self._any_record, aggregate=self._over_all, can_read=self._may_read_record
        )
        self._seeing = Environment(
            **common, lookup=self._seen_record, aggregate=self._over_seen, can_read=self._may_read_record
        )

    # --- records ------------------------------------------------------------------------------------------------------

    def may(self, operation: str, entity: str, row: Row) -> bool:
        """May they read, create, update or delete this record, by the rule of the operation alone? See `reaches`. For create
        the row is the record as it would stand."""
        if self.admin:
            return True
        id = int(row.get("id") or 0)  # a record that is still to be made has none
        key = (operation, entity, id)
        if id and key in self._may:
            return self._may[key]
        depth = self._open.get((operation, entity), 0)
        if depth >= DEEPEST:
            return False
        self._open[operation, entity] = depth + 1
        try:
            found = self._decide(operation, entity, row)
        finally:
            self._open[operation, entity] = depth
        if id and depth == 0:
            self._may[key] = found
        return found

    def _decide(self, operation: str, entity: str, row: Row) -> bool:
        rule = self.world.rule(operation, entity)
        if not isinstance(rule, str):
            return self._holds(rule, entity, row)
        if rule == "parts":
            above = "read" if operation == "read" else "update"
            for name in self.world.parts(entity):
                target = self.world.blueprint.entities[entity].fields[name].target
                parent = self.world.row(target, row.get(name))
                if parent is None or not self.may("read", target, parent):
                    return False
                if above == "update" and not self.may("update", target, parent):
                    return False
            return True
        return rule == "user" and self.who.id is not None

    def reaches(self, operation: str, entity: str, row: Row) -> bool:
        """May they do it, and see the record at all? What cannot be read can neither be changed nor deleted."""
        return self.may("read", entity, row) and (operation == "read" or self.may(operation, entity, row))

    def can(self, operation: str, entity: str) -> bool | None:
        """May they do it with any record (True), with none (False), or does it depend on the record (None)?"""
        if self.admin:
            return True
        found = self._can(operation, entity, 0)
        if operation in ("update", "delete") and found is not False:
            read = self._can("read", entity, 0)
            return False if read is False else None if read is None else found
        return found

    def _can(self, operation: str, entity: str, depth: int) -> bool | None:
        rule = self.world.rule(operation, entity)
        if not isinstance(rule, str):
            return self._certain(rule.meaning)
        if rule == "parts":
            if depth >= DEEPEST:
                return None
            wholes = [self.blueprint.entities[entity].fields[name] for name in self.world.parts(entity)]
            needed = ("read",) if operation == "read" else ("read", "update")
            above = [self._can(one, field.target, depth + 1) for field in wholes for one in needed]
            # What is part of nothing is nobody's.
            return _all([*above, *(None for field in wholes if not field.required)])
        return rule == "user" and self.who.id is not None

    def readable(self, entity: str) -> list[Row]:
        """The records that they may read, by id."""
        if entity not in self._readable:
            self._readable[entity] = [row for row in self.world.rows[entity] if self.may("read", entity, row)]
        return self._readable[entity]

    def reads(self, entity: str, id: int | None) -> bool:
        """May they read the record of that id?"""
        row = self.world.row(entity, id)
        return row is not None and self.may("read", entity, row)

    # --- fields -------------------------------------------------------------------------------------------------------

    def sees(self, entity: str, name: str, row: Row | None = None) -> bool | None:
        """May they see this field of a record that they may read? Without a record: of every one, of none, or (None) of some."""
        if self.admin:
            return True
        entry = self.blueprint.access.get(entity)
        said = entry.fields.get(name) if entry else None
        if said is not None and said.read is not None:
            return self._asked(said.read, entity, row)
        if entity == "User" and self._private(name, entry is not None and entry.read is not None):
            return None if row is None and self.who.id is not None else row is not None and row["id"] == self.who.id
        return True

    def sets(self, entity: str, name: str, row: Row | None = None) -> bool | None:
        """May they set this field of a record that they may write? Without a record as in `sees`."""
        field = self.blueprint.entities[entity].fields.get(name)
        if field is None or not field.typed_in:
            return False
        if self.admin:
            return True
        entry = self.blueprint.access.get(entity)
        said = entry.fields.get(name) if entry else None
        if said is not None and said.write is not None:
            return self._asked(said.write, entity, row)
        return not (entity == "User" and name in ("email", "role"))

    def _private(self, name: str, opened: bool) -> bool:
        if name == "email":
            return True
        field = self.blueprint.entities["User"].fields.get(name)
        return not opened and field is not None and field.typed_in and name not in PUBLIC_OF_USER

    def _asked(self, who: Who, entity: str, row: Row | None) -> bool | None:
        bound = self.world.bound(who)
        return self._certain(bound.meaning) if row is None else self._holds(bound, entity, row)

    # --- values as they see them ----------------------------------------------------------------------------------------

    def value(self, entity: str, row: Row, name: str) -> Any:
        """The value of a field as it is, whoever may see it; computed fields are worked out over all records."""
        if name in row:
            return row[name]
        bound = self.blueprint.meaning.computed.get((entity, name))
        if bound is None:
            return None
        key = (entity, row["id"], name)
        cache = self._own_computed if self.world.is_personal(entity, name) else self.world._computed
        if key not in cache:
            cache[key] = None  # a field that is made of itself is nothing
            cache[key] = self._evaluated(self.world.ready(bound), self._plain, entity, row)
        return cache[key]

    def at(self, entity: str, row: Row, path: str) -> Any:
        """The value at the end of a path, as they see it: None where anything on the way is hidden. A reference is None when
        they may not read the record that it leads to."""
        *hops, name = path.split(".")
        for hop in hops:
            field = self.world.field(entity, hop)
            id = self.value(entity, row, hop) if self.sees(entity, hop, row) else None
            if field is None or not self.reads(field.target, id):
                return None
            entity = field.target
            row = self.world.row(entity, id) or {}
        if not self.sees(entity, name, row):
            return None
        value, field = self.value(entity, row, name), self.world.field(entity, name)
        if field is not None and field.kind == "reference":
            if field.many:
                return [one for one in value or () if self.reads(field.target, one)]
            return value if self.reads(field.target, value) else None
        return len(value) if field is not None and field.kind == "marks" else value

    def shown(self, entity: str, row: Row, path: str) -> bool:
        """May they see what the path leads to in this record, though it may be nothing?"""
        *hops, name = path.split(".")
        for hop in hops:
            field = self.world.field(entity, hop)
            id = self.value(entity, row, hop) if self.sees(entity, hop, row) else None
            if field is None or not self.reads(field.target, id):
                return False
            entity = field.target
            row = self.world.row(entity, id) or {}
        return bool(self.sees(entity, name, row))

    def page_value(self, expression: Expression, this: tuple[str, Row] | None = None) -> Any:
        """What an expression of a page (a stat) comes to for them, over what they may read. this: the page's record."""
        return self.page_meaning(self.world.bound(expression), this)

    def page_meaning(self, bound: Bound, this: tuple[str, Row] | None = None) -> Any:
        """The same of a bound expression, made ready."""
        entity = bound.scope.entity or ""
        return self._evaluated(bound, self._seeing, entity, this[1] if entity and this else None, this, seen=True)

    def select(self, entity: str, where: Expression | None, this: tuple[str, Row] | None = None) -> list[Row]:
        """The records of a block on a page: those they may read for which the condition holds, as they see it."""
        if where is None:
            return self.readable(entity)
        return self.select_by(entity, self.world.bound(where), this)

    def select_by(self, entity: str, bound: Bound, this: tuple[str, Row] | None = None) -> list[Row]:
        """The same of a bound condition, made ready."""
        key = (entity, id(bound), this and (this[0], this[1]["id"]))  # of a condition that the world keeps
        if key not in self._selected:
            self._selected[key] = [
                row
                for row in self.readable(entity)
                if self._evaluated(bound, self._seeing, entity, row, this, seen=True)
            ]
        return list(self._selected[key])

    def each(self, bound: Bound, entity: str, row: Row, this: tuple[str, Row] | None = None) -> Any:
        """The value of a bound expression, made ready (the key of a chart), in a record, as they see it."""
        return self._evaluated(bound, self._seeing, entity, row, this, seen=True)

    def seeing(self, this: tuple[str, Row] | None = None) -> Environment:
        """What an aggregate over some of the records is evaluated with, as they see them."""
        around = None if this is None else self._sight(this[0], this[1], True)
        return replace(self._seeing, this=around)

    def sights(self, entity: str, rows: Sequence[Row]) -> list[Any]:
        """The rows as evaluation reads them, without what they may not see."""
        return [self._sight(entity, row, True) for row in rows]

    # --- conditions -----------------------------------------------------------------------------------------------------

    def holds(self, who: Who | None, entity: str = "", row: Row | None = None) -> bool:
        """Do they belong to the WHO of a page, a block or an action?"""
        return who is None or self.admin or self._holds(self.world.bound(who), entity, row)

    def condition(self, expression: Expression, entity: str, row: Row) -> bool:
        """A condition of the author's in a record, over all there is: of a rule, of an `if` among steps."""
        return bool(self._evaluated(self.world.bound(expression), self._plain, entity, row))

    def certain(self, who: Who | None) -> bool | None:
        """Do they belong to the WHO whatever the record (True), never (False), or does it depend (None)?"""
        return True if who is None or self.admin else self._certain(self.world.bound(who).meaning)

    def _holds(self, bound: Bound, entity: str, row: Row | None) -> bool:
        settled = self._certain(bound.meaning)
        if settled is not None:
            return settled
        return row is not None and bool(self._evaluated(bound, self._plain, entity, row))

    def _evaluated(
        self,
        bound: Bound,
        environment: Environment,
        entity: str,
        row: Row | None,
        this: tuple[str, Row] | None = None,
        seen: bool = False,
    ) -> Any:
        record = None if row is None else self._sight(entity, row, seen)
        around = None if this is None else self._sight(this[0], this[1], seen)
        return evaluate(bound, replace(environment, record=record, this=around))

    def _certain(self, part: m.Meaning) -> bool | None:
        key = id(part)  # of a meaning that the world keeps
        if key not in self._settled:
            self._settled[key] = self._worked_out(part)
        return self._settled[key]

    def _worked_out(self, part: m.Meaning) -> bool | None:
        match part:
            case m.Constant():
                return bool(part.value)
            case m.SignedIn():
                return self.who.id is not None
            case m.HasRole():
                return part.role in self._plain.roles
            case m.Not():
                found = self._worked_out(part.operand)
                return None if found is None else not found
            case m.Logic(operator="and"):
                return _all([self._worked_out(one) for one in part.operands])
            case m.Logic():
                found = _all([_turned(self._worked_out(one)) for one in part.operands])
                return _turned(found)
            case m.Compare(operator="=") if self.who.id is None and (_is_me(part.left) or _is_me(part.right)):
                return False
            case m.Member() if self.who.id is None and _is_me(part.item):
                return False
        return None

    # --- what evaluation asks for ---------------------------------------------------------------------------------------

    def _sight(self, entity: str, row: Row, seen: bool) -> Any:
        return Sight(self, entity, row, seen and not self._sees_wholly(entity))

    def _sees_wholly(self, entity: str) -> bool:
        if entity not in self._seen_wholly:
            names = self.blueprint.entities[entity].fields
            self._seen_wholly[entity] = all(self.sees(entity, name) is True for name in names)
        return self._seen_wholly[entity]

    def _any_record(self, entity: str, id: int) -> Any:
        row = self.world.row(entity, id)
        return None if row is None else self._sight(entity, row, False)

    def _seen_record(self, entity: str, id: int) -> Any:
        row = self.world.row(entity, id)
        return self._sight(entity, row, True) if row is not None and self.may("read", entity, row) else None

    def _may_read_record(self, entity: str, record: Any) -> bool:
        return self.may("read", entity, record.row)

    def _over_all(self, aggregate: m.Aggregate, environment: Environment) -> Any:
        rows = [self._sight(aggregate.entity, row, False) for row in self.world.rows[aggregate.entity]]
        return evaluate_aggregate(aggregate, rows, environment)

    def _over_seen(self, aggregate: m.Aggregate, environment: Environment) -> Any:
        rows = [self._sight(aggregate.entity, row, True) for row in self.readable(aggregate.entity)]
        return evaluate_aggregate(aggregate, rows, environment)


class Sight(dict[str, Any]):
    """A row as evaluation reads it, with its computed fields; seen: without what the person may not see."""

    __slots__ = ("entity", "row", "seen", "view")

    def __init__(self, view: View, entity: str, row: Row, seen: bool) -> None:
        self.view = view
        self.entity = entity
        self.row = row
        self.seen = seen

    def get(self, name: str, default: Any = None, /) -> Any:
        """The value of a field, None where it is hidden."""
        if self.seen and name not in ("id", "created") and not self.view.sees(self.entity, name, self.row):
            return None
        row = self.row
        return row[name] if name in row else self.view.value(self.entity, row, name)

    def __getitem__(self, name: str) -> Any:
        return self.get(name)


def inside(part: m.Meaning) -> Iterator[m.Meaning]:
    """The part and all it is made of."""
    yield part
    for one in parts_of(part):
        held = getattr(part, one.name)
        for inner in held if isinstance(held, tuple) else (held,):
            if isinstance(inner, m.Meaning):
                yield from inside(inner)


def _is_me(part: m.Meaning) -> bool:
    return isinstance(part, m.Value) and part.anchor == "me"


def _turned(found: bool | None) -> bool | None:
    return None if found is None else not found


def _all(found: Sequence[bool | None]) -> bool | None:
    if any(one is False for one in found):
        return False
    return None if any(one is None for one in found) else True


def _reader(field: Field | None) -> Callable[[Any], Any] | None:
    """What makes a value of what the database keeps; None when it is that already."""
    if field is None or (field.kind == "reference" and not field.many):
        return None
    return json.loads if field.many else READERS.get(field.kind)
