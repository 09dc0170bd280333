"""A moment on the app's own clock, stored as SQLAlchemy stores moments: with their microseconds, as all moments here are, so
that they compare as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy
from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind
from .date import day_words

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")

if TYPE_CHECKING:
    from ..display import Box, Display


class DateTime(FieldKind):
    name = "datetime"
    column_type = sqlalchemy.DateTime()
    indexed = True

    def one_to_json(self, value: Any) -> Any:
        return value.isoformat(timespec="seconds")

    def one_to_text(self, value: Any) -> str:
        return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        near = abs((value.date() - display.today).days) < 2
        words = f"{day_words(value.date(), display.today, full and not near)}, {value:%H:%M}"
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(timespec="minutes"), words)

    def input(self, field: Field, box: Box) -> Markup:
        # The browser's input wants a T where people write a space; what is no moment is shown in a plain input.
        text = box.value.replace(" ", "T", 1)
        return box.draw("text", value=text, type="datetime-local" if not text or MOMENT.fullmatch(text) else "text")
