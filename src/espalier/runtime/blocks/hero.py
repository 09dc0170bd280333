"""The opening of a page: a headline, a sentence, a button, and a picture drawn for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame

if TYPE_CHECKING:
    from espalier.blueprint.blocks.hero import Hero
    from espalier.blueprint.schema import Page

    from ..visit import Visit

ADDRESS = re.compile(r"(https://[^\s\"'<>]+|/files/[\w.-]+)")


def picture(visit: Visit, words: str) -> str | None:
    """The address of the picture, when the words are one (then the page may load it); otherwise it is drawn for the words."""
    words = words.strip()
    if not ADDRESS.fullmatch(words):
        return None
    if words.startswith("/"):
        return visit.url(words)
    origin = "/".join(words.split("/")[:3])
    try:
        visit.allow("img-src", origin)
    except ValueError:
        return None
    return words


def render(block: Hero, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The hero."""
    frame = Frame(block, visit, page, this)
    url = picture(visit, block.image)
    about = visit.app.blueprint
    words = block.image if block.image and not url else f"{block.of} {block.text}"
    return frame.draw(
        "hero.html", buttons=frame.buttons(block.button), picture=url, words=words, hint=f"{about.app} {about.about}"
    )
