"""Yes or no, stored as 1 or 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sqlalchemy import Boolean

from ...blueprint.field import Field
from ..look.environment import icon
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display
    from ..visit import Form


class Bool(FieldKind):
    name = "bool"
    column_type = Boolean(create_constraint=False)

    def checks(self, field: Field) -> dict[str, str]:
        return {"bool": "{column} IN (0, 1)"}

    def one_from_json(self, value: Any, field: Field) -> Any:
        return value if isinstance(value, bool) else super().one_from_json(value, field)

    def one_to_text(self, value: Any) -> str:
        return "yes" if value else "no"

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        if not value:
            return Markup('<span class="muted">No</span>') if full else ""
        word = "Yes" if full else Markup('<span class="visually-hidden">Yes</span>')
        return Markup('<span class="row">{}{}</span>').format(icon("check"), word)

    def given(self, form: Form, name: str, field: Field) -> list[str]:
        # A box that is not ticked is not sent.
        return ["true" if form.get(name) else "false"]

    def input(self, field: Field, box: Box) -> Markup:
        return box.draw("checkbox", checked=box.value in ("true", "yes"))
