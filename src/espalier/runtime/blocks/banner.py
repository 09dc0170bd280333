"""One line that everybody should read: a slim notice at the top of a page, a wide band further down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame
from .lines import marked_up

if TYPE_CHECKING:
    from espalier.blueprint.blocks.banner import Banner
    from espalier.blueprint.schema import Page

    from ..visit import Visit


def render(block: Banner, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The banner."""
    frame = Frame(block, visit, page, this)
    words = marked_up(block.of)
    buttons = frame.buttons(block.button)
    if frame.at == 0:
        return frame.draw("banner.html", words=words, buttons=buttons)
    made = frame.macros("content.html").banner(words, frame.text, buttons[0] if buttons else None)
    return frame.placed(made)
