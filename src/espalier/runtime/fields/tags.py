"""Several short words, stored as a JSON list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from .base import LIST, FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display


class Tags(FieldKind):
    name = "tags"
    column_type = LIST
    searchable = True

    def one_from_json(self, value: Any, field: Field) -> Any:
        if isinstance(value, list) and all(isinstance(word, str) and "," not in word for word in value):
            value = ", ".join(value)
        elif not isinstance(value, str):
            raise ValueError("must be a list of words")
        return field.type.read(value.strip(), field) if value.strip() else []

    def one_to_text(self, value: Any) -> str:
        return ", ".join(value)

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        tags: Markup = display.ui.tags(value)
        return tags

    def input(self, field: Field, box: Box) -> Markup:
        return box.draw(
            "text", value=box.value, hint=box.hint or "Several, divided by commas.", maxlength=field.type.largest
        )
