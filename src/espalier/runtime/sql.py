"""Expressions as SQL: a bound expression becomes a SQLAlchemy column that the database computes, row by row.

It gives exactly what `evaluate` gives in Python: both follow espalier.blueprint.expression.meaning. What SQLite and
PostgreSQL say differently stands in the `FunctionElement`s at the end of this file, nowhere else. It neither opens a
connection nor decides who may read what: the context brings tables, the visitor and the rules.
"""

# ruff: noqa: S608 - the SQL made of text here holds only what SQLAlchemy has compiled, never a value

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    FromClause,
    Integer,
    String,
    Table,
    Time,
    and_,
    case,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    table,
    true,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import False_, True_
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.expression.bind import Bound, people_meaning
from espalier.blueprint.expression.evaluate import NUDGE
from espalier.blueprint.expression.vocabulary import Vocabulary


class Tables(Protocol):
    """The tables of an app. An entity's table has a column for each stored field and id, created, updated, owner; money is
    whole cents, a reference the id of its record, tags and choices of many a JSON array."""

    def __getitem__(self, entity: str) -> FromClause:
        """The table of the entity."""

    def link(self, entity: str, field: str) -> FromClause:
        """The table of a field of many references or of marks, with the columns `record` and `target` (ids)."""


def another(rows: FromClause) -> FromClause:
    """A further row of a table in the same query. Unlike `alias()` of the table itself it has no copies of the keys and
    constraints that only making a table needs, which cost more than the query they stand in."""
    if not isinstance(rows, Table):
        return rows.alias()
    plain = rows.info.get("plain")
    if plain is None:
        plain = rows.info["plain"] = table(rows.name, *(column(each.name, each.type) for each in rows.columns))
    made = plain.alias()
    made.__dict__["c"] = _Columns(made, plain)  # in the place where SQLAlchemy keeps them once it has copied them all
    return made


class _Columns:
    """The columns of an alias, each made when it is first asked for: a query names two or three of the twenty."""

    def __init__(self, row: FromClause, plain: FromClause) -> None:
        self._row = row
        self._plain = plain
        self._made: dict[str, ColumnElement[Any]] = {}

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        found = self._made.get(name)
        if found is None:
            one = column(name, self._plain.c[name].type)
            one.table = self._row
            found = self._made[name] = one
        return found

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        if name not in self._plain.c:
            raise AttributeError(name)
        return self[name]

    def __contains__(self, name: str) -> bool:
        return name in self._plain.c

    def __iter__(self) -> Iterator[ColumnElement[Any]]:
        return (self[each.name] for each in self._plain.c)


def _no_reading(entity: str, row: FromClause) -> ColumnElement[bool]:
    return false()


@dataclass(frozen=True)
class SqlContext:
    """What a visitor's expressions are compiled with; one for each request.

    me: the visitor's User values with `id`, or None. roles: the visitor's roles. own(entity): the dotted paths to people
    that make a record someone's own. can_read(entity, row): the condition under which the visitor may read the row (a table
    or an alias of it).
    """

    vocabulary: Vocabulary
    tables: Tables
    me: Mapping[str, Any] | None
    roles: frozenset[str]
    today: datetime.date
    now: datetime.datetime
    own: Callable[[str], Sequence[str]] = lambda entity: ("owner",)
    can_read: Callable[[str, FromClause], ColumnElement[bool]] = _no_reading


def compile_expression(
    bound: Bound, context: SqlContext, record: FromClause | None = None, this: FromClause | int | None = None
) -> ColumnElement[Any]:
    """The value of the expression, for select and order by. True and false are never NULL for comparisons and logic.

    record: the rows at hand in the enclosing query; the entity's own table when not given. The enclosing query must name
    them (`select_from`): what is computed by subqueries does not bring them along. this: the record that `this` means where
    the scope has one: rows of the enclosing query, or the id of a record.
    """
    column = _start(bound, context, record, this).value(bound.meaning)
    if isinstance(column, True_ | False_):
        return literal(isinstance(column, True_), Boolean())  # a bare 1 in order by would mean the first column
    return column


def compile_condition(
    bound: Bound, context: SqlContext, record: FromClause | None = None, this: FromClause | int | None = None
) -> ColumnElement[bool]:
    """The expression as a condition for where: NULL stands for false, so that plain comparisons can use an index."""
    return _start(bound, context, record, this).condition(bound.meaning)


def _start(bound: Bound, context: SqlContext, record: FromClause | None, this: FromClause | int | None) -> _Compiler:
    entity, around = bound.scope.entity, bound.scope.this
    row: _Row | None = None
    if entity is not None:
        row = _TableRow(record if record is not None else context.tables[entity])
    outer: _Row | None = None
    if this is not None and around is not None:
        outer = _KnownRow(context, around, this) if isinstance(this, int) else _TableRow(this)
    return _Compiler(context, row, outer)


_TYPES: dict[str, TypeEngine[Any]] = {
    "int": Integer(), "money": Integer(), "number": Float(), "percent": Float(), "rating": Float(), "bool": Boolean(),
    "date": Date(), "datetime": DateTime(), "time": Time(), "reference": Integer(),
}  # fmt: skip
_NUMERIC = frozenset({"int", "money", "number", "percent", "rating"})


def _sql_type(type: m.Type) -> TypeEngine[Any]:
    return _TYPES.get(type.kind, String())


class _Row(Protocol):
    """A record in the enclosing query, or one that is known by its id."""

    def field(self, name: str) -> ColumnElement[Any]:
        """A stored field."""


class _TableRow:
    def __init__(self, table: FromClause) -> None:
        self.table = table

    def field(self, name: str) -> ColumnElement[Any]:
        return self.table.c[name]


class _KnownRow:
    """One record by its id, which may be NULL; values that are known need no query."""

    def __init__(
        self, context: SqlContext, entity: str, id: int | None, values: Mapping[str, Any] | None = None
    ) -> None:
        self.table = context.tables[entity]
        self.id = id
        self.values = values or {}

    def field(self, name: str) -> ColumnElement[Any]:
        if name == "id":
            return literal(self.id, Integer())
        column = self.table.c[name]
        if name in self.values:
            return literal(self.values[name], column.type)
        row = another(self.table)
        return select(row.c[name]).where(row.c.id == self.id).correlate_except(row).scalar_subquery()


_COMPARISONS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left.is_distinct_from(right),
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


class _Compiler:
    """Compiles meanings at one place: for one record at hand and one around it."""

    def __init__(self, context: SqlContext, record: _Row | None, this: _Row | None) -> None:
        self.context = context
        self.record = record
        self.this = this

    # --- true and false: as a condition NULL may stand for false, as a truth there is no NULL --------------------------

    def condition(self, meaning: m.Meaning) -> ColumnElement[bool]:
        """For where, case and positive places."""
        match meaning:
            case m.Logic():
                join = and_ if meaning.operator == "and" else or_
                return join(*(self.condition(part) for part in meaning.operands))
            case m.Compare():
                return self.compare(meaning)
            case m.CompareDay():
                return self.compare_day(meaning)
            case m.OneOf():
                return self.one_of(meaning)
        return self.value(meaning)

    def truth(self, meaning: m.Meaning) -> ColumnElement[bool]:
        """Under `not`, and wherever the value itself is shown."""
        match meaning:
            case m.Logic():
                join = and_ if meaning.operator == "and" else or_
                return join(*(self.truth(part) for part in meaning.operands))
            case m.Compare(operator="!=") | m.Not() | m.IsNull() | m.Member() | m.HasRole() | m.SignedIn():
                return self.value(meaning)
            case m.Readable() | m.Own():
                return func.coalesce(self.value(meaning), false())
            case m.Constant():
                return true() if meaning.value else false()
        return func.coalesce(self.condition(meaning), false())

    def compare(self, meaning: m.Compare) -> ColumnElement[bool]:
        return _COMPARISONS[meaning.operator](self.value(meaning.left), self.value(meaning.right))

    def compare_day(self, meaning: m.CompareDay) -> ColumnElement[bool]:
        """By the day of the moment, but written as a range of moments, so that an index of the column serves."""
        operator = meaning.operator
        moment = self.value(meaning.moment)
        plain = isinstance(meaning.moment, m.Value) and isinstance(meaning.day, m.Clock | m.Constant)
        if operator in ("=", "!=") and not plain:
            return _COMPARISONS[operator](period_start("day", moment), self.value(meaning.day))
        day = m.Function(m.DATETIME, "moment", (meaning.day,))
        next_day = m.Function(m.DATETIME, "moment", (m.Shift(m.DATE, meaning.day, 1, "days", m.Constant(m.INT, 1)),))
        start = self.value(day)
        match operator:
            case "<":
                return moment < start
            case ">=":
                return moment >= start
            case "<=":
                return moment < self.value(next_day)
            case ">":
                return moment >= self.value(next_day)
        within = and_(moment >= start, moment < self.value(next_day))
        return within if operator == "=" else not_(func.coalesce(within, false()))

    def one_of(self, meaning: m.OneOf) -> ColumnElement[bool]:
        return self.value(meaning.item).in_([self.value(option) for option in meaning.options])

    # --- values -----------------------------------------------------------------------------------------------------

    def value(self, meaning: m.Meaning) -> ColumnElement[Any]:
        """The value as `evaluate` gives it; nothing is NULL."""
        match meaning:
            case m.Constant():
                return self.constant(meaning)
            case m.Clock(word="today"):
                return literal(self.context.today, Date())
            case m.Clock():
                return literal(self.context.now, DateTime())
            case m.Value():
                column = self.row(meaning.anchor, meaning.hops, meaning.field)
                return type_coerce(column, _sql_type(meaning.type)) if meaning.type.kind in _NUMERIC else column
            case m.Computed():
                return self.computed(meaning)
            case m.Size():
                return self.size(meaning.collection)
            case m.Member():
                return self.member(meaning)
            case m.Not():
                return not_(self.truth(meaning.operand))
            case m.Compare(operator="!="):
                return self.compare(meaning)
            case m.Logic() | m.Compare() | m.CompareDay() | m.OneOf():
                return self.truth(meaning)
            case m.IsNull():
                return self.is_null(meaning)
            case m.Arithmetic():
                return self.arithmetic(meaning)
            case m.Join():
                left, right = self.value(meaning.left), self.value(meaning.right)
                return type_coerce(left, String()).concat(type_coerce(right, String()))
            case m.Negate():
                return literal(0, Integer()) - self.value(meaning.operand)
            case m.Round():
                return self.round(meaning)
            case m.Function():
                return self.function(meaning)
            case m.Shift():
                amount = self.value(meaning.amount)
                return shifted(_sql_type(meaning.type), meaning.unit, self.value(meaning.moment), amount, meaning.sign)
            case m.Aggregate():
                return self.aggregate(meaning)
            case m.HasRole():
                return true() if meaning.role in self.context.roles else false()
            case m.SignedIn():
                return true() if self.context.me is not None else false()
            case m.Own():
                return self.own(meaning)
            case m.Readable():
                return self.readable(meaning)
        raise TypeError(f"{meaning!r} has no SQL")

    def constant(self, meaning: m.Constant) -> ColumnElement[Any]:
        if meaning.value is None:
            return null()
        if isinstance(meaning.value, bool):
            return true() if meaning.value else false()
        return literal(meaning.value, _sql_type(meaning.type))

    def row(self, anchor: str, hops: tuple[m.Hop, ...], field: str) -> ColumnElement[Any]:
        """The stored field of the record at the end of the hops."""
        if hops and field == "id":  # the reference itself
            return self.row(anchor, hops[:-1], hops[-1].field)
        start = self.start(anchor)
        if not hops:
            return start.field(field)
        target = another(self.context.tables[hops[0].target])
        first = target
        joined: FromClause = target
        own = [target]
        for hop in hops[1:]:
            following = another(self.context.tables[hop.target])
            joined = joined.join(following, following.c.id == target.c[hop.field])
            target = following
            own.append(following)
        query = select(target.c[field]).select_from(joined).where(first.c.id == start.field(hops[0].field))
        return query.correlate_except(*own).scalar_subquery()

    def start(self, anchor: str) -> _Row:
        if anchor == "me":
            me = self.context.me
            return _KnownRow(self.context, "User", None if me is None else me["id"], me)
        row = self.record if anchor == "record" else self.this
        if row is None:
            raise ValueError(f"the expression speaks of {anchor!r}, but the query has no such row")
        return row

    def computed(self, meaning: m.Computed) -> ColumnElement[Any]:
        if not meaning.hops and meaning.anchor != "me":
            inner = _Compiler(self.context, self.start(meaning.anchor), None)
            return inner.value(meaning.expression)
        row = another(self.context.tables[meaning.entity])
        inner = _Compiler(self.context, _TableRow(row), None)
        id = self.row(meaning.anchor, meaning.hops, "id")
        return select(inner.value(meaning.expression)).where(row.c.id == id).correlate_except(row).scalar_subquery()

    def is_null(self, meaning: m.IsNull) -> ColumnElement[bool]:
        operand = meaning.operand
        if isinstance(operand, m.Value) and (operand.type.many or operand.type.kind in ("tags", "marks")):
            size = self.size(operand)
            return size > 0 if meaning.negated else size == 0
        value = self.value(operand)
        return value.is_not(None) if meaning.negated else value.is_(None)

    # --- fields of many -----------------------------------------------------------------------------------------------

    def is_linked(self, collection: m.Value) -> bool:
        return collection.type.kind in ("marks", "reference")

    def size(self, collection: m.Value) -> ColumnElement[int]:
        if not self.is_linked(collection):
            return json_length(self.row(collection.anchor, collection.hops, collection.field))
        link = another(self.context.tables.link(collection.entity, collection.field))
        id = self.row(collection.anchor, collection.hops, "id")
        return (
            select(func.count()).select_from(link).where(link.c.record == id).correlate_except(link).scalar_subquery()
        )

    def member(self, meaning: m.Member) -> ColumnElement[bool]:
        collection, item = meaning.collection, self.value(meaning.item)
        if not self.is_linked(collection):
            return json_contains(self.row(collection.anchor, collection.hops, collection.field), item)
        link = another(self.context.tables.link(collection.entity, collection.field))
        id = self.row(collection.anchor, collection.hops, "id")
        found = select(link.c.target).where(link.c.record == id, link.c.target == item).correlate_except(link)
        return exists(found)

    # --- numbers and functions ----------------------------------------------------------------------------------------

    def arithmetic(self, meaning: m.Arithmetic) -> ColumnElement[Any]:
        left, right = self.value(meaning.left), self.value(meaning.right)
        match meaning.operator:
            case "+":
                result = left + right
            case "-":
                result = left - right
            case "*":
                result = left * right
            case "/":
                result = cast(left, Float()) / func.nullif(cast(right, Float()), 0)
            case _:
                result = left % func.nullif(right, 0)
        return type_coerce(result, Integer() if meaning.type.kind == "int" else Float())

    def round(self, meaning: m.Round) -> ColumnElement[Any]:
        value: ColumnElement[Any] = type_coerce(self.value(meaning.operand), Float())
        scale = 10 ** abs(meaning.digits)
        if meaning.digits:
            value = value * scale if meaning.digits > 0 else value / literal(float(scale), Float())
        number = round_half_away(value * literal(NUDGE, Float()))
        if meaning.digits < 0:
            return cast(number, Integer()) * scale
        return cast(number, Integer()) if meaning.whole else number / literal(float(scale), Float())

    def function(self, meaning: m.Function) -> ColumnElement[Any]:
        name, arguments = meaning.name, meaning.arguments
        type = _sql_type(meaning.type)
        if name == "if":
            condition, yes, no = arguments
            chosen = case((self.condition(condition), self.value(yes)), else_=self.value(no))
            return type_coerce(chosen, type)
        values = [self.value(argument) for argument in arguments]
        match name:
            case "coalesce":
                return type_coerce(func.coalesce(*values), type)
            case "min" | "max":
                return type_coerce(extreme(name, values), type)
            case "abs":
                return type_coerce(func.abs(values[0]), type)
            case "length":
                return func.length(values[0], type_=Integer())
            case "lower":
                return func.lower(values[0], type_=String())
            case "contains":
                return position(values[0], values[1]) > 0
            case "weekday":
                return weekday(values[0])
            case "hour":
                return hour(values[0])
            case "moment":
                return self.midnight(arguments[0], values[0])
            case "day" | "week" | "month" | "quarter" | "year":
                return period_start(name, values[0])
        return between(name, type, *values)

    def midnight(self, day: m.Meaning, value: ColumnElement[Any]) -> ColumnElement[Any]:
        if isinstance(day, m.Clock):
            return literal(datetime.datetime.combine(self.context.today, datetime.time()), DateTime())
        if isinstance(day, m.Constant):
            return literal(datetime.datetime.combine(day.value, datetime.time()), DateTime())
        if isinstance(day, m.Shift) and day.sign == 1 and day.amount == m.Constant(m.INT, 1) and day.unit == "days":
            known = self.context.today if isinstance(day.moment, m.Clock) else None
            if isinstance(day.moment, m.Constant):
                known = day.moment.value
            if known is not None and known < datetime.date.max:
                following = known + datetime.timedelta(days=1)
                return literal(datetime.datetime.combine(following, datetime.time()), DateTime())
        return midnight(value)

    # --- over records -------------------------------------------------------------------------------------------------

    def aggregate(self, meaning: m.Aggregate) -> ColumnElement[Any]:
        row = another(self.context.tables[meaning.entity])
        inner = _Compiler(self.context, _TableRow(row), self.record if self.record is not None else self.this)
        conditions: list[ColumnElement[bool]] = []
        if meaning.tie is not None:
            assert self.record is not None
            id = self.record.field("id")
            if meaning.tie_many:
                link = another(self.context.tables.link(meaning.entity, meaning.tie))
                tied = select(link.c.record).where(link.c.record == row.c.id, link.c.target == id)
                conditions.append(exists(tied.correlate_except(link)))
            else:
                conditions.append(row.c[meaning.tie] == id)
        if meaning.where is not None:
            conditions.append(inner.condition(meaning.where))
        if meaning.value is None:
            query = select(func.count()).select_from(row).where(*conditions)
            return query.correlate_except(row).scalar_subquery()
        value = inner.value(meaning.value)
        if meaning.function == "streak":
            return self.streak(row, period_start("day", value), conditions)
        if meaning.function == "latest":
            values = select(value.label("value"), row.c.created, row.c.id).where(*conditions).correlate_except(row)
            inside = values.subquery()
            newest = select(inside.c.value).where(inside.c.value.is_not(None))
            newest = newest.order_by(inside.c.created.desc(), inside.c.id.desc()).limit(1)
            return type_coerce(newest.correlate_except(inside).scalar_subquery(), _sql_type(meaning.type))
        type = _sql_type(meaning.type)
        made: ColumnElement[Any]
        match meaning.function:
            case "count":
                made = func.count(value)
            case "sum":
                made = type_coerce(func.coalesce(func.sum(value), 0), type)
            case "avg":
                made = func.avg(value, type_=Float())
            case "min":
                made = func.min(value, type_=type)
            case _:
                made = func.max(value, type_=type)
        query = select(made).select_from(row).where(*conditions)
        return query.correlate_except(row).scalar_subquery()

    def streak(
        self, row: FromClause, day: ColumnElement[Any], conditions: list[ColumnElement[bool]]
    ) -> ColumnElement[int]:
        """Days in a row: numbered from the newest back, the days of one run have the same sum of day and number."""
        today = literal(self.context.today, Date())
        days = select(day.label("day")).where(*conditions).distinct().correlate_except(row).subquery()
        number = day_number(days.c.day)
        numbered = (
            select(
                number.label("day"),
                func.row_number().over(order_by=number.desc()).label("position"),
                func.max(number).over().label("newest"),
            )
            .where(number <= day_number(today))
            .correlate_except(days)
            .subquery()
        )
        run = select(func.count()).select_from(numbered).where(
            numbered.c.day + numbered.c.position == numbered.c.newest + 1,
            numbered.c.newest >= day_number(today) - 1,
        )  # fmt: skip
        return run.correlate_except(numbered).scalar_subquery()

    # --- access -------------------------------------------------------------------------------------------------------

    def own(self, meaning: m.Own) -> ColumnElement[bool]:
        if self.context.me is None:
            return false()
        paths = self.context.own(meaning.entity)
        people = [people_meaning(self.context.vocabulary, meaning.entity, tuple(path.split("."))) for path in paths]
        return or_(false(), *(self.condition(part) for part in people))

    def readable(self, meaning: m.Readable) -> ColumnElement[bool]:
        reference = meaning.reference
        assert reference.type.target is not None
        row = another(self.context.tables[reference.type.target])
        id = self.row(reference.anchor, reference.hops, reference.field)
        readable = self.context.can_read(reference.type.target, row)
        return exists(select(row.c.id).where(row.c.id == id, readable).correlate_except(row))


# --- what the databases say differently ---------------------------------------------------------------------------------
# On SQLite dates are text: "2026-01-31", "2026-01-31 18:30:00.000000", "18:30:00.000000". Its date functions would round
# microseconds, so only the first 10 or 19 characters go through them. An operand that is needed twice is computed once, by
# a subquery that gives it a name.


class _Function(FunctionElement[Any]):
    """A function that each database says in its own way; `word` is its variant (a unit, a period)."""

    _traverse_internals = [*FunctionElement._traverse_internals, ("word", InternalTraversal.dp_string)]

    def __init_subclass__(cls, **options: Any) -> None:
        cls.inherit_cache = True  # SQLAlchemy looks for it in each class; word and operands are the whole key
        super().__init_subclass__(**options)

    def __init__(self, type: TypeEngine[Any], word: str, *operands: ColumnElement[Any]) -> None:
        self.type = type
        self.word = word
        super().__init__(*operands)

    def sqlite(self, *operands: str) -> str:
        """The SQL of SQLite; the operands are SQL already."""
        raise NotImplementedError

    def postgresql(self, *operands: str) -> str:
        """The SQL of PostgreSQL."""
        raise NotImplementedError


@compiles(_Function)
def _say_sqlite(element: _Function, compiler: Any, **options: Any) -> str:
    return element.sqlite(*(compiler.process(operand, **options) for operand in element.clauses))


@compiles(_Function, "postgresql")
def _say_postgresql(element: _Function, compiler: Any, **options: Any) -> str:
    return element.postgresql(*(compiler.process(operand, **options) for operand in element.clauses))


class _Rounded(_Function):
    name = "rounded"

    def sqlite(self, *operands: str) -> str:
        return f"round({operands[0]})"

    def postgresql(self, *operands: str) -> str:
        return f"CAST(round(CAST({operands[0]} AS numeric)) AS double precision)"


def round_half_away(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Rounded to a whole number (still a float), half away from zero."""
    return _Rounded(Float(), "", value)


class _Extreme(_Function):
    name = "extreme"

    def sqlite(self, *operands: str) -> str:
        return f"{self.word}({', '.join(operands)})"

    def postgresql(self, *operands: str) -> str:
        names = ", ".join(f"v{index}" for index in range(len(operands)))
        chosen = f"CASE WHEN num_nulls({names}) = 0 THEN {'least' if self.word == 'min' else 'greatest'}({names}) END"
        return f"(SELECT {chosen} FROM (SELECT {', '.join(operands)}) AS v({names}))"


def extreme(word: str, values: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """The smallest ("min") or greatest ("max") of the values, NULL when one is."""
    return _Extreme(values[0].type, word, *values)


class _Position(_Function):
    name = "position"

    def sqlite(self, *operands: str) -> str:
        return f"instr({', '.join(operands)})"

    def postgresql(self, *operands: str) -> str:
        return f"strpos({', '.join(operands)})"


def position(text: ColumnElement[Any], part: ColumnElement[Any]) -> ColumnElement[Any]:
    """Where the part begins in the text, from 1; 0 when it is not there."""
    return _Position(Integer(), "", text, part)


class _JsonLength(_Function):
    name = "json_length"

    def sqlite(self, *operands: str) -> str:
        return f"coalesce(json_array_length({operands[0]}), 0)"

    def postgresql(self, *operands: str) -> str:
        length = "CASE WHEN jsonb_typeof(a) = 'array' THEN jsonb_array_length(a) ELSE 0 END"
        return f"(SELECT {length} FROM (SELECT CAST({operands[0]} AS jsonb)) AS v(a))"


def json_length(array: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many values the JSON array has; 0 for NULL."""
    return _JsonLength(Integer(), "", array)


class _JsonContains(_Function):
    name = "json_contains"

    def sqlite(self, *operands: str) -> str:
        array, text = operands
        return f"EXISTS (SELECT 1 FROM json_each({array}) AS element WHERE element.value = {text})"

    def postgresql(self, *operands: str) -> str:
        array, text = operands
        return f"coalesce(jsonb_exists(CAST({array} AS jsonb), {text}), false)"


def json_contains(array: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Whether the text is among the values of the JSON array; false for NULL."""
    return _JsonContains(Boolean(), "", type_coerce(array, String()), text)


class _Weekday(_Function):
    name = "weekday"

    def sqlite(self, *operands: str) -> str:
        return f"((strftime('%w', substr({operands[0]}, 1, 10)) + 6) % 7 + 1)"

    def postgresql(self, *operands: str) -> str:
        return f"CAST(extract(isodow FROM {operands[0]}) AS integer)"


def weekday(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """1 for Monday to 7 for Sunday."""
    return _Weekday(Integer(), "", moment)


class _Hour(_Function):
    name = "hour"

    def sqlite(self, *operands: str) -> str:
        return f"(strftime('%H', {operands[0]}) + strftime('%M', {operands[0]}) / 60.0)"

    def postgresql(self, *operands: str) -> str:
        return f"(extract(hour FROM {operands[0]}) + extract(minute FROM {operands[0]}) / 60.0)"


def hour(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """The hour of the day with its fraction: 14.5 at half past two."""
    return _Hour(Float(), "", moment)


class _DayNumber(_Function):
    name = "day_number"

    def sqlite(self, *operands: str) -> str:
        return f"CAST(julianday({operands[0]}) + 0.5 AS INTEGER)"

    def postgresql(self, *operands: str) -> str:
        return f"(CAST({operands[0]} AS date) - DATE '0001-01-01')"


def day_number(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """A whole number that grows by one each day."""
    return _DayNumber(Integer(), "", day)


class _Midnight(_Function):
    name = "midnight"

    def sqlite(self, *operands: str) -> str:
        return f"({operands[0]} || ' 00:00:00.000000')"

    def postgresql(self, *operands: str) -> str:
        return f"CAST({operands[0]} AS timestamp)"


def midnight(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The moment at which the day starts."""
    return _Midnight(DateTime(), "", day)


class _PeriodStart(_Function):
    name = "period_start"

    def sqlite(self, *operands: str) -> str:
        day = f"substr({operands[0]}, 1, 10)"
        match self.word:
            case "day":
                return day
            case "week":
                return f"date({day}, 'weekday 0', '-6 days')"
            case "quarter":
                back = "-((strftime('%m', v) - 1) % 3) || ' months'"
                return f"(SELECT date(v, 'start of month', {back}) FROM (SELECT {day} AS v))"
        return f"date({day}, 'start of {self.word}')"

    def postgresql(self, *operands: str) -> str:
        return f"CAST(date_trunc('{self.word}', {operands[0]}) AS date)"


def period_start(period: str, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first day of the day, week, month, quarter or year in which the moment is."""
    return _PeriodStart(Date(), period, moment)


class _Shifted(_Function):
    """The word is the sign, the unit, and whether a date or a datetime is moved: "+ days date"."""

    name = "shifted"

    def sqlite(self, *operands: str) -> str:
        moment, amount = operands
        sign, unit, kind = self.word.split()
        count = f"({amount}) * {sign}{7 if unit == 'weeks' else 1}"
        unit = "days" if unit == "weeks" else unit
        named = f"FROM (SELECT {moment} AS v, {count} AS n)"
        if unit in ("months", "years"):
            # SQLite would run over the end of a short month; so the day is counted from the first, at most to the last.
            first = f"date(substr(v, 1, 10), 'start of month', n || ' {unit}')"
            day = "min(date(f, (strftime('%d', substr(v, 1, 10)) - 1) || ' days'), date(f, '+1 month', '-1 day'))"
            time = "" if kind == "date" else " || substr(v, 11)"
            return f"(SELECT CASE WHEN f >= '0001' THEN {day}{time} END FROM (SELECT v, {first} AS f {named}))"
        length, form = (10, "%Y-%m-%d") if kind == "date" else (19, "%Y-%m-%d %H:%M:%S")
        moved = f"strftime('{form}', substr(v, 1, {length}), n || ' {unit}')"
        rest = "" if kind == "date" else " || substr(v, 20)"
        return f"(SELECT CASE WHEN f >= '0001' THEN f{rest} END FROM (SELECT v, {moved} AS f {named}))"

    def postgresql(self, *operands: str) -> str:
        moment, amount = operands
        sign, unit, kind = self.word.split()
        name = {"minutes": "mins", "seconds": "secs"}.get(unit, unit)
        interval = f"make_interval({name} => CAST(({amount}) * {sign}1 AS integer))"
        return f"CAST(({moment} + {interval}) AS {'date' if kind == 'date' else 'timestamp'})"


def shifted(
    type: TypeEngine[Any], unit: str, moment: ColumnElement[Any], amount: ColumnElement[Any], sign: int
) -> ColumnElement[Any]:
    """The date or datetime so many units later (sign 1) or earlier (-1); NULL beyond the years 1 to 9999."""
    kind = "date" if isinstance(type, Date) else "datetime"
    return _Shifted(type, f"{'+' if sign > 0 else '-'} {unit} {kind}", moment, amount)


class _Between(_Function):
    """The word is the unit, and whether the ends are times of day: "hours time"."""

    name = "between"

    def sqlite(self, *operands: str) -> str:
        start, end = operands
        unit, _, kind = self.word.partition(" ")
        if unit in ("days", "weeks"):
            days = f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"
            return days if unit == "days" else f"({days} / 7)"
        if unit in ("hours", "minutes"):
            length = 8 if kind == "time" else 19
            seconds = f"(strftime('%s', substr({end}, 1, {length})) - strftime('%s', substr({start}, 1, {length})))"
            return f"({seconds} / {'3600.0' if unit == 'hours' else '60'})"
        months = (
            "((strftime('%Y', b) - strftime('%Y', a)) * 12 + strftime('%m', b) - strftime('%m', a) "
            "- (b >= a AND strftime('%d', b) < strftime('%d', a)) + (b < a AND strftime('%d', b) > strftime('%d', a)))"
        )
        divided = months if unit == "months" else f"{months} / 12"
        return f"(SELECT {divided} FROM (SELECT {start} AS a, {end} AS b))"

    def postgresql(self, *operands: str) -> str:
        start, end = operands
        unit, _, kind = self.word.partition(" ")
        if unit in ("days", "weeks"):
            days = f"(CAST({end} AS date) - CAST({start} AS date))"
            return days if unit == "days" else f"({days} / 7)"
        if unit in ("hours", "minutes"):
            whole = "{}" if kind == "time" else "date_trunc('second', {})"
            seconds = f"extract(epoch FROM ({whole.format(end)} - {whole.format(start)}))"
            if unit == "hours":
                return f"(CAST({seconds} AS double precision) / 3600)"
            return f"CAST(trunc({seconds} / 60) AS integer)"
        months = (
            "CAST((extract(year FROM b) - extract(year FROM a)) * 12 + extract(month FROM b) - extract(month FROM a) "
            "- CASE WHEN b >= a AND extract(day FROM b) < extract(day FROM a) THEN 1 ELSE 0 END "
            "+ CASE WHEN b < a AND extract(day FROM b) > extract(day FROM a) THEN 1 ELSE 0 END AS integer)"
        )
        divided = months if unit == "months" else f"({months} / 12)"
        return f"(SELECT {divided} FROM (SELECT CAST({start} AS date), CAST({end} AS date)) AS v(a, b))"


def between(unit: str, type: TypeEngine[Any], start: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many units from start to end: complete ones, towards zero; hours with their fraction."""
    kind = " time" if isinstance(start.type, Time) or isinstance(end.type, Time) else ""
    return _Between(type, unit + kind, start, end)
