"""A time of day, stored with its microseconds, as expressions give times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy
from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

CLOCK = re.compile(r"\d\d:\d\d(:\d\d)?")

if TYPE_CHECKING:
    from ..display import Box, Display


class Time(FieldKind):
    name = "time"
    column_type = sqlalchemy.Time()

    def one_to_json(self, value: Any) -> Any:
        return value.isoformat(timespec="seconds")

    def one_to_text(self, value: Any) -> str:
        return value.isoformat(timespec="seconds" if value.second else "minutes")

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        return f"{value:%H:%M}"

    def input(self, field: Field, box: Box) -> Markup:
        return box.draw("text", value=box.value, type="time" if not box.value or CLOCK.fullmatch(box.value) else "text")
