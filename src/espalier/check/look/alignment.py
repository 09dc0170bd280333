"""Edges that meet: lines of things begin at few common edges, blocks share the page's column, cards of a row stand level."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..browser.capture import Box, Capture
from ..checks import check
from ..report import Finding
from .measured import (
    STYLESHEETS,
    Bands,
    Content,
    Measured,
    beside,
    content,
    findings,
    holds,
    mean,
    middle,
    ramp,
    right,
    weighted,
)

if TYPE_CHECKING:
    from ..subject import Subject

SLACK = 2.0  # px
INLINE = 26.0  # px; what follows this close in a line is not the beginning of a column
FEW = 8  # beginnings of lines; of fewer nothing can be said
HEADINGS = ("h1", "h2", "h3")


@check("look", weight=0.25)
def alignment(subject: Subject) -> Iterator[Finding]:
    """Things line up: common edges, one column for the page, cards of a row at one height."""
    yield from findings(subject, measure)


def measure(capture: Capture) -> Measured | None:
    """How much lines up. None for a page with hardly anything on it."""
    page = content(capture)
    starts = beginnings(page)
    if len(starts) < FEW / 2:
        return None
    edges = _edges(starts)
    column, level = _column(capture, page), _level(page)
    column = None if column is None else ramp(column, 0.45, 1.0)
    level = None if level is None else ramp(level, 0.4, 1.0)
    lines = ramp(edges, 0.5, 0.9) if len(starts) >= FEW else None
    found = [
        (5.0, lines, f"{1 - edges:.0%} of the lines begin where nothing else begins"),
        (4.0, column, "blocks and their headings do not begin at the page's left edge"),
        (3.0, level, "cards that stand side by side are not level"),
    ]
    known = [(weight, share, why) for weight, share, why in found if share is not None]
    share = weighted((weight, share) for weight, share, _ in known)
    if share is None:
        return None
    return Measured(share, min(known, key=lambda part: part[1])[2], STYLESHEETS)


def beginnings(page: Content) -> list[Box]:
    """What begins a line or a column: words, controls and pictures with nothing close to their left."""
    framed = [one for one in page.controls if one.tag in ("input", "select", "textarea", "button") or one.text]
    low = [(one, page.words_by_height.within(one)) for one in framed if one.height < 90]
    labels = {id(text) for control, words in low for text in words if control.width - text.width > 12}
    # A link around several lines of words is no button, and one around a picture stands for the picture.
    buttons = [one for one, words in low if len(words) <= 1 and not any(holds(one, image) for image in page.images)]
    marked = [(card, page.words_by_height.within(card)) for card in page.cards if card.height < 48]
    chips = [card for card, words in marked if len(words) == 1]
    labels |= {id(words[0]) for _, words in marked if len(words) == 1}
    # An icon counts where it stands before words, not inside of a button.
    icons = [icon for icon in page.icons if not any(one.height < 90 and holds(one, icon) for one in framed)]
    things = [*(text for text in page.texts if id(text) not in labels), *chips, *buttons, *page.images, *icons]
    single = list({(round(one.x), round(one.y / 16), round(one.width / 8)): one for one in reversed(things)}.values())
    by_height = Bands(single)
    return [
        one
        for one in single
        if not any(
            other.x < one.x and -2 <= one.x - right(other) < INLINE and other is not one and beside(one, other)
            for other in by_height.near(one)
        )
    ]


class Near:
    """Boxes by one of their edges."""

    def __init__(self, boxes: Iterable[Box], edge: Callable[[Box], float]) -> None:
        self._edge = edge
        self._at: dict[int, list[Box]] = defaultdict(list)
        for box in boxes:
            self._at[round(edge(box) / SLACK)].append(box)

    def like(self, box: Box) -> list[Box]:
        """Those with the edge at the same place, itself too."""
        place = self._edge(box)
        at = round(place / SLACK)
        found = (other for bucket in (at - 1, at, at + 1) for other in self._at.get(bucket, ()))
        return [other for other in found if abs(self._edge(other) - place) <= SLACK]

    def others(self, box: Box) -> bool:
        """Is there one in another row?"""
        return any(other is not box and not beside(box, other) for other in self.like(box))


def _edges(starts: Sequence[Box]) -> float:
    """The share that begins (or ends) at an edge of another row, or stands in a row of three.

    A common middle counts as long as it is the exception.
    """
    met = centred = 0
    lefts, ends = Near(starts, lambda box: box.x), Near(starts, right)
    rows, middles = Near(starts, middle), Near(starts, lambda box: (box.x + right(box)) / 2)
    for box in starts:
        if lefts.others(box) or ends.others(box) or len(rows.like(box)) >= 3:
            met += 1
        elif middles.others(box):
            centred += 1
    return (met + centred * ramp(centred / len(starts), 0.8, 0.35)) / len(starts)


def _column(capture: Capture, page: Content) -> float | None:
    """The share of blocks that begin at the page's edge, or stand in its middle; and of headings over what they head."""
    lefts: list[float] = []
    spans: list[tuple[float, float]] = []
    heads_over: list[
        tuple[float, float]
    ] = []  # how far a heading is off what it heads, and where the middle of that is
    for number in sorted({box.block for box in page.things}):
        things = [box for box in page.things if box.block == number]
        cards = [box for box in page.cards if box.block == number]
        left, end = min(box.x for box in things), max(right(box) for box in things)
        frame = min([left, *(card.x for card in cards)])
        lefts.append(round(frame))
        spans.append((frame, max([end, *(right(card) for card in cards)])))
        heads = [box for box in things if box.kind == "text" and box.tag in HEADINGS[:2]]
        rest = [
            box
            for box in things
            if (box.kind != "text" or box.tag not in HEADINGS) and heads and box.y > middle(heads[0])
        ]
        if heads and rest:
            under = min(box.x for box in [*rest, *(card for card in cards if card.y > heads[0].y)])
            end = max(right(box) for box in rest)
            inside = any(holds(card, heads[0]) for card in cards)
            heads_over.append((abs(heads[0].x - under) if not inside else 0.0, (under + end) / 2))
    if not lefts:
        return None
    usual, _ = Counter(lefts).most_common(1)[0]
    centre = (min(left for left, _ in spans) + max(end for _, end in spans)) / 2
    shares = [1.0 if abs(between - centre) <= 12 else ramp(off, 40, 12) for off, between in heads_over]
    for left, end in spans:
        bleeds = left <= 30 or end >= capture.width - 30
        centred = abs((left + end) / 2 - centre) <= 12 or abs((left + end) / 2 - capture.width / 2) <= 12
        shares.append(1.0 if abs(left - usual) <= 2 * SLACK or bleeds or centred else 0.0)
    return mean(shares)


def _level(page: Content) -> float | None:
    """The share of neighbours in a row, alike in width, whose tops are level and that do not lie over each other."""
    frames = [*page.images, *(card for card in page.cards if card.width > 90 and card.height > 50)]
    shares = []
    by_height = Bands(frames)
    for one in frames:
        for other in by_height.near(one):
            if other.x <= one.x:
                continue  # each pair once
            alike = (
                abs(one.width - other.width) <= 0.03 * one.width and abs(one.height - other.height) <= 0.5 * one.height
            )
            if not alike or holds(one, other) or holds(other, one):
                continue
            apart = max(other.x - right(one), one.x - right(other))
            if beside(one, other) and apart < 80:
                shares.append(1.0 if abs(one.y - other.y) <= SLACK and apart >= -1.5 else 0.0)
    return mean(shares)
