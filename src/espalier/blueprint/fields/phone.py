"""A telephone number, kept as it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field

PHONE = re.compile(r"\+?[\d\s()./\-]{3,30}(?:\s?(?:x|ext\.?)\s?\d{1,6})?")


class Phone(FieldType):
    name = "phone"
    says = "a telephone number"
    value = "text"
    aliases = ("tel", "telephone", "mobile")

    def read(self, text: str, field: Field) -> Any:
        # Numbers differ too much between countries to demand more than digits.
        if not PHONE.fullmatch(text) or sum(letter.isdigit() for letter in text) < 3:
            raise ValueError("must be a telephone number such as 555 0100")
        return " ".join(text.split())

    def sample(self, field: Field, index: int) -> str:
        return f"555 {100 + index:04d}"

    def wrong(self, field: Field) -> list[str]:
        return ["call me", "12"]
