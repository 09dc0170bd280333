"""A record of another entity, stored as its id; many in a link table. The Python value here is the id, or a list of ids."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Integer

from ...blueprint.field import Field
from .base import FieldKind


class Reference(FieldKind):
    name = "reference"
    column_type = Integer()
    indexed = True

    def column(self, field: Field) -> Column[Any] | None:
        return None if field.many else super().column(field)

    def one_from_json(self, value: Any, field: Field) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ValueError("must be the id of a record")
        return field.type.read(str(value).strip(), field)
