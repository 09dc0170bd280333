"""An amount of money, exact to the cent."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .base import FieldType, outside, read_range
from .number import plain

if TYPE_CHECKING:
    from ..field import Field

AMOUNT = re.compile(r"[+-]?\d{1,13}(?:\.\d{0,2})?")
AROUND = re.compile(r"^(?:[A-Z]{3}|[$€£¥₹])\s*|\s*(?:[A-Z]{3}|[$€£¥₹])$")


class Money(FieldType):
    name = "money"
    says = "an amount of money"
    value = "money"
    aliases = ("currency", "price", "amount", "cost", "dollars", "euro")
    parameters = ("range", "unit")

    def read(self, text: str, field: Field) -> Any:
        text = plain(AROUND.sub("", text))
        if not AMOUNT.fullmatch(text):
            raise ValueError("must be an amount such as 12.50")
        value = Decimal(text).quantize(Decimal("0.01"))
        read_range(field.parameter).check(float(value))
        return value

    def sample(self, field: Field, index: int) -> str:
        bounds = read_range(field.parameter)
        low = bounds.low if bounds.low is not None else min(10.0, bounds.high if bounds.high is not None else 10.0)
        high = bounds.high if bounds.high is not None else low + 1000
        return f"{low + (index * 2.5) % (high - low or 1):.2f}"

    def wrong(self, field: Field) -> list[str]:
        return ["free", "12.345", *outside(field.parameter, "{:.2f}")]
