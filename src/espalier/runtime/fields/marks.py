"""People's marks on a record, kept in a link table to people; the value shown is their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sqlalchemy import Column

from ...blueprint.field import Field
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display


class Marks(FieldKind):
    name = "marks"

    def column(self, field: Field) -> Column[Any] | None:
        return None

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        return f"{value:,}"

    def input(self, field: Field, box: Box) -> Markup:
        raise TypeError(f"{field.name} is marked with its button, nobody types it in")
