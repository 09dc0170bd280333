"""Records that never were, to see whether a condition can be met at all.

A dreamt record holds for each field some value that its type allows, or one that the condition speaks of; what it refers to
is dreamt too, and numbers over other records may be anything small. That a condition is met in no dream says that no record
can meet it; that it is met in one says little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from espalier.blueprint.expression import Bound
from espalier.blueprint.expression import meaning as m
from espalier.blueprint.expression.evaluate import Environment, evaluate_condition
from espalier.blueprint.field import Field
from espalier.blueprint.fields.base import read_range
from espalier.blueprint.schema import Blueprint

MOST_DREAMS = 400
DAYS = (0, 1, -1, 3, -3, 10, -10, 45, -45, 200, -200, 500, -500, 4000, -9000)
NUMBERS = (1, 0, 2, 3, 5, 10, 40, 100, 1000)
NAMED = 4  # values that the condition speaks of are tried in three of so many dreams


class Dream:
    """A record of an entity, its values made up as they are asked for."""

    def __init__(self, dreams: Dreams, entity: str) -> None:
        self._dreams = dreams
        self._entity = entity
        self._values: dict[str, Any] = {}

    def get(self, name: str, /) -> Any:
        if name not in self._values:
            self._values[name] = self._dreams.value(self._entity, name)
        return self._values[name]


class Dreams:
    """Dreams of one blueprint for one condition; the same each time."""

    def __init__(self, blueprint: Blueprint, bound: Bound, now: datetime) -> None:
        self.blueprint = blueprint
        self.now = now
        self.chance = Random(0)  # noqa: S311 - for choosing, not for secrets
        self.bound = bound
        self.named: dict[type, list[Any]] = {}
        for part in _parts(bound.meaning):
            if isinstance(part, m.Constant) and part.value is not None:
                self.named.setdefault(type(part.value), []).append(part.value)

    def met(self) -> bool:
        """Is the condition met in some dream?"""
        scope = self.bound.scope
        for _ in range(MOST_DREAMS):
            environment = Environment(
                record=Dream(self, scope.entity) if scope.entity else None,
                this=Dream(self, scope.this) if scope.this else None,
                me=Dream(self, "User"),
                roles=frozenset(self.chance.sample([*self.blueprint.roles, "admin"], 1)),
                today=self.now.date(),
                now=self.now,
                lookup=lambda entity, id: Dream(self, entity),
                aggregate=self._aggregate,
                can_read=lambda entity, record: True,
                vocabulary=self.bound.scope.vocabulary,
            )
            if evaluate_condition(self.bound, environment):
                return True
        return False

    def _aggregate(self, part: m.Aggregate, environment: Environment) -> Any:
        return self._of_kind(part.type.kind, Field(part.type.kind))

    def value(self, entity: str, name: str) -> Any:
        """Some value of a field."""
        if name == "id":
            return self.chance.choice((1, 2, 3, 40))
        if name in ("created", "updated"):
            return self.now - timedelta(
                days=self.chance.choice((0, 1, 8, 40, 400)), hours=self.chance.choice((0, 1, 5))
            )
        if name == "owner" and name not in self.blueprint.entities[entity].fields:
            return self.chance.choice((1, 2, None))
        field = self.blueprint.entities[entity].fields.get(name)
        if field is None:
            return None
        if field.many or field.kind in ("tags", "marks"):
            return [one for one in (self._of_kind(field.kind, field) for _ in range(self.chance.randrange(3))) if one]
        if not field.required and self.chance.randrange(5) == 0:
            return None
        return self._of_kind(field.kind, field)

    def _of_kind(self, kind: str, field: Field) -> Any:
        chance = self.chance
        match kind:
            case "choice":
                named = [one for one in self.named.get(str, []) if one in field.choices]
                return chance.choice(named if named and chance.randrange(NAMED) else field.choices)
            case "bool":
                return chance.random() < 0.5
            case "reference" | "marks":
                return chance.choice((1, 2, 3))
            case "int" | "number" | "percent" | "rating" | "money":
                return self._number(kind, field)
            case "date" | "datetime":
                moment = self.now + timedelta(days=chance.choice(DAYS), hours=chance.choice((0, 3, -4, 9)))
                return moment.date() if kind == "date" else moment
            case "time":
                return time(chance.randrange(24), chance.choice((0, 30)))
        return self._said(str, chance.choice(("some words", "a", "a sentence of some length " * 9, "Some Words", "7")))

    def _number(self, kind: str, field: Field) -> Any:
        near = [one for said in (int, float) for one in self.named.get(said, []) if not isinstance(one, bool)]
        by_hand = self.chance.choice(NUMBERS) * (100 if kind == "money" else 1)
        value: Any = by_hand
        if near and self.chance.randrange(NAMED):
            value = self.chance.choice(near) + self.chance.choice((0, 1, -1))
        bounds = read_range(field.parameter)
        scale = 100 if kind == "money" else 1
        if bounds.high is not None:
            value = min(value, bounds.high * scale)
        low = bounds.low if bounds.low is not None else 1 if kind == "rating" else None
        if low is not None:
            value = max(value, low * scale)
        return int(value) if kind in ("int", "money") else value

    def _said(self, kind: type, otherwise: Any) -> Any:
        said = self.named.get(kind, [])
        return self.chance.choice(said) if said and self.chance.randrange(NAMED) else otherwise


def can_be_met(blueprint: Blueprint, bound: Bound, now: datetime) -> bool:
    """Could some record meet the condition? What cannot be dreamt counts as met, and so does what goes by computed fields:
    they have few values, and which is not easily dreamt."""
    if any(isinstance(part, m.Computed) for part in _parts(bound.meaning)):
        return True
    try:
        return Dreams(blueprint, bound, now).met()
    except (LookupError, TypeError, ValueError, ArithmeticError, AssertionError, AttributeError):
        return True


def _parts(part: m.Meaning) -> Iterator[m.Meaning]:
    yield part
    for one in fields(part):
        held = getattr(part, one.name)
        for inner in held if isinstance(held, tuple) else (held,):
            if isinstance(inner, m.Meaning):
                yield from _parts(inner)
