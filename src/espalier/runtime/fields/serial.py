"""A number that the app counts up by itself, stored as its text. Who counts is storage/serial.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box


class Serial(FieldKind):
    name = "serial"
    searchable = True

    def input(self, field: Field, box: Box) -> Markup:
        raise TypeError(f"{field.name} is counted by the app, nobody types it in")
