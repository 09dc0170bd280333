"""Which fields may stand where: one question for each kind of place. Every question is one object, so that rules can be shared."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ..expression.meaning import NUMBERS, TEXTS
from ..field import Field

Kind = Callable[[Field], bool]


def is_any(field: Field) -> bool:
    return True


def is_number(field: Field) -> bool:
    return not field.many and (field.kind in NUMBERS or field.kind == "marks")


def is_whole(field: Field) -> bool:
    return not field.many and field.kind in ("int", "marks")


def is_money(field: Field) -> bool:
    return not field.many and field.kind == "money"


def is_amount(field: Field) -> bool:
    """Numbers and money that are stored or computed, not counted."""
    return not field.many and (field.kind in NUMBERS or field.kind == "money")


def is_date(field: Field) -> bool:
    return not field.many and field.kind == "date"


def is_moment(field: Field) -> bool:
    return not field.many and field.kind in ("date", "datetime")


def is_clock(field: Field) -> bool:
    """Moments with a time of day."""
    return not field.many and field.kind == "datetime"


def is_time(field: Field) -> bool:
    return not field.many and field.kind == "time"


def is_bool(field: Field) -> bool:
    return not field.many and field.kind == "bool"


def is_text(field: Field) -> bool:
    return not field.many and field.kind in TEXTS


def is_long(field: Field) -> bool:
    """Fields that have a length."""
    return is_text(field) or field.many or field.kind == "tags"


def is_reference(field: Field) -> bool:
    return field.kind == "reference" and not field.many


def is_followed(field: Field) -> bool:
    """References that a path may lead through."""
    return is_reference(field) and not field.computed


def is_crowd(field: Field) -> bool:
    """Fields that hold many people."""
    return field.kind == "marks" or (field.many and field.target == "User")


def is_people(field: Field) -> bool:
    """Fields by which a step reaches people."""
    return field.target == "User" or field.kind == "marks"


def is_address(field: Field) -> bool:
    return is_people(field) or field.kind == "email"


def is_typed(field: Field) -> bool:
    """Fields of a form."""
    return field.typed_in


def is_asked(field: Field) -> bool:
    """Fields that an action may ask for."""
    return field.seeded


def is_set(field: Field) -> bool:
    """Fields that a step may set."""
    return not field.computed and field.kind not in ("marks", "serial")


def is_filtered(field: Field) -> bool:
    return field.kind not in ("long", "file", "image", "json", "marks")


def is_sorted(field: Field) -> bool:
    return not field.many and field.kind not in ("image", "file", "json", "tags", "long")


def is_series(field: Field) -> bool:
    """Fields whose values divide a chart or a calendar."""
    return not field.many and field.kind in ("choice", "reference", "bool", "text", "int", "email")


@lru_cache
def refers_to(target: str) -> Kind:
    """References to one record of an entity."""
    return lambda field: field.target == target and not field.many


@lru_cache
def holds_many(target: str) -> Kind:
    """References to many records of an entity."""
    return lambda field: field.target == target and field.many


@lru_cache
def has_choices(choices: tuple[str, ...]) -> Kind:
    """Choices with no other values than these."""
    return lambda field: not field.many and bool(field.choices) and set(field.choices) <= set(choices)


@lru_cache
def is_of(*kinds: str) -> Kind:
    """Single fields of these types."""
    return lambda field: field.kind in kinds and not field.many
