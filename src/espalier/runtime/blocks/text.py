"""Prose in Markdown, made safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ..markdown import safe_html
from .frame import Frame

if TYPE_CHECKING:
    from espalier.blueprint.blocks.text import Text
    from espalier.blueprint.schema import Page

    from ..visit import Visit


def render(block: Text, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The text."""
    frame = Frame(block, visit, page, this)
    made = frame.macros("content.html").prose(safe_html(block.text), block.title)
    return frame.placed(made)
