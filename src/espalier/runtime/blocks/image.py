"""A picture: from an address, or drawn for its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame
from .hero import picture

if TYPE_CHECKING:
    from espalier.blueprint.blocks.image import Image
    from espalier.blueprint.schema import Page

    from ..visit import Visit


def render(block: Image, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The picture with its caption."""
    frame = Frame(block, visit, page, this)
    url = picture(visit, block.url) or picture(visit, block.of)
    caption = block.title or ("" if url == block.of else block.of)
    about = visit.app.blueprint
    return frame.draw("image.html", url=url, caption=caption, hint=f"{about.app} {about.about}")
