"""A moment: day and time."""

from __future__ import annotations

import datetime as clock
from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class DateTime(FieldType):
    name = "datetime"
    says = "a day and a time"
    value = "datetime"
    aliases = ("timestamp", "moment", "starts", "datetimelocal")

    def read(self, text: str, field: Field) -> Any:
        try:
            moment = clock.datetime.fromisoformat(text)
        except ValueError:
            raise ValueError("must be a date and time such as 2027-03-31 14:00") from None
        if moment.tzinfo is not None:
            # Apps keep one clock, their own; a moment given with a zone is brought to it.
            moment = moment.astimezone().replace(tzinfo=None)
        if not 1000 <= moment.year <= 9999:
            raise ValueError("must be a date after the year 1000")
        return moment.replace(microsecond=0)

    def sample(self, field: Field, index: int) -> str:
        return (clock.datetime(2027, 3, 1, 9, 0) + clock.timedelta(hours=index)).strftime("%Y-%m-%d %H:%M")

    def wrong(self, field: Field) -> list[str]:
        return ["later", "2027-02-30 10:00", "2027-03-01 25:00"]
