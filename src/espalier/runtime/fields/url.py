"""The address of a web page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display


class Url(FieldKind):
    name = "url"
    searchable = True

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        if not value.startswith(("https://", "http://")):
            return str(value)
        words = value.partition("://")[2].removeprefix("www.").rstrip("/")
        words = words if full or len(words) <= 40 else f"{words[:39]}…"
        return Markup('<a class="link" href="{}" rel="nofollow ugc noopener noreferrer" target="_blank">{}</a>').format(
            value, words
        )

    def input(self, field: Field, box: Box) -> Markup:
        # Not type="url": people write `example.com`, which a browser would refuse.
        return box.draw("text", value=box.value, inputmode="url", maxlength=field.type.largest, placeholder="https://")
