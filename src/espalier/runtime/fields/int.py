"""A whole number."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger

from ...blueprint.field import Field
from .base import FieldKind
from .number import range_check


class Int(FieldKind):
    name = "int"
    column_type = BigInteger()

    def checks(self, field: Field) -> dict[str, str]:
        return range_check(field)

    def one_from_json(self, value: Any, field: Field) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError("must be a whole number")
        if isinstance(value, float):
            if not value.is_integer():
                raise ValueError("must be a whole number")
            value = int(value)
        return field.type.read(str(value).strip(), field)
