"""An uploaded file, stored as the name under which the app keeps it; several as a JSON list of names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...blueprint.field import Field
from ..render import fragment
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display
    from ..visit import Form


class File(FieldKind):
    name = "file"

    def show(self, value: Any, field: Field, display: Display, full: bool = False) -> Markup | str:
        from ..files import originals

        names = [value] if isinstance(value, str) else value or []
        called = originals(display.visit.app, names)
        links = [
            Markup('<a class="link" href="{}">{}</a>').format(display.file_url(name), called.get(name, "File"))
            for name in names
        ]
        return Markup(", ").join(links)

    def given(self, form: Form, name: str, field: Field) -> list[str] | None:
        # The uploads themselves are kept first, by forms/; these are the names of those that stay.
        return [text for text in form.all(f"{name}-kept") if text] if f"{name}-kept" in form else None

    def input(self, field: Field, box: Box) -> Markup:
        from ..files import originals

        picture = self.name == "image"
        names = [*box.values, *(name for name in box.kept if name not in box.values)]
        called = originals(box.display.visit.app, names)
        shown = [
            (name, called.get(name, "File"), box.display.file_url(name, 96 if picture else None)) for name in names
        ]
        return fragment(box.display.visit, "forms/upload.html", box=box, field=field, picture=picture, names=shown)
