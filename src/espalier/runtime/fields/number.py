"""A number with decimals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float

from ...blueprint.field import Field
from ...blueprint.fields import read_range
from .base import FieldKind


def range_check(field: Field, parameter: str | None = None, factor: int = 1) -> dict[str, str]:
    """The condition that keeps the column inside the field's range; factor is how many row units one unit is."""
    bounds = read_range(parameter or field.parameter)
    parts = [
        f"{{column}} {sign} {f'{round(bound * factor)}' if factor > 1 else f'{bound!r}'.removesuffix('.0')}"
        for sign, bound in ((">=", bounds.low), ("<=", bounds.high))
        if bound is not None
    ]
    return {"range": " AND ".join(parts)} if parts else {}


class Number(FieldKind):
    name = "number"
    column_type = Float()

    def checks(self, field: Field) -> dict[str, str]:
        return range_check(field)

    def one_to_row(self, value: Any) -> Any:
        return float(value)

    def one_from_json(self, value: Any, field: Field) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError("must be a number")
        return field.type.read(value.strip() if isinstance(value, str) else decimal_text(value), field)

    def one_to_text(self, value: Any) -> str:
        return decimal_text(value)


def decimal_text(value: Any) -> str:
    """A number without exponent and without needless zeros: `2`, `0.1`, `1250.5`."""
    text = f"{value:.9f}" if isinstance(value, float) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
