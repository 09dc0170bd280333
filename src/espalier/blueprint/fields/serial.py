"""A number that the app counts up by itself: INV-0001, INV-0002."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field

START = re.compile(r"(?P<prefix>[^\s\d=!|][^\s=!|]*?)??(?P<digits>\d{1,9})")


class Serial(FieldType):
    name = "serial"
    says = "a running number that the app gives (`serial INV-0001`)"
    value = "text"
    aliases = ("autonumber", "sequence", "running", "autoincrement")
    parameters = ("start",)

    def check_parameter(self, text: str) -> None:
        if not START.fullmatch(text) or len(text) > 20:
            raise ValueError(f"`{text}` does not fit here: write where to start, such as `serial INV-0001`")

    def read(self, text: str, field: Field) -> Any:
        return super().read(text, field)

    def at(self, field: Field, number: int) -> str:
        """The text of the number-th serial (from 0)."""
        match = START.fullmatch(field.parameter or "1")
        assert match
        return f"{match['prefix'] or ''}{int(match['digits']) + number:0{len(match['digits'])}d}"

    def sample(self, field: Field, index: int) -> str:
        return self.at(field, index)
