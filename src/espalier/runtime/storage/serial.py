"""Running numbers (`INV-0001`) without gaps: given inside the transaction that saves the record, so that both stay or go."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from ...blueprint.field import Field
from ...blueprint.fields.serial import Serial
from . import system
from .tables import Tables


def next_serial(connection: Connection, tables: Tables, entity: str, field: Field) -> str:
    """The next number of the field. connection must be that of the write that saves the record."""
    table = system.serial
    start = field.parameter or "1"
    here = (table.c.entity == entity) & (table.c.field == field.name) & (table.c.start == start)
    given = connection.execute(select(table.c.given).where(here)).scalar()
    if given is None:
        connection.execute(insert(table).values(entity=entity, field=field.name, start=start, given=0))
    number = given or 0
    kind = field.type
    assert isinstance(kind, Serial)
    column = tables[entity].c[field.name]
    # Numbers that another start gave, or that came from text, are passed over.
    while connection.execute(select(column).where(column == kind.at(field, number)).limit(1)).first() is not None:
        number += 1
    connection.execute(update(table).where(here).values(given=number + 1))
    return kind.at(field, number)


def number_rest(connection: Connection, tables: Tables, entity: str, field: Field) -> dict[int, str]:
    """Give numbers to the records that have none, in the order in which they were made; the numbers by record."""
    given: dict[int, str] = {}
    table = tables[entity]
    column = table.c[field.name]
    for record in connection.execute(select(table.c.id).where(column.is_(None)).order_by(table.c.id)).scalars().all():
        given[record] = next_serial(connection, tables, entity, field)
        connection.execute(update(table).where(table.c.id == record).values({column: given[record]}))
    return given
