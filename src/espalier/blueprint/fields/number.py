"""A number with decimals, with a range or a unit."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, ClassVar

from .base import FieldType, outside, read_range

if TYPE_CHECKING:
    from ..field import Field

DECIMAL = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+(?:\.\d+)?")


def plain(text: str) -> str:
    """Drop what people write between digits: `1,250.50` becomes `1250.50`, and `12,5` becomes `12.5`."""
    if GROUPED.fullmatch(text):
        return re.sub(r"[ ,\u00a0\u202f]", "", text)
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


class Number(FieldType):
    name = "number"
    says = "a number with decimals"
    value = "number"
    aliases: ClassVar[tuple[str, ...]] = ("float", "decimal", "double", "numeric", "real")
    parameters: ClassVar[tuple[str, ...]] = ("range", "unit")

    def read(self, text: str, field: Field) -> Any:
        text = plain(text)
        if not DECIMAL.fullmatch(text):
            raise ValueError("must be a number")
        value = float(text)
        if not math.isfinite(value):
            raise ValueError("must be a number")
        read_range(field.parameter).check(value)
        return value

    def sample(self, field: Field, index: int) -> str:
        bounds = read_range(field.parameter)
        low = bounds.low if bounds.low is not None else min(1.0, bounds.high if bounds.high is not None else 1.0)
        high = bounds.high if bounds.high is not None else low + 1000
        return f"{low + (index * 0.5) % (high - low or 1):g}"

    def wrong(self, field: Field) -> list[str]:
        return ["a lot", "1.2.3", *outside(field.parameter)]
