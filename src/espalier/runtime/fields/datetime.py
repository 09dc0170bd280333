"""A moment on the app's own clock, stored as `2027-03-31 14:00:00`, the form in which SQLite's functions give moments."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy.dialects import sqlite

from .base import FieldKind


class DateTime(FieldKind):
    name = "datetime"
    column_type = sqlalchemy.DateTime().with_variant(sqlite.DATETIME(truncate_microseconds=True), "sqlite")
    indexed = True

    def one_to_json(self, value: Any) -> Any:
        return value.isoformat(timespec="seconds")

    def one_to_text(self, value: Any) -> str:
        return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
