"""The people, each with a portrait drawn for the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame
from .lines import items

if TYPE_CHECKING:
    from espalier.blueprint.blocks.team import Team
    from espalier.blueprint.schema import Page

    from ..visit import Visit


def render(block: Team, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The lines."""
    frame = Frame(block, visit, page, this)
    made = frame.macros("content.html").team(items(block.of), block.title, frame.text)
    return frame.placed(made)
