"""One of a few words: `Open | Waiting | Closed`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class Choice(FieldType):
    name = "choice"
    says = "one of the words given, divided by ` | `"
    value = "choice"

    def read(self, text: str, field: Field) -> Any:
        if text in field.choices:
            return text
        same = {choice.casefold(): choice for choice in field.choices}
        if text.casefold() in same:
            return same[text.casefold()]
        raise ValueError(f"must be one of {', '.join(field.choices)}")

    def sample(self, field: Field, index: int) -> str:
        return field.choices[index % len(field.choices)]

    def wrong(self, field: Field) -> list[str]:
        return ["None of these"]
