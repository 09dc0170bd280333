"""Who may do what, read off the rules of a blueprint for a kind of visitor, without any data.

A rule says yes, no, or that it depends on the record (None). What a rule means is the language's (blueprint/expression); the
app enforces it in runtime/access.py, from which this takes nothing.
"""

from __future__ import annotations

from typing import Literal

from espalier.blueprint.condition import Who
from espalier.blueprint.expression import Bound, Scope, bind_condition
from espalier.blueprint.expression import meaning as m
from espalier.blueprint.schema import Blueprint, Page

Reach = Literal["all", "own", "some", "none"]
Answer = bool | None
ANYONE = "anyone"  # the visitor without an account; others are called `user` or by their role
DEEPEST = 4


class Rights:
    """The rules of one blueprint."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.meaning = blueprint.meaning
        self._known: dict[tuple[str, str, str, bool], Answer] = {}
        self._defaults: dict[tuple[str, str], Bound] = {}

    @property
    def visitors(self) -> list[str]:
        """Every kind of visitor but the admin: strangers, people without a role where such can be, the roles."""
        plain = ["user"] if not self.blueprint.roles or self.blueprint.signup in ("", "user") else []
        if len(self.blueprint.roles) > 1 and not self.blueprint.signup:
            plain = []
        return [ANYONE, *plain, *self.blueprint.roles]

    def reach(self, operation: str, entity: str, visitor: str) -> Reach:
        """How far the visitor's right to read, create, update or delete goes; `own` also where they may only make their own."""
        mine = self.allowed(operation, entity, visitor, True)
        others = self.allowed(operation, entity, visitor, False)
        return _reach(mine, others)

    def field_reach(self, operation: str, entity: str, name: str, visitor: str) -> Reach:
        """The same of one field, where the record itself may be read or written."""
        entry = self.blueprint.access.get(entity)
        said = entry.fields.get(name) if entry else None
        rule = getattr(said, operation) if said else None
        if visitor == "admin" or rule is None:
            return "all"
        return _reach(*(self._who(rule, entity, visitor, own, 0) for own in (True, False)))

    def may_open(self, page: Page, visitor: str) -> bool:
        """May this visitor open the page?"""
        if visitor == "admin" or page.who is None:
            return True
        return self._who(page.who, page.each, visitor, False, 0) is not False

    def allowed(self, operation: str, entity: str, visitor: str, own: bool, deep: int = 0) -> Answer:
        """May the visitor do it with a record that is (or is not) their own?"""
        if visitor == "admin":
            return True
        if deep > DEEPEST:
            return None
        key = (operation, entity, visitor, own)
        if key not in self._known:
            self._known[key] = self._allowed(operation, entity, visitor, own, deep)
        return self._known[key]

    def _allowed(self, operation: str, entity: str, visitor: str, own: bool, deep: int) -> Answer:
        signed_in = visitor != ANYONE
        entry = self.blueprint.access.get(entity)
        rule = entry.rule(operation) if entry else None
        if rule is not None:
            return self._who(rule, entity, visitor, own, deep)
        if entity == "User":
            return operation == "read" and signed_in
        parts = [field for field in self.blueprint.entities[entity].fields.values() if field.part]
        if parts:
            above = "read" if operation == "read" else "update"
            return _every([self.allowed(above, part.target, visitor, own, deep + 1) for part in parts])
        default = self.blueprint.access.get("default")
        rule = default.rule(operation) if default else None
        if rule is not None:
            # Bound by the blueprint for one entity only; its words mean something in every one.
            bound = self._defaults.get((operation, entity))
            if bound is None:
                bound = bind_condition(rule.node, Scope.visitor(self.meaning, entity))
                self._defaults[operation, entity] = bound
            return self._value(bound.meaning, visitor, own, deep)
        return signed_in if operation == "read" else signed_in and own

    def _who(self, who: Who, entity: str, visitor: str, own: bool, deep: int) -> Answer:
        assert who.bound is not None
        return self._value(who.bound.meaning, visitor, own, deep)

    def _value(self, part: m.Meaning, visitor: str, own: bool, deep: int) -> Answer:
        signed_in = visitor != ANYONE
        match part:
            case m.Constant():
                return bool(part.value)
            case m.HasRole():
                return visitor == part.role
            case m.SignedIn():
                return signed_in
            case m.Own():
                return own and signed_in
            case m.Not():
                value = self._value(part.operand, visitor, own, deep)
                return None if value is None else not value
            case m.Logic():
                values = [self._value(one, visitor, own, deep) for one in part.operands]
                return _every(values) if part.operator == "and" else _either(values)
            case m.Readable():
                target = part.reference.type.target or ""
                values = [self.allowed("read", target, visitor, mine, deep + 1) for mine in (own, False)]
                return _either(values)
            case m.Compare() | m.Member() if not signed_in and _names_me(part):
                return False
            case _:
                return None


def _reach(mine: Answer, others: Answer) -> Reach:
    if others is True:
        return "all"
    if others is False:
        return "own" if mine is True else "none" if mine is False else "some"
    return "some"


def _names_me(part: m.Meaning) -> bool:
    return any(
        isinstance(side, m.Value) and side.anchor == "me"
        for side in (getattr(part, "left", None), getattr(part, "right", None), getattr(part, "item", None))
    )


def _every(values: list[Answer]) -> Answer:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def _either(values: list[Answer]) -> Answer:
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False
