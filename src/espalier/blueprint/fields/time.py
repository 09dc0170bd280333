"""A time of day."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class Time(FieldType):
    name = "time"
    says = "a time of day"
    value = "time"
    aliases = ("hour", "clock")

    def read(self, text: str, field: Field) -> Any:
        try:
            hours, _, rest = text.partition(":")
            return datetime.time.fromisoformat(f"{int(hours):02d}:{rest}" if rest else text).replace(
                microsecond=0, tzinfo=None
            )
        except ValueError:
            raise ValueError("must be a time such as 14:30") from None

    def sample(self, field: Field, index: int) -> str:
        return f"{9 + index % 8:02d}:30"

    def wrong(self, field: Field) -> list[str]:
        return ["noonish", "25:00"]
