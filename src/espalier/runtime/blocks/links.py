"""Links, each a wide line: to a page of the app, to a web or mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from .frame import Frame
from .lines import Item

if TYPE_CHECKING:
    from espalier.blueprint.blocks.links import Links
    from espalier.blueprint.schema import Page

    from ..visit import Visit

SAFE = ("http://", "https://", "mailto:", "tel:", "/", "#")


def item(frame: Frame, title: str, to: str) -> Item:
    """One link; an address without a scheme is a web address."""
    to = to.strip()
    if frame.visit.app.blueprint.meaning.target_of(to, frame.page) is None and "." in to:
        to = f"mailto:{to}" if "@" in to and "/" not in to else f"https://{to}"
    url = frame.target(to)
    if not url.lower().startswith(SAFE):
        url = frame.visit.url("/")
    parts = urlsplit(url)
    return Item(title, parts.netloc.removeprefix("www.") if parts.netloc else "", url)


def render(block: Links, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The links."""
    frame = Frame(block, visit, page, this)
    found = [item(frame, title, to) for title, to in block.of.items()]
    return frame.placed(frame.macros("content.html").links(found, block.title, frame.text))
