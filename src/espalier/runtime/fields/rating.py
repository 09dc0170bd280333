"""Stars, stored as a number."""

from __future__ import annotations

from ...blueprint.field import Field
from .number import Number, range_check


class Rating(Number):
    name = "rating"

    def checks(self, field: Field) -> dict[str, str]:
        return range_check(field, field.parameter or "1..5")
