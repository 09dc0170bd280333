"""A day, stored as `2027-03-31`."""

from __future__ import annotations

from typing import Any

import sqlalchemy

from .base import FieldKind


class Date(FieldKind):
    name = "date"
    column_type = sqlalchemy.Date()
    indexed = True

    def one_to_json(self, value: Any) -> Any:
        return value.isoformat()

    def one_to_text(self, value: Any) -> str:
        return value.isoformat()
