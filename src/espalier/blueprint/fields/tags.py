"""Several short words, as people write them, divided by commas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class Tags(FieldType):
    name = "tags"
    says = "several words, divided by commas"
    value = "list"
    aliases = ("labels", "keywords", "list", "array")
    largest = 1_000

    def read(self, text: str, field: Field) -> Any:
        super().read(text, field)
        words = dict.fromkeys(" ".join(word.split()) for word in text.replace("\n", ",").split(","))
        words.pop("", None)
        if len(words) > 30:
            raise ValueError("takes at most 30 tags")
        if any(len(word) > 40 for word in words):
            raise ValueError("takes tags of at most 40 characters")
        return list(words)

    def sample(self, field: Field, index: int) -> str:
        return ["new, local", "handmade", "local, seasonal, small"][index % 3]

    def wrong(self, field: Field) -> list[str]:
        return ["x" * 41]
