"""A whole number, with a range or a unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .base import FieldType, outside, read_range

if TYPE_CHECKING:
    from ..field import Field

WHOLE = re.compile(r"[+-]?\d{1,18}")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+")


class Int(FieldType):
    name = "int"
    says = "a whole number"
    value = "int"
    aliases = ("integer", "count", "whole", "bigint", "year")
    parameters = ("range", "unit")

    def read(self, text: str, field: Field) -> Any:
        if GROUPED.fullmatch(text):
            text = re.sub(r"[ ,\u00a0\u202f]", "", text)
        if not WHOLE.fullmatch(text):
            raise ValueError("must be a whole number")
        value = int(text)
        read_range(field.parameter).check(value)
        return value

    def sample(self, field: Field, index: int) -> str:
        bounds = read_range(field.parameter)
        low = int(bounds.low) if bounds.low is not None else min(1, int(bounds.high if bounds.high is not None else 1))
        high = int(bounds.high) if bounds.high is not None else low + 1000
        return str(low + index % (high - low + 1))

    def wrong(self, field: Field) -> list[str]:
        return ["seven", "1.5", *outside(field.parameter, "{:.0f}")]
