"""A day, stored as `2027-03-31`."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

import sqlalchemy
from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

ISO = re.compile(r"\d{4}-\d\d-\d\d")

if TYPE_CHECKING:
    from ..display import Box, Display


class Date(FieldKind):
    name = "date"
    column_type = sqlalchemy.Date()
    indexed = True

    def one_to_json(self, value: Any) -> Any:
        return value.isoformat()

    def one_to_text(self, value: Any) -> str:
        return value.isoformat()

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), day_words(value, display.today, full))

    def input(self, field: Field, box: Box) -> Markup:
        # A browser would drop what is no date; that is shown in a plain input to be mended.
        return box.draw("text", value=box.value, type="date" if not box.value or ISO.fullmatch(box.value) else "text")


def day_words(day: datetime.date, today: datetime.date, full: bool = False) -> str:
    """A day as people say it: `Today`, `24 Nov`, `24 Nov 2025`; in full `Tuesday 24 November`, `24 November 2025`."""
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}.get((day - today).days)
    if full:
        # The weekday helps with days that are near, the year with those that are far.
        words = f"{day:%A} {day.day} {day:%B}" if abs((day - today).days) < 190 else f"{day.day} {day:%B} {day.year}"
        return f"{near}, {day.day} {day:%B}" if near else words
    return near or (f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b} {day.year}")
