"""People's marks on a record: likes, follows, saves, votes. Kept by the runtime, never typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class Marks(FieldType):
    name = "marks"
    says = "each person may mark the record once: likes, follows, saves, votes"
    value = "marks"
    aliases = ("mark", "likes", "votes", "follows")

    def read(self, text: str, field: Field) -> Any:
        raise ValueError("is marked by people with its button, not typed in")

    def sample(self, field: Field, index: int) -> str:
        return ""
