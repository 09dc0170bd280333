"""An uploaded picture, stored like a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from .file import File

SMALL = Markup(' width="48" height="48"')

if TYPE_CHECKING:
    from ..display import Display


class Image(File):
    name = "image"

    def show(self, value: Any, field: Field, display: Display, full: bool = False) -> Markup | str:
        names = [value] if isinstance(value, str) else value or []
        drawn = [
            Markup('<a href="{}"><img src="{}" alt="{}" loading="lazy"{}></a>').format(
                display.file_url(name), display.file_url(name, 960 if full else 96), field.label, "" if full else SMALL
            )
            for name in names
        ]
        if not full or len(drawn) < 2:
            return Markup().join(drawn)
        items = [Markup('<li class="gallery-item">{}</li>').format(one) for one in drawn]
        return Markup('<ul class="gallery">{}</ul>').format(Markup().join(items))
