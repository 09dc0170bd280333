"""One of a few words, stored as the word; many as a JSON list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

FEW = 6  # so many choices all stand in sight

if TYPE_CHECKING:
    from ..display import Box, Display
    from ..visit import Form


class Choice(FieldKind):
    name = "choice"
    searchable = True
    indexed = True

    def checks(self, field: Field) -> dict[str, str]:
        if field.many:
            return {}
        words = ", ".join("'" + choice.replace("'", "''") + "'" for choice in field.choices)
        return {"choice": f"{{column}} IN ({words})"}

    def from_text(self, text: str, field: Field) -> Any:
        # A choice may hold a comma itself: the whole text is tried before it is divided.
        if field.many and text.strip() in field.choices:
            return [text.strip()]
        return super().from_text(text, field)

    def show(self, value: Any, field: Field, display: Display, full: bool = False) -> Markup | str:
        if not value:
            return ""
        chips = [display.ui.chip(one) for one in (value if field.many else [value])]
        return chips[0] if len(chips) == 1 else Markup('<span class="tags">{}</span>').format(Markup().join(chips))

    def given(self, form: Form, name: str, field: Field) -> list[str]:
        return [text for text in form.all(name) if text]

    def input(self, field: Field, box: Box) -> Markup:
        options = [(choice, choice) for choice in field.choices]
        if field.many:
            return box.draw("choices", options=options, value=list(box.values), many=True)
        if len(options) <= FEW and not box.bare and sum(map(len, field.choices)) <= 60:
            if not field.required and not box.value:
                return box.draw("choices", options=options, value="")
            if field.required or field.default is not None:
                return box.draw("choices", options=options, value=box.value, required=True)
            return box.draw("choices", options=[("", "Not set"), *options], value=box.value)
        return box.draw("select", options=options, value=box.value)
