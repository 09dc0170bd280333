"""The tables of an app, as SQLAlchemy Core, made from its blueprint.

Every entity has a table named like it (`OrderLine` as `order_line`) with id, created, updated, owner and one column for
each stored field. A field that refers to many records, and marks, have a link table (`link`). Required is left to the
records room: a field may be made required while older rows are still without it, and nothing may be lost for that.
Names of constraints and indexes are fixed here, since migrations speak of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from ...blueprint import names
from ...blueprint.field import Field
from ...blueprint.schema import Blueprint
from ..fields import kind
from .shape import EntityShape, Shape

DIALECT = sqlite.dialect()
LONGEST_NAME = 60  # PostgreSQL cuts names off at 63 bytes
OWN_COLUMNS = ("id", "created", "updated", "owner")
USER = "User"


class Tables:
    """The tables of a blueprint, or of a shape. Made in a few milliseconds; nothing here touches a database.

    `tables["Order"]` is an entity's table; KeyError when there is no such entity.
    """

    def __init__(self, source: Blueprint | Shape, *, names: dict[str, str] | None = None, indexes: bool = True) -> None:
        """names: the table of each entity where it is not to be worked out; indexes: also those that are only there for speed."""
        self.shape = source if isinstance(source, Shape) else Shape.of(source)
        self.metadata = MetaData()
        self.indexes = indexes
        self.names = table_names(tuple(self.shape.entities)) if names is None else names
        self._links: dict[tuple[str, str], Table] = {}
        self._entities = {name: self._table(entity) for name, entity in self.shape.entities.items()}
        for entity in self.shape.entities.values():
            for field in entity.fields.values():
                if is_link(field):
                    self._links[entity.name, field.name] = self._link_table(entity, field)

    def __getitem__(self, entity: str) -> Table:
        return self._entities[entity]

    def __contains__(self, entity: str) -> bool:
        return entity in self._entities

    def __iter__(self) -> Iterator[str]:
        return iter(self._entities)

    def link(self, entity: str, field: str) -> Table:
        """The link table of a field of many records or of marks: record, target, position, created. KeyError when it has none."""
        return self._links[entity, field]

    def links(self, entity: str) -> dict[str, Table]:
        """The link tables of an entity by field."""
        return {field: table for (name, field), table in self._links.items() if name == entity}

    def owner(self, entity: str) -> Column[Any]:
        """The column that says whose a record is: that of the field marked `owner`, else who made it."""
        for field in self.shape.entities[entity].fields.values():
            if field.is_owner:
                return self[entity].c[field.name]
        return self.maker(entity)

    def maker(self, entity: str) -> Column[Any]:
        """The column that says who made a record. Named `owner`, or `_owner` where a field of another kind has that name."""
        return self[entity].c[maker_name(self.shape.entities[entity])]

    def _table(self, entity: EntityShape) -> Table:
        name = self.names[entity.name]
        columns: list[Any] = [
            Column("id", Integer, primary_key=True, autoincrement=True),
            Column("created", DateTime(), nullable=False),
            Column("updated", DateTime(), nullable=False),
        ]
        rules: list[Any] = []
        indexed: list[str] = []
        unique: list[tuple[str, ...]] = []
        maker = maker_name(entity)
        if "owner" not in entity.fields or maker != "owner":
            columns.append(Column(maker, Integer))
            rules.append(self._foreign_key(name, maker, USER, "SET NULL"))
            indexed.append(maker)
        for field in entity.fields.values():
            field_kind = kind(field)
            column = field_kind.column(field)
            if column is None:
                continue
            columns.append(column)
            for check, condition in field_kind.checks(field).items():
                # A per cent sign or a colon in a choice would mean something to SQLAlchemy.
                said = condition.replace("{column}", quoted(field.name)).replace(":", "\\:")
                rules.append(CheckConstraint(said, name=short(f"ck_{field.name}_{check}")))
            if field.kind == "reference":
                action = "CASCADE" if field.part else "RESTRICT" if field.required else "SET NULL"
                rules.append(self._foreign_key(name, field.name, field.target, action))
            if field.unique or field.kind == "serial":
                unique.append((field.name,))
            elif field_kind.indexed and not field.many:
                indexed.append(field.name)
        together = tuple(part for part in entity.unique if any(column.name == part for column in columns))
        if together and together not in unique:
            unique.append(together)
        table = Table(
            name,
            self.metadata,
            *columns,
            *[rule for rule in rules if rule is not None],
            sqlite_autoincrement=True,
            quote=True,
        )
        for column_name in indexed if self.indexes else []:
            Index(short(f"ix_{name}__{column_name}"), table.c[column_name])
        for group in unique:
            Index(short(f"uq_{name}__{'__'.join(group)}"), *[table.c[part] for part in group], unique=True)
        return table

    def _link_table(self, entity: EntityShape, field: Field) -> Table:
        name = short(f"{self.names[entity.name]}__{field.name}")
        target = USER if field.kind == "marks" else field.target
        table = Table(
            name,
            self.metadata,
            Column("record", Integer, nullable=False, primary_key=True),
            Column("target", Integer, nullable=False, primary_key=True),
            Column("position", Integer, nullable=False),
            Column("created", DateTime(), nullable=False),
            *[
                rule
                for rule in (
                    self._foreign_key(name, "record", entity.name, "CASCADE"),
                    self._foreign_key(name, "target", target, "CASCADE"),
                )
                if rule is not None
            ],
            quote=True,
        )
        if self.indexes:
            Index(short(f"ix_{name}__target"), table.c.target)
        return table

    def _foreign_key(self, table: str, column: str, target: str, action: str) -> ForeignKeyConstraint | None:
        # What is kept aside may refer to an entity that is no more.
        if target not in self.names:
            return None
        return ForeignKeyConstraint([column], [f"{self.names[target]}.id"], name=short(f"fk_{column}"), ondelete=action)

    def create(self) -> list[str]:
        """The SQL that makes all tables and indexes."""
        return self._create

    @cached_property
    def _create(self) -> list[str]:
        made = [*self._entities.values(), *self._links.values()]
        return [statement for table in made for statement in create_statements(table)]


def tables_in_memory(blueprint: Blueprint) -> Tables:
    """The tables of a blueprint without the indexes that are only there for speed. Databases in memory share them: a blueprint
    that is checked again, or mended where its data stays as it was, finds its tables and their statements ready."""
    shape = Shape.of(blueprint)
    return _tables_of(
        tuple(
            (entity.name, tuple(entity.fields.values()), entity.computed, entity.unique, entity.title)
            for entity in shape.entities.values()
        )
    )


@lru_cache(maxsize=64)
def _tables_of(parts: tuple[tuple[str, tuple[Field, ...], tuple[str, ...], tuple[str, ...], str], ...]) -> Tables:
    entities = {
        name: EntityShape(name, {field.name: field for field in fields}, computed, unique, title)
        for name, fields, computed, unique, title in parts
    }
    return Tables(Shape(entities), indexes=False)


def create_statements(table: Table) -> list[str]:
    """The SQL that makes a table with its indexes."""
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    return [
        str(CreateTable(table).compile(dialect=DIALECT)),
        *[str(CreateIndex(index).compile(dialect=DIALECT)) for index in indexes],
    ]


def is_link(field: Field) -> bool:
    """Is the field kept in a link table?"""
    return field.kind == "marks" or (field.kind == "reference" and field.many)


def maker_name(entity: EntityShape) -> str:
    """The name of the column that says who made a record; no field can begin with an underscore."""
    field = entity.fields.get("owner")
    return (
        "owner"
        if (field is None and "owner" not in entity.computed) or (field is not None and field.is_owner)
        else "_owner"
    )


@lru_cache(maxsize=256)
def table_names(entities: tuple[str, ...]) -> dict[str, str]:
    """The name of each entity's table, no two alike to a database that does not tell capitals from small letters."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for entity in sorted(entities, key=lambda name: (name != USER, entities.index(name))):
        name = base = table_name(entity)
        number = 2
        while name.casefold() in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name.casefold())
        found[entity] = name
    return found


def table_name(entity: str) -> str:
    name = names.words(entity).replace(" ", "_").lower()
    # Both beginnings are taken: one by SQLite, one by the system tables.
    return short(f"app_{name}" if name.startswith(("sqlite_", "espalier_", "pg_")) else name)


def short(name: str) -> str:
    """The name, or its beginning and a digest when it is longer than a database may take."""
    raw = name.encode()
    if len(raw) <= LONGEST_NAME:
        return name
    return raw[: LONGEST_NAME - 9].decode(errors="ignore") + "_" + hashlib.sha256(raw).hexdigest()[:8]


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'
