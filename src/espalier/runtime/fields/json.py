"""Data as JSON."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import JSON

from ...blueprint.field import Field
from .base import FieldKind


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
