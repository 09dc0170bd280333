"""The default of a field, as rows that were there before the field take it."""

from __future__ import annotations

import datetime
from typing import Any

from ...blueprint.expression import Node
from ...blueprint.expression.nodes import Binary, Boolean, Call, Choice, Number, Path, Text
from ...blueprint.field import Field
from ..fields import kind


def default_row(field: Field) -> Any:
    """The row value of the default; None when there is none or when it hangs on the visitor (`me`)."""
    if field.default is None:
        return None
    said = _text(field.default)
    if said is None:
        return None
    told = kind(field)
    try:
        return told.to_row(told.from_text(said, field), field)
    except ValueError:
        return None


def _text(node: Node) -> str | None:
    match node:
        case Number() | Text() | Choice():
            return str(node.value)
        case Boolean():
            return "yes" if node.value else "no"
        case Path(names=("today",)):
            return datetime.date.today().isoformat()
        case Path(names=("now",)):
            return datetime.datetime.now().isoformat(sep=" ", timespec="microseconds")
        case Path(names=(word,)) if word not in ("me", "this"):
            return word
        case Binary(
            operator="+" | "-",
            left=Path(names=("today",)),
            right=Call(function="days" | "weeks" as unit, arguments=(Number() as amount,)),
        ):
            days = int(amount.value) * (7 if unit == "weeks" else 1) * (1 if node.operator == "+" else -1)
            return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()
    return None
