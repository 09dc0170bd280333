"""Anything a program may want to keep, as JSON."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class Json(FieldType):
    name = "json"
    says = "data as JSON"
    value = "json"
    aliases = ("object", "dict", "data", "jsonb")
    largest = 100_000

    def read(self, text: str, field: Field) -> Any:
        super().read(text, field)
        try:
            return json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
        except (ValueError, RecursionError):
            raise ValueError('must be JSON such as {"size": 3}') from None

    def sample(self, field: Field, index: int) -> str:
        return json.dumps({"size": index})

    def wrong(self, field: Field) -> list[str]:
        return ["{size: 3", "NaN"]


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _whole(text: str) -> int:
    # What no floating point number holds would be infinite in a column of SQLite, and is for most readers of JSON.
    _finite(text)
    return int(text)


def _refuse(word: str) -> None:
    raise ValueError(word)
