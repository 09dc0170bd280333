"""Words that can be read: large enough, in lines of a good length, in portions, and clear of their ground."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from espalier.runtime.look.colours import contrast, parse

from ..browser.capture import Box, Capture
from ..checks import check
from ..report import Finding
from .measured import STYLESHEETS, Measured, content, findings, ramp, weighted

if TYPE_CHECKING:
    from ..subject import Subject

LETTER = 0.48  # of the font size: the width of a usual letter


@check("look")
def reading(subject: Subject) -> Iterator[Finding]:
    """Words are easy to read: large enough, in lines of a good length, in portions, clear of their ground."""
    yield from findings(subject, measure)


def measure(capture: Capture) -> Measured | None:
    """How well words can be read; every text counts by its letters. None without words."""
    texts = content(capture).texts
    if not texts:
        return None
    found = [
        (_of(texts, size), "words are too small (under 12 px) or too large", STYLESHEETS),
        (
            _of(texts, length),
            "lines are longer than 90 letters",
            "put long texts into a text block, which keeps lines short",
        ),
        (_of(texts, portion), "a text is a wall of words", "divide it into paragraphs with headings, or say less"),
        (_of(texts, clear), "words hardly stand out from their ground", "choose a darker or lighter colour"),
    ]
    worst = min(found)
    share = 1.0
    for one, _, _ in found:
        share *= one
    return Measured(share, worst[1], worst[2])


def _of(texts: Sequence[Box], judge: Callable[[Box], float]) -> float:
    share = weighted((letters(text), judge(text)) for text in texts)
    # When a third of the words cannot be read well, the page cannot.
    return 1.0 if share is None else ramp(share, 0.35, 0.98)


def letters(text: Box) -> float:
    """About how many letters it has: what fits in its lines."""
    if text.lines <= 1 or not text.font_size:
        return max(4.0, float(len(text.text)))
    return text.lines * text.width / (LETTER * text.font_size)


def size(text: Box) -> float:
    if text.tag in ("h1", "h2", "h3") or (text.lines < 2 and letters(text) < 12):
        return ramp(text.font_size, 8.5, 12)
    return ramp(text.font_size, 8.5, 12) * ramp(text.font_size, 34, 24)


def length(text: Box) -> float:
    """Of texts with more than one line."""
    if text.lines < 2 or text.font_size > 28:
        return 1.0
    return ramp(text.width / (LETTER * text.font_size), 165, 100)


def portion(text: Box) -> float:
    return ramp(text.lines, 30, 10)


def clear(text: Box) -> float:
    if not text.color or not text.background or text.disabled:
        return 1.0
    large = text.font_size >= 24 or (text.font_size >= 18.5 and text.font_weight >= 700)
    found = contrast(parse(text.color), parse(text.background))
    return ramp(found, 1.6, 2.9 if large else 4.3)
