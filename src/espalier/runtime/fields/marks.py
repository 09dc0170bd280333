"""People's marks on a record, kept in a link table to people; the value shown is their number."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column

from ...blueprint.field import Field
from .base import FieldKind


class Marks(FieldKind):
    name = "marks"

    def column(self, field: Field) -> Column[Any] | None:
        return None
