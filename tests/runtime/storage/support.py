"""What the storage tests share: blueprints from their data part, rows put in and read back as SQLite holds them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from espalier.blueprint.reader import read
from espalier.blueprint.schema import Blueprint
from espalier.runtime.fields import kind
from espalier.runtime.storage import Database
from espalier.runtime.storage.tables import is_link

MOMENT = datetime(2027, 3, 1, 9, 30, 15, 123456)


def blueprint(data: dict[str, dict[str, Any]]) -> Blueprint:
    """A blueprint with these entities: `{"Client": {"name": "text!"}}`."""
    lines = ["app: Test", "data:"]
    for entity, fields in data.items():
        lines.append(f"  {entity}:")
        for name, said in fields.items():
            said = f"[{', '.join(said)}]" if isinstance(said, list) else f"'{said}'"
            lines.append(f"    {name}: {said}")
    lines += ["pages:", "  Home:", "    - text: Hello"]
    return read("\n".join(lines) + "\n")


def add(database: Database, entity: str, **values: Any) -> int:
    """Save a record given by texts (lists of ids for links); its id."""
    tables = database.tables
    fields = tables.shape.entities[entity].fields
    row: dict[str, Any] = {"created": MOMENT, "updated": MOMENT}
    links = {}
    for name, value in values.items():
        field = fields.get(name)
        if field is None:
            row[name] = value
        elif is_link(field):
            links[name] = value
        else:
            row[name] = kind(field).to_row(kind(field).from_text(str(value), field), field)
    with database.write() as connection:
        key = connection.execute(tables[entity].insert().values(row)).inserted_primary_key
        assert key
        for name, targets in links.items():
            for position, target in enumerate(targets):
                link = tables.link(entity, name)
                connection.execute(
                    link.insert().values(record=key[0], target=target, position=position, created=MOMENT)
                )
    return int(key[0])


def column(database: Database, entity: str, name: str) -> dict[int, Any]:
    """The Python values of a field by record; lists of ids for links."""
    field = database.tables.shape.entities[entity].fields[name]
    with database.read() as connection:
        if is_link(field):
            link = database.tables.link(entity, name)
            found: dict[int, Any] = {}
            for row in connection.execute(link.select().order_by(link.c.record, link.c.position)):
                found.setdefault(row.record, []).append(row.target)
            return found
        table = database.tables[entity]
        return {
            row.id: kind(field).from_row(row[1], field)
            for row in connection.execute(table.select().with_only_columns(table.c.id, table.c[name]))
        }


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the blueprint, as SQLite holds it, columns by name."""
    found = {}
    tables = database.tables
    with database.read() as connection:
        for entity in tables:
            for table in (tables[entity], *tables.links(entity).values()):
                names = sorted(column.name for column in table.columns)
                columns = ", ".join(f'"{name}"' for name in names)
                rows = connection.exec_driver_sql(f'SELECT {columns} FROM "{table.name}" ORDER BY 1, 2').fetchall()
                found[table.name] = sorted([tuple(map(repr, row)) for row in rows])
    return found


def reopen(database: Database, data: dict[str, dict[str, Any]], **options: Any) -> Database:
    """Close the database and open it with another blueprint."""
    path = database.path
    assert isinstance(path, Path)
    database.close()
    return Database.open(path, blueprint(data), **options)
