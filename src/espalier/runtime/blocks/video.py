"""A film: played here when it is a file; one on a film site is a card that leads there, so that nobody watches who came by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from .frame import Frame

if TYPE_CHECKING:
    from espalier.blueprint.blocks.video import Video
    from espalier.blueprint.schema import Page

    from ..visit import Visit

FILE = re.compile(r"\.(mp4|webm|ogv|m4v|mov)$", re.IGNORECASE)


def render(block: Video, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The player, or the card."""
    frame = Frame(block, visit, page, this)
    said = block.of.strip()
    parts = urlsplit(said if re.match(r"https?://|/", said) else "")
    film = link = ""
    if parts.scheme == "" and FILE.search(parts.path):
        film = visit.url(parts.path)
    elif parts.scheme == "https" and FILE.search(parts.path):
        try:
            visit.allow("media-src", f"https://{parts.netloc}")
            film = said
        except ValueError:
            link = said
    elif parts.netloc:
        link = said
    host = parts.netloc.removeprefix("www.")
    about = visit.app.blueprint
    words = block.title or block.text or (about.app if link or film else said)
    return frame.draw("video.html", film=film, link=link, host=host, words=words, hint=f"{about.app} {about.about}")
