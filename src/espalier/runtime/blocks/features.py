"""What makes this place what it is: a title, an icon that its words suggest, a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame
from .lines import items

if TYPE_CHECKING:
    from espalier.blueprint.blocks.features import Features
    from espalier.blueprint.schema import Page

    from ..visit import Visit


def render(block: Features, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The lines."""
    frame = Frame(block, visit, page, this)
    made = frame.macros("content.html").features(items(block.of), block.title, frame.text)
    return frame.placed(made)
