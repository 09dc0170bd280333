"""Everything in its place: nothing wider than the window, nothing over something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..browser.capture import Box, Capture
from ..checks import check
from ..report import Finding
from .measured import STYLESHEETS, Content, Measured, below, content, findings, holds, middle, ramp, right

if TYPE_CHECKING:
    from ..subject import Subject


@check("look", weight=0.5)
def fit(subject: Subject) -> Iterator[Finding]:
    """Everything fits into the window, and nothing lies over something else."""
    yield from findings(subject, measure)


def measure(capture: Capture) -> Measured | None:
    """How well things keep to the window and apart."""
    page = content(capture)
    if not page.things:
        return None
    beyond = max([capture.too_wide, *(right(box) - capture.width for box in page.things)], default=0)
    off = sum(text.x < -2 or right(text) > capture.width + 2 for text in page.texts)
    apart = _apart(capture, page) * ramp(off / max(1, len(page.texts)), 0.3, 0.0)
    sideways = ramp(beyond, 0.35 * capture.width, 2)
    if sideways < apart:
        return Measured(sideways * apart, f"the page is {beyond:.0f} px wider than the window", "say less in one row")
    return Measured(sideways * apart, "things lie over each other", STYLESHEETS)


def _apart(capture: Capture, page: Content) -> float:
    """The share of words that nothing else lies over."""
    if not page.texts:
        return 1.0
    crossed = {flaw.text for flaw in capture.flaws if flaw.kind == "overlaps"}
    crossed |= {flaw.other for flaw in capture.flaws if flaw.kind == "overlaps"}
    found = sum(text.text in crossed for text in page.texts)
    for text in page.texts:
        if text.text not in crossed and not text.over_picture:
            found += any(_lies_over(text, other) for other in page.by_height.near(text) if other.kind != "text")
    return ramp(found / len(page.texts), 0.25, 0.0)


def _lies_over(text: Box, other: Box) -> bool:
    """Do words and a picture or a button cross: a part of one on a part of the other?"""
    wide = min(right(text), right(other)) - max(text.x, other.x)
    high = min(below(text), below(other)) - max(text.y, other.y)
    if wide <= 4 or high <= 0.35 * text.height or holds(other, text, 4):
        return False
    # A label too long for its button is cut off by it, and stands at its height.
    return other.kind == "image" or (other.height < 90 and abs(middle(text) - middle(other)) > 0.5 * text.height)
