"""A place: an address, or `latitude, longitude`, stored as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box


class Location(FieldKind):
    name = "location"
    searchable = True

    def input(self, field: Field, box: Box) -> Markup:
        return box.draw("text", value=box.value, maxlength=field.type.largest, autocomplete="street-address")
