"""One line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box


class Text(FieldKind):
    name = "text"
    searchable = True

    def input(self, field: Field, box: Box) -> Markup:
        return box.draw("text", value=box.value, maxlength=field.type.largest)
