"""One of a few words, stored as the word; many as a JSON list."""

from __future__ import annotations

from typing import Any

from ...blueprint.field import Field
from .base import FieldKind


class Choice(FieldKind):
    name = "choice"
    searchable = True
    indexed = True

    def checks(self, field: Field) -> dict[str, str]:
        if field.many:
            return {}
        words = ", ".join("'" + choice.replace("'", "''") + "'" for choice in field.choices)
        return {"choice": f"{{column}} IN ({words})"}

    def from_text(self, text: str, field: Field) -> Any:
        # A choice may hold a comma itself: the whole text is tried before it is divided.
        if field.many and text.strip() in field.choices:
            return [text.strip()]
        return super().from_text(text, field)
