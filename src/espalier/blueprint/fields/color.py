"""A colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..colors import hex_of
from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class Color(FieldType):
    name = "color"
    says = "a colour"
    value = "text"
    aliases = ("colour",)

    def read(self, text: str, field: Field) -> Any:
        return hex_of(text)

    def sample(self, field: Field, index: int) -> str:
        return ["#0f766e", "#b45309", "#7c2d12", "#1d4ed8"][index % 4]

    def wrong(self, field: Field) -> list[str]:
        return ["nice", "#12"]
