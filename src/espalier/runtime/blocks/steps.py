"""How it goes, numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame
from .lines import items

if TYPE_CHECKING:
    from espalier.blueprint.blocks.steps import Steps
    from espalier.blueprint.schema import Page

    from ..visit import Visit


def render(block: Steps, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The lines."""
    frame = Frame(block, visit, page, this)
    made = frame.macros("content.html").steps(items(block.of), block.title, frame.text)
    return frame.placed(made)
