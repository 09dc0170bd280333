"""A colour, stored as its hex code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display


class Color(FieldKind):
    name = "color"

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        swatch: Markup = display.ui.swatch(value)
        return swatch

    def input(self, field: Field, box: Box) -> Markup:
        if field.required or box.value.startswith("#"):
            return box.draw("colour", value=box.value or "#0f766e")
        # The browser's own colour box always sends a colour; one that may be left out is typed in.
        return box.draw("text", value=box.value, placeholder="#0f766e", maxlength=40)
