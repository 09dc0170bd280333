"""Who may do what: the rules of a blueprint as conditions that stand inside the database's queries.

`Access` answers for one visitor. Its conditions are SQL, so that a record the visitor may not read is never fetched, counted,
found or summed. What is fetched, and how values are written, is records/'s matter; what the words of a condition mean is
the expression's (blueprint/expression and runtime/sql.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, false, or_, select, true
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import AsBoolean, False_, Grouping, True_

from espalier.blueprint.condition import Expression, Who
from espalier.blueprint.expression import Bound, Scope, bind_condition
from espalier.blueprint.expression import meaning as m
from espalier.blueprint.schema import Blueprint

from .sql import SqlContext, another, compile_condition, compile_expression

if TYPE_CHECKING:
    from .storage import Tables

SYSTEM_FIELDS = ("id", "created", "updated", "owner")

# How often a rule may lead back to the same entity (a folder's read rule that names its parent folder). Beyond it nothing
# is readable: a rule that would have to be followed for ever is closed, not open.
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is asking. A visitor without an account has no id and no role."""

    id: int | None = None
    name: str = ""
    email: str = ""
    role: str | None = None
    avatar: str | None = None

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    @property
    def signed_in(self) -> bool:
        return self.id is not None


ANYONE = Visitor()
# The blueprint itself, in steps and automations: everything may be read, and nobody is `me`.
AUTHOR = Visitor(role="admin", name="the app")

# What people with an account see of each other when the blueprint says nothing of it.
PUBLIC_OF_USER = ("name", "role", "avatar")


def owner_fields(blueprint: Blueprint, entity: str) -> list[str]:
    """The fields that say whose a record is: those marked `owner` or named so, else the system's `owner`."""
    declared = [name for name, field in blueprint.entities[entity].fields.items() if field.is_owner]
    return declared or ["owner"]


def part_fields(blueprint: Blueprint, entity: str) -> list[str]:
    """The fields that say what a record is a part of."""
    return [name for name, field in blueprint.entities[entity].fields.items() if field.part]


def always(condition: ColumnElement[bool]) -> bool:
    """Is the condition true for every record?"""
    return _constant_in(condition) is True


def never(condition: ColumnElement[bool]) -> bool:
    """Is the condition false for every record?"""
    return _constant_in(condition) is False


def _constant_in(condition: ColumnElement[Any]) -> bool | None:
    """True or false where the condition is that for every record, though SQLAlchemy may have wrapped it (`false OR false`)."""
    turned = False
    inner: Any = condition
    while isinstance(inner, AsBoolean | Grouping):
        turned ^= isinstance(inner, AsBoolean) and inner.operator is operators.is_false
        inner = inner.element
    if not isinstance(inner, True_ | False_):
        return None
    return isinstance(inner, True_) != turned


# SQL of expressions by how it is made, the expression's id, and the table; with the expression itself.
Compiled = dict[tuple[Callable[..., ColumnElement[Any]], int, FromClause], tuple[Bound, ColumnElement[Any]]]


class Access:
    """The rules of one blueprint as one visitor meets them.

    Every condition takes the entity and a row: the entity's table, an alias of it, or anything with the same columns. A
    rule that does not depend on the record gives `true()` or `false()`, see `always` and `never`.
    """

    def __init__(
        self, blueprint: Blueprint, tables: Tables, visitor: Visitor, now: datetime, shared: Compiled | None = None
    ) -> None:
        """shared: what is kept of one blueprint and its tables from visit to visit."""
        self.blueprint = blueprint
        self.tables = tables
        self.visitor = visitor
        self.now = now
        self._shared = shared if shared is not None else {}
        self._compiled: Compiled = {}
        self._open: dict[tuple[str, str], int] = {}
        self._of_visitor: dict[int, Bound] = {}  # rules in which `own` is this visitor, by the id of the rule
        self._defaults: dict[tuple[str, str], Bound] = {}  # the default rule of an operation, bound for an entity
        self._kept: list[Bound] = []  # so that no other rule gets that id

    # --- records --------------------------------------------------------------------------------------------------

    def readable(self, entity: str, row: FromClause) -> ColumnElement[bool]:
        """The rows that the visitor may read."""
        return self.allowed("read", entity, row)

    def allowed(self, operation: str, entity: str, row: FromClause) -> ColumnElement[bool]:
        """The rows with which the visitor may do the operation: read, create, update or delete."""
        if self.visitor.is_admin:
            return true()
        with self._following(operation, entity) as deep:
            if deep:
                return false()
            who = self.rule(operation, entity)
            if who is not None:
                return self.who(who, entity, row)
            if entity == "User":
                return _constant(operation == "read" and self.visitor.signed_in)
            parents = part_fields(self.blueprint, entity)
            if parents:
                above = "read" if operation == "read" else "update"
                return and_(true(), *(self._parent(above, entity, name, row) for name in parents))
            default = self.blueprint.access.get("default")
            who = default.rule(operation) if default else None
            if who is not None:
                # Bound by the blueprint for one entity only; its words mean something in every one.
                bound = self._defaults.get((operation, entity))
                if bound is None:
                    bound = bind_condition(who.node, Scope.visitor(self.blueprint.meaning, entity))
                    self._defaults[operation, entity] = bound
                return self._condition(bound, entity, row)
            return _constant(self.visitor.signed_in) if operation == "read" else self.own(entity, row)

    def rule(self, operation: str, entity: str) -> Who | None:
        """What the blueprint itself says for this entity."""
        entry = self.blueprint.access.get(entity)
        return entry.rule(operation) if entry else None

    def own(self, entity: str, row: FromClause) -> ColumnElement[bool]:
        """The rows that are the visitor's own; a person's own record is the person."""
        me = self.visitor.id
        if me is None:
            return false()
        if entity == "User":
            return row.c.id == me
        conditions: list[ColumnElement[bool]] = []
        fields = self.blueprint.entities[entity].fields
        for name in owner_fields(self.blueprint, entity):
            if name in fields and fields[name].many:
                link = another(self.tables.link(entity, name))
                mine = select(link.c.target).where(link.c.record == row.c.id, link.c.target == me)
                conditions.append(mine.correlate_except(link).exists())
            elif name in fields and fields[name].computed:
                conditions.append(self.computed(entity, name, row) == me)
            else:
                conditions.append(row.c[name] == me)
        return or_(*conditions)

    def _parent(self, operation: str, entity: str, name: str, row: FromClause) -> ColumnElement[bool]:
        """The rows whose parent by this field allows the operation; one that may be changed must be readable too."""
        target = self.blueprint.entities[entity].fields[name].target
        parent = another(self.tables[target])
        conditions = [self.allowed(needed, target, parent) for needed in dict.fromkeys((operation, "read"))]
        if any(never(condition) for condition in conditions):
            return false()
        if all(always(condition) for condition in conditions):
            return row.c[name].is_not(None)
        found = select(parent.c.id).where(parent.c.id == row.c[name], *conditions)
        return found.correlate_except(parent).exists()

    # --- fields ---------------------------------------------------------------------------------------------------

    def field_readable(self, entity: str, name: str, row: FromClause) -> ColumnElement[bool]:
        """The rows in which the visitor may see this field (whether they may read the row is another matter)."""
        if self.visitor.is_admin:
            return true()
        entry = self.blueprint.access.get(entity)
        said = entry.fields.get(name) if entry else None
        if said is not None and said.read is not None:
            with self._following(f"read {name}", entity) as deep:
                return false() if deep else self.who(said.read, entity, row)
        if entity == "User" and self._private_of_user(name, entry is not None and entry.read is not None):
            return self.own("User", row)
        return true()

    def _private_of_user(self, name: str, opened: bool) -> bool:
        """What people tell of themselves is theirs, until the blueprint says who may read people; an email always is."""
        if name == "email":
            return True
        field = self.blueprint.entities["User"].fields.get(name)
        return not opened and field is not None and field.typed_in and name not in PUBLIC_OF_USER

    def field_writable(self, entity: str, name: str, row: FromClause) -> ColumnElement[bool]:
        """The rows in which the visitor may set this field, when they may write the row at all."""
        if self.visitor.is_admin:
            return true()
        entry = self.blueprint.access.get(entity)
        said = entry.fields.get(name) if entry else None
        if said is not None and said.write is not None:
            return self.who(said.write, entity, row)
        if entity == "User" and name in ("email", "role"):
            # Who somebody is and what they may do is changed with their account, not with their record.
            return false()
        return true()

    def settled_by(self, entity: str, name: str) -> set[str] | None:
        """The fields of the record by whose value the rule for setting this field is decided; None when more than values of
        the record itself decides it (its lists, its id, numbers over other records)."""
        entry = self.blueprint.access.get(entity)
        said = entry.fields.get(name) if entry else None
        if said is None or said.write is None:
            return set()
        found: set[str] = set()
        for part in parts(self.bound(said.write).meaning, inside=True):
            if isinstance(part, m.Aggregate | m.Size | m.Member | m.Computed):
                return None
            if isinstance(part, m.Own):
                found.update(owner_fields(self.blueprint, entity))
            elif isinstance(part, m.Value) and part.anchor == "record":
                found.add(part.hops[0].field if part.hops else part.field)
        return found if "id" not in found else None

    # --- expressions ----------------------------------------------------------------------------------------------

    def who(self, who: Who, entity: str | None, row: FromClause | None) -> ColumnElement[bool]:
        """A WHO as a condition on the row."""
        return self._condition(self.bound(who), entity, row)

    def _condition(self, bound: Bound, entity: str | None, row: FromClause | None) -> ColumnElement[bool]:
        known = self._of_visitor.get(id(bound))
        if known is None:
            known = replace(bound, meaning=self._rebuilt(bound.meaning, self._visitors_words))
            self._of_visitor[id(bound)] = known
            self._kept.append(bound)
        return self._made(compile_condition, known, row)

    def condition(
        self,
        expression: Expression,
        row: FromClause | None,
        this: FromClause | int | None = None,
        *,
        without: tuple[str, int] | None = None,
    ) -> ColumnElement[bool]:
        """A condition of the author over all there is: of a rule, a step, an automation. without: a record (entity, id) that
        numbers over many records leave out."""
        bound = self.bound(expression)
        if without is not None:
            return compile_condition(self._authors(bound, without), self._context, row, this)
        return self._made(compile_condition, bound, row, this, shared=True)

    def value(self, bound: Bound, row: FromClause | None, this: FromClause | int | None = None) -> ColumnElement[Any]:
        """A value of the author over all there is: of a computed field, a default, a step."""
        return self._made(compile_expression, bound, row, this, shared=True)

    def computed(self, entity: str, name: str, row: FromClause) -> ColumnElement[Any]:
        """A computed field. It is the author's: it covers all records and fields, whoever looks at it."""
        return self.value(self.blueprint.meaning.computed[entity, name], row)

    def seen_condition(
        self, expression: Expression, row: FromClause | None, this: FromClause | int | None = None
    ) -> ColumnElement[bool]:
        """A condition on a page (the `where` of a block), as this visitor sees the data: what they may not read is nothing."""
        return self.seen_condition_of(self.bound(expression), row, this)

    def seen_condition_of(
        self, bound: Bound, row: FromClause | None, this: FromClause | int | None = None
    ) -> ColumnElement[bool]:
        """The same of a bound condition."""
        return compile_condition(self._seen_bound(bound), self._context, row, this)

    def seen_value(
        self, bound: Bound, row: FromClause | None, this: FromClause | int | None = None
    ) -> ColumnElement[Any]:
        """A value on a page (stats, charts), over what this visitor may read."""
        return compile_expression(self._seen_bound(bound), self._context, row, this)

    def _made(
        self,
        compiler: Callable[..., ColumnElement[Any]],
        bound: Bound,
        row: FromClause | None,
        this: FromClause | int | None = None,
        *,
        shared: bool = False,
    ) -> ColumnElement[Any]:
        """The SQL of an expression over a table, made once a visit. shared: the expression is the blueprint's own, and its SQL is
        made once for all visits if it is the same for everybody at every moment."""
        if this is not None or not isinstance(row, Table):
            return compiler(bound, self._context, row, this)
        key = (compiler, id(bound), row)
        found = self._compiled.get(key) or self._shared.get(key)
        if found is None:
            found = bound, compiler(bound, self._context, row)  # the expression too, so that no other gets its id
            kept = self._shared if shared and same_for_all(bound.meaning) else self._compiled
            kept[key] = found
        return found[1]

    def guard(self, meaning: m.Meaning) -> m.Meaning:
        """Whether the visitor may read every field that the meaning names on the record at hand, so that groups and sums
        by it leave out records in which they may not."""
        guards: list[m.Meaning] = []
        for part in parts(meaning):
            if isinstance(part, m.Value | m.Computed) and part.anchor == "record":
                guards += self._guards(part.anchor, part.hops, part.entity, part.field)
        return _all(list(dict.fromkeys(guards)))

    def guarded(self, bound: Bound, row: FromClause) -> ColumnElement[bool]:
        """The rows in which the visitor may read what the expression names."""
        if self.visitor.is_admin:
            return true()
        return compile_condition(replace(bound, meaning=self.guard(bound.meaning)), self._context, row)

    def bound(self, expression: Expression) -> Bound:
        """What an expression of the blueprint means."""
        if expression.bound is None:
            _ = self.blueprint.meaning  # binds all expressions of the blueprint
        assert expression.bound is not None, f"{expression} stands outside of the blueprint"
        return expression.bound

    @cached_property
    def _context(self) -> SqlContext:
        visitor = self.visitor
        me = None
        if visitor.id is not None:
            me = {
                "id": visitor.id,
                "name": visitor.name,
                "email": visitor.email,
                "role": visitor.role,
                "avatar": visitor.avatar,
            }
        return SqlContext(
            self.blueprint.meaning,
            self.tables,
            me,
            frozenset({visitor.role} if visitor.role and visitor.id is not None else ()),
            self.now.date(),
            self.now,
            can_read=self.readable,
        )

    def _authors(self, bound: Bound, without: tuple[str, int]) -> Bound:
        entity, id = without

        def leave_out(part: m.Meaning) -> m.Meaning:
            if isinstance(part, m.Aggregate) and part.entity == entity:
                other = m.Compare(m.BOOL, "!=", m.Value(m.INT, "record", (), entity, "id"), m.Constant(m.INT, id))
                return replace(part, where=_all([part.where, other] if part.where else [other]))
            return part

        return replace(bound, meaning=self._rebuilt(bound.meaning, leave_out, True))

    # --- what a visitor sees of an expression ---------------------------------------------------------------------

    def _seen_bound(self, bound: Bound) -> Bound:
        if self.visitor.is_admin:
            return bound
        return replace(bound, meaning=self._seen(bound.meaning))

    def _seen(self, part: m.Meaning) -> m.Meaning:
        """The same meaning over what the visitor may read: hidden values are nothing, hidden records are not there."""
        match part:
            case m.Value() | m.Computed():
                guards = self._guards(part.anchor, part.hops, part.entity, part.field)
                return _if(guards, part)
            case m.Size(collection=held):
                return _if(self._guards(held.anchor, held.hops, held.entity, held.field), part)
            case m.Member(item=item, collection=held):
                guards = self._guards(held.anchor, held.hops, held.entity, held.field)
                return _all([*guards, replace(part, item=self._seen(item))])
            case m.IsNull(operand=m.Value() as held) if held.type.many or held.type.kind in ("tags", "marks"):
                guards = self._guards(held.anchor, held.hops, held.entity, held.field)
                if not guards:
                    return part
                hidden = m.Not(m.BOOL, _all(guards))
                return _all([*guards, part]) if part.negated else m.Logic(m.BOOL, "or", (hidden, part))
            case m.Aggregate():
                return self._seen_aggregate(part)
            case m.Own():
                return self._own_words(part)
            case m.Readable():
                return part
        return changed(part, self._seen)

    def _seen_aggregate(self, part: m.Aggregate) -> m.Meaning:
        conditions: list[m.Meaning] = []
        row = another(self.tables[part.entity])
        if not always(self.readable(part.entity, row)):
            itself = m.Value(m.Type("reference", part.entity), "record", (), part.entity, "id")
            conditions.append(m.Readable(m.BOOL, itself))
        if part.tie is not None:
            conditions += self._guards("record", (), part.entity, part.tie)
        if part.where is not None:
            conditions.append(self._seen(part.where))
        return replace(
            part,
            value=self._seen(part.value) if part.value is not None else None,
            where=_all(conditions) if conditions else None,
        )

    def _guards(self, anchor: str, hops: tuple[m.Hop, ...], entity: str, field: str) -> list[m.Meaning]:
        """What must hold so that the visitor may read the value at the end of the hops: every reference on the way, every
        record it leads to, and the field."""
        if anchor == "me" or self.visitor.is_admin:
            return []
        guards: list[m.Meaning] = []
        for at, hop in enumerate(hops):
            guards += self._field_guard(anchor, hops[:at], hop.entity, hop.field)
            row = another(self.tables[hop.target])
            if not always(self.readable(hop.target, row)):
                target = m.Value(m.Type("reference", hop.target), anchor, hops[:at], hop.entity, hop.field)
                guards.append(m.Readable(m.BOOL, target))
        return guards + self._field_guard(anchor, hops, entity, field)

    def _field_guard(self, anchor: str, hops: tuple[m.Hop, ...], entity: str, field: str) -> list[m.Meaning]:
        entry = self.blueprint.access.get(entity)
        said = entry.fields.get(field) if entry else None
        if said is not None and said.read is not None:
            who = self._rebuilt(self.bound(said.read).meaning, self._own_words)
        elif entity == "User" and self._private_of_user(field, entry is not None and entry.read is not None):
            who = self._own_words(m.Own(m.BOOL, "User"))
        else:
            return []
        if who == m.Constant(m.BOOL, True) or (isinstance(who, m.HasRole) and who.role == self.visitor.role):
            return []
        return [who if anchor == "record" and not hops else m.Computed(m.BOOL, anchor, hops, entity, field, who)]

    def _own_words(self, part: m.Meaning) -> m.Meaning:
        """`own` as a comparison with the visitor."""
        if not isinstance(part, m.Own):
            return part
        if self.visitor.id is None:
            return m.Constant(m.BOOL, False)
        if part.entity == "User":
            me: m.Meaning = m.Constant(m.INT, self.visitor.id)
            return m.Compare(m.BOOL, "=", m.Value(m.INT, "record", (), "User", "id"), me)
        person = m.Type("reference", "User")
        me = m.Constant(person, self.visitor.id)
        conditions: list[m.Meaning] = []
        declared = self.blueprint.entities[part.entity].fields
        for name in owner_fields(self.blueprint, part.entity):
            field = declared.get(name)
            if field is not None and field.computed:
                bound = self.blueprint.meaning.computed[part.entity, name]
                held: m.Meaning = m.Computed(person, "record", (), part.entity, name, bound.meaning)
                conditions.append(m.Compare(m.BOOL, "=", held, me))
            elif field is not None and field.many:
                many = m.Value(replace(person, many=True), "record", (), part.entity, name)
                conditions.append(m.Member(m.BOOL, me, many))
            else:
                conditions.append(m.Compare(m.BOOL, "=", m.Value(person, "record", (), part.entity, name), me))
        return conditions[0] if len(conditions) == 1 else m.Logic(m.BOOL, "or", tuple(conditions))

    def _visitors_words(self, part: m.Meaning) -> m.Meaning:
        """`own` as a comparison with the visitor; and for a stranger, who is nobody, what compares with `me` is false whatever
        the record, so that a rule that only people fulfil is known to be closed to them before there is a record."""
        if isinstance(part, m.Own):
            return self._own_words(part)
        if self.visitor.id is not None:
            return part
        match part:
            case m.Member(item=item) | m.OneOf(item=item):
                told = _is_nobody(item)
            case m.Compare(operator=operator, left=left, right=right):
                told = operator != "!=" and (_is_nobody(left) or _is_nobody(right))
            case _:
                told = False
        return m.Constant(m.BOOL, False) if told else part

    def _rebuilt(self, part: m.Meaning, change: Callable[[m.Meaning], m.Meaning], inside: bool = False) -> m.Meaning:
        """A copy with every part changed, the innermost first; inside: also what computed fields are made of."""
        if isinstance(part, m.Computed) and not inside:
            return part
        return change(changed(part, lambda inner: self._rebuilt(inner, change, inside)))

    @contextmanager
    def _following(self, rule: str, entity: str) -> Iterator[bool]:
        """Counts how deep a rule is followed; gives True when it must not be followed any more."""
        depth = self._open.get((rule, entity), 0)
        self._open[rule, entity] = depth + 1
        try:
            yield depth >= DEEPEST
        finally:
            self._open[rule, entity] = depth


def _is_nobody(part: m.Meaning) -> bool:
    """Is it something of the visitor, which a stranger has not?"""
    return isinstance(part, m.Value) and part.anchor == "me"


def _constant(value: bool) -> ColumnElement[bool]:
    return true() if value else false()


def _all(parts: list[m.Meaning]) -> m.Meaning:
    if len(parts) == 1:
        return parts[0]
    return m.Logic(m.BOOL, "and", tuple(parts)) if parts else m.Constant(m.BOOL, True)


def _if(guards: list[m.Meaning], part: m.Meaning) -> m.Meaning:
    """The part where the guards hold, else nothing."""
    if not guards:
        return part
    return m.Function(part.type, "if", (_all(guards), part, m.Constant(m.NULL, None)))


def changed(part: m.Meaning, change: Callable[[m.Meaning], m.Meaning]) -> m.Meaning:
    """A copy whose direct parts are changed. A field of many stands inside Size, Member and IsNull as it is."""
    changes: dict[str, Any] = {}
    for one in fields(part):
        held = getattr(part, one.name)
        if isinstance(held, m.Meaning) and one.name not in ("collection", "reference"):
            changes[one.name] = change(held)
        elif isinstance(held, tuple) and held and isinstance(held[0], m.Meaning):
            changes[one.name] = tuple(change(inner) for inner in held)
    return replace(part, **changes) if changes else part


def same_for_all(meaning: m.Meaning) -> bool:
    """Does it neither depend on who asks nor on when?"""
    return not any(
        isinstance(part, m.Clock | m.HasRole | m.SignedIn | m.Own | m.Readable)
        or (isinstance(part, m.Aggregate) and part.function == "streak")
        or (isinstance(part, m.Value | m.Computed) and part.anchor == "me")
        for part in parts(meaning, inside=True)
    )


def parts(part: m.Meaning, inside: bool = False) -> Iterator[m.Meaning]:
    """The part and all it holds; inside: also what is in numbers over other records and in computed fields."""
    yield part
    if isinstance(part, m.Aggregate | m.Computed) and not inside:
        return
    for one in fields(part):
        held = getattr(part, one.name)
        for inner in held if isinstance(held, tuple) else (held,):
            if isinstance(inner, m.Meaning):
                yield from parts(inner, inside)
