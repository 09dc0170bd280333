"""The JSON Schema of a blueprint, for editors: completion, words on hover, and the first errors while typing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from .blocks import KINDS
from .schema import Blueprint


class _Schema(GenerateJsonSchema):
    """The language writes every scalar as text, so a number or yes/no in YAML is as good as its text."""

    def str_schema(self, schema: Any) -> dict[str, Any]:
        said = super().str_schema(schema)
        return said | {"type": ["string", "number", "boolean", "null"]} if not said.get("minLength") else said


@lru_cache(maxsize=1)
def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a blueprint document."""
    schema = Blueprint.model_json_schema(by_alias=True, mode="validation", schema_generator=_Schema)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Espalier blueprint"
    _any_of(schema)
    for name, kind in KINDS.items():
        for definition in schema["$defs"].values():
            if definition.get("title") == kind.__name__ and name in definition.get("properties", {}):
                definition["description"] = kind.says
                definition["required"] = [name]
    return schema


def _any_of(schema: Any) -> None:
    """A block is told by its first key, which JSON Schema cannot say; `text` is a kind and an option."""
    if isinstance(schema, dict):
        if "oneOf" in schema:
            schema["anyOf"] = schema.pop("oneOf")
            schema.pop("discriminator", None)
        for value in schema.values():
            _any_of(value)
    elif isinstance(schema, list):
        for value in schema:
            _any_of(value)
