"""What an expression means in its place: every name resolved, every operation typed.

These nodes are made by bind.py and read by evaluate.py and by the SQL compiler; nobody writes them by hand. Both readers
must give the same answer for each of them.

Values: money is a whole number of cents, a reference is the id of its record, a date is a `datetime.date`, a moment a naive
`datetime.datetime`, nothing is None. `anchor` says from which record a path starts: "record" (the one at hand), "this" (the
one around it) or "me".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TEXTS = frozenset({"text", "long", "email", "phone", "url", "color", "serial", "choice"})
NUMBERS = frozenset({"int", "number", "percent", "rating"})
MOMENTS = frozenset({"date", "datetime", "time"})


@dataclass(frozen=True)
class Type:
    """The type of a value. kind: a field type of the language, "choice", "reference", "null", "unknown" (after an error)
    or "duration". source: the entity and field whose choice values these are, when known."""

    kind: str
    target: str | None = None
    choices: tuple[str, ...] = ()
    many: bool = False
    source: tuple[str, str] | None = field(default=None, compare=False)


BOOL, INT, NUMBER, TEXT, MONEY = Type("bool"), Type("int"), Type("number"), Type("text"), Type("money")
DATE, DATETIME, TIME = Type("date"), Type("datetime"), Type("time")
NULL, UNKNOWN, DURATION, LIST = Type("null"), Type("unknown"), Type("duration"), Type("list")


@dataclass(frozen=True)
class Meaning:
    """Any bound node."""

    type: Type


@dataclass(frozen=True)
class Constant(Meaning):
    """A value known now. A float for a number with a fraction."""

    value: Any


@dataclass(frozen=True)
class Clock(Meaning):
    """`today` or `now`."""

    word: str


@dataclass(frozen=True)
class Hop:
    """From a record of the entity along this reference field to a record of the target."""

    entity: str
    field: str
    target: str


@dataclass(frozen=True)
class Value(Meaning):
    """A stored field (or `id`) of the record at the end of the hops. A field of many (marks, tags, lists of references or
    choices) stands only inside `Size`, `Member` and `IsNull`."""

    anchor: str
    hops: tuple[Hop, ...]
    entity: str
    field: str


@dataclass(frozen=True)
class Computed(Meaning):
    """A computed field: the expression, in the record at the end of the hops."""

    anchor: str
    hops: tuple[Hop, ...]
    entity: str
    field: str
    expression: Meaning


@dataclass(frozen=True)
class Size(Meaning):
    """How many values a field of many has."""

    collection: Value


@dataclass(frozen=True)
class Member(Meaning):
    """Whether the item is among the values of a field of many."""

    item: Meaning
    collection: Value


@dataclass(frozen=True)
class OneOf(Meaning):
    """Whether the item equals one of the options."""

    item: Meaning
    options: tuple[Meaning, ...]


@dataclass(frozen=True)
class Not(Meaning):
    """Two-valued: nothing counts as false."""

    operand: Meaning


@dataclass(frozen=True)
class Logic(Meaning):
    """All ("and") or any ("or") of two or more; nothing counts as false."""

    operator: str
    operands: tuple[Meaning, ...]


@dataclass(frozen=True)
class Compare(Meaning):
    """`= != < <= > >=` of two values of one family. False when a side is nothing, only `!=` is true when exactly one is."""

    operator: str
    left: Meaning
    right: Meaning


@dataclass(frozen=True)
class CompareDay(Meaning):
    """A datetime compared with a date: by its day."""

    operator: str
    moment: Meaning
    day: Meaning


@dataclass(frozen=True)
class IsNull(Meaning):
    """Whether the operand is nothing; a field of many is nothing when it is empty."""

    operand: Meaning
    negated: bool


@dataclass(frozen=True)
class Arithmetic(Meaning):
    """`+ - * / %` on numbers and cents; nothing when a side is, or when dividing by zero. `/` never drops a fraction; `%`
    has the sign of its left side. Not yet rounded when it makes money by a fraction: a `Round` stands around."""

    operator: str
    left: Meaning
    right: Meaning


@dataclass(frozen=True)
class Join(Meaning):
    """Text after text; nothing when a side is."""

    left: Meaning
    right: Meaning


@dataclass(frozen=True)
class Negate(Meaning):
    """`-x`."""

    operand: Meaning


@dataclass(frozen=True)
class Round(Meaning):
    """Rounded to this many digits after the point (negative: tens, hundreds), half away from zero. With `whole`
    (no digits, or cents) the result is an int."""

    operand: Meaning
    digits: int
    whole: bool


@dataclass(frozen=True)
class Function(Meaning):
    """`if abs min max coalesce length lower contains weekday hour`, `day week month quarter year` (where the period starts),
    `minutes hours days weeks months years` (between two moments), `moment` (the midnight at which a date starts)."""

    name: str
    arguments: tuple[Meaning, ...]


@dataclass(frozen=True)
class Duration(Meaning):
    """An amount of a unit; stands only inside a `Shift`."""

    unit: str
    amount: Meaning


@dataclass(frozen=True)
class Shift(Meaning):
    """The moment that is the amount of the unit later (sign 1) or earlier (-1). Months and years keep the day, or take the
    last of a shorter month."""

    moment: Meaning
    sign: int
    unit: str
    amount: Meaning


@dataclass(frozen=True)
class Aggregate(Meaning):
    """`count sum avg min max latest streak` over the records of the entity.

    tie: the field of the entity that must refer to the record at hand, or None for all records; tie_many: that field holds
    many. value and where are meant in a record of the entity, with the record at hand as "this".
    """

    function: str
    entity: str
    tie: str | None
    tie_many: bool
    value: Meaning | None
    where: Meaning | None


@dataclass(frozen=True)
class HasRole(Meaning):
    """Whether the visitor has this role."""

    role: str


@dataclass(frozen=True)
class SignedIn(Meaning):
    """Whether the visitor is signed in."""


@dataclass(frozen=True)
class Own(Meaning):
    """Whether the record at hand (of this entity) is the visitor's own."""

    entity: str


@dataclass(frozen=True)
class Readable(Meaning):
    """Whether the visitor may read the record that the reference (of type reference) leads to."""

    reference: Value
