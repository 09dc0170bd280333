"""Reading records: lists with filters, search and order, single records, counts, the values of a filter, what may be chosen.

Every question is one query (and one for the count), with the visitor's access inside it. Numbers over many records are
numbers.py's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, collate, false, func, null, or_, select, true
from sqlalchemy.sql.elements import UnaryExpression

from espalier.blueprint.blocks.base import Sort
from espalier.blueprint.condition import Expression
from espalier.blueprint.field import Field
from espalier.blueprint.names import label

from ..access import SYSTEM_FIELDS, always, never
from ..errors import Invalid, NotFound
from ..fields import kind
from ..sql import another
from .base import Base
from .record import Choice, Found, Link, Record
from .rows import Place, Rows, UnknownPath

MOST = 1000  # records in one answer
MOST_SHOWN = 100  # paths in one record
MOST_FILTERS = 20
MOST_VALUES = 50  # of one filter
MOST_CHOICES = 200
LONGEST_SEARCH = 200
NOTHING = "-"  # the filter value that stands for an empty field
ORDERED = ("int", "number", "money", "percent", "rating", "date", "datetime", "time")
BETWEEN = re.compile(r"(.*?)\.\.(.*)", re.DOTALL)

Filters = Mapping[str, Sequence[str]]
Make = Callable[[Sequence[Any]], Any]


class Reading(Base):
    """What Records can be asked."""

    # --- records --------------------------------------------------------------------------------------------------

    def query(
        self,
        entity: str,
        *,
        where: Expression | None = None,
        this: Record | None = None,
        filters: Filters | None = None,
        search: str = "",
        sort: Sequence[Sort] = (),
        show: Sequence[str] | None = None,
        limit: int = 100,
        offset: int = 0,
        count: bool = True,
        may: Sequence[str] = (),
    ) -> Found:
        """A page of the records that this person may read.

        where: a condition of the blueprint, in which fields that are hidden from this person are nothing. this: the
        record that `this` means in it. filters: path -> texts, any of which may fit: a value, `low..high` where values
        have an order, `-` for nothing, the id of a reference; a day stands for all its moments. search: words that all
        occur. sort: by a reference's title, a choice's place in its list, otherwise by value; nothing comes last. show:
        the paths wanted, all readable fields when None; paths that this person may not see are left out. may: of
        "update", "delete": for `Record.may`. limit is at most 1000.

        Raises Invalid for a filter on a field that does not exist (or not for this person).
        """
        rows = self.rows(entity)
        conditions = self._restrict(rows, where, this, filters, search)
        restricted = rows.source
        order = self._order(rows, sort)
        columns, make = self._columns(rows, show, may)
        statement = (
            select(*columns)
            .select_from(rows.source)
            .where(*conditions)
            .order_by(*order, rows.row.c.id)
            .limit(max(0, min(limit, MOST)))
        )
        if offset > 0:
            statement = statement.offset(offset)
        with self.snapshot() as connection:
            found = make(connection.execute(statement).all())
            total: int | None = None
            if count and len(found) < min(limit, MOST) and (found or offset <= 0):
                total = max(0, offset) + len(found)  # the last page says how many there are
            elif count:
                total = self._count(restricted, conditions)
        return Found(found, total)

    def get(self, entity: str, id: int, show: Sequence[str] | None = None, may: Sequence[str] = ()) -> Record:
        """One record. Raises NotFound when there is none, or none that this person may read."""
        self.entity(entity, id)
        rows = self.rows(entity)
        columns, make = self._columns(rows, show, may)
        readable = self.access.readable(entity, rows.row)
        statement = select(*columns).select_from(rows.source).where(rows.row.c.id == id, readable)
        with self.snapshot() as connection:
            found = make(connection.execute(statement).all())
        if not found:
            raise NotFound()
        return found[0]

    def count(
        self,
        entity: str,
        *,
        where: Expression | None = None,
        this: Record | None = None,
        filters: Filters | None = None,
        search: str = "",
    ) -> int:
        """How many records this person may read; the arguments are those of `query`."""
        rows = self.rows(entity)
        conditions = self._restrict(rows, where, this, filters, search)
        return self._count(rows.source, conditions)

    def _count(self, source: FromClause, conditions: Sequence[ColumnElement[bool]]) -> int:
        statement = select(func.count()).select_from(source).where(*conditions)
        with self.snapshot() as connection:
            return int(connection.execute(statement).scalar_one())

    def choices(
        self,
        entity: str,
        path: str,
        *,
        where: Expression | None = None,
        this: Record | None = None,
        filters: Filters | None = None,
        search: str = "",
    ) -> list[Choice]:
        """The values by which records can be filtered, with how many records each has; the filter on the path itself does
        not count. Choices in their own order, other values by frequency, at most 200. Empty for an unknown path."""
        rows = self.rows(entity)
        others = {name: values for name, values in (filters or {}).items() if name != path}
        conditions = self._restrict(rows, where, this, others, search)
        try:
            place = rows.place(path)
        except UnknownPath:
            return []
        field = place.field
        conditions.append(rows.shown(place))
        words: ColumnElement[Any] | None = None
        title_field: Field | None = field
        if field.kind == "reference" and field.many:
            target = self._linked(rows, place)
            key: ColumnElement[Any] = target.c.id
            title_field, words = self._title_of(rows, place, field.target, target)
        elif field.kind == "reference":
            key = rows.value(place)
            title_field, words = rows.title(place)
        elif is_list(field):
            each = func.json_each(rows.value(place)).table_valued("value")
            rows.source = rows.source.join(each, true())
            key = each.c.value
        else:
            key = rows.value(place)
        statement = select(key, words if words is not None else null(), func.count(rows.row.c.id.distinct()))
        statement = (
            statement.select_from(rows.source).where(*conditions).group_by(key).order_by(func.count().desc(), key)
        )
        found = self.run(statement.limit(MOST_CHOICES + 1))
        if field.kind == "reference":
            return [
                Choice(str(id), self._words(title_field, raw) or f"{label(field.target)} {id}", count)
                for id, raw, count in found
                if id is not None
            ][:MOST_CHOICES]
        if is_list(field):
            return [Choice(str(value), str(value), count) for value, _, count in found if value is not None][
                :MOST_CHOICES
            ]
        type_of = kind(field)
        counted = [(type_of.from_row(value, field), count) for value, _, count in found if value is not None]
        if field.kind == "choice":
            counts = dict(counted)
            return [Choice(value, value, counts[value]) for value in field.choices if value in counts]
        said = [Choice(type_of.to_text(value, field), type_of.to_text(value, field), count) for value, count in counted]
        return [Choice(one.value, one.label.capitalize(), one.count) if field.kind == "bool" else one for one in said][
            :MOST_CHOICES
        ]

    def options(
        self, entity: str, field: str, search: str = "", limit: int = 50, ids: Sequence[int] | None = None
    ) -> list[Link]:
        """The records that this person may choose for a reference field, by title; all words of search occur in the title.
        With ids, only those among them (to show what a form already holds)."""
        found = self.entity(entity).fields.get(field) or (SYSTEM_OWNER if field == "owner" else None)
        if found is None or found.kind != "reference" or found.computed:
            return []
        rows = self.rows(found.target)
        title_field, title = rows.title()
        conditions: list[ColumnElement[bool]] = [self.access.readable(found.target, rows.row)]
        if ids is not None:
            conditions.append(rows.row.c.id.in_([id for id in ids if 0 < id < 2**63][:MOST]))
        if title is not None:
            for word in search[:LONGEST_SEARCH].split()[:10]:
                conditions.append(title.contains(word, autoescape=True))
        order = [collate(title, "NOCASE")] if title is not None and title_field and title_field.kind in TEXTS else []
        statement = select(rows.row.c.id, title if title is not None else null()).select_from(rows.source)
        statement = statement.where(*conditions).order_by(*order, rows.row.c.id).limit(max(0, min(limit, MOST)))
        return [
            Link(found.target, id, self._title(found.target, id, title_field, raw)) for id, raw in self.run(statement)
        ]

    def find(self, entities: Sequence[str], search: str, limit: int = 20) -> list[Link]:
        """Records of any of these entities in which all words occur, for a search over the whole app."""
        found: list[Link] = []
        with self.snapshot():
            for entity in entities:
                if not search.strip() or len(found) >= limit:
                    break
                page = self.query(entity, search=search, show=(), limit=limit - len(found), count=False)
                found += [record.link for record in page]
        return found

    def readable_fields(self, entity: str) -> list[str]:
        """The fields that this person may see in some record at least, in order; system fields are not among them."""
        row = another(self.tables[entity])
        fields = self.entity(entity).fields
        return [name for name in fields if not never(self.access.field_readable(entity, name, row))]

    # --- conditions -----------------------------------------------------------------------------------------------

    def _restrict(
        self,
        rows: Rows,
        where: Expression | None = None,
        this: Record | None = None,
        filters: Filters | None = None,
        search: str = "",
    ) -> list[ColumnElement[bool]]:
        conditions = [self.access.readable(rows.entity, rows.row)]
        if where is not None:
            conditions.append(self.access.seen_condition(where, rows.row, this.id if this is not None else None))
        given = {path: list(values) for path, values in (filters or {}).items() if any(values)}
        if len(given) > MOST_FILTERS or any(len(values) > MOST_VALUES for values in given.values()):
            raise Invalid({"": "These are too many filters at once."})
        for path, values in given.items():
            conditions.append(self._filter(rows, path, values))
        if search.strip():
            conditions.append(self._search(rows, search[:LONGEST_SEARCH]))
        return conditions

    def _filter(self, rows: Rows, path: str, values: Sequence[str]) -> ColumnElement[bool]:
        try:
            place = rows.place(path)
        except UnknownPath:
            raise Invalid({path: "There is no such field to filter by."}) from None
        any_of = [self._matches(rows, place, text.strip()) for text in values if text.strip()]
        return and_(rows.shown(place), or_(false(), *any_of))

    def _matches(self, rows: Rows, place: Place, text: str) -> ColumnElement[bool]:
        """Where the value at the place fits one text of a filter; false for a text that no value can be."""
        field = place.field
        nothing = text == NOTHING
        if field.kind == "reference" and field.many:
            link = another(self.tables.link(place.entity, field.name))
            target = another(self.tables[field.target])
            readable = self.access.readable(field.target, target)
            source = link.join(target, and_(target.c.id == link.c.target, readable))
            there = select(link.c.target).select_from(source).where(link.c.record == place.row.c.id)
            if nothing:
                return ~there.correlate_except(link, target).exists()
            return there.where(link.c.target == _id(text)).correlate_except(link, target).exists()
        value = rows.value(place)
        if nothing:
            return or_(value.is_(None), func.json_array_length(value) == 0) if is_list(field) else value.is_(None)
        if is_list(field):
            each = func.json_each(value).table_valued("value")
            return select(each.c.value).where(each.c.value == text).correlate_except(each).exists()
        if field.kind == "reference":
            return value == _id(text)
        if field.kind == "marks":
            return value == int(text) if text.isdecimal() and len(text) < 10 else false()
        between = BETWEEN.fullmatch(text)
        if field.kind in ORDERED and between:
            low, high = (self._bound(field, part, at_end) for part, at_end in ((between[1], False), (between[2], True)))
            if low is WRONG or high is WRONG:
                return false()
            return and_(
                true(), *([value >= low] if low is not None else []), *([value <= high] if high is not None else [])
            )
        if field.kind in ("date", "datetime"):
            low, high = self._bound(field, text, False), self._bound(field, text, True)
            return false() if low is WRONG or high is WRONG else and_(value >= low, value <= high)
        try:
            wanted = kind(field).to_row(kind(field).from_text(text, field), field)
        except ValueError:
            return false()
        if field.kind in TEXTS and field.kind != "choice":  # a choice is kept as it is spelled, and has an index
            return collate(value, "NOCASE") == wanted
        return value == wanted

    def _bound(self, field: Field, text: str, at_end: bool) -> Any:
        """One end of a range as the column has it: None when open, WRONG when the text is no value of the field."""
        text = text.strip()
        if not text:
            return None
        if field.kind in ("date", "datetime"):
            day = _period(text, at_end)
            if day is not None:
                if field.kind == "date":
                    return day
                return datetime.combine(day, time(23, 59, 59) if at_end else time())
        try:
            return kind(field).to_row(kind(field).from_text(text, field), field)
        except ValueError:
            return WRONG

    def _search(self, rows: Rows, search: str) -> ColumnElement[bool]:
        """Where all words occur in fields that this person may see, each word in any of them."""
        fields = self.entity(rows.entity).fields
        openly: list[str] = []
        conditions: list[ColumnElement[bool]] = []
        for name, field in fields.items():
            if not kind(field).searchable or field.computed or field.kind == "marks":
                continue
            seen = self.access.field_readable(rows.entity, name, rows.row)
            if always(seen):
                openly.append(name)
            elif not never(seen):
                conditions.append(and_(seen, self._found(rows.entity, search, [name])))
        if openly:
            conditions.append(self._found(rows.entity, search, openly))
        return or_(false(), *conditions)

    def _found(self, entity: str, search: str, fields: Sequence[str]) -> ColumnElement[bool]:
        # Several of these stand in one query, each with words of its own.
        return self.app.database.search_condition(entity, search, fields)

    # --- order ----------------------------------------------------------------------------------------------------

    def _order(self, rows: Rows, sort: Sequence[Sort]) -> list[UnaryExpression[Any]]:
        order: list[UnaryExpression[Any]] = []
        for one in sort[:5]:
            try:
                place = rows.place(str(one.path))
                field, value = place.field, self._sortable(rows, place)
            except UnknownPath:
                continue
            if value is None:
                continue
            told = value.desc() if one.descending else value.asc()
            # An index serves the order only without `NULLS LAST`; what is required has no need of it.
            order.append(
                told if field.required and not place.hops and field.name in SYSTEM_FIELDS else told.nulls_last()
            )
        return order

    def _sortable(self, rows: Rows, place: Place) -> ColumnElement[Any] | None:
        field = place.field
        if field.kind == "reference":
            if field.many:
                return None
            title_field, title = rows.title(place)
            if title is None or title_field is None:
                return rows.value(place)
            field, value = title_field, title
        else:
            value = rows.value(place)
        if field.kind == "choice" and not field.many:
            return case({choice: at for at, choice in enumerate(field.choices)}, value=value)
        return collate(value, "NOCASE") if field.kind in TEXTS and not field.many else value

    # --- columns --------------------------------------------------------------------------------------------------

    def _columns(
        self, rows: Rows, show: Sequence[str] | None, may: Sequence[str] = ()
    ) -> tuple[list[ColumnElement[Any]], Callable[[Sequence[Any]], list[Record]]]:
        """The columns of a query for these paths, and what makes records of its rows."""
        entity = rows.entity
        columns: list[ColumnElement[Any]] = [rows.row.c.id]
        makers: dict[str, Make | None] = {}
        many: list[tuple[str, Place, int]] = []
        marks: list[tuple[str, int]] = []

        added: dict[int, int] = {}  # columns by their ids: the title is often shown as a field too

        def add(column: ColumnElement[Any]) -> int:
            if id(column) not in added:
                added[id(column)] = len(columns)
                columns.append(column.label(f"c{len(columns)}"))
            return added[id(column)]

        title_field, title = rows.title()
        title_at = add(title) if title is not None else None
        paths = [*self.entity(entity).fields, *SYSTEM_FIELDS] if show is None else [str(path) for path in show]
        for path in list(dict.fromkeys(paths))[:MOST_SHOWN]:
            try:
                place = rows.place(path)
            except UnknownPath:
                continue
            field = place.field
            if field.kind == "reference" and field.many:
                many.append((path, place, add(place.row.c.id)))
                makers[path] = None  # comes from a query of its own, in this place
            elif field.kind == "reference":
                one_field, one_title = rows.title(place)
                at = add(rows.value(place))
                makers[path] = self._linker(
                    field.target, at, one_field, add(one_title) if one_title is not None else None
                )
            else:
                makers[path] = self._reader(field, add(rows.value(place)))
                if field.kind == "marks" and not place.hops and self.visitor.id is not None:
                    link = another(self.tables.link(entity, field.name))
                    mine = select(link.c.record).where(link.c.record == rows.row.c.id, link.c.target == self.visitor.id)
                    marks.append((field.name, add(mine.correlate_except(link).exists())))
        always_allowed: list[str] = []
        allowed: list[tuple[str, int]] = []
        for operation in may:
            condition = self.access.allowed(operation, entity, rows.row)
            if always(condition):
                always_allowed.append(operation)
            elif not never(condition):
                allowed.append((operation, add(condition)))

        def make(found: Sequence[Any]) -> list[Record]:
            at_of = {path: at for path, _, at in many}
            linked = {path: self._links(place, {row[at] for row in found}) for path, place, at in many}
            made = []
            for row in found:
                values = {
                    path: one(row) if one else linked[path].get(row[at_of[path]], []) for path, one in makers.items()
                }
                raw = row[title_at] if title_at is not None else None
                made.append(
                    Record(
                        entity,
                        row[0],
                        self._title(entity, row[0], title_field, raw),
                        values,
                        frozenset(name for name, at in marks if row[at]),
                        frozenset([*always_allowed, *(operation for operation, at in allowed if row[at])]),
                    )
                )
            return made

        return columns, make

    def _reader(self, field: Field, at: int) -> Make:
        if field.kind == "marks":
            return lambda row: row[at]
        from_row = kind(field).from_row
        if field.kind == "int":
            return lambda row: row[at] if row[at] is None else int(row[at])
        return lambda row: from_row(row[at], field)

    def _linker(self, target: str, at: int, title_field: Field | None, title_at: int | None) -> Make:
        def make(row: Sequence[Any]) -> Link | None:
            if row[at] is None:
                return None
            return Link(target, row[at], self._title(target, row[at], title_field, row[title_at] if title_at else None))

        return make

    def _links(self, place: Place, ids: set[int | None]) -> dict[int, list[Link]]:
        """The records that a field of many leads to, by the id of the record they are linked from, as far as readable."""
        known = [id for id in ids if id is not None]
        target = place.field.target
        rows = self.rows(target)
        link = another(self.tables.link(place.entity, place.field.name))
        title_field, title = rows.title()
        holder = another(self.tables[place.entity])
        seen = self.access.field_readable(place.entity, place.name, holder)
        source = rows.source.join(link, link.c.target == rows.row.c.id)
        if not always(seen):
            source = source.join(holder, and_(holder.c.id == link.c.record, seen))
        statement = (
            select(link.c.record, rows.row.c.id, title if title is not None else null())
            .select_from(source)
            .where(link.c.record.in_(known), self.access.readable(target, rows.row))
            .order_by(link.c.record, link.c.position, link.c.created)
        )
        found: dict[int, list[Link]] = {}
        if known:
            for record, id, raw in self.run(statement):
                found.setdefault(record, []).append(Link(target, id, self._title(target, id, title_field, raw)))
        return found

    def _linked(self, rows: Rows, place: Place) -> FromClause:
        """Join the records that a field of many leads to, one row for each."""
        link = another(self.tables.link(place.entity, place.field.name))
        target = another(self.tables[place.field.target])
        readable = self.access.readable(place.field.target, target)
        rows.source = rows.source.join(link, link.c.record == place.row.c.id)
        rows.source = rows.source.join(target, and_(target.c.id == link.c.target, readable))
        return target

    def _title_of(
        self, rows: Rows, place: Place, entity: str, row: FromClause
    ) -> tuple[Field | None, ColumnElement[Any] | None]:
        """The title of a row that stands in the query already."""
        return rows.adopt((*place.hops, place.name), entity, row)

    def _title(self, entity: str, id: int, field: Field | None, raw: Any) -> str:
        """How a record is called; its kind and number when its title is empty or hidden."""
        return self._words(field, raw) or f"{label(entity)} {id}"

    def _words(self, field: Field | None, raw: Any) -> str:
        if raw is None or field is None:
            return ""
        text = kind(field).to_text(kind(field).from_row(raw, field), field)
        return text if len(text) <= 120 else f"{text[:117].rstrip()}..."


TEXTS = ("text", "long", "email", "phone", "url", "color", "location", "serial", "choice", "image", "file")
WRONG: Any = object()
SYSTEM_OWNER = Field("reference", "owner", target="User")


def is_list(field: Field) -> bool:
    return field.kind == "tags" or (field.many and field.kind != "reference")


def _id(text: str) -> int:
    """The id that a filter's text says; an id that nobody has when it says none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 18 else -1


def _period(text: str, at_end: bool) -> date | None:
    """The first or last day of a day, month or year (`2026-11-22`, `2026-11`, `2026`), or None when it is none."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if day is not None:
            return date(year or 0, month or 0, day)
        if not at_end:
            return date(year or 0, month or 1, 1)
        following = date(year or 0, month, 28) + timedelta(days=4) if month else date(year or 0, 12, 31)
        return following.replace(day=1) - timedelta(days=1) if month else following
    except (ValueError, OverflowError):
        return None
