"""What all of Records stands on: the app, the visitor, their access, and one connection at a time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, select

from espalier.blueprint.condition import Who
from espalier.blueprint.schema import Blueprint, Entity

from ..access import ANYONE, Access, Visitor, always, never
from ..errors import NotFound
from ..sql import another
from .rows import Rows

if TYPE_CHECKING:
    from ..storage import Database, Tables


class Place(Protocol):
    """What records need of an app."""

    blueprint: Blueprint
    database: Database

    def now(self) -> datetime:
        """The moment by the app's own clock, without a zone."""


class Base:
    """One visitor's way to the data of one app. Cheap to make; one for every visit, used by one thread."""

    def __init__(self, app: Place, visitor: Visitor = ANYONE) -> None:
        self.app = app
        self.visitor = visitor
        self.now = app.now()

    @property
    def blueprint(self) -> Blueprint:
        return self.app.blueprint

    @cached_property
    def tables(self) -> Tables:
        return self.app.database.tables

    @cached_property
    def access(self) -> Access:
        return Access(self.blueprint, self.tables, self.visitor, self.now, self.app.database.compiled)

    def entity(self, name: str, id: int | None = None) -> Entity:
        """The entity. Raises NotFound when the app has none of that name, or when the id can be nobody's."""
        entity = self.blueprint.entities.get(name)
        # SQLite's integers end at 2**63.
        if entity is None or (id is not None and not 0 < id < 2**63):
            raise NotFound()
        return entity

    def snapshot(self) -> AbstractContextManager[Connection]:
        """A connection for reading. All that is read inside one snapshot is of the same moment."""
        return self.app.database.read()

    def transaction(self) -> AbstractContextManager[Connection]:
        """A connection for writing: all that is written inside is kept, or nothing when an error leaves it."""
        return self.app.database.write()

    def allows(self, who: Who | None, entity: str | None = None, id: int | None = None) -> bool:
        """Does this visitor belong to the WHO of a page, a block or an action? Without a WHO everybody does."""
        if who is None or self.visitor.is_admin:
            return True
        row = another(self.tables[entity]) if entity else None
        condition = self.access.who(who, entity, row)
        if always(condition):
            return True
        if never(condition):
            return False
        statement = select(condition) if row is None else select(condition).where(row.c.id == id)
        with self.snapshot() as connection:
            return bool(connection.execute(statement).scalar())

    def rows(self, entity: str) -> Rows:
        self.entity(entity)
        return Rows(self.access, entity)

    def run(self, statement: Any) -> Any:
        with self.snapshot() as connection:
            return connection.execute(statement).all()
