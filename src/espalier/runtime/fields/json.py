"""Data as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sqlalchemy import JSON

from ...blueprint.field import Field
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display


class Json(FieldKind):
    name = "json"
    column_type = JSON(none_as_null=True)

    def from_json(self, value: Any, field: Field) -> Any:
        # A JSON value is itself; only its size is judged.
        if value is None:
            return None
        return field.type.read(json.dumps(value, ensure_ascii=False), field)

    def one_to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        text = json.dumps(value, ensure_ascii=False, indent=2 if full else None)
        if not full:
            return text if len(text) <= 80 else f"{text[:79]}…"
        return Markup('<pre class="prose"><code>{}</code></pre>').format(text)

    def input(self, field: Field, box: Box) -> Markup:
        return box.draw("textarea", value=box.value, spellcheck="false")
