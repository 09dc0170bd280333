"""A time of day, stored as `14:30:00`."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy.dialects import sqlite

from .base import FieldKind


class Time(FieldKind):
    name = "time"
    column_type = sqlalchemy.Time().with_variant(sqlite.TIME(truncate_microseconds=True), "sqlite")

    def one_to_json(self, value: Any) -> Any:
        return value.isoformat(timespec="seconds")

    def one_to_text(self, value: Any) -> str:
        return value.isoformat(timespec="seconds" if value.second else "minutes")
