"""Stars, stored as a number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from ...blueprint.fields import read_range
from .number import Number, decimal_text, edges, number_input, range_check

MOST_STARS = 10

if TYPE_CHECKING:
    from ..display import Box, Display


class Rating(Number):
    name = "rating"

    def checks(self, field: Field) -> dict[str, str]:
        return range_check(field, field.parameter or "1..5")

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        most = int(read_range(field.parameter or "1..5").high or 5)
        if most > MOST_STARS:
            return f"{decimal_text(value)} of {most}"
        stars: Markup = display.ui.rating(float(f"{value:.1f}"), most)
        return stars

    def input(self, field: Field, box: Box) -> Markup:
        bounds = read_range(field.parameter or "1..5")
        most = int(bounds.high or 5)
        if most > MOST_STARS or box.bare:
            return number_input(box, **edges(field.parameter or "1..5"))
        # Only a number of stars is one of the stars.
        value = int(float(box.value)) if re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,9})?", box.value) else None
        return box.draw("stars", value=value, most=most)
