"""A day."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class Date(FieldType):
    name = "date"
    says = "a day"
    value = "date"
    aliases = ("day", "birthday")

    def read(self, text: str, field: Field) -> Any:
        try:
            # People paste a day with a time behind it; the day is what counts.
            day = datetime.date.fromisoformat(text[:10] if text[10:11] in ("T", " ") else text)
        except ValueError:
            raise ValueError("must be a date such as 2027-03-31") from None
        if not 1000 <= day.year <= 9999:
            raise ValueError("must be a date after the year 1000")
        return day

    def sample(self, field: Field, index: int) -> str:
        return (datetime.date(2027, 3, 1) + datetime.timedelta(days=index)).isoformat()

    def wrong(self, field: Field) -> list[str]:
        return ["soon", "2027-02-30", "0001-01-01"]
