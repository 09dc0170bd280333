"""Even gaps: a heading stands nearer to what it heads than to what is above, rows of a kind stand equally far apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ..browser.capture import Box, Capture
from ..checks import check
from ..report import Finding
from .measured import STYLESHEETS, Content, Measured, below, content, findings, mean, over, ramp, weighted

if TYPE_CHECKING:
    from ..subject import Subject


@check("look", weight=0.25)
def rhythm(subject: Subject) -> Iterator[Finding]:
    """Gaps are even: headings stand close to what they head, and what is alike stands equally far apart."""
    yield from findings(subject, measure)


def measure(capture: Capture) -> Measured | None:
    """How even the gaps are. None where nothing repeats and there is no heading."""
    page = content(capture)
    near, rows = _near(page), _rows(page)
    parts = [(3.0, near)] if near is not None else []
    if rows is not None:
        parts.append((2.0, rows))
    share = weighted(parts)
    if share is None:
        return None
    worst = min(parts, key=lambda part: part[1])
    why = "rows of one kind are not equally far apart"
    if worst[1] == near:
        why = "headings stand further from what they head than from what is above them"
    return Measured(share, why, STYLESHEETS)


def _near(page: Content) -> float | None:
    """How well headings stand: a gap below that is not wider than the one above, and not far."""
    shares = []
    for heading in page.texts:
        if heading.tag not in ("h1", "h2", "h3"):
            continue
        others = [box for box in [*page.things, *page.cards] if box is not heading and over(heading, box)]
        under = [box.y - below(heading) for box in others if box.y >= below(heading) - 4]
        above = [heading.y - below(box) for box in others if below(box) <= heading.y + 4]
        if not under:
            continue
        gap = min(under)
        share = ramp(gap, 170, 80)
        if above and heading.tag != "h1":
            share *= ramp(gap - min(above), 80, 30)
        shares.append(share)
    return mean(shares)


def _rows(page: Content) -> float | None:
    """How even the steps between texts of one kind are that stand below each other."""
    kinds: dict[tuple[object, ...], list[Box]] = defaultdict(list)
    for text in page.texts:
        kinds[text.block, text.tag, text.font_size, text.font_weight, round(text.x / 3)].append(text)
    shares = []
    for alike in kinds.values():
        if len(alike) < 3:
            continue
        alike.sort(key=lambda box: box.y)
        steps = [after.y - below(one) for one, after in pairwise(alike)]
        usual = max(8.0, median(steps))
        shares += [ramp(abs(step - usual) / usual, 1.5, 0.4) for step in steps]
    return mean(shares)
