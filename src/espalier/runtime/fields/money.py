"""An amount of money: a Decimal with two places, stored as whole cents."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger

from ...blueprint.field import Field
from .base import FieldKind
from .number import decimal_text, range_check

CENT = Decimal("0.01")


class Money(FieldKind):
    name = "money"
    column_type = BigInteger()

    def checks(self, field: Field) -> dict[str, str]:
        return range_check(field, factor=100)

    def one_to_row(self, value: Any) -> Any:
        return int(Decimal(str(value)).quantize(CENT) * 100)

    def one_from_row(self, value: Any) -> Any:
        # A sum or an average of cents may come as a float.
        return (Decimal(str(value)) / 100).quantize(CENT)

    def one_to_json(self, value: Any) -> Any:
        # 15 digits at most, which a JSON number holds exactly.
        return float(value)

    def one_from_json(self, value: Any, field: Field) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError("must be an amount such as 12.50")
        return field.type.read(value.strip() if isinstance(value, str) else decimal_text(value), field)

    def one_to_text(self, value: Any) -> str:
        return f"{value:.2f}"
