"""Binding: what the names of an expression mean in a scope, whether the types fit, and what to write when they do not.

`bind` gives a `Bound`: the node with its choice values known, and its meaning for evaluation and SQL. `faults` gives all
faults at once. Nothing here looks at records.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from espalier.blueprint.expression import nodes
from espalier.blueprint.expression.errors import ExpressionError
from espalier.blueprint.expression.meaning import (
    BOOL,
    DATE,
    DATETIME,
    DURATION,
    INT,
    LIST,
    MOMENTS,
    MONEY,
    NULL,
    NUMBER,
    NUMBERS,
    TEXT,
    TEXTS,
    UNKNOWN,
    Aggregate,
    Arithmetic,
    Clock,
    Compare,
    CompareDay,
    Computed,
    Constant,
    Duration,
    Function,
    HasRole,
    Hop,
    IsNull,
    Join,
    Logic,
    Meaning,
    Member,
    Negate,
    Not,
    OneOf,
    Own,
    Readable,
    Round,
    Shift,
    SignedIn,
    Size,
    Type,
    Value,
)
from espalier.blueprint.expression.nodes import AGGREGATES, FUNCTIONS, PERIODS, UNITS, Node, Path, rebuild
from espalier.blueprint.expression.spelling import quoted, to_text
from espalier.blueprint.expression.vocabulary import FieldInfo, Scope, Vocabulary, all_field_names, find_field

HEAVIEST = 1000  # nodes of meaning after computed fields are put in; more would make a query too long for the database

_ACCESS_WORDS = ("anyone", "user", "nobody", "own")
_ARGUMENTS = {
    "if": (3, 3, "if(condition, then, otherwise)"),
    "round": (1, 2, "round(x, 2)"),
    "abs": (1, 1, "abs(x)"),
    "min": (2, 9, "min(a, b)"),
    "max": (2, 9, "max(a, b)"),
    "coalesce": (2, 9, "coalesce(a, b)"),
    "length": (1, 1, "length(x)"),
    "lower": (1, 1, "lower(x)"),
    "contains": (2, 2, 'contains(text, "x")'),
    "weekday": (1, 1, "weekday(x)"),
    "hour": (1, 1, "hour(x)"),
    **{unit: (1, 2, f"{unit}(from, to)") for unit in UNITS},
    **{period: (1, 1, f"{period}(x)") for period in PERIODS},
}


@dataclass(frozen=True)
class Use:
    """What one name of the expression meant. node: the id() of the node in `Bound.source`; part: which of its names (-1:
    the entity of an aggregate); kind: "entity", "field", "choice" or "role"; of: the entity and field of a choice."""

    node: int
    part: int
    kind: str
    entity: str
    name: str
    of: tuple[str, str] | None = None


@dataclass(frozen=True)
class Bound:
    """A bound expression.

    node: as parsed, with single-word choice values as `Choice`. meaning: for `evaluate` and `compile_expression`. type:
    the type of its value. uses: what each name meant (for renaming), by the nodes of `source`.
    """

    node: Node
    meaning: Meaning
    scope: Scope
    expects: FieldInfo | None
    source: Node
    uses: tuple[Use, ...]

    @property
    def type(self) -> Type:
        """The type of the value."""
        return self.meaning.type


def bind(node: Node, scope: Scope, expects: FieldInfo | None = None) -> Bound:
    """The expression's meaning in the scope.

    expects: the field that the value is for (`= Booked`, `status = Done` as a step), so that its choice values are known
    and the type is checked. Use `bind_condition` for what must be true or false. Raises the first ExpressionError.
    """
    bound, errors = _bind(node, scope, expects)
    if errors:
        raise errors[0]
    return bound


def bind_condition(node: Node, scope: Scope) -> Bound:
    """Like `bind`, for a where, a rule, a WHO: the value must be true or false."""
    return bind(node, scope, _CONDITION)


def faults(node: Node, scope: Scope, expects: FieldInfo | None = None) -> list[ExpressionError]:
    """All faults of the expression in the scope, in reading order; none when `bind` would succeed."""
    return _bind(node, scope, expects)[1]


def condition_faults(node: Node, scope: Scope) -> list[ExpressionError]:
    """All faults of a condition."""
    return _bind(node, scope, _CONDITION)[1]


def people_meaning(vocabulary: Vocabulary, entity: str, path: tuple[str, ...]) -> Meaning:
    """Whether the visitor is there where the path from a record of the entity leads to; for the owner fields that `own`
    stands for. Raises ExpressionError when it leads to no people."""
    binder = _Binder(vocabulary)
    node = Path(path)
    place = binder.place(node, _Frame(entity, None, True))
    if place is not None and place.field.target != "User":
        binder.fail(f"`{'.'.join(path)}` does not lead to people", node)
    elif place is not None:
        return binder.people_or_record(place, node)
    raise binder.errors[0]


_CONDITION = FieldInfo("bool", required=True)


def _bind(node: Node, scope: Scope, expects: FieldInfo | None) -> tuple[Bound, list[ExpressionError]]:
    binder = _Binder(scope.vocabulary)
    frame = _Frame(scope.entity, scope.this, scope.access)
    # Every place its own object, so that uses can be told apart.
    parts = [id(part) for part in nodes.walk(node)]
    source = node if len(set(parts)) == len(parts) else rebuild(node, replace)
    if expects is _CONDITION:
        meaning = binder.condition(source, frame)
    else:
        expected = _type_of(expects) if expects is not None else None
        meaning = binder.bind(source, frame, expected)
        if expected is None or not expected.many:
            meaning = binder.single(meaning, source)
        if expected is not None:
            meaning = binder.fit(meaning, expected, source)
        elif meaning.type in (DURATION, LIST):
            binder.fail("a duration stands only after + or -, as in `today + 3 days`", source)
    if binder.weight > HEAVIEST:
        binder.fail("this expression is too heavy with all the computed fields it uses", source)
    chosen = {use.node: use.name for use in binder.uses if use.kind == "choice"}

    def resolve(original: Node, copy: Node) -> Node:
        if id(original) in chosen:
            return nodes.Choice(chosen[id(original)], start=original.start, end=original.end)
        return copy

    resolved = rebuild_with_source(source, resolve) if chosen else source
    return Bound(resolved, meaning, scope, expects, source, tuple(binder.uses)), binder.errors


def rebuild_with_source(node: Node, change: Callable[[Node, Node], Node]) -> Node:
    """Like `nodes.rebuild`, but `change` gets the original node as well as its copy."""
    match node:
        case nodes.Binary():
            copy: Node = replace(
                node, left=rebuild_with_source(node.left, change), right=rebuild_with_source(node.right, change)
            )
        case nodes.Unary():
            copy = replace(node, operand=rebuild_with_source(node.operand, change))
        case nodes.In():
            copy = replace(
                node, item=rebuild_with_source(node.item, change), container=rebuild_with_source(node.container, change)
            )
        case nodes.ListLiteral():
            copy = replace(node, items=tuple(rebuild_with_source(item, change) for item in node.items))
        case nodes.Call():
            copy = replace(node, arguments=tuple(rebuild_with_source(item, change) for item in node.arguments))
        case nodes.Aggregate() if node.where is not None:
            copy = replace(node, where=rebuild_with_source(node.where, change))
        case _:
            copy = node
    return change(node, copy)


def close_match(word: str, known: Iterable[str], least: float = 0.6) -> str | None:
    """The known word that was probably meant, or None; least: how like it must be, from 0 to 1."""
    found = process.extractOne(
        word, list(known), scorer=DamerauLevenshtein.normalized_similarity, processor=str.lower, score_cutoff=least
    )
    return found[0] if found else None


def money_cents(value: int | float | Decimal) -> int:
    """An amount in whole cents, half a cent rounded away from zero."""
    return int((Decimal(str(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _type_of(field: FieldInfo, entity: str = "", name: str = "") -> Type:
    source = (entity, name) if field.choices else None
    return Type(field.type, field.target, field.choices, field.many, source)


def _one_of(type: Type) -> Type:
    """The type of one value where the type is of many."""
    return replace(type, many=False) if type.many else type


@dataclass(frozen=True)
class _Frame:
    """The records that names may mean at one place."""

    entity: str | None
    this: str | None
    access: bool = False


@dataclass(frozen=True)
class _Place:
    """What a path leads to: a field, by way of references."""

    anchor: str
    hops: tuple[Hop, ...]
    entity: str
    name: str
    field: FieldInfo


_SIGN_WORDS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "divide"}
_BLANK = Constant(UNKNOWN, None)


class _Binder:
    """One binding; collects errors and uses."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.errors: list[ExpressionError] = []
        self.uses: list[Use] = []
        self.weight = 0
        self.computing: list[tuple[str, str]] = []
        self.computed: dict[tuple[str, str], tuple[Meaning, int]] = {}

    def fail(self, message: str, node: Node, suggestion: str | None = None) -> Meaning:
        """Notes the fault; returns a blank that fits everywhere, so that one fault is told once."""
        self.errors.append(ExpressionError(message, node.start, node.end, suggestion))
        return _BLANK

    def note(self, node: Node, part: int, kind: str, entity: str, name: str, of: tuple[str, str] | None = None) -> None:
        if not self.computing:
            self.uses.append(Use(id(node), part, kind, entity, name, of))

    # --- any expression -------------------------------------------------------------------------------------------

    def bind(self, node: Node, frame: _Frame, expected: Type | None = None) -> Meaning:
        """The meaning; expected says which type the place wants, so that bare choice values and dates in quotes are known."""
        self.weight += 1
        match node:
            case nodes.Number():
                return self.number(node, expected)
            case nodes.Text():
                return self.text(node, expected)
            case nodes.Boolean():
                return Constant(BOOL, node.value)
            case nodes.Null():
                return Constant(NULL, None)
            case nodes.Choice():
                return self.choice(node, node.value, expected)
            case nodes.Path():
                return self.path(node, frame, expected)
            case nodes.Unary(operator="not"):
                return Not(BOOL, self.condition(node.operand, frame))
            case nodes.Unary():
                return self.negative(node, frame)
            case nodes.Binary(operator="and" | "or"):
                return self.logic(node, frame)
            case nodes.Binary(operator="=" | "!=" | "<" | "<=" | ">" | ">="):
                return self.comparison(node, frame)
            case nodes.Binary():
                return self.arithmetic(node, frame)
            case nodes.In():
                return self.membership(node, frame)
            case nodes.Call():
                return self.call(node, frame, expected)
            case nodes.Aggregate():
                return self.aggregate(node, frame)
            case nodes.ListLiteral():
                return self.fail("a list stands only after `in`, as in `status in [New, Open]`", node)
        raise TypeError(f"{node!r} is not an expression node")

    def number(self, node: nodes.Number, expected: Type | None) -> Meaning:
        if expected is not None and expected.kind == "choice" and str(node.value) in expected.choices:
            self.note(node, 0, "choice", "", str(node.value), expected.source)
            return Constant(expected, str(node.value))
        if isinstance(node.value, int):
            return Constant(INT, node.value)
        return Constant(NUMBER, float(node.value))

    def text(self, node: nodes.Text, expected: Type | None) -> Meaning:
        if expected is None:
            return Constant(TEXT, node.value)
        if expected.kind == "choice":
            return self.choice(node, node.value, expected)
        if expected.kind in MOMENTS:
            value = _read_moment(node.value, expected.kind)
            if value is None:
                example = {"date": "2026-01-31", "datetime": "2026-01-31 18:30", "time": "18:30"}[expected.kind]
                return self.fail(f"`{node.value}` is not a {expected.kind}; write it as {quoted(example)}", node)
            return Constant(Type("date") if type(value) is datetime.date else expected, value)
        return Constant(TEXT, node.value)

    def choice(self, node: Node, value: str, expected: Type | None) -> Meaning:
        if expected is None or expected.kind not in ("choice", "unknown"):
            return Constant(TEXT, value)
        if expected.kind == "choice" and value not in expected.choices:
            near = close_match(value, expected.choices, 0.5)
            return self.fail(f"`{value}` is not one of {_listed(expected.choices)}", node, near)
        self.note(node, 0, "choice", "", value, expected.source)
        return Constant(_one_of(expected), value)

    def condition(self, node: Node, frame: _Frame) -> Meaning:
        """What must be true or false."""
        if isinstance(node, Path):
            self.weight += 1
            return self.who(node, frame)
        meaning = self.bind(node, frame, BOOL)
        if meaning.type.kind not in ("bool", "unknown"):
            return self.fail(f"`{to_text(node)}` is {_named(meaning.type)}; here must be something true or false", node)
        return meaning

    def fit(self, meaning: Meaning, expected: Type, node: Node) -> Meaning:
        """The meaning as a value for a field of the expected type."""
        kind, own = expected.kind, meaning.type.kind
        if own in ("unknown", "null") or kind in ("json", "unknown"):
            return meaning
        if expected.many:
            fits = False
        elif kind == "money" and own in NUMBERS:
            # `= hours * 12` is an amount; everybody writes it so.
            hundred = Arithmetic(NUMBER, "*", meaning, Constant(INT, 100))
            return self.cents(meaning, node) if _is_literal(meaning) else Round(MONEY, hundred, 0, True)
        elif kind == "datetime" and own == "date":
            return Function(DATETIME, "moment", (meaning,))
        elif kind == "reference":
            fits = own == "reference" and meaning.type.target == expected.target
        elif kind == "choice":
            fits = own == "choice" and set(meaning.type.choices) <= set(expected.choices)
        elif kind in TEXTS or kind in ("image", "file", "location"):
            fits = own in TEXTS or own == kind
        elif kind == "int":
            fits = own in NUMBERS
        else:
            fits = own == kind or (kind in NUMBERS and own in NUMBERS)
        return meaning if fits else self._misfit(meaning, expected, node)

    def _misfit(self, meaning: Meaning, expected: Type, node: Node) -> Meaning:
        return self.fail(f"`{to_text(node)}` is {_named(meaning.type)}; here must be {_named(expected)}", node)

    # --- names ----------------------------------------------------------------------------------------------------

    def path(self, node: Path, frame: _Frame, expected: Type | None) -> Meaning:
        names = node.names
        first = names[0]
        if len(names) == 1:
            if expected is not None and expected.kind == "choice" and first in expected.choices:
                self.note(node, 0, "choice", "", first, expected.source)
                return Constant(_one_of(expected), first)
            if first == "today":
                return Clock(DATE, "today")
            if first == "now":
                return Clock(DATETIME, "now")
            word = self.word(node, frame, expected)
            if word is not None:
                return word
        if expected is not None and expected.kind == "unknown" and len(names) == 1 and not self.known(first, frame):
            return _BLANK  # the other side has a fault already; without it nobody knows what this is
        if expected is not None and expected.kind == "choice" and len(names) == 1 and not self.known(first, frame):
            near = close_match(first, expected.choices, 0.5)
            return self.fail(f"`{first}` is not one of {_listed(expected.choices)}", node, near)
        place = self.place(node, frame, expected)
        return _BLANK if place is None else self.value(place, node)

    def known(self, name: str, frame: _Frame) -> bool:
        """Whether a bare name means something here."""
        if name in nodes.WORDS or (frame.entity is not None and self.field(frame.entity, name) is not None):
            return True
        return name in self.vocabulary.roles or (frame.access and name in _ACCESS_WORDS)

    def field(self, entity: str, name: str) -> FieldInfo | None:
        return find_field(self.vocabulary, entity, name)

    def word(self, node: Path, frame: _Frame, expected: Type | None) -> Meaning | None:
        """A role, or a word of access; None when the name is no such word here."""
        name = node.names[0]
        has_field = frame.entity is not None and self.field(frame.entity, name) is not None
        is_role = name in self.vocabulary.roles or name == "admin"
        if is_role and (frame.access or not has_field):
            self.note(node, 0, "role", "", name)
            return HasRole(BOOL, name)
        if not frame.access or (has_field and name == "user"):
            return None
        match name:
            case "anyone":
                return Constant(BOOL, True)
            case "nobody":
                return Constant(BOOL, False)
            case "user":
                return SignedIn(BOOL)
            case "own":
                if frame.entity is None:
                    return self.fail("`own` needs a record; here is none", node)
                return Own(BOOL, frame.entity)
        return None

    def who(self, node: Path, frame: _Frame) -> Meaning:
        """A path where true or false is wanted: a bool field, a role or another word; in access also people and records."""
        if len(node.names) == 1:
            word = self.word(node, frame, BOOL)
            if word is not None:
                return word
            if node.names[0] in ("today", "now"):
                return self.fail(f"`{node.names[0]}` is not something true or false", node)
        place = self.place(node, frame, BOOL)
        if place is None:
            return _BLANK
        if place.field.type in ("reference", "marks") and frame.access:
            return self.people_or_record(place, node)
        meaning = self.value(place, node)
        if meaning.type.kind in ("bool", "unknown"):
            return meaning
        hint = f"{to_text(node)} = me" if meaning.type.target == "User" else f"{to_text(node)} != null"
        return self.fail(
            f"`{to_text(node)}` is {_named(meaning.type)}; here must be something true or false", node, hint
        )

    def people_or_record(self, place: _Place, node: Path) -> Meaning:
        """A path to people (marks are people too): the visitor is there. A path to a record: the visitor may read it."""
        field = place.field
        if field.computed is not None:
            return self.fail(f"`{to_text(node)}` is computed; access follows stored fields", node)
        value = Value(_type_of(field, place.entity, place.name), place.anchor, place.hops, place.entity, place.name)
        if field.target == "User" or field.type == "marks":
            me = Value(Type("reference", "User"), "me", (), "User", "id")
            many = field.many or field.type == "marks"
            return Member(BOOL, me, value) if many else Compare(BOOL, "=", value, me)
        if field.many:
            return self.fail(f"`{to_text(node)}` are many records; access follows one record or people", node)
        return Readable(BOOL, value)

    def place(self, node: Path, frame: _Frame, expected: Type | None = None) -> _Place | None:
        """Where the path leads, or None after an error."""
        names = node.names
        first = names[0]
        position = 0
        hops: list[Hop] = []
        if first == "me":
            anchor, entity, position = "me", "User", 1
        elif first == "this" and not (frame.entity is not None and self.field(frame.entity, "this")):
            position = 1
            if frame.this is not None:
                anchor, entity = "this", frame.this
            elif frame.entity is not None:
                anchor, entity = "record", frame.entity
            else:
                self.fail("`this` is the record of a page `Each ...:`, or the record around a sum; here is none", node)
                return None
        elif frame.entity is None:
            self.unknown_without_record(node, expected)
            return None
        else:
            anchor, entity = "record", frame.entity
        if position == len(names):
            return _Place(anchor, (), entity, "id", FieldInfo("reference", target=entity, required=True))
        while True:
            name = names[position]
            field = self.field(entity, name)
            if field is None:
                self.unknown_field(node, position, entity, frame, expected)
                return None
            self.note(node, position, "field", entity, name)
            if position == len(names) - 1:
                return _Place(anchor, tuple(hops), entity, name, field)
            so_far = ".".join(names[: position + 1])
            if field.type != "reference" or field.target is None:
                if field.many:
                    self.fail(f"`{so_far}` holds many; use length({so_far}) or `x in {so_far}`", node)
                else:
                    self.fail(f"`{so_far}` is {_named(_type_of(field))}, it has no fields", node, so_far)
                return None
            if field.many:
                self.fail(
                    f"`{so_far}` are many records, so `{'.'.join(names)}` is not one value; ask with `x in {so_far}` or "
                    f"length({so_far}), or count and sum over the records, as in count({field.target} where ...)", node,
                )  # fmt: skip
                return None
            if field.computed is not None:
                self.fail(f"`{so_far}` is computed; a path may not lead through it", node)
                return None
            hops.append(Hop(entity, name, field.target))
            entity = field.target
            position += 1

    def unknown_without_record(self, node: Path, expected: Type | None) -> None:
        name = ".".join(node.names)
        entity = node.names[0]
        if entity in self.vocabulary.entities():
            rest = "." + ".".join(node.names[1:]) if len(node.names) > 1 else ""
            function = "sum" if rest else "count"
            self.fail(
                f"`{name}` are many records; say what of them, as in {function}({name})", node, f"{function}({name})"
            )
            return
        known = [*self.vocabulary.roles, "today", "now", "me"]
        near = close_match(entity, known)
        self.fail(f"there is no record here that `{name}` could be a field of", node, near)

    def unknown_field(self, node: Path, position: int, entity: str, frame: _Frame, expected: Type | None) -> None:
        name = node.names[position]
        names = all_field_names(self.vocabulary, entity)
        before, after = node.names[:position], node.names[position + 1 :]
        if position == 0 and name in self.vocabulary.entities():
            references = self.vocabulary.references(name, entity)
            if len(node.names) > 1 and self.field(name, node.names[1]) is not None:
                spelled = f"sum({'.'.join(node.names)})"
                self.fail(
                    f"`{'.'.join(node.names)}` is not a path of {entity}; over records write {spelled}", node, spelled
                )
            elif references:
                self.fail(f"`{name}` are the records of an entity; say what of them", node, f"count({name})")
            else:
                self.fail(f"`{name}` is an entity, not a field of {entity}", node, close_match(name, names))
            return
        near = close_match(name, names)
        if position == 0 and frame.this is not None and self.field(frame.this, name) is not None:
            near = ".".join(("this", *node.names))
            self.fail(f"there is no field `{name}` in {entity}; the record around it is `this`", node, near)
            return
        if position == 0 and len(node.names) == 1 and expected is not None and expected.kind in TEXTS | MOMENTS:
            suggestion = near if expected.kind in MOMENTS else near or quoted(name)
            self.fail(f"there is no field `{name}` in {entity}; text stands in quotes", node, suggestion)
            return
        if near is None and position == 0:
            words = [*self.vocabulary.roles, *(_ACCESS_WORDS if frame.access else ()), *nodes.WORDS]
            near = close_match(name, words) or self.one_step_away(name, entity)
        suggestion = ".".join((*before, near, *after)) if near else None
        hint = "" if suggestion else f"; it has {_listed(names[:12])}"
        self.fail(f"there is no field `{name}` in {entity}{hint}", node, suggestion)

    def one_step_away(self, name: str, entity: str) -> str | None:
        """`service.price` for `price`, when exactly one record referred to has such a field."""
        found = [
            f"{reference}.{name}"
            for reference in self.vocabulary.field_names(entity)
            if (field := self.field(entity, reference)) and field.target and not field.many
            and name in self.vocabulary.field_names(field.target)
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def value(self, place: _Place, node: Node) -> Meaning:
        field = place.field
        if field.computed is not None:
            return self.computed_value(place, node)
        return Value(_type_of(field, place.entity, place.name), place.anchor, place.hops, place.entity, place.name)

    def computed_value(self, place: _Place, node: Node) -> Meaning:
        key = (place.entity, place.name)
        field = place.field
        if key in self.computing:
            around = [*(name for _, name in self.computing[self.computing.index(key) :]), place.name]
            return self.fail(f"{' -> '.join(around)}: these fields are computed from each other in a circle", node)
        if key not in self.computed:
            weight, faults_before = self.weight, len(self.errors)
            self.weight = 0
            self.computing.append(key)
            try:
                assert field.computed is not None
                expected = _type_of(field, place.entity, place.name)
                inner = _Frame(place.entity, None)
                meaning = self.bind(field.computed, inner, expected)
                meaning = self.fit(self.single(meaning, field.computed), expected, field.computed)
            finally:
                self.computing.pop()
            if len(self.errors) > faults_before:
                first = self.errors[faults_before]
                del self.errors[faults_before:]
                circle = "in a circle" in first.message
                said = (
                    first.message
                    if circle
                    else f"the computed field `{place.name}` of {place.entity} has a fault: {first}"
                )
                meaning = self.fail(said, node)
            if not (meaning.type.kind == "unknown" and self.computing):
                self.computed[key] = (meaning, self.weight)
            weight, self.weight = self.weight, weight
        else:
            weight = self.computed[key][1]
        self.weight += weight
        found = self.computed.get(key)
        if found is None or found[0].type.kind == "unknown":
            return _BLANK
        expression = found[0]
        kept = _type_of(field, place.entity, place.name)
        return Computed(kept if expression.type.kind != "int" or field.type != "number" else NUMBER,
                        place.anchor, place.hops, place.entity, place.name, expression)  # fmt: skip

    def single(self, meaning: Meaning, node: Node) -> Meaning:
        """The meaning as one value: marks count, other fields of many are an error."""
        if not isinstance(meaning, Value):
            return meaning
        if meaning.type.kind == "marks":
            return Size(INT, meaning)
        if meaning.type.many or meaning.type.kind == "tags":
            text = to_text(node)
            return self.fail(f"`{text}` holds many; use length({text}) or `x in {text}`", node, f"length({text})")
        return meaning

    # --- true and false -------------------------------------------------------------------------------------------

    def logic(self, node: nodes.Binary, frame: _Frame) -> Meaning:
        parts: list[Node] = []

        def gather(part: Node) -> None:
            if isinstance(part, nodes.Binary) and part.operator == node.operator:
                gather(part.left)
                gather(part.right)
            else:
                parts.append(part)

        gather(node)
        operands: list[Meaning] = []
        before: Node | None = None
        for part in parts:
            slip = self.forgotten_comparison(before, part, frame) if node.operator == "or" else None
            operands.append(self.fail(*slip) if slip else self.condition(part, frame))
            before = part if isinstance(part, nodes.Binary) else before
        return Logic(BOOL, node.operator, tuple(operands))

    def forgotten_comparison(self, before: Node | None, part: Node, frame: _Frame) -> tuple[str, Node, str] | None:
        """`status = New or Open`: the second value has lost its comparison."""
        value = part.value if isinstance(part, nodes.Choice) else None
        if isinstance(part, Path) and len(part.names) == 1 and not self.known(part.names[0], frame):
            value = part.names[0]
        if value is None or not (isinstance(before, nodes.Binary) and before.operator == "="):
            return None
        spelled = f"{to_text(before.left)} in [{to_text(before.right)}, {to_text(part)}]"
        return (f"`{to_text(part)}` alone is not something true or false", part, spelled)

    def comparison(self, node: nodes.Binary, frame: _Frame) -> Meaning:
        operator = node.operator
        left_node, right_node = node.left, node.right
        if isinstance(left_node, nodes.Null) or isinstance(right_node, nodes.Null):
            other = right_node if isinstance(left_node, nodes.Null) else left_node
            meaning = self.bind(other, frame)
            if operator not in ("=", "!="):
                return self.fail("nothing is neither more nor less; compare null with = or !=", node)
            return IsNull(BOOL, meaning, operator == "!=")
        if self.is_open(left_node, frame) and not self.is_open(right_node, frame):
            right = self.bind(right_node, frame)
            left = self.bind(left_node, frame, right.type)
        else:
            left = self.bind(left_node, frame)
            right = self.bind(right_node, frame, left.type)
        return self.compare(operator, left, right, node)

    def is_open(self, node: Node, frame: _Frame) -> bool:
        """Whether the type of the node comes from its surroundings: a literal, or a bare name that is no field."""
        match node:
            case nodes.Text() | nodes.Choice() | nodes.Number():
                return True
            case Path(names=(name,)):
                return not self.known(name, frame)
            case nodes.Call(function="if" | "coalesce", arguments=arguments) if arguments:
                return all(self.is_open(argument, frame) for argument in arguments[-2:])
        return False

    def compare(self, operator: str, left: Meaning, right: Meaning, node: nodes.Binary) -> Meaning:
        left_node, right_node = node.left, node.right
        for side, side_node, opposite, opposite_node in (
            (left, left_node, right, right_node), (right, right_node, left, left_node),
        ):  # fmt: skip
            marks = side.type.kind == "marks" and opposite.type.kind == "reference"
            if marks or side.type.many or side.type.kind == "tags":
                spelled = f"{to_text(opposite_node)} in {to_text(side_node)}"
                return self.fail(f"`{to_text(side_node)}` holds many; ask whether a value is in it", node, spelled)
        left, right = self.single(left, left_node), self.single(right, right_node)
        one, other = left.type.kind, right.type.kind
        if "unknown" in (one, other):
            return Constant(BOOL, False)
        if "null" in (one, other):
            return Constant(BOOL, False)
        ordered = operator not in ("=", "!=")
        if one == "choice" and other == "choice" and ordered:
            return self.fail("choice values have no order; compare them with = or in [..]", node)
        if one in TEXTS and other in TEXTS:
            return Compare(BOOL, operator, left, right)
        if one in NUMBERS and other in NUMBERS:
            return Compare(BOOL, operator, left, right)
        if one == "money" or other == "money":
            money = self.both_money(left, right, node)
            if money is not None:
                return Compare(BOOL, operator, *money)
        if one == other and one in MOMENTS:
            return Compare(BOOL, operator, left, right)
        if (one, other) == ("datetime", "date"):
            return CompareDay(BOOL, operator, left, right)
        if (one, other) == ("date", "datetime"):
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
            return CompareDay(BOOL, turned, right, left)
        if one == other == "bool" and not ordered:
            return Compare(BOOL, operator, left, right)
        if one == other == "reference":
            if ordered:
                return self.fail("records have no order; compare one of their fields", node)
            if left.type.target == right.type.target:
                return Compare(BOOL, operator, left, right)
            return self.fail(
                f"`{to_text(left_node)}` is {_named(left.type)} and `{to_text(right_node)}` is {_named(right.type)}; "
                "they are never the same", node,
            )  # fmt: skip
        return self.mismatch(operator, left, right, node)

    def mismatch(self, operator: str, left: Meaning, right: Meaning, node: nodes.Binary) -> Meaning:
        suggestion = None
        left_text, right_text = to_text(node.left), to_text(node.right)
        kinds = {left.type.kind, right.type.kind}
        if "reference" in kinds and kinds & TEXTS:
            reference_type, text = (left.type, left_text) if left.type.kind == "reference" else (right.type, right_text)
            other = right_text if text == left_text else left_text
            names = self.vocabulary.field_names(reference_type.target or "") if reference_type.target else []
            texts = [
                name for name in names if (self.field(reference_type.target or "", name) or _CONDITION).type == "text"
            ]
            if texts or reference_type.target == "User":
                suggestion = f"{text}.{texts[0] if texts else 'name'} {operator} {other}"
        elif "duration" in kinds and kinds & {"date", "datetime", "int", "number"}:
            suggestion = None
        return self.fail(
            f"`{left_text}` is {_named(left.type)} and `{right_text}` is {_named(right.type)}; they cannot be compared",
            node, suggestion,
        )  # fmt: skip

    def membership(self, node: nodes.In, frame: _Frame) -> Meaning:
        if isinstance(node.container, nodes.ListLiteral):
            return self.one_of(node, node.container, frame)
        container_text = to_text(node.container)
        if not isinstance(node.container, Path):
            return self.fail("after `in` stands a list, [A, B], or a field that holds many", node.container)
        if self.is_open(node.container, frame) and not self.is_open(node.item, frame):
            spelled = f"{to_text(node.item)} in [{container_text}]"
            return self.fail("after `in` stands a list, also when it has one value", node, spelled)
        container = self.bind(node.container, frame)
        kind = container.type.kind
        if kind == "unknown":
            self.bind(node.item, frame, UNKNOWN)
            return Constant(BOOL, False)
        if not isinstance(container, Value) or not (container.type.many or kind in ("marks", "tags")):
            if kind in TEXTS and kind != "choice":
                spelled = f"contains({container_text}, {to_text(node.item)})"
                return self.fail(f"`{container_text}` is text; ask whether it contains something", node, spelled)
            if kind == "choice":
                spelled = f"{container_text} = {to_text(node.item)}"
                return self.fail(f"`{container_text}` is one value; compare with =", node, spelled)
            if kind == "reference":
                return self.fail(
                    f"`{container_text}` is one record; compare with =",
                    node,
                    f"{container_text} = {to_text(node.item)}",
                )
            return self.fail(f"`{container_text}` is {_named(container.type)}; it does not hold many", node)
        element = Type("reference", "User") if kind == "marks" else replace(container.type, many=False)
        if kind in ("tags", "image", "file"):
            element = TEXT
        item = self.bind(node.item, frame, element)
        if item.type.kind in ("unknown", "null"):
            return Constant(BOOL, False)
        if element.kind == "reference":
            if item.type.kind != "reference" or item.type.target != element.target:
                return self.fail(
                    f"`{container_text}` holds {element.target} records and `{to_text(node.item)}` is {_named(item.type)}",
                    node,
                )
        elif item.type.kind not in TEXTS:
            return self.fail(f"`{container_text}` holds texts and `{to_text(node.item)}` is {_named(item.type)}", node)
        return Member(BOOL, item, container)

    def one_of(self, node: nodes.In, container: nodes.ListLiteral, frame: _Frame) -> Meaning:
        if self.is_open(node.item, frame) and len(container.items) == 1:
            spelled = f"{to_text(node.item)} in {to_text(container.items[0])}"
            inner = self.bind(container.items[0], frame)
            if inner.type.many or inner.type.kind in ("marks", "tags"):
                return self.fail("a field that holds many stands without brackets", node, spelled)
        item = self.bind(node.item, frame)
        options: list[Meaning] = []
        for option_node in container.items:
            option = self.bind(option_node, frame, item.type)
            pair = nodes.Binary("=", node.item, option_node, start=option_node.start, end=option_node.end)
            compared = self.compare("=", item, option, pair)
            match compared:
                case Compare():
                    options.append(compared.right)
                    item = compared.left
                case CompareDay():
                    self.fail("a list holds values of the type of what is looked for", option_node)
        if item.type.kind == "unknown":
            return Constant(BOOL, False)
        return OneOf(BOOL, self.single(item, node.item), tuple(options))

    # --- numbers, money, dates --------------------------------------------------------------------------------------

    def negative(self, node: nodes.Unary, frame: _Frame) -> Meaning:
        operand = self.single(self.bind(node.operand, frame), node.operand)
        if isinstance(operand, Duration):
            return Duration(DURATION, operand.unit, Negate(operand.amount.type, operand.amount))
        kind = operand.type.kind
        if kind in NUMBERS or kind == "money":
            return Negate(operand.type if kind in ("int", "money") else NUMBER, operand)
        return self.unless_unknown(
            operand, f"`{to_text(node.operand)}` is {_named(operand.type)}; only a number has a minus", node
        )

    def unless_unknown(self, meaning: Meaning, message: str, node: Node, suggestion: str | None = None) -> Meaning:
        if meaning.type.kind in ("unknown", "null"):
            return _BLANK
        return self.fail(message, node, suggestion)

    def cents(self, meaning: Meaning, node: Node) -> Meaning:
        """A number written as a literal (or made of literals) as money."""
        if isinstance(meaning, Constant):
            exact = node.value if isinstance(node, nodes.Number) else meaning.value
            return Constant(MONEY, money_cents(exact))
        return Round(MONEY, Arithmetic(NUMBER, "*", meaning, Constant(INT, 100)), 0, True)

    def both_money(self, left: Meaning, right: Meaning, node: nodes.Binary) -> tuple[Meaning, Meaning] | None:
        """Both sides as money when one is money and the other too, or a literal number."""
        if left.type.kind == "money" and right.type.kind == "money":
            return left, right
        if left.type.kind == "money" and right.type.kind in NUMBERS and _is_literal(right):
            return left, self.cents(right, node.right)
        if right.type.kind == "money" and left.type.kind in NUMBERS and _is_literal(left):
            return self.cents(left, node.left), right
        return None

    def arithmetic(self, node: nodes.Binary, frame: _Frame) -> Meaning:
        meaning = self.raw_arithmetic(node, frame)
        return _rounded(meaning)

    def raw_arithmetic(self, node: nodes.Binary, frame: _Frame) -> Meaning:
        """Arithmetic whose money may still have fractions of a cent: a chain of * and / is rounded once, at its end."""
        operator = node.operator

        def operand(part: Node) -> Meaning:
            chained = operator in "*/" and isinstance(part, nodes.Binary) and part.operator in ("*", "/")
            if chained:
                self.weight += 1
                return self.raw_arithmetic(part, frame)  # type: ignore[arg-type]
            return self.single(self.bind(part, frame), part)

        left, right = operand(node.left), operand(node.right)
        one, other = left.type.kind, right.type.kind
        if "unknown" in (one, other):
            return _BLANK
        if "null" in (one, other):
            return self.fail("nothing cannot be reckoned with", node)
        if one in MOMENTS or other in MOMENTS or "duration" in (one, other):
            return self.moment_arithmetic(operator, left, right, node)
        if one in TEXTS and other in TEXTS and operator == "+":
            return Join(TEXT, left, right)
        if operator == "%":
            if one == other == "int":
                return Arithmetic(INT, "%", left, right)
            return self.fail("% is the rest of a division and needs whole numbers (int) on both sides", node)
        if one in NUMBERS and other in NUMBERS:
            whole = one == other == "int" and operator != "/"
            return Arithmetic(INT if whole else NUMBER, operator, left, right)
        if "money" in (one, other):
            result = self.money_arithmetic(operator, left, right, node)
            if result is not None:
                return result
        word = _SIGN_WORDS[operator]
        return self.fail(
            f"`{to_text(node.left)}` is {_named(left.type)} and `{to_text(node.right)}` is {_named(right.type)}; "
            f"`{operator}` cannot {word} them", node,
        )  # fmt: skip

    def money_arithmetic(self, operator: str, left: Meaning, right: Meaning, node: nodes.Binary) -> Meaning | None:
        one, other = left.type.kind, right.type.kind
        if operator in "+-":
            pair = self.both_money(left, right, node)
            if pair is not None:
                return Arithmetic(MONEY, operator, *pair)
            if {one, other} & NUMBERS:
                number = node.left if one in NUMBERS else node.right
                return self.fail(
                    f"`{to_text(number)}` is a number and the other side is money; declare both as money", node
                )
        elif operator == "*" and {one, other} & NUMBERS:
            return Arithmetic(MONEY, "*", left, right)
        elif operator == "*":
            return self.fail("money times money is not money; multiply it by a number", node)
        elif operator == "/" and one == "money" and other in NUMBERS:
            return Arithmetic(MONEY, "/", left, right)
        elif operator == "/" and one == other == "money":
            return Arithmetic(NUMBER, "/", left, right)
        return None

    def moment_arithmetic(self, operator: str, left: Meaning, right: Meaning, node: nodes.Binary) -> Meaning:
        if operator == "+" and isinstance(left, Duration) and right.type.kind in MOMENTS:
            left, right = right, left
        left_text, right_text = to_text(node.left), to_text(node.right)
        if left.type.kind in ("date", "datetime") and isinstance(right, Duration) and operator in "+-":
            sub_day = right.unit in ("seconds", "minutes", "hours")
            result = DATETIME if sub_day else left.type
            moment = Function(DATETIME, "moment", (left,)) if sub_day and left.type.kind == "date" else left
            return Shift(result, moment, 1 if operator == "+" else -1, right.unit, right.amount)
        if operator == "-" and left.type.kind in MOMENTS and right.type.kind in MOMENTS:
            return self.fail(
                "the time between two dates is a function of the unit you want",
                node,
                f"days({right_text}, {left_text})",
            )
        if left.type.kind in MOMENTS and right.type.kind in NUMBERS and operator in "+-" and left.type.kind != "time":
            amount = f"{right_text} days" if isinstance(node.right, nodes.Number) else f"days({right_text})"
            return self.fail("say of what: days, weeks, hours", node, f"{left_text} {operator} {amount}")
        if "time" in (left.type.kind, right.type.kind):
            return self.fail("a time of day cannot be moved; use a datetime", node)
        return self.fail(
            f"`{left_text}` is {_named(left.type)} and `{right_text}` is {_named(right.type)}; dates are only moved by "
            "durations, as in `today + 3 days`", node,
        )  # fmt: skip

    # --- functions ------------------------------------------------------------------------------------------------

    def call(self, node: nodes.Call, frame: _Frame, expected: Type | None) -> Meaning:
        name, arguments = node.function, node.arguments
        if name not in FUNCTIONS:
            if name in AGGREGATES:
                return self.fail(
                    f"{name} takes one field of an entity, as in {name}(Payment.amount where ...); for more, give the entity "
                    "a computed field", node,
                )  # fmt: skip
            near = close_match(name, [*FUNCTIONS, *AGGREGATES], 0.5)
            return self.fail(f"there is no function `{name}`", node, near)
        least, most, example = _ARGUMENTS[name]
        if not least <= len(arguments) <= most:
            return self.fail(f"{name} is written {example}", node)
        if name == "if":
            return self.choose(node, frame, expected)
        if name in ("coalesce", "min", "max"):
            return self.alike(name, node, arguments, frame, expected)
        if name in UNITS:
            return self.unit(name, node, frame)
        if name == "length" or name == "contains":
            first = self.bind(arguments[0], frame)
            many = isinstance(first, Value) and (first.type.many or first.type.kind in ("marks", "tags"))
            if many and name == "length":
                return Size(INT, first)  # type: ignore[arg-type]
            if many:
                return self.membership(nodes.In(arguments[1], arguments[0], start=node.start, end=node.end), frame)
        else:
            first = self.single(self.bind(arguments[0], frame), arguments[0])
        kind = first.type.kind
        if kind == "unknown":
            return _BLANK
        text = to_text(arguments[0])
        if name in ("length", "lower", "contains"):
            if kind not in TEXTS:
                return self.fail(f"{name} is for text, and `{text}` is {_named(first.type)}", arguments[0])
            if name == "length":
                return Function(INT, "length", (first,))
            if name == "lower":
                return Function(TEXT, "lower", (first,))
            part = self.bind(arguments[1], frame, TEXT)
            if part.type.kind not in TEXTS:
                return self.unless_unknown(
                    part, f"contains looks for text, and that is {_named(part.type)}", arguments[1]
                )
            return Function(BOOL, "contains", (first, part))
        if name == "hour":
            if kind not in ("datetime", "time"):
                return self.fail(f"hour is for times, and `{text}` is {_named(first.type)}", arguments[0])
            return Function(NUMBER, "hour", (first,))
        if name == "weekday" or name in PERIODS:
            if kind not in ("date", "datetime"):
                return self.fail(f"{name} is for dates, and `{text}` is {_named(first.type)}", arguments[0])
            return Function(INT if name == "weekday" else DATE, name, (first,))
        if kind not in NUMBERS and kind != "money":
            return self.fail(f"{name} is for numbers, and `{text}` is {_named(first.type)}", arguments[0])
        if name == "abs":
            return Function(first.type if kind in ("int", "money") else NUMBER, "abs", (first,))
        return self.round(node, first)

    def round(self, node: nodes.Call, operand: Meaning) -> Meaning:
        digits = 0
        if len(node.arguments) == 2:
            given = node.arguments[1]
            if not (isinstance(given, nodes.Number) and isinstance(given.value, int) and 0 <= given.value <= 6):
                return self.fail("round needs a whole number of digits from 0 to 6, as in round(x, 2)", given)
            digits = given.value
        if operand.type.kind == "money":
            return operand if digits >= 2 else Round(MONEY, operand, digits - 2, True)
        if operand.type.kind == "int":
            return operand
        return Round(NUMBER if digits else INT, operand, digits, digits == 0)

    def choose(self, node: nodes.Call, frame: _Frame, expected: Type | None) -> Meaning:
        condition = self.condition(node.arguments[0], frame)
        return self.alike("if", node, node.arguments[1:], frame, expected, (condition,))

    def alike(
        self,
        name: str,
        node: nodes.Call,
        parts: tuple[Node, ...],
        frame: _Frame,
        expected: Type | None,
        before: tuple[Meaning, ...] = (),
    ) -> Meaning:
        """A function whose arguments, and value, are of one type."""
        guiding = ("choice", "date", "datetime", "time")  # types that say how bare words and quoted text are read
        settled: Node | None = None
        first: Meaning = _BLANK
        if expected is None or expected.kind not in guiding:
            settled = next((part for part in parts if not self.is_open(part, frame)), None)
        if settled is not None:
            first = self.single(self.bind(settled, frame, expected), settled)
            expected = first.type if first.type.kind in guiding else expected
            if expected is not None and expected.kind == "choice" and not self.are_choices(parts, expected):
                expected = None
        meanings = [first if part is settled else self.single(self.bind(part, frame, expected), part) for part in parts]
        kinds = {meaning.type.kind for meaning in meanings} - {"null"}
        if "unknown" in kinds:
            return _BLANK
        if not kinds:
            return Constant(NULL, None)
        if name in ("min", "max") and not kinds <= (NUMBERS | MOMENTS | {"money"}):
            return self.fail(f"{name} is for numbers, money and dates", node)
        if "money" in kinds and kinds <= NUMBERS | {"money"}:
            for index, meaning in enumerate(meanings):
                if meaning.type.kind in NUMBERS:
                    if not _is_literal(meaning):
                        return self.fail(
                            f"`{to_text(parts[index])}` is a number and the rest is money; declare both as money",
                            parts[index],
                        )
                    meanings[index] = self.cents(meaning, parts[index])
            return Function(MONEY, name, (*before, *meanings))
        if kinds == {"date", "datetime"}:
            meanings = [
                Function(DATETIME, "moment", (meaning,)) if meaning.type.kind == "date" else meaning
                for meaning in meanings
            ]
            return Function(DATETIME, name, (*before, *meanings))
        types = {meaning.type for meaning in meanings if meaning.type.kind != "null"}
        if len(types) == 1:
            result = next(iter(types))
        elif kinds <= NUMBERS:
            result = INT if kinds == {"int"} else NUMBER
        elif kinds <= TEXTS:
            result = TEXT
        else:
            listed = " and ".join(sorted(_named(type) for type in types))
            return self.fail(f"the values of {name} must be of one type; these are {listed}", node)
        if result.kind == "duration":
            return self.fail(f"{name} cannot choose between durations; put it inside, as in days({name}(...))", node)
        return Function(result, name, (*before, *meanings))

    def are_choices(self, parts: tuple[Node, ...], expected: Type) -> bool:
        """Whether all quoted texts among the parts are values of the choice; otherwise they are just texts."""
        return all(part.value in expected.choices for part in parts if isinstance(part, nodes.Text))

    def unit(self, name: str, node: nodes.Call, frame: _Frame) -> Meaning:
        if len(node.arguments) == 1:
            amount = self.single(self.bind(node.arguments[0], frame), node.arguments[0])
            kind = amount.type.kind
            if kind == "unknown":
                return _BLANK
            text = to_text(node.arguments[0])
            if kind in ("date", "datetime"):
                return self.fail(f"{name} between which two? Up to today it is", node, f"{name}({text}, today)")
            if kind not in NUMBERS:
                return self.fail(f"{name} needs a number, and `{text}` is {_named(amount.type)}", node.arguments[0])
            if kind != "int":
                if name not in ("minutes", "hours"):
                    return self.fail(f"{name} needs a whole number (int)", node.arguments[0], f"{name}(round({text}))")
                # Moments are kept to the second: an amount with a fraction becomes whole seconds once, here.
                scale = Constant(INT, 60 if name == "minutes" else 3600)
                amount = Round(INT, Arithmetic(NUMBER, "*", amount, scale), 0, True)
                return Duration(DURATION, "seconds", amount)
            return Duration(DURATION, name, amount)
        other = [self.bind(argument, frame) for argument in node.arguments]
        ends: list[Meaning] = []
        for argument, meaning in zip(node.arguments, other, strict=True):
            wanted = next((m.type for m in other if m.type.kind in MOMENTS), None)
            if isinstance(argument, nodes.Text) and wanted is not None:
                meaning = self.text(argument, wanted)
            meaning = self.single(meaning, argument)
            if meaning.type.kind not in MOMENTS:
                return self.unless_unknown(
                    meaning,
                    f"{name} is between two dates, and `{to_text(argument)}` is {_named(meaning.type)}",
                    argument,
                )
            ends.append(meaning)
        kinds = {end.type.kind for end in ends}
        if "time" in kinds and (kinds != {"time"} or name not in ("hours", "minutes")):
            return self.fail("times of day have only hours(from, to) and minutes(from, to) between them", node)
        if name in ("hours", "minutes"):
            ends = [Function(DATETIME, "moment", (end,)) if end.type.kind == "date" else end for end in ends]
            return Function(NUMBER if name == "hours" else INT, name, tuple(ends))
        ends = [Function(DATE, "day", (end,)) if end.type.kind == "datetime" else end for end in ends]
        return Function(INT, name, tuple(ends))

    # --- over records -----------------------------------------------------------------------------------------------

    def aggregate(self, node: nodes.Aggregate, frame: _Frame) -> Meaning:
        entities = self.vocabulary.entities()
        if node.entity not in entities:
            return self.not_an_entity(node, frame)
        self.note(node, -1, "entity", node.entity, node.entity)
        around = frame.entity if frame.entity is not None else frame.this
        inner = _Frame(node.entity, around, False)
        uses_this = node.where is not None and _says_this(node.where)
        tie, tie_many = None, False
        if frame.entity is not None and not uses_this:
            references = self.vocabulary.references(node.entity, frame.entity)
            if len(references) != 1:
                return self.no_tie(node, frame.entity, references)
            tie = references[0]
            field = self.field(node.entity, tie)
            tie_many = field is not None and field.many
        value = None
        if node.path:
            path = Path(node.path, start=node.start, end=node.end)
            place = self.place(path, inner)
            if place is None:
                return _BLANK
            for use in self.uses:
                if use.node == id(path):
                    self.note(node, use.part, use.kind, use.entity, use.name)
            self.uses = [use for use in self.uses if use.node != id(path)]
            value = self.single(self.value(place, path), path)
            if value.type.kind == "unknown":
                return _BLANK
        where = self.condition(node.where, inner) if node.where is not None else None
        kind = self.aggregate_type(node, value)
        if kind is None:
            return _BLANK
        made = Aggregate(kind, node.function, node.entity, tie, tie_many, value, where)
        return Round(MONEY, made, 0, True) if node.function == "avg" and kind.kind == "money" else made

    def aggregate_type(self, node: nodes.Aggregate, value: Meaning | None) -> Type | None:
        name = node.function
        if name == "count":
            return INT
        example = f"{name}({node.entity}.field)"
        if value is None:
            numbers = [
                field for field in self.vocabulary.field_names(node.entity)
                if (info := self.field(node.entity, field)) and (info.type in NUMBERS or info.type == "money")
            ]  # fmt: skip
            suggestion = f"{name}({node.entity}.{numbers[0]})" if numbers and name != "streak" else None
            self.fail(f"{name} needs a field, as in {example}", node, suggestion)
            return None
        kind, named = value.type.kind, f"`{node.entity}.{'.'.join(node.path)}` is {_named(value.type)}"
        if name == "streak":
            if kind in ("date", "datetime"):
                return INT
            self.fail(f"streak counts days, and {named}", node)
            return None
        if name == "latest":
            return value.type
        if name in ("min", "max") and kind in MOMENTS:
            return value.type
        if kind not in NUMBERS and kind != "money":
            self.fail(f"{name} is for numbers and money, and {named}", node)
            return None
        if name == "avg":
            return MONEY if kind == "money" else NUMBER
        return value.type if kind in ("int", "money") else NUMBER

    def not_an_entity(self, node: nodes.Aggregate, frame: _Frame) -> Meaning:
        path = ".".join((node.entity, *node.path))
        if frame.entity is not None and node.where is None:
            field = self.field(frame.entity, node.entity)
            if (
                field is not None
                and not node.path
                and node.function == "count"
                and (field.many or field.type in ("marks", "tags"))
            ):
                self.note(node, -1, "field", frame.entity, node.entity)
                return Size(INT, Value(_type_of(field), "record", (), frame.entity, node.entity))
            if field is not None and node.function in FUNCTIONS and not field.many:
                return self.fail(f"{node.function} of one value needs another: {node.function}({path}, ...)", node)
        near = close_match(node.entity, self.vocabulary.entities(), 0.5)
        suggestion = f"{node.function}({'.'.join((near, *node.path))})" if near and node.where is None else near
        return self.fail(
            f"`{node.entity}` is not an entity; {node.function} goes over the records of one", node, suggestion
        )

    def no_tie(self, node: nodes.Aggregate, entity: str, references: list[str]) -> Meaning:
        path = ".".join((node.entity, *node.path))
        more = f" and {to_text(node.where)}" if node.where is not None else ""
        if references:
            spelled = f"{node.function}({path} where {references[0]} = this{more})"
            return self.fail(
                f"{node.entity} refers to {entity} by {_listed(references)}; say which one is meant", node, spelled
            )
        back = [
            name for name in self.vocabulary.field_names(entity)
            if (field := self.field(entity, name)) and field.target == node.entity and not field.many
        ]  # fmt: skip
        suggestion = f"{node.function}({path} where id = this.{back[0]}.id{more})" if back else None
        return self.fail(
            f"{node.entity} has no field that refers to {entity}; say with `this` which records are meant, as in "
            f"{node.function}({path} where ... = this.id)", node, suggestion,
        )  # fmt: skip


def _is_literal(meaning: Meaning) -> bool:
    """Whether a number is made of literals only."""
    match meaning:
        case Constant():
            return True
        case Negate(operand=operand) | Round(operand=operand):
            return _is_literal(operand)
        case Arithmetic(left=left, right=right):
            return _is_literal(left) and _is_literal(right)
    return False


def _rounded(meaning: Meaning) -> Meaning:
    """Money that may have fractions of a cent, rounded to whole cents."""
    if isinstance(meaning, Arithmetic) and meaning.type == MONEY and not _is_whole(meaning):
        return Round(MONEY, meaning, 0, True)
    return meaning


def _is_whole(meaning: Meaning) -> bool:
    if isinstance(meaning, Arithmetic) and meaning.operator in ("*", "/"):
        return meaning.operator == "*" and _is_whole(meaning.left) and _is_whole(meaning.right)
    return meaning.type.kind in ("int", "money")


def _says_this(node: Node) -> bool:
    """Whether `this` stands in the condition, other than inside a further aggregate (where it is another record)."""
    if isinstance(node, Path):
        return node.names[0] == "this"
    if isinstance(node, nodes.Aggregate):
        return False
    return any(map(_says_this, nodes.children(node)))


def _read_moment(text: str, kind: str) -> datetime.date | datetime.datetime | datetime.time | None:
    try:
        if kind == "time":
            return datetime.time.fromisoformat(text)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.date.fromisoformat(text)
        if kind == "datetime":
            return datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return None


_NAMES = {
    "bool": "true or false", "int": "a whole number", "choice": "a choice", "null": "nothing", "date": "a date",
    "datetime": "a date with time", "time": "a time of day", "money": "money", "text": "text", "long": "text",
    "duration": "a duration", "json": "JSON", "marks": "marks of people", "tags": "tags", "email": "an email address",
    "image": "an image",
}  # fmt: skip


def _named(type: Type) -> str:
    """The type in words, with its article."""
    if type.kind == "reference":
        return f"{type.target} records" if type.many else f"a {type.target}"
    if type.many:
        return f"many of {type.kind}"
    return _NAMES.get(type.kind, f"a {type.kind}")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
