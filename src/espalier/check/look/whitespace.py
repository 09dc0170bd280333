"""Room to breathe: not crammed (words against the edges of buttons, cards and the window), not empty (long voids)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..browser.capture import Capture
from ..checks import check
from ..report import Finding
from .measured import STYLESHEETS, Content, Measured, below, content, findings, mean, ramp, right

if TYPE_CHECKING:
    from ..subject import Subject


@check("look", weight=0.5)
def whitespace(subject: Subject) -> Iterator[Finding]:
    """There is room around things, and no large void between them."""
    yield from findings(subject, measure)


def measure(capture: Capture) -> Measured | None:
    """How well room is used."""
    page = content(capture)
    if not page.things:
        return Measured(0.0, "there is nothing on the page", "put a block on it")
    void, longest = _void(capture, page)
    found = [
        (
            void,
            f"{longest:.0f} px of the page have nothing on them",
            "show something there, or give the page fewer blocks",
        ),
        (_padding(page), "words touch the edges of their buttons and cards", STYLESHEETS),
        (_margin(capture, page), "words stand at the edge of the window", STYLESHEETS),
        (
            _between(page),
            "blocks follow each other without room between them",
            STYLESHEETS,
        ),
        (_nesting(page), "there are frames in frames in frames", STYLESHEETS),
        (_leading(page), "lines stand too close to each other", STYLESHEETS),
    ]
    known = [(share, why, remedy) for share, why, remedy in found if share is not None]
    worst = min(known)
    rest = [share for share, _, _ in known]
    # The worst counts most: room in some places does not make up for none in another.
    return Measured(0.75 * worst[0] + 0.25 * sum(rest) / len(rest), worst[1], worst[2])


def _void(capture: Capture, page: Content) -> tuple[float, float]:
    """How small the longest stretch without anything is, and its length in px.

    What is left at the end of a short page counts half: there is nothing it divides.
    """
    seen = sorted(
        ((box.y, below(box)) for box in page.things if box.height < 0.8 * capture.height), key=lambda it: it[0]
    )
    reached, longest = (seen[0][0] if seen else page.top), 0.0
    for top, bottom in seen:
        longest = max(longest, top - reached)
        reached = max(reached, bottom)
    last = page.foot - reached - 60
    between, after = ramp(longest, 520, 160), 0.5 + 0.5 * ramp(last, 520, 160)
    return (between, longest) if between <= after else (after, last)


def _padding(page: Content) -> float | None:
    """How far words stand from the sides of the buttons and cards that hold them."""
    shares = []
    for frame in page.controls:
        inner = page.words_by_height.within(frame) if frame.tag in ("button", "select") else []
        if len(inner) == 1:
            shares.append(ramp(min(inner[0].x - frame.x, right(frame) - right(inner[0])), 1.5, 7))
    for card in page.cards:
        if card.height < 40:
            continue
        inner = page.words_by_height.within(card)
        if inner and card.width < 0.9 * 1440:
            shares.append(ramp(min(text.x - card.x for text in inner), 1.5, 7))
    return mean(shares)


def _margin(capture: Capture, page: Content) -> float | None:
    """How far words stand from the sides of the window."""
    nearest = [
        min(text.x, capture.width - right(text))
        for text in page.texts
        if not text.over_picture and right(text) < capture.width - 1  # what is cut there can be scrolled to
    ]
    return mean(ramp(one, 4, 16) for one in nearest)


def _between(page: Content) -> float | None:
    """How much room there is between blocks: from the last thing of one to the first of the next."""
    shares = []
    reached: float | None = None
    for number in sorted({box.block for box in page.things if box.block >= 0}):
        things = [box for box in page.things if box.block == number]
        if reached is not None:
            shares.append(ramp(min(box.y for box in things) - reached, 4, 26))
        reached = max(below(box) for box in things)
    return mean(shares)


def _nesting(page: Content) -> float | None:
    """How few frames and grounds lie around words, one in another."""
    if not page.texts:
        return None
    depth = sum(len(page.words_by_height.within(card, 2)) for card in page.cards) / len(page.texts)
    return ramp(depth, 4.8, 2.8)


def _leading(page: Content) -> float | None:
    """How far the lines of a text stand apart, in font sizes, weighed by their number."""
    shares = []
    for text in page.texts:
        large = text.font_size > 20 or text.font_weight >= 600
        if text.lines >= 2 and text.font_size and not large:
            step = (text.height / text.font_size - 1.2) / (text.lines - 1)
            if step > 0.98:  # else several of them stand in one line: words around a link
                shares += [ramp(step, 1.0, 1.25)] * min(6, text.lines)
    return mean(shares)
