"""A record of another entity. What is typed in is its id; a seed row says it by its first field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class Reference(FieldType):
    name = "reference"
    says = "a record of the entity named"
    value = "record"

    def read(self, text: str, field: Field) -> Any:
        # SQLite's integers end at 2**63; ids far above that are nobody's.
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise ValueError("must be chosen from the list")
        return int(text)

    def sample(self, field: Field, index: int) -> str:
        return str(index + 1)

    def wrong(self, field: Field) -> list[str]:
        return ["someone", "999999999"]
