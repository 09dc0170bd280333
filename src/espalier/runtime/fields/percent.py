"""A share of a whole, stored as 0 to 100."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from .number import Number, edges, grouped, number_input

if TYPE_CHECKING:
    from ..display import Box, Display


class Percent(Number):
    name = "percent"

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        return f"{grouped(round(value, 1))} %"

    def input(self, field: Field, box: Box) -> Markup:
        return number_input(box, unit="%", **edges(field.parameter))
