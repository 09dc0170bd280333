"""What every measure of look needs: the content of a capture, soft thresholds, and a measure as a check's findings.

A measure is a pure function of one capture that gives a share in [0, 1] and what is wrong in words; None where there is
nothing to measure. It looks at the page's own part, not at what the platform puts around it. Which measures there are is in
the files beside this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol
from weakref import ref

from ..browser.capture import Box, Capture, captures
from ..report import Finding

if TYPE_CHECKING:
    from ..subject import Subject

STYLESHEETS = "the platform's stylesheets decide this: use another block, or tell who keeps them"
GOOD = 0.8  # a page above this needs no words
BAND = 96.0  # px
ICON = 40.0  # px; a picture smaller than this either way is an icon or a portrait in a line


@dataclass(frozen=True)
class Measured:
    """How good one page is in one respect: a share in [0, 1], and the worst of what is wrong in words, with a remedy."""

    share: float
    why: str = ""
    suggestion: str = ""


Measure = Callable[[Capture], Measured | None]


class Placed(Protocol):
    """Anything with a place on the page."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


def findings(subject: Subject, measure: Measure) -> Iterator[Finding]:
    """What a measure says of every page of an app at both widths, each met in part."""
    for capture in captures(subject):
        if (measured := measure(capture)) is not None:
            yield finding(capture, measured)


def finding(capture: Capture, measured: Measured) -> Finding:
    """What a measure says of one page."""
    where = f"{capture.page} as {capture.who}, {capture.width} px wide"
    if measured.share >= GOOD:
        return Finding(True, where, part=measured.share)
    return Finding(False, where, measured.why, measured.suggestion, part=measured.share)


@dataclass(frozen=True)
class Content:
    """The page's own part. texts, images, icons, controls and cards in the order of the page; top and bottom in px."""

    texts: Sequence[Box]
    images: Sequence[Box]
    icons: Sequence[Box]
    controls: Sequence[Box]
    cards: Sequence[Box]
    top: float
    bottom: float
    foot: float  # where it ends, in px from the page's top: the page's foot, or its end
    ground: str  # the page's own colour

    @cached_property
    def things(self) -> list[Box]:
        """What there is to see or use: words, pictures, controls."""
        return [*self.texts, *self.images, *self.controls]

    @cached_property
    def by_height(self) -> Bands:
        """The things, found by where they are."""
        return Bands(self.things)

    @cached_property
    def words_by_height(self) -> Bands:
        """The texts, found by where they are."""
        return Bands(self.texts)


class Bands:
    """Boxes, found by their height on the page: what may share a row with a box, without asking all."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._of: dict[int, list[Box]] = defaultdict(list)
        for box in boxes:
            for band in self._bands(box):
                self._of[band].append(box)

    def near(self, box: Box) -> list[Box]:
        """All whose height may overlap the box's, each once, itself too."""
        bands = self._bands(box)
        if len(bands) == 1:
            return self._of.get(bands[0], [])
        return list({id(other): other for band in bands for other in self._of.get(band, ())}.values())

    def within(self, outer: Box, slack: float = 1.0) -> list[Box]:
        """Those inside of a box."""
        return [box for box in self.near(outer) if holds(outer, box, slack)]

    @staticmethod
    def _bands(box: Box) -> range:
        return range(int(box.y // BAND), int((box.y + box.height) // BAND) + 1)


_known: dict[int, tuple[ref[Capture], Content]] = {}


def content(capture: Capture) -> Content:
    """The boxes of a capture without its head and its foot: what stands in a block, and from the first heading on down.

    Made once for a capture, for all measures.
    """
    key = id(capture)
    known = _known.get(key)
    if known is None or known[0]() is not capture:
        known = (ref(capture, lambda _: _known.pop(key, None)), _content(capture))
        _known[key] = known
    return known[1]


def _content(capture: Capture) -> Content:
    boxes = capture.boxes
    in_blocks = [box for box in boxes if box.block >= 0]
    heading = next((box for box in boxes if box.kind == "text" and box.tag == "h1"), None)
    tops = [box.y for box in in_blocks] + ([heading.y] if heading else [])
    top = min(tops, default=0.0)
    bottom = max(
        [box.y + box.height for box in in_blocks] + ([heading.y + heading.height] if heading else []), default=0.0
    )
    left = min([box.x for box in in_blocks] + ([heading.x] if heading else []), default=0.0)
    foot = _foot(boxes, left, top, bottom) or float(capture.height)
    inner = [
        box
        for box in boxes
        if box.block >= 0 or (top <= box.y and box.y + box.height <= foot + 1 and box.x >= left - 1)
    ]
    return Content(
        texts=[box for box in inner if box.kind == "text" and box.text.strip()],
        images=[box for box in inner if box.kind == "image" and min(box.width, box.height) >= ICON],
        icons=[box for box in inner if box.kind == "image" and min(box.width, box.height) < ICON],
        controls=[box for box in inner if box.kind == "control"],
        cards=[box for box in inner if box.kind == "card"],
        top=top,
        bottom=max([bottom, *(box.y + box.height for box in inner)]),
        foot=foot,
        ground=_ground(capture),
    )


def _foot(boxes: Sequence[Box], left: float, top: float, bottom: float) -> float | None:
    """Where the foot begins: the last rows of words outside of blocks that hold nothing but links and the app's name."""
    head = {box.text for box in boxes if box.kind == "text" and box.block < 0 and box.y < top}
    links = {(round(box.x), round(middle(box) / 16)) for box in boxes if box.kind == "control" and box.tag == "a"}
    after = [
        box
        for box in boxes
        if box.block < 0 and box.kind in ("text", "control") and box.y >= bottom and box.x >= left - 1
    ]
    foot = None
    for box in sorted(after, key=below, reverse=True):
        place = round(middle(box) / 16)
        known = box.tag == "a" or any((round(box.x), near) in links for near in (place - 1, place, place + 1))
        if not known and box.text not in head:
            break
        foot = box.y
    return foot


def _ground(capture: Capture) -> str:
    """The colour that most words outside of cards stand on."""
    counts: dict[str, float] = {}
    for box in capture.boxes:
        if box.kind == "text" and box.background:
            counts[box.background] = counts.get(box.background, 0) + 1
        elif box.kind == "block" and box.background:
            counts[box.background] = counts.get(box.background, 0) + 2
    return max(counts, key=lambda ground: counts[ground], default="#ffffff")


def ramp(value: float, bad: float, good: float) -> float:
    """0 at bad and beyond, 1 at good and beyond, a straight line between; bad may be the larger one."""
    return min(1.0, max(0.0, (value - bad) / (good - bad)))


def mean(shares: Iterable[float]) -> float | None:
    """Their mean; None of nothing."""
    found = list(shares)
    return sum(found) / len(found) if found else None


def weighted(parts: Iterable[tuple[float, float]]) -> float | None:
    """The mean of (weight, share) pairs; None when they weigh nothing."""
    found = list(parts)
    total = sum(weight for weight, _ in found)
    return sum(weight * share for weight, share in found) / total if total else None


def right(box: Placed) -> float:
    return box.x + box.width


def below(box: Placed) -> float:
    return box.y + box.height


def middle(box: Placed) -> float:
    """Half way down."""
    return box.y + box.height / 2


def beside(one: Placed, other: Placed) -> bool:
    """Do they share a row: is the shorter one's middle half in the height of the other?"""
    shared = min(below(one), below(other)) - max(one.y, other.y)
    return shared > 0.5 * min(one.height, other.height)


def over(one: Placed, other: Placed) -> bool:
    """Do they share a column?"""
    return min(right(one), right(other)) - max(one.x, other.x) > 0.2 * min(one.width, other.width)


def holds(outer: Placed, inner: Placed, slack: float = 1.0) -> bool:
    """Is one inside of the other?"""
    return (
        outer.x <= inner.x + slack
        and outer.y <= inner.y + slack
        and right(outer) >= right(inner) - slack
        and below(outer) >= below(inner) - slack
    )
