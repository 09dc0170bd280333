"""Sample records for a preview: where the blueprint plants none, a few that its field types make up.

A page with records shows what it is for; an empty one does not. Only previews in memory get them, never kept data.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from espalier.blueprint.schema import Blueprint
from espalier.runtime.access import AUTHOR
from espalier.runtime.records import Records

if TYPE_CHECKING:
    from espalier.blueprint.field import Field
    from espalier.runtime.app import App

log = logging.getLogger(__name__)

EACH = 6  # records of an entity
EMPTY = ("file", "image", "serial", "marks", "json")  # kinds that are left out


def plant(app: App) -> int:
    """Make records of the entities that have none. Returns how many; a record that a rule refuses is left out."""
    made = 0
    for entity in _in_order(app.blueprint):
        if entity != "User" and not _count(app, entity):
            made += sum(_put(app, entity, index) for index in range(EACH))
    return made


def _put(app: App, entity: str, index: int) -> bool:
    values: dict[str, Any] = {}
    try:
        for field in app.blueprint.entities[entity].fields.values():
            if field.seeded and field.kind not in EMPTY:
                value = _value(app, field, index)
                if value is not None:
                    values[field.name] = value
        Records(app, AUTHOR).put(entity, values, owner=_some(app, "User", index))
    except Exception as error:  # a rule of the app, or a type that makes nothing up: one record less
        log.debug("no sample of %s: %s", entity, error)
        return False
    return True


def _value(app: App, field: Field, index: int) -> Any:
    if field.kind == "reference":
        id = _some(app, field.target, index)
        return None if id is None else [id] if field.many else id
    return field.type.read(field.type.sample(field, index), field)


def _some(app: App, entity: str, index: int) -> int | None:
    """One of the records of an entity, in turn."""
    table = app.database.tables[entity]
    with app.database.read() as connection:
        ids = connection.execute(select(table.c.id).order_by(table.c.id).limit(EACH)).scalars().all()
    return int(ids[index % len(ids)]) if ids else None


def _count(app: App, entity: str) -> int:
    with app.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(app.database.tables[entity])).scalar_one())


def _in_order(blueprint: Blueprint) -> Iterable[str]:
    """The entities, each after those it refers to as far as that can be."""
    seen: list[str] = []

    def visit(entity: str, way: tuple[str, ...]) -> None:
        if entity in seen or entity in way or entity not in blueprint.data:
            return
        for field in blueprint.entities[entity].fields.values():
            if field.kind == "reference":
                visit(field.target, (*way, entity))
        seen.append(entity)

    for entity in blueprint.data:
        visit(entity, ())
    return seen
