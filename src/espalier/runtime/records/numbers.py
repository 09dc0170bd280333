"""Numbers over many records: stats, charts, totals. Only records and fields that the visitor may read count in them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Float, func, select, true, type_coerce

from espalier.blueprint.condition import Expression
from espalier.blueprint.expression import Bound
from espalier.blueprint.expression import meaning as m
from espalier.blueprint.field import Field
from espalier.blueprint.names import label

from ..access import Access, changed, parts
from ..fields import kind
from .query import Filters, Reading, is_list
from .record import Point, Record, Series
from .rows import Place, Rows, UnknownPath

MOST_GROUPS = 400
MOST_SERIES = 12
MOST_ROWS = 20_000  # read for a `latest` by groups
PERIODS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Grouping:
    """What records are grouped by: the key in SQL, and the way from what the database gives to a key and its words."""

    key: ColumnElement[Any]
    words: ColumnElement[Any] | None
    read: Callable[[Any, Any], tuple[Any, str]]
    order: tuple[str, ...] = ()  # the words of a choice, in their order
    period: str = ""


class Numbers(Reading):
    """What Records can count and sum."""

    def value(self, expression: Expression, this: Record | None = None, at: datetime.datetime | None = None) -> Any:
        """The value of an expression on a page, over what this person may read: `count(Ticket where status = Open)`.

        this: the record of an `Each Dog` page. at: an earlier moment, for comparisons: `today` and `now` are then, and
        sums that do not ask for a time cover only what there was then.
        """
        access = (
            self.access
            if at is None
            else Access(self.blueprint, self.tables, self.visitor, at, self.app.database.compiled)
        )
        bound = access.bound(expression)
        if at is not None:
            bound = replace(bound, meaning=_until(bound.meaning, at))
        row = None
        if bound.scope.entity is not None and this is not None:
            row = self.tables[bound.scope.entity]
        column = access.seen_value(bound, row, this.id if this is not None else None)
        statement = select(type_coerce(column, Float()) if bound.type.kind == "number" else column)
        if row is not None and this is not None:
            statement = statement.where(row.c.id == this.id)
        found = self.run(statement)
        return _plain(bound.type, found[0][0]) if found else None

    def totals(
        self,
        entity: str,
        paths: Sequence[str],
        *,
        where: Expression | None = None,
        this: Record | None = None,
        filters: Filters | None = None,
        search: str = "",
    ) -> dict[str, Any]:
        """The sums of these paths over all records that a query with the same arguments finds; without paths that this
        person may not see and those that are no numbers."""
        rows = self.rows(entity)
        conditions = self._restrict(rows, where, this, filters, search)
        columns: list[ColumnElement[Any]] = []
        fields: dict[str, Field] = {}
        for path in dict.fromkeys(map(str, paths)):
            try:
                place = rows.place(path)
            except UnknownPath:
                continue
            if place.field.kind in ("int", "number", "money", "percent", "rating", "marks"):
                fields[path] = place.field
                columns.append(func.coalesce(func.sum(rows.value(place)), 0))
        if not columns:
            return {}
        found = self.run(select(*columns).select_from(rows.source).where(*conditions))[0]
        return {
            path: raw if field.kind == "marks" else kind(field).from_row(raw, field)
            for (path, field), raw in zip(fields.items(), found, strict=True)
        }

    def series(
        self,
        what: Expression | str,
        by: Expression,
        *,
        series: str | None = None,
        where: Expression | None = None,
        this: Record | None = None,
        filters: Filters | None = None,
        search: str = "",
        limit: int | None = None,
    ) -> list[Series]:
        """The groups of a chart. what: an entity that is counted, or one count, sum, ... over an entity; by: a field, a path
        or a period of a date; series: a path whose values make lines or colours of their own.

        Points are in the order of time, of a choice, otherwise the largest first; limit is the number of groups. Periods
        without records are filled in. Records in which this person may not read what is grouped by are not in it.
        """
        by_bound = self.access.bound(by)
        entity = by_bound.scope.entity
        assert entity is not None
        counted = None if isinstance(what, str) else self.access.bound(what).meaning
        type_of = counted.type if counted is not None else m.INT
        while isinstance(counted, m.Round):
            # The average of an amount is rounded to cents; so is what is drawn.
            counted = counted.operand
        if counted is not None and not isinstance(counted, m.Aggregate):
            raise ValueError(f"{what} is no count or sum over records")
        rows = self.rows(entity)
        conditions = self._restrict(rows, where, this, filters, search)
        try:
            groups = self._grouping(rows, by_bound, this, conditions)
            lines = self._grouping_by_path(rows, series, conditions) if series else None
        except UnknownPath:
            return []
        function, value = "count", None
        this_id = this.id if this is not None else None
        if counted is not None:
            function = counted.function
            if counted.tie is not None:
                conditions.append(rows.row.c[counted.tie] == this_id)
            if counted.where is not None:
                inside = replace(by_bound, meaning=counted.where)
                conditions.append(self.access.seen_condition_of(inside, rows.row, this_id))
            if counted.value is not None:
                value = self.access.seen_value(replace(by_bound, meaning=counted.value), rows.row, this_id)
        found = self._grouped(rows, groups, lines, function, value, conditions)
        return self._drawn(found, groups, lines, type_of, function in ("count", "sum", "streak"), limit)

    def _grouped(
        self,
        rows: Rows,
        groups: Grouping,
        lines: Grouping | None,
        function: str,
        value: ColumnElement[Any] | None,
        conditions: list[ColumnElement[bool]],
    ) -> list[Any]:
        """Rows of (key, words, line, line's words, value)."""
        none = type_coerce(func.max(None), Float())
        if function == "latest" and value is not None:
            columns = [groups.key, groups.words, lines.key if lines else None, lines.words if lines else None, value]
            plain = [column.label(f"c{at}") for at, column in enumerate(columns) if column is not None]
            statement = select(*plain).select_from(rows.source).where(*conditions)
            statement = statement.order_by(rows.row.c.created, rows.row.c.id).limit(MOST_ROWS)
            newest: dict[tuple[Any, Any], Any] = {}
            for row in self.run(statement):
                given = iter(row)
                full = [next(given) if column is not None else None for column in columns]
                if full[4] is not None:
                    newest[full[0], full[2]] = full
            return list(newest.values())
        made: ColumnElement[Any]
        match function:
            case "sum":
                made = func.coalesce(func.sum(value), 0)
            case "avg" | "min" | "max":
                made = getattr(func, function)(value)
            case _:
                made = func.count(rows.row.c.id.distinct()) if value is None else func.count(value)
        words = func.max(groups.words) if groups.words is not None else none
        line = lines.key if lines is not None else none
        line_words = func.max(lines.words) if lines is not None and lines.words is not None else none
        statement = select(groups.key, words, line, line_words, made).select_from(rows.source).where(*conditions)
        statement = statement.group_by(groups.key, *([lines.key] if lines is not None else []))
        return list(self.run(statement.order_by(made.desc(), groups.key).limit(MOST_GROUPS * MOST_SERIES)))

    def _drawn(
        self,
        found: Sequence[Any],
        groups: Grouping,
        lines: Grouping | None,
        type_of: m.Type,
        additive: bool,
        limit: int | None,
    ) -> list[Series]:
        keys: dict[Any, str] = {}
        names: dict[Any, str] = {}
        values: dict[tuple[Any, Any], Any] = {}
        for key, words, line, line_words, raw in found:
            group, said = groups.read(key, words)
            keys.setdefault(group, said)
            name, line_said = lines.read(line, line_words) if lines is not None else (None, "")
            names.setdefault(name, line_said)
            values[group, name] = _number(_plain(type_of, raw))
        known = [key for key in keys if key is not None]
        if groups.order:
            known.sort(key=lambda key: groups.order.index(key) if key in groups.order else len(groups.order))
        elif known and isinstance(known[0], datetime.date | datetime.time):
            known = _without_gaps(sorted(known), groups.period)[-MOST_GROUPS:]
        if limit is not None:
            known = known[-limit:] if groups.period else known[:limit]
        ordered = [*known, *([None] if None in keys and not groups.period and limit is None else [])][:MOST_GROUPS]
        line_order = sorted(
            names, key=lambda name: lines.order.index(name) if lines and name in lines.order else len(names)
        )
        nothing = 0 if additive else None
        return [
            Series(
                names[name],
                [
                    Point(key, keys.get(key) or _period_words(key, groups.period), values.get((key, name), nothing))
                    for key in ordered
                ],
            )
            for name in line_order[:MOST_SERIES]
        ]

    # --- what is grouped by ---------------------------------------------------------------------------------------

    def _grouping(
        self, rows: Rows, bound: Bound, this: Record | None, conditions: list[ColumnElement[bool]]
    ) -> Grouping:
        """The grouping that an expression says. Adds to the conditions that this person may read what it names."""
        by = bound.meaning
        if isinstance(by, m.Value | m.Computed) and by.anchor == "record":
            return self._grouping_by_path(rows, ".".join([*(hop.field for hop in by.hops), by.field]), conditions)
        conditions.append(self.access.guarded(bound, rows.row))
        key = self.access.seen_value(bound, rows.row, this.id if this is not None else None)
        period = by.name if isinstance(by, m.Function) and by.name in PERIODS else ""

        def read(raw: Any, _words: Any) -> tuple[Any, str]:
            value = _plain(bound.type, raw)
            return value, _period_words(value, period) if period else _said(value)

        return Grouping(key, None, read, bound.type.choices if bound.type.kind == "choice" else (), period)

    def _grouping_by_path(self, rows: Rows, path: str, conditions: list[ColumnElement[bool]]) -> Grouping:
        """The grouping by a path. Raises UnknownPath."""
        place = rows.place(path)
        field = place.field
        conditions.append(rows.shown(place))
        if field.kind == "reference":
            return self._grouping_by_record(rows, place)
        if is_list(field):
            each = func.json_each(rows.value(place)).table_valued("value")
            rows.source = rows.source.outerjoin(each, true())
            return Grouping(each.c.value, None, lambda raw, _: (raw, _said(raw)), field.choices)
        key: ColumnElement[Any] = rows.value(place)
        if field.kind == "datetime":
            # A moment is nobody's group: its day is.
            key = func.substr(key, 1, 10)

            def read_day(raw: Any, _words: Any) -> tuple[Any, str]:
                day = datetime.date.fromisoformat(raw) if raw else None
                return day, _period_words(day, "day")

            return Grouping(key, None, read_day, (), "day")

        def read(raw: Any, _words: Any) -> tuple[Any, str]:
            value = raw if field.kind == "marks" else kind(field).from_row(raw, field)
            if isinstance(value, datetime.date):
                return value, _period_words(value, "day")
            return value, kind(field).to_text(value, field).capitalize() if field.kind == "bool" else _said(value)

        return Grouping(key, None, read, field.choices, "day" if field.kind == "date" else "")

    def _grouping_by_record(self, rows: Rows, place: Place) -> Grouping:
        field = place.field
        if field.many:
            target = self._linked(rows, place)
            key: ColumnElement[Any] = target.c.id
            title_field, words = self._title_of(rows, place, field.target, target)
        else:
            key = rows.value(place)
            title_field, words = rows.title(place)

        def read(raw: Any, said: Any) -> tuple[Any, str]:
            if raw is None:
                return None, ""
            return raw, self._words(title_field, said) or f"{label(field.target)} {raw}"

        return Grouping(key, words, read)


def _until(part: m.Meaning, at: datetime.datetime) -> m.Meaning:
    """The meaning at an earlier moment: counts that do not speak of a time leave out what was made since."""
    if isinstance(part, m.Aggregate):
        inside = [*parts(part.where)] if part.where is not None else []
        if any(isinstance(one, m.Clock) for one in inside):
            return part
        created = m.Value(m.DATETIME, "record", (), part.entity, "created")
        before = m.Compare(m.BOOL, "<=", created, m.Constant(m.DATETIME, at))
        where: m.Meaning = m.Logic(m.BOOL, "and", (part.where, before)) if part.where is not None else before
        return replace(part, where=where)
    return changed(part, lambda inner: _until(inner, at))


def _plain(type_of: m.Type, raw: Any) -> Any:
    """What the database gave for an expression as a Python value."""
    if raw is None:
        return None
    if type_of.kind == "int":
        return round(raw)
    if type_of.kind == "bool":
        return bool(raw)
    if type_of.kind in ("money", "number", "percent", "rating"):
        field = Field(type_of.kind)
        return kind(field).from_row(raw, field)
    return raw


def _number(value: Any) -> float | int | None:
    return value if value is None or isinstance(value, int) else float(value)


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _period_words(day: Any, period: str) -> str:
    if not isinstance(day, datetime.date):
        return _said(day)
    match period:
        case "year":
            return str(day.year)
        case "quarter":
            return f"Q{(day.month + 2) // 3} {day.year}"
        case "month":
            return f"{day:%b} {day.year}"
    return f"{day.day} {day:%b} {day.year}"


def _without_gaps(days: list[Any], period: str) -> list[Any]:
    """The periods from the first to the last; without a period, or when they would be too many, as they are."""
    if period not in PERIODS or isinstance(days[0], datetime.time):
        return days
    filled, day = [], days[0]
    while day <= days[-1]:
        filled.append(day)
        if len(filled) > MOST_GROUPS:
            return days
        if period in ("day", "week"):
            day += datetime.timedelta(days=1 if period == "day" else 7)
        else:
            months = {"month": 1, "quarter": 3, "year": 12}[period]
            at = day.year * 12 + day.month - 1 + months
            day = datetime.date(at // 12, at % 12 + 1, 1)
    return filled if set(days) <= set(filled) else days
