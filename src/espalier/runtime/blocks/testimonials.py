"""What others say. `Priya, Bedminster` is a name and who that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame
from .lines import Item, marked_up

if TYPE_CHECKING:
    from espalier.blueprint.blocks.testimonials import Testimonials
    from espalier.blueprint.schema import Page

    from ..visit import Visit


def render(block: Testimonials, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The quotes."""
    frame = Frame(block, visit, page, this)
    said = []
    for who, text in block.of.items():
        name, _, role = who.partition(",")
        said.append(Item(name.strip(), marked_up(text.strip().strip('"“”')), name=name.strip(), role=role.strip()))
    return frame.placed(frame.macros("content.html").testimonials(said, block.title, frame.text))
