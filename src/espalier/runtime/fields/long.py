"""Text of several paragraphs, stored as the Markdown that was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display


class Long(FieldKind):
    name = "long"
    searchable = True

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        from ..markdown import plain, safe_html

        return Markup('<div class="prose">{}</div>').format(safe_html(value)) if full else plain(value)

    def input(self, field: Field, box: Box) -> Markup:
        if box.bare:
            return box.draw("text", value=box.value, maxlength=field.type.largest)
        return box.draw("textarea", value=box.value, maxlength=field.type.largest)
