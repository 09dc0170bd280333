"""The value of a bound expression, in pure Python, for one record in memory.

It gives exactly what the SQL form gives in the database (espalier.runtime.sql): both follow the meanings in meaning.py. It
never fetches anything by itself: records referred to and aggregates are asked of the environment.
"""

from __future__ import annotations

import calendar
import datetime
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.expression.bind import Bound, people_meaning
from espalier.blueprint.expression.vocabulary import Vocabulary


class Record(Protocol):
    """A record's values by field name; a dict is one."""

    def get(self, key: str, /) -> Any:
        """The value, or None."""


def _no_lookup(entity: str, id: int) -> Record | None:
    raise LookupError(f"this environment cannot look up a {entity}")


def _no_aggregate(aggregate: m.Aggregate, environment: Environment) -> Any:
    raise LookupError(f"this environment has no records of {aggregate.entity}")


def _no_reading(entity: str, record: Record) -> bool:
    return False


@dataclass(frozen=True)
class Environment:
    """What an expression is evaluated with.

    record: the record at hand (None on a page); this: the record around it, when there is one. me: the visitor's User
    record, with its `id`, or None. lookup(entity, id): a record referred to. aggregate(node, environment): the value of an
    aggregate, with `environment.record` as the record around. own(entity): the dotted fields that make a record someone's
    own. can_read(entity, record): whether the visitor may read it (for access by a path to a record).

    Values: see meaning.py (money in cents, references as ids). A field of many is a list: ids, texts; marks the ids of users.
    """

    record: Record | None = None
    this: Record | None = None
    me: Record | None = None
    roles: frozenset[str] = frozenset()
    today: datetime.date = field(default_factory=datetime.date.today)
    now: datetime.datetime = field(default_factory=datetime.datetime.now)
    lookup: Callable[[str, int], Record | None] = _no_lookup
    aggregate: Callable[[m.Aggregate, Environment], Any] = _no_aggregate
    own: Callable[[str], Sequence[str]] = lambda entity: ("owner",)
    can_read: Callable[[str, Record], bool] = _no_reading
    vocabulary: Vocabulary | None = None


def evaluate(bound: Bound, environment: Environment) -> Any:
    """The value; None when it is nothing. Never fails for what the records hold."""
    if environment.vocabulary is None:
        environment = replace(environment, vocabulary=bound.scope.vocabulary)
    return _value(bound.meaning, environment)


def evaluate_condition(bound: Bound, environment: Environment) -> bool:
    """Whether the condition holds; nothing counts as false."""
    return bool(evaluate(bound, environment))


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _truth(meaning: m.Meaning, environment: Environment) -> bool:
    return bool(_value(meaning, environment))


def _value(meaning: m.Meaning, environment: Environment) -> Any:
    match meaning:
        case m.Constant():
            return meaning.value
        case m.Clock():
            return environment.today if meaning.word == "today" else environment.now
        case m.Value():
            return _stored(meaning, environment)
        case m.Computed():
            record = _record_at(meaning.anchor, meaning.hops, environment)
            if record is None:
                return None
            return _value(meaning.expression, replace(environment, record=record, this=None))
        case m.Size():
            return len(_stored(meaning.collection, environment) or ())
        case m.Member():
            item = _value(meaning.item, environment)
            return item is not None and item in (_stored(meaning.collection, environment) or ())
        case m.OneOf():
            item = _value(meaning.item, environment)
            return item is not None and any(item == _value(option, environment) for option in meaning.options)
        case m.Not():
            return not _truth(meaning.operand, environment)
        case m.Logic():
            return (all if meaning.operator == "and" else any)(_truth(part, environment) for part in meaning.operands)
        case m.Compare():
            return _compare(meaning.operator, _value(meaning.left, environment), _value(meaning.right, environment))
        case m.CompareDay():
            moment = _value(meaning.moment, environment)
            day = None if moment is None else moment.date()
            return _compare(meaning.operator, day, _value(meaning.day, environment))
        case m.IsNull():
            value = _value(meaning.operand, environment)
            return (value is None or value == []) != meaning.negated
        case m.Arithmetic():
            return _reckon(meaning.operator, _value(meaning.left, environment), _value(meaning.right, environment))
        case m.Join():
            left, right = _value(meaning.left, environment), _value(meaning.right, environment)
            return None if left is None or right is None else left + right
        case m.Negate():
            value = _value(meaning.operand, environment)
            return None if value is None else -value
        case m.Round():
            value = _value(meaning.operand, environment)
            return None if value is None else rounded(value, meaning.digits, meaning.whole)
        case m.Function():
            return _call(meaning, environment)
        case m.Shift():
            moment, amount = _value(meaning.moment, environment), _value(meaning.amount, environment)
            return None if moment is None or amount is None else shifted(moment, meaning.unit, meaning.sign * amount)
        case m.Aggregate():
            return environment.aggregate(meaning, environment)
        case m.HasRole():
            return meaning.role in environment.roles
        case m.SignedIn():
            return environment.me is not None
        case m.Own():
            return _own(meaning.entity, environment)
        case m.Readable():
            id = _stored(meaning.reference, environment)
            target = meaning.reference.type.target
            record = environment.lookup(target, id) if id is not None and target else None
            return record is not None and target is not None and environment.can_read(target, record)
    raise TypeError(f"{meaning!r} has no value")


def _own(entity: str, environment: Environment) -> bool:
    assert environment.vocabulary is not None
    return any(
        _truth(people_meaning(environment.vocabulary, entity, tuple(path.split("."))), environment)
        for path in environment.own(entity)
    )


def _record_at(anchor: str, hops: tuple[m.Hop, ...], environment: Environment) -> Record | None:
    record = {"record": environment.record, "this": environment.this, "me": environment.me}[anchor]
    for hop in hops:
        id = None if record is None else record.get(hop.field)
        record = None if id is None else environment.lookup(hop.target, id)
    return record


def _stored(meaning: m.Value, environment: Environment) -> Any:
    record = _record_at(meaning.anchor, meaning.hops, environment)
    return None if record is None else record.get(meaning.field)


def _compare(sign: str, left: Any, right: Any) -> bool:
    if sign == "!=":
        return bool(left != right)
    return left is not None and right is not None and bool(_ORDER[sign](left, right))


def _reckon(sign: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return None if right == 0 else float(left) / float(right)
    if right == 0:
        return None
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


# Products of decimal fractions come out a hair below the half that they are in decimal (1.005 * 100 is 100.49999999999999).
# Making the number greater by this much first is the same cheap step in Python and SQL.
NUDGE = 1.00000000000002
_ALL_WHOLE = 4503599627370496.0  # from here on floats have no fraction


def rounded(value: float, digits: int, whole: bool) -> float | int:
    """Rounded half away from zero, the same way in which SQLite's one-argument round() does it."""
    scale = 10 ** abs(digits)
    number = (value * scale if digits >= 0 else value / scale) * NUDGE
    if -_ALL_WHOLE <= number <= _ALL_WHOLE:
        number = int(number + (0.5 if number >= 0 else -0.5))
    if digits < 0:
        return int(number) * scale
    return int(number) if whole else number / scale


def shifted(moment: datetime.date, unit: str, amount: int) -> datetime.date | None:
    """The date or datetime so many units later; None beyond the years 1 to 9999."""
    try:
        if unit in ("months", "years"):
            months = moment.year * 12 + moment.month - 1 + amount * (12 if unit == "years" else 1)
            year, month = divmod(months, 12)
            last = calendar.monthrange(year, month + 1)[1]
            return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
        return moment + datetime.timedelta(**{unit: amount})
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return None


def _between(unit: str, start: Any, end: Any) -> float | int:
    """How much time between; whole units are complete ones, counted towards zero."""
    if unit in ("hours", "minutes"):
        if isinstance(start, datetime.time):
            start = datetime.datetime.combine(datetime.date.min, start)
            end = datetime.datetime.combine(datetime.date.min, end)
        seconds = int((end.replace(microsecond=0) - start.replace(microsecond=0)).total_seconds())
        return seconds / 3600 if unit == "hours" else _towards_zero(seconds, 60)
    if unit in ("days", "weeks"):
        days = (end - start).days
        return days if unit == "days" else _towards_zero(days, 7)
    months = (end.year - start.year) * 12 + end.month - start.month
    if end >= start and end.day < start.day:
        months -= 1
    elif end < start and end.day > start.day:
        months += 1
    return months if unit == "months" else _towards_zero(months, 12)


def _towards_zero(number: int, divisor: int) -> int:
    return abs(number) // divisor * (1 if number >= 0 else -1)


def _period_start(period: str, moment: datetime.date) -> datetime.date:
    day = moment.date() if isinstance(moment, datetime.datetime) else moment
    match period:
        case "week":
            return day - datetime.timedelta(days=day.weekday()) if day.toordinal() > 7 else day
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day


_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _call(function: m.Function, environment: Environment) -> Any:
    name, arguments = function.name, function.arguments
    if name == "if":
        condition, yes, no = arguments
        return _value(yes if _truth(condition, environment) else no, environment)
    if name == "coalesce":
        return next((value for part in arguments if (value := _value(part, environment)) is not None), None)
    values = [_value(argument, environment) for argument in arguments]
    if any(value is None for value in values):
        return None
    match name:
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "abs":
            return abs(values[0])
        case "length":
            return len(values[0])
        case "lower":  # ASCII letters only: so do databases without a locale
            return values[0].translate(_ASCII_LOWER)
        case "contains":
            return values[1] in values[0]
        case "weekday":
            return values[0].isoweekday()
        case "hour":
            return values[0].hour + values[0].minute / 60
        case "moment":
            return datetime.datetime.combine(values[0], datetime.time())
        case "day" | "week" | "month" | "quarter" | "year":
            return _period_start(name, values[0])
    return _between(name, *values)


def evaluate_aggregate(aggregate: m.Aggregate, rows: Iterable[Mapping[str, Any]], environment: Environment) -> Any:
    """The aggregate over these records, which are all records of its entity; `environment.record` is the record around."""
    around = environment.record if environment.record is not None else environment.this
    id = None if environment.record is None else environment.record.get("id")
    members: list[tuple[Mapping[str, Any], Any]] = []
    for row in rows:
        if aggregate.tie is not None:
            referred = row.get(aggregate.tie)
            if id is None or (id not in (referred or ()) if aggregate.tie_many else referred != id):
                continue
        inside = replace(environment, record=row, this=around)
        if aggregate.where is not None and not _truth(aggregate.where, inside):
            continue
        members.append((row, None if aggregate.value is None else _value(aggregate.value, inside)))
    if aggregate.function == "count" and aggregate.value is None:
        return len(members)
    values = [value for _, value in members if value is not None]
    match aggregate.function:
        case "count":
            return len(values)
        case "sum":
            return sum(values)
        case "streak":
            return _streak(values, environment.today)
    if not values:
        return None
    match aggregate.function:
        case "avg":
            return float(sum(values)) / len(values)
        case "min":
            return min(values)
        case "max":
            return max(values)
    newest = max((row for row in members if row[1] is not None), key=lambda pair: (pair[0]["created"], pair[0]["id"]))
    return newest[1]


def _streak(moments: list[datetime.date], today: datetime.date) -> int:
    """Days in a row up to today; today itself may still be to come."""
    days = {_period_start("day", moment) for moment in moments}
    day = today if today in days else today - datetime.timedelta(days=1)
    length = 0
    while day in days:
        length += 1
        day -= datetime.timedelta(days=1)
    return length
