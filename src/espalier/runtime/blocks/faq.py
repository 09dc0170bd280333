"""Questions that open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame
from .lines import items

if TYPE_CHECKING:
    from espalier.blueprint.blocks.faq import Faq
    from espalier.blueprint.schema import Page

    from ..visit import Visit


def render(block: Faq, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The lines."""
    frame = Frame(block, visit, page, this)
    made = frame.macros("content.html").faq(items(block.of), block.title, frame.text)
    return frame.placed(made)
