"""Looking at the rows before anything is changed: what each value becomes, which rows stand in the way, what is kept aside.

Only reads. migrate.py does what is found here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import JSON, Column, Connection, Integer, MetaData, Table, Text, func, select
from sqlalchemy.sql import ColumnElement

from ...blueprint.field import Field
from ..fields import kind
from ..fields.base import dump
from . import system
from .convert import convert
from .errors import Refused, Row
from .plan import EntityMove, FieldMove, Kept, Plan, Rename, _resolve, plan, signature
from .shape import EntityShape, Shape, entity_from_json, field_from_text
from .tables import Tables, is_link, maker_name

LONGEST_VALUE = 80


@dataclass
class Judged:
    """What the values of one field become: row values (for links lists of ids) by record.

    same: every value stays as it is, in a column of the same kind. as_they_were: records whose links come from `older`.
    lost_ways: records whose former value could not be worked out from the new one, so that it has to be kept.
    """

    new: dict[int, Any] = field(default_factory=dict)
    same: bool = False
    older: Kept | None = None
    as_they_were: set[int] = field(default_factory=set)
    lost_ways: set[int] = field(default_factory=set)


@dataclass
class Prepared:
    """A plan with all that is known of the rows. judged is by new entity and new field."""

    plan: Plan
    kept: list[Kept]
    judged: dict[tuple[str, str], Judged]
    rows: Rows


class Rows:
    """The rows as they are before the change, by what the plan calls them."""

    def __init__(self, connection: Connection, old: Shape) -> None:
        self.connection = connection
        self.tables = Tables(old)
        self._titles: dict[str, dict[int, str]] = {}
        self._found: dict[str, dict[str, list[int]]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def source(self, move: EntityMove) -> Table:
        """The table that holds the records of an entity that stays or comes back."""
        assert move.before
        if move.kept is None:
            return self.tables[move.before.name]
        return aside_table(move.before, move.kept)

    def link_source(self, move: EntityMove, before: Field, kept: Kept | None) -> Table:
        """The link table that holds the values of a field, living or aside."""
        assert move.before
        if kept is not None:
            return link_like(kept.tables[""])
        if move.kept is not None:
            return link_like(move.kept.tables[before.name])
        return self.tables.link(move.before.name, before.name)

    def values(self, move: EntityMove, before: Field, kept: Kept | None) -> dict[int, Any]:
        """The row values of a field by record; a list of ids for links."""
        if is_link(before):
            return self._links(self.link_source(move, before, kept))
        if kept is not None:
            table = values_like(kept.tables[""], before)
            chosen = select(table.c.record, table.c.value)
        else:
            table = self.source(move)
            chosen = select(table.c.id, table.c[before.name]).where(table.c[before.name].is_not(None))
        return {record: value for record, value in self.connection.execute(chosen) if value is not None}

    def kept_values(self, item: Kept) -> dict[int, Any]:
        if is_link(item.shape):
            return self._links(link_like(item.tables[""]))
        table = values_like(item.tables[""], item.shape)
        return dict(self.connection.execute(select(table.c.record, table.c.value)).all())

    def became(self, item: Kept) -> dict[int, str]:
        """What the values of a retyped field became when they were put aside, as text to compare with."""
        table = became_like(item.tables["became"])
        return dict(self.connection.execute(select(table.c.record, table.c.value)).all())

    def _links(self, table: Table) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        rows = self.connection.execute(
            select(table.c.record, table.c.target).order_by(table.c.record, table.c.position, table.c.target)
        )
        for record, target in rows:
            found.setdefault(record, []).append(target)
        return found

    def ids(self, move: EntityMove) -> list[int]:
        table = self.source(move)
        return list(self.connection.execute(select(table.c.id).order_by(table.c.id)).scalars())

    def count(self, entity: str, field_name: str) -> int:
        """How many records an entity has, or how many of them have a value in the field."""
        if (entity, field_name) not in self._counts:
            self._counts[entity, field_name] = self._count(entity, field_name)
        return self._counts[entity, field_name]

    def _count(self, entity: str, field_name: str) -> int:
        asked: ColumnElement[Any]
        if field_name and is_link(self.tables.shape.entities[entity].fields[field_name]):
            link = self.tables.link(entity, field_name)
            asked = func.count(link.c.record.distinct())
        else:
            table = self.tables[entity]
            asked = func.count(table.c[field_name or "id"])
        return int(self.connection.execute(select(asked)).scalar() or 0)

    def title(self, entity: str, record: int) -> str | None:
        """By what name a person knows a record of an (old) entity."""
        if entity not in self._titles:
            shape = self.tables.shape.entities.get(entity)
            named = shape.fields.get(shape.title) if shape else None
            self._titles[entity] = {}
            if shape and named and not is_link(named):
                table = self.tables[entity]
                rows = self.connection.execute(select(table.c.id, table.c[named.name])).all()
                told = kind(named)
                self._titles[entity] = {
                    row: told.to_text(told.from_row(value, named), named) for row, value in rows if value is not None
                }
        return self._titles[entity].get(record)

    def find(self, entity: str, words: str) -> int | None:
        """The one record of an (old) entity with this name, if there is just one."""
        if entity not in self._found:
            self.title(entity, 0)
            self._found[entity] = {}
            for record, said in self._titles[entity].items():
                self._found[entity].setdefault(said.casefold(), []).append(record)
        records = self._found[entity].get(words.strip().casefold(), [])
        return records[0] if len(records) == 1 else None


def prepare(connection: Connection, old: Shape, new: Shape, renames: Mapping[str, str]) -> Prepared:
    """The plan from old to new with every value judged. plan.refused is set when rows stand in the way."""
    renames = {**_remembered(connection, old, new, renames), **renames}
    rows = Rows(connection, old)
    kept = _kept_now(connection, old, new, renames)
    without: set[int] = set()
    while True:
        found = plan(old, new, renames, kept=kept, without=without, count=rows.count)
        judged: dict[tuple[str, str], Judged] = {}
        faults: list[Row] = []
        stay_aside: set[int] = set()
        for move in found.moves:
            if move.after is None:
                continue
            here: list[Row] = []
            for part in move.fields:
                if part.before is not None and part.after is not None and part.convert:
                    wrong: list[Row] = []
                    judged[move.after.name, part.after.name] = _judge(rows, found, move, part, kept, wrong)
                    if wrong and part.kept is not None:
                        stay_aside.add(part.kept.id)
                    else:
                        here += wrong
            here += _doubles(rows, move, judged)
            if here and move.kept is not None:
                stay_aside.add(move.kept.id)
            else:
                faults += here
        back = {move.kept.id for move in found.moves if move.kept}
        for move in found.moves:
            if move.kept is not None and any(
                part.before and part.after and part.kept is None and _needs_of_part(move, part) - back
                for part in move.fields
            ):
                stay_aside.add(move.kept.id)
            stay_aside |= {part.kept.id for part in move.fields if part.kept and part.kept.needs - back}
        # What waits aside and does not fit stays there, and the blueprint begins with nothing in its place.
        if not stay_aside:
            break
        without |= stay_aside
    if faults:
        found.refused = Refused(len(faults), faults)
    return Prepared(found, kept, judged, rows)


def _judge(rows: Rows, found: Plan, move: EntityMove, part: FieldMove, kept: list[Kept], faults: list[Row]) -> Judged:
    assert move.before and move.after and part.before and part.after
    before, after = part.before, part.after
    renamed = found.entity_names
    was = {new: old for old, new in renamed.items()}
    live = (
        replace(before, target=renamed.get(before.target, before.target))
        if move.kept is None and part.kept is None
        else before
    )
    values = rows.values(move, before, part.kept)
    judged = Judged(older=_older(kept, move, part, after))
    earlier = rows.kept_values(judged.older) if judged.older else {}
    became_then = rows.became(judged.older) if judged.older else {}

    def title(entity: str, record: int) -> str | None:
        return rows.title(was.get(entity, entity), record)

    def find(entity: str, words: str) -> int | None:
        return rows.find(was.get(entity, entity), words)

    told, telling = kind(before), kind(after)

    def python(value: Any, of: Field) -> Any:
        return value if is_link(of) else kind(of).from_row(value, of)

    for record, row in values.items():
        value = python(row, live)
        if record in earlier and became_then.get(record) == as_text(row):
            judged.new[record] = earlier[record]
            judged.as_they_were.add(record)
            if earlier[record] is None:
                judged.lost_ways.add(record)  # a number that the app gave, where there was nothing before
            continue
        try:
            became = convert(live, after, value, title, find)
        except ValueError as error:
            said = told.to_text(value, before) if before.kind != "marks" else f"{len(value)} marks"
            if before.kind == "reference" and not before.many:
                said = title(live.target, value) or said
            name = title(move.after.name, record) if move.kept is None else None
            faults.append(Row(move.after.name, record, name or "", said[:LONGEST_VALUE], _why(error, before, after)))
            continue
        judged.new[record] = became if is_link(after) else telling.to_row(became, after)
        # A name that leads to a record today may lead to another tomorrow.
        by_name = (live.kind == "reference") != (after.kind == "reference") and "marks" not in (live.kind, after.kind)
        if signature(live) != signature(after) and (
            by_name or _attempt(convert, after, live, became, title, find) != value
        ):
            judged.lost_ways.add(record)
    emptied = {
        record for record, said in became_then.items() if said == as_text(None) and earlier.get(record) is not None
    }
    for record in sorted(emptied.intersection(rows.ids(move)) - set(values)) if emptied else []:
        judged.new[record] = earlier[record]
        judged.as_they_were.add(record)
    judged.same = (
        is_link(before) == is_link(after)
        and (is_link(after) or repr(column_type(before)) == repr(column_type(after)))
        and all(values.get(record) == value for record, value in judged.new.items())
        and part.kept is None
    )
    return judged


def _needs_of_part(move: EntityMove, part: FieldMove) -> frozenset[int]:
    """The entities aside that a field of an entity that comes back refers to."""
    assert move.kept and part.before
    return _numbers([move.kept.targets.get(part.before.name, "")])


def _numbers(targets: Iterable[str]) -> frozenset[int]:
    return frozenset(int(target[1:]) for target in targets if target.startswith("#"))


def _why(error: ValueError, before: Field, after: Field) -> str:
    if before.kind == after.kind == "choice" and str(error).startswith("must be one of"):
        return f"is no longer one of the choices of `{after.name}`"
    return f"does not fit `{after.name}`: {error}"


def _attempt(work: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return work(*arguments)
    except ValueError:
        return _NO_WAY


_NO_WAY = object()


def _older(kept: list[Kept], move: EntityMove, part: FieldMove, after: Field) -> Kept | None:
    """What the values were when the field last had the type that it gets again."""
    assert move.after and part.before
    within = part.kept.id if part.kept else move.kept.id if move.kept else None
    for item in reversed(kept):
        if (
            item.retyped
            and item.within == within
            and item.field == part.before.name
            and signature(item.shape) == signature(after)
            and (within is not None or item.entity == move.after.name)
        ):
            return item
    return None


def _doubles(rows: Rows, move: EntityMove, judged: Mapping[tuple[str, str], Judged]) -> list[Row]:
    """The records that would break what must be different from now on."""
    if move.before is None or move.after is None:
        return []
    parts = {part.after.name: part for part in move.fields if part.after is not None}
    came_from = {
        part.before.name: part.after.name for part in move.fields if part.before and part.after and part.kept is None
    }
    groups: list[tuple[tuple[str, ...], bool]] = [
        ((name,), _was_unique(parts[name]))
        for name, said in move.after.fields.items()
        if (said.unique or said.kind == "serial") and not is_link(said)
    ]
    together = tuple(
        name for name in move.after.unique if name not in move.after.fields or not is_link(move.after.fields[name])
    )
    if together:
        groups.append((together, {came_from.get(name, name) for name in move.before.unique} == set(together)))
    faults: list[Row] = []
    for group, was in groups:
        touched = any(
            name in parts
            and (parts[name].kept or ((move.after.name, name) in judged and not judged[move.after.name, name].same))
            for name in group
        )
        if was and not touched:
            continue
        columns = [_becomes(rows, move, parts.get(name), name, judged) for name in group]
        seen: dict[tuple[Any, ...], int] = {}
        for record in sorted(set.intersection(*[set(column) for column in columns])) if columns else []:
            key = tuple(_key(column[record]) for column in columns)
            first = seen.setdefault(key, record)
            if first != record:
                said = " and ".join(
                    kind(move.after.fields[name]).to_text(
                        kind(move.after.fields[name]).from_row(column[record], move.after.fields[name]),
                        move.after.fields[name],
                    )
                    if name in move.after.fields
                    else str(column[record])
                    for name, column in zip(group, columns, strict=True)
                )
                title = rows.title(move.before.name, record) if move.kept is None else None
                why = f"stands in {move.after.name} {first} too, but {' with '.join(f'`{name}`' for name in group)} must be different in each"
                faults.append(Row(move.after.name, record, title or "", said[:LONGEST_VALUE], why))
    return faults


def _key(value: Any) -> Any:
    return repr(value) if isinstance(value, list | dict) else value


def _was_unique(part: FieldMove) -> bool:
    if part.before is None:
        return True  # a new field has no value twice: a default is not given to several records of a unique field
    return part.before.unique or part.before.kind == "serial"


def _becomes(
    rows: Rows, move: EntityMove, part: FieldMove | None, name: str, judged: Mapping[tuple[str, str], Judged]
) -> dict[int, Any]:
    assert move.before and move.after
    if (move.after.name, name) in judged:
        return {record: value for record, value in judged[move.after.name, name].new.items() if value is not None}
    if part is None:
        table = rows.source(move)
        column = table.c.get(maker_name(move.before) if name == "owner" else name)
        return (
            {}
            if column is None
            else {row[0]: row[1] for row in rows.connection.execute(select(table.c.id, column)) if row[1] is not None}
        )
    return {} if part.before is None else rows.values(move, part.before, part.kept)


# What is kept aside, and what was renamed before.


def read_kept(connection: Connection) -> list[Kept]:
    """Everything that waits aside, oldest first."""
    table = system.aside
    found = []
    for row in connection.execute(select(table).order_by(table.c.id)).mappings():
        shape: Any
        if row["field"]:
            shape = field_from_text(row["field"], row["shape"])
        else:
            import json

            shape = entity_from_json(row["entity"], json.loads(row["shape"]))
        found.append(
            Kept(
                row["id"], row["entity"], row["field"], shape, row["rows"], row["retyped"], row["within"], row["tables"]
            )
        )
    return found


def _kept_now(connection: Connection, old: Shape, new: Shape, renames: Mapping[str, str]) -> list[Kept]:
    """What waits aside, by the names that hold after the change."""
    entities, fields = _resolve(old, new, dict(renames))
    everything = read_kept(connection)
    arrived = set(new.entities) - set(entities.values())
    # An entity that is aside is spoken of by its number; should it come back now, it is the one of its name again.
    targets = dict(entities) | {
        f"#{item.id}": item.entity for item in everything if not item.field and item.entity in arrived
    }
    found = []
    for item in everything:
        shape: Any
        if not item.field:
            shape = item.shape.renamed(item.entity, targets, {})
            found.append(
                replace(item, shape=shape, targets={said.name: said.target for said in item.shape.fields.values()})
            )
            continue
        shape = replace(item.shape, target=targets.get(item.shape.target, item.shape.target))
        entity, name = item.entity, item.field
        if item.within is None and entity in entities:
            if item.retyped:
                name = fields.get(entity, {}).get(name, name)
            entity = entities[entity]
        # A retyped field is found by the name it has now, which the plan calls `before`.
        found.append(replace(item, shape=replace(shape, name=name), entity=entity, needs=_numbers([item.shape.target])))
    return found


def _remembered(connection: Connection, old: Shape, new: Shape, given: Mapping[str, str]) -> dict[str, str]:
    """Renames that lead back (or forth again) along what was renamed before: an undo that is told by nothing but the text."""
    said = connection.execute(select(system.version.c.renames).order_by(system.version.c.id.desc())).scalars().all()
    history: list[list[Rename]] = [[tuple(item) for item in renames] for renames in said if renames]
    if not history:
        return {}
    found: dict[str, str] = {}
    arrived = {name for name in new.entities if name not in old.entities} - set(given.values())
    for name in old.entities:
        if name in new.entities or name in given:
            continue
        was = name
        for renames in history:
            was = next((before for before, field_name, after, _ in renames if not field_name and after == was), was)
            if was in arrived:
                found[name] = was
                arrived.discard(was)
                break
    entities, _ = _resolve(old, new, {**found, **given})
    for before, after in entities.items():
        have, get = old.entities[before].fields, new.entities[after].fields
        for name in have:
            if name in get or f"{before}.{name}" in given:
                continue
            entity, field_name = before, name
            for renames in history:
                field_name = next((b for _, b, e, a in renames if b and (e, a) == (entity, field_name)), field_name)
                entity = next((b for b, f, a, _ in renames if not f and a == entity), entity)
                if field_name in get and field_name not in have:
                    found[f"{before}.{name}"] = field_name
                    break
    return found


# Tables that wait aside, described.


def column_type(said: Field) -> Any:
    column = kind(said).column(said)
    return JSON() if column is None else column.type


def values_like(name: str, said: Field) -> Table:
    return Table(name, MetaData(), Column("record", Integer), Column("value", column_type(said)), quote=True)


def became_like(name: str) -> Table:
    return Table(name, MetaData(), Column("record", Integer), Column("value", Text), quote=True)


def as_text(row: Any) -> str:
    """A row value so that two of them can be compared, whenever they were written."""
    return dump(row if isinstance(row, list | dict | int | float | str) else str(row))


def link_like(name: str) -> Table:
    return Table(
        name, MetaData(), *[Column(part, Integer) for part in ("record", "target", "position", "created")], quote=True
    )


def aside_table(before: EntityShape, kept: Kept) -> Table:
    """The main table of an entity that waits aside: its columns, no rules."""
    like = Tables(Shape({before.name: before}), indexes=False)[before.name]
    return Table(
        kept.tables[""], MetaData(), *[Column(column.name, column.type) for column in like.columns], quote=True
    )
