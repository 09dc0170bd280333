"""A telephone number, stored as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display


class Phone(FieldKind):
    name = "phone"
    searchable = True

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        return Markup('<a class="link" href="tel:{}">{}</a>').format("".join(value.split()), value)

    def input(self, field: Field, box: Box) -> Markup:
        return box.draw("text", value=box.value, type="tel", maxlength=40, autocomplete="tel")
