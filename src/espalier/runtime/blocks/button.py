"""A button that leads somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame

if TYPE_CHECKING:
    from espalier.blueprint.blocks.button import Button
    from espalier.blueprint.schema import Page

    from ..visit import Visit


def render(block: Button, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The button, with words above it when there are some; nothing for people to whom the page it leads to is closed."""
    frame = Frame(block, visit, page, this)
    buttons = frame.buttons(block.of)
    # Words that ask for something without a way to do it would be a dead end.
    return frame.draw("button.html", buttons=buttons) if buttons else Markup()
