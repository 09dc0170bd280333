"""Who changed what, with the rows as they were before, so that an admin can undo it. The newest are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from . import system
from .database import now
from .tables import Tables

MOST_KEPT = 10_000
LARGEST_BEFORE = 200_000  # characters; a larger record is noted without what it was
OPERATIONS = ("create", "update", "delete")


@dataclass(frozen=True)
class Entry:
    """One change. before: the record's row and links as they were (None for a record that was created, or too large to keep)."""

    id: int
    entity: str
    record: int
    operation: str
    user: int | None
    created: datetime
    before: dict[str, Any] | None
    undone: bool


def snapshot(connection: Connection, tables: Tables, entity: str, record: int) -> dict[str, Any] | None:
    """A record's row and links as JSON: `{"row": {column: value}, "links": {field: [[target, position, created], ...]}}`."""
    table = tables[entity]
    # As SQLite holds the values, so that they come back to the bit.
    said = f"SELECT * FROM {_quoted(table.name)} WHERE id = ?"  # noqa: S608 - a quoted name
    row = connection.exec_driver_sql(said, (record,)).mappings().one_or_none()
    if row is None:
        return None
    links = {}
    for field, link in tables.links(entity).items():
        chosen = (
            f"SELECT target, position, created FROM {_quoted(link.name)} WHERE record = ? ORDER BY position, target"  # noqa: S608
        )
        links[field] = [list(item) for item in connection.exec_driver_sql(chosen, (record,))]
    return {"row": dict(row), "links": links}


def note(
    connection: Connection,
    entity: str,
    record: int,
    operation: str,
    user: int | None,
    before: dict[str, Any] | None = None,
    when: datetime | None = None,
) -> int:
    """Write a change down, in the transaction that makes it, and return the entry's id. before: what `snapshot` gave."""
    if before is not None and len(json.dumps(before, ensure_ascii=False)) > LARGEST_BEFORE:
        before = None
    values = {
        "entity": entity,
        "record": record,
        "operation": operation,
        "user": user,
        "created": when or now(),
        "before": before,
    }
    key = connection.execute(insert(system.journal).values(values)).inserted_primary_key
    assert key
    if key[0] % 100 == 0:
        connection.execute(delete(system.journal).where(system.journal.c.id <= key[0] - MOST_KEPT))
    return int(key[0])


def entries(
    connection: Connection,
    entity: str | None = None,
    record: int | None = None,
    *,
    limit: int = 100,
    before: int | None = None,
) -> list[Entry]:
    """The newest changes first, of one entity or record when given; before: only those older than this entry."""
    table = system.journal
    chosen = select(table).order_by(table.c.id.desc()).limit(limit)
    if entity is not None:
        chosen = chosen.where(table.c.entity == entity)
    if record is not None:
        chosen = chosen.where(table.c.record == record)
    if before is not None:
        chosen = chosen.where(table.c.id < before)
    return [Entry(**row) for row in connection.execute(chosen).mappings()]


def undo(connection: Connection, tables: Tables, entry: Entry, user: int | None) -> None:
    """Put the record back to what it was before the entry, and note that as a change of its own.

    Fields that the entity has lost since are passed over, and references to what is gone are left empty. Raises ValueError
    with words when it cannot be done; IntegrityError when the old values clash with other records.
    """
    if entry.entity not in tables:
        raise ValueError(f"`{entry.entity}` is no longer part of this app.")
    table = tables[entry.entity]
    now_is = snapshot(connection, tables, entry.entity, entry.record)
    if entry.operation == "create":
        if now_is is None:
            raise ValueError("The record is already gone.")
        connection.execute(delete(table).where(table.c.id == entry.record))
        note(connection, entry.entity, entry.record, "delete", user, now_is)
    else:
        if entry.before is None:
            raise ValueError("What the record was before was too large to be kept.")
        row = _still_right(connection, tables, entry)
        if now_is is None:
            _insert_raw(connection, table.name, row)
        else:
            places = ", ".join(f"{_quoted(name)} = ?" for name in row if name != "id")
            said = f"UPDATE {_quoted(table.name)} SET {places} WHERE id = ?"  # noqa: S608 - quoted names
            connection.exec_driver_sql(said, (*[value for name, value in row.items() if name != "id"], entry.record))
        _put_links(connection, tables, entry)
        note(connection, entry.entity, entry.record, "create" if now_is is None else "update", user, now_is)
    connection.execute(update(system.journal).where(system.journal.c.id == entry.id).values(undone=True))


def _still_right(connection: Connection, tables: Tables, entry: Entry) -> dict[str, Any]:
    table = tables[entry.entity]
    assert entry.before
    row = {name: value for name, value in entry.before["row"].items() if name in table.c}
    for key in table.foreign_key_constraints:
        column = next(iter(key.columns))
        target = key.elements[0].column.table
        value = row.get(column.name)
        if value is not None and connection.execute(select(target.c.id).where(target.c.id == value)).first() is None:
            if key.ondelete == "CASCADE":
                raise ValueError("What this record was a part of is gone: bring that back first.")
            row[column.name] = None
    return row


def _put_links(connection: Connection, tables: Tables, entry: Entry) -> None:
    assert entry.before
    for field, link in tables.links(entry.entity).items():
        if field not in entry.before["links"]:
            continue
        connection.execute(delete(link).where(link.c.record == entry.record))
        target = next(key.elements[0].column.table for key in link.foreign_key_constraints if "target" in key.columns)
        there = set(connection.execute(select(target.c.id)).scalars())
        for to, position, created in entry.before["links"][field]:
            if to in there:
                _insert_raw(
                    connection,
                    link.name,
                    {"record": entry.record, "target": to, "position": position, "created": created},
                )


def _insert_raw(connection: Connection, table: str, row: dict[str, Any]) -> None:
    names, places = ", ".join(_quoted(name) for name in row), ", ".join("?" * len(row))
    connection.exec_driver_sql(f"INSERT INTO {_quoted(table)} ({names}) VALUES ({places})", tuple(row.values()))  # noqa: S608


def _quoted(name: str) -> str:
    from .tables import quoted

    return quoted(name)
