"""What matters most is largest: one main heading, headings larger than what they head, few sizes, clear steps."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

from ..browser.capture import Box, Capture
from ..checks import check
from ..report import Finding
from .measured import STYLESHEETS, Measured, content, findings, mean, ramp
from .reading import letters

if TYPE_CHECKING:
    from ..subject import Subject

HEADINGS = ("h1", "h2", "h3")


@check("look", weight=0.5)
def hierarchy(subject: Subject) -> Iterator[Finding]:
    """One main heading, larger than the others, these larger than what they head; few sizes with clear steps."""
    yield from findings(subject, measure)


def measure(capture: Capture) -> Measured | None:
    """How clear it is what matters. None without words."""
    texts = [text for text in content(capture).texts if text.font_size]
    if not texts:
        return None
    body = _body(texts)
    main = [text for text in texts if text.tag == "h1"]
    seconds = [text for text in texts if text.tag == "h2"]
    thirds = [text for text in texts if text.tag == "h3"]
    found: list[tuple[float, str]] = []
    found.append(
        (
            ramp(abs(len({text.text for text in main}) - 1), 3, 0) if main else 0.0,
            f"there are {len(main)} main headings",
        )
    )
    if main:
        step = max(text.font_size for text in main) / body
        found.append(
            (ramp(step, 1.0, 1.6) * ramp(step, 12, 9), f"the main heading is {step:.1f} times as large as the words")
        )
    if seconds:
        step = median(text.font_size for text in seconds) / body
        found.append(
            (ramp(step, 0.9, 1.25) * ramp(step, 5, 3.8), f"headings are {step:.1f} times as large as the words")
        )
    if thirds:
        weight = median(text.font_size * (1.12 if text.font_weight >= 500 else 1) for text in thirds)
        found.append((ramp(weight / body, 0.75, 1.05), "small headings are smaller than the words under them"))
    sizes = {round(text.font_size) for text in texts if text.tag not in HEADINGS}
    found.append((ramp(len(sizes), 13, 8), f"there are {len(sizes)} sizes of words"))
    spread = _spread(texts, body)
    found.append((spread, "words of the body are larger than headings or far from each other in size"))
    worst = min(found)
    share = 0.5 * worst[0] + 0.5 * (mean(share for share, _ in found) or 0.0)
    return Measured(
        share,
        worst[1],
        STYLESHEETS,
    )


def _body(texts: list[Box]) -> float:
    """The size that most letters have, headings apart."""
    counts: dict[float, float] = {}
    for text in texts:
        if text.tag not in HEADINGS:
            counts[text.font_size] = counts.get(text.font_size, 0) + letters(text)
    return max(counts, key=lambda size: counts[size]) if counts else 16.0


def _spread(texts: list[Box], body: float) -> float:
    """The share of letters outside of headings with a size not far from the usual."""
    near = total = 0.0
    for text in texts:
        if text.tag in HEADINGS:
            continue
        count = letters(text)
        total += count
        if 0.7 * body <= text.font_size <= 1.45 * body or text.font_weight >= 600 or len(text.text) < 12:
            near += count
    return ramp(near / total, 0.4, 0.85) if total else 1.0
