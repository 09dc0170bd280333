"""A whole number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sqlalchemy import BigInteger

from ...blueprint.field import Field
from .base import FieldKind
from .number import edges, number_input, range_check, unit_of

if TYPE_CHECKING:
    from ..display import Box, Display


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

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        # A year is a number that nobody groups by thousands.
        number = str(value) if "year" in field.name.split("_") else f"{value:,}"
        return f"{number} {unit_of(field)}".rstrip()

    def input(self, field: Field, box: Box) -> Markup:
        return number_input(box, step="1", unit=unit_of(field), **edges(field.parameter))
