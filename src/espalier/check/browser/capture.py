"""What a browser saw of one page: the contract between the browser, which fills it in, and the measures of look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Box:
    """One visible thing on a page, in CSS pixels of the whole (scrolled) page.

    kind: text (a leaf that holds words), image (img, svg, canvas, background picture), control (button, link, input), card
    (anything with a border, shadow or background of its own), block (a block of the blueprint). block: the number of the
    block it stands in on the page, -1 outside of all. color and background are `#rrggbb` as computed.
    """

    kind: Literal["text", "image", "control", "card", "block"]
    tag: str
    x: float
    y: float
    width: float
    height: float
    block: int = -1
    text: str = ""
    font_size: float = 0
    font_weight: int = 0
    color: str = ""
    background: str = ""


@dataclass
class Capture:
    """One page at one width, as one person saw it. screenshot is a PNG of the whole page, at most 4,000 pixels high."""

    page: str  # its address
    who: str
    width: int  # of the window, CSS pixels
    height: int  # of the whole page
    screenshot: bytes = b""
    boxes: list[Box] = field(default_factory=list)
    seconds: float = 0
