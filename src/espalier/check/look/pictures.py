"""Something to see: panels hold something, and a page has content enough to fill the first look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..browser.capture import Capture
from ..checks import check
from ..report import Finding
from .measured import Content, Measured, content, findings, holds, ramp

if TYPE_CHECKING:
    from ..subject import Subject


@check("look", weight=0.25)
def pictures(subject: Subject) -> Iterator[Finding]:
    """There is something to see: panels are not bare, and the page is not."""
    yield from findings(subject, measure)


def measure(capture: Capture) -> Measured | None:
    """How much there is to see. Panels without a picture or words in them count as bare."""
    page = content(capture)
    bare = _bare(capture, page)
    amount = _amount(page)
    found = [
        (ramp(bare, 0.45, 0.05), "large panels are bare", "give the pictures that belong there"),
        (amount, "there is hardly anything on the page", "show records, and seed some"),
    ]
    worst = min(found)
    return Measured(found[0][0] * (0.35 + 0.65 * found[1][0]), worst[1], worst[2])


def _bare(capture: Capture, page: Content) -> float:
    """The area of panels with hardly anything in them, as a share of the page's (at most its first three windows')."""
    window = capture.width * (900 if capture.width > 600 else 812)
    area = min(3.0 * window, capture.width * max(1.0, page.bottom - page.top))
    found = 0.0
    for card in page.cards:
        size = card.width * card.height
        if size < 0.02 * window or min(card.width, card.height) < 140:
            continue
        inside = [
            thing for thing in page.by_height.within(card, 3) if thing.kind == "image" or not holds(thing, card, 3)
        ]
        inner = sum(thing.width * thing.height for thing in inside)
        nested = any(
            other is not card and holds(card, other) and other.width * other.height > 0.2 * size for other in page.cards
        )
        if inner < 0.12 * size and len(inside) < 3 and not nested:
            found += size
    return found / area


def _amount(page: Content) -> float:
    """How much there is: pictures count by their size, words and controls one by one."""
    count = len(page.texts) + len(page.controls) * 0.5
    seen = sum(min(1.0, image.width * image.height / 120_000) for image in page.images)
    return ramp(count / 26 + seen / 2.5, 0.1, 1.0)
