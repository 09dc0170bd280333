"""One to five stars, or the range that is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import read_range
from .number import Number

if TYPE_CHECKING:
    from ..field import Field


class Rating(Number):
    name = "rating"
    says = "stars, 1 to 5"
    value = "number"
    aliases = ("stars",)
    parameters = ("range",)

    def read(self, text: str, field: Field) -> Any:
        value = super().read(text, field)
        read_range(field.parameter or "1..5").check(value)
        return value

    def sample(self, field: Field, index: int) -> str:
        bounds = read_range(field.parameter or "1..5")
        low, high = int(bounds.low or 0), int(bounds.high or 5)
        return str(high - index % (high - low + 1))

    def wrong(self, field: Field) -> list[str]:
        bounds = read_range(field.parameter or "1..5")
        return ["great", f"{(bounds.high or 5) + 1:g}"]
