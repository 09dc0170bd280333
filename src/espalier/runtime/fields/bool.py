"""Yes or no, stored as 1 or 0."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean

from ...blueprint.field import Field
from .base import FieldKind


class Bool(FieldKind):
    name = "bool"
    column_type = Boolean(create_constraint=False)

    def checks(self, field: Field) -> dict[str, str]:
        return {"bool": "{column} IN (0, 1)"}

    def one_from_json(self, value: Any, field: Field) -> Any:
        return value if isinstance(value, bool) else super().one_from_json(value, field)

    def one_to_text(self, value: Any) -> str:
        return "yes" if value else "no"
