"""A query under construction: one entity's rows as one visitor may see them, with joins along the paths that are used.

Access is part of every step: a hop through a reference joins only a record that the visitor may read, and a field that is
hidden from them is NULL. So whatever is shown, filtered, sorted, grouped or summed by a path never depends on what the
visitor may not know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, null, select, true

from espalier.blueprint.field import Field

from ..access import Access, always, never
from ..sql import another

LONGEST_PATH = 5
CREATED = Field("datetime", "created", required=True)
SYSTEM = {
    "id": Field("int", "id", required=True),
    "created": CREATED,
    "updated": replace(CREATED, name="updated"),
    "owner": Field("reference", "owner", target="User"),
}


class UnknownPath(LookupError):
    """There is no such field, or the visitor may never see it: the two cannot be told apart."""


@dataclass(frozen=True)
class Place:
    """Where a path leads: a field of a row that is joined in."""

    path: str
    entity: str
    row: FromClause
    field: Field
    hops: tuple[str, ...]  # the references on the way

    @property
    def name(self) -> str:
        return self.field.name


class Rows:
    """Rows of an entity with what has been joined to them."""

    def __init__(self, access: Access, entity: str, row: FromClause | None = None) -> None:
        self.access = access
        self.entity = entity
        # The table itself, not an alias: the full text search speaks of it by its name.
        self.row: FromClause = access.tables[entity] if row is None else row
        self.source: FromClause = self.row
        self._joined: dict[tuple[str, ...], tuple[str, FromClause]] = {(): (entity, self.row)}

    def field(self, entity: str, name: str) -> Field:
        """The field of that name, the system's too. Raises UnknownPath when there is none that the visitor may see."""
        field = self.access.blueprint.entities[entity].fields.get(name) or SYSTEM.get(name)
        if field is None:
            raise UnknownPath(name)
        return field

    def place(self, path: str) -> Place:
        """The place of a path, joining what is on the way. Raises UnknownPath."""
        names = tuple(path.split("."))
        if len(names) > LONGEST_PATH:
            raise UnknownPath(path)
        for length in range(1, len(names)):
            self._join(names[:length])
        entity, row = self._joined[names[:-1]]
        field = self.field(entity, names[-1])
        if never(self.access.field_readable(entity, names[-1], row)):
            raise UnknownPath(path)
        return Place(path, entity, row, field, names[:-1])

    def _join(self, names: tuple[str, ...]) -> None:
        if names in self._joined:
            return
        entity, row = self._joined[names[:-1]]
        field = self.field(entity, names[-1])
        if field.kind != "reference" or field.many:
            raise UnknownPath(".".join(names))
        seen = self.access.field_readable(entity, names[-1], row)
        if never(seen):
            raise UnknownPath(".".join(names))
        target = another(self.access.tables[field.target])
        computed = self.access.computed(entity, field.name, row) if field.computed else None
        leads_to = row.c[names[-1]] if computed is None else computed
        matches = and_(target.c.id == leads_to, seen, self.access.readable(field.target, target))
        self.source = self.source.outerjoin(target, matches)
        self._joined[names] = (field.target, target)

    def target(self, place: Place) -> FromClause:
        """The row that the reference at this place leads to; all NULL where the visitor may not read it."""
        names = (*place.hops, place.name)
        self._join(names)
        return self._joined[names][1]

    def shown(self, place: Place) -> ColumnElement[bool]:
        """Where the visitor may see the value at the place: the field, and every reference on the way."""
        conditions = [self.access.field_readable(place.entity, place.name, place.row)]
        for length in range(len(place.hops)):
            entity, row = self._joined[place.hops[:length]]
            conditions.append(self.access.field_readable(entity, place.hops[length], row))
        if place.hops:
            conditions.append(place.row.c.id.is_not(None))
        return and_(true(), *conditions)

    def value(self, place: Place) -> ColumnElement[Any]:
        """The value at the place as the database has it; NULL where it is hidden. A reference is the id of a record that
        may be read; marks are counted; a field of many references has no value of its own (see links)."""
        field, row = place.field, place.row
        if field.kind == "reference" and not field.many:
            return self.target(place).c.id
        if field.kind == "marks":
            link = another(self.access.tables.link(place.entity, field.name))
            marks = select(func.count()).select_from(link).where(link.c.record == row.c.id)
            value: ColumnElement[Any] = marks.correlate_except(link).scalar_subquery()
        elif field.kind == "reference" and field.many:
            return null()
        elif field.computed:
            value = self.access.computed(place.entity, field.name, row)
        else:
            value = row.c[field.name]
        seen = self.access.field_readable(place.entity, field.name, row)
        if place.hops and (field.computed or field.kind == "marks"):
            # Without the record there is nothing, not a computed nothing (a count of 0).
            seen = and_(row.c.id.is_not(None), seen)
        return value if always(seen) else case((seen, value), else_=null())

    def title(self, place: Place | None = None) -> tuple[Field | None, ColumnElement[Any] | None]:
        """What a record is called, as (the field that says it, its value): this row, or the one a reference leads to. None
        twice when it has no title that the visitor may see."""
        names: tuple[str, ...] = ()
        if place is not None:
            names = (*place.hops, place.name)
            self._join(names)
        for _ in range(3):
            entity, _row = self._joined[names]
            name = self.access.blueprint.entities[entity].title_field
            if name == "id":
                break
            try:
                found = self.place(".".join((*names, name)))
            except UnknownPath:
                break
            if found.field.kind != "reference" or found.field.many:
                return found.field, self.value(found)
            names = (*names, name)
            self._join(names)
        return None, None

    def adopt(
        self, names: tuple[str, ...], entity: str, row: FromClause
    ) -> tuple[Field | None, ColumnElement[Any] | None]:
        """The title of a row that the query holds already, under the path that leads to it."""
        self._joined[names] = (entity, row)
        *hops, name = names
        return self.title(Place(".".join(names), entity, row, Field("reference", name, target=entity), tuple(hops)))
