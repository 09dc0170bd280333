"""A share of a whole, 0 to 100."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .number import Number

if TYPE_CHECKING:
    from ..field import Field


class Percent(Number):
    name = "percent"
    says = "a percentage, 0 to 100"
    value = "number"
    aliases = ("percentage",)
    parameters = ("range",)

    def read(self, text: str, field: Field) -> Any:
        return super().read(text.removesuffix("%").strip(), field)
