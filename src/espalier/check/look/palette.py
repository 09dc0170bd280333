"""Colours that go together: few hues, strong colours used sparingly, grounds that are near to each other or far."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from espalier.runtime.look.colours import Lch, contrast, parse, to_lch

from ..browser.capture import Capture
from ..checks import check
from ..report import Finding
from .measured import Content, Measured, content, findings, ramp

if TYPE_CHECKING:
    from ..subject import Subject

COLOURED = 0.055  # OKLCH chroma from which a colour is a hue to the eye
STRONG = 0.15
NEAR = 38.0  # degrees; hues closer than this are one to the eye


@check("look")
def palette(subject: Subject) -> Iterator[Finding]:
    """Few hues, strong colours only here and there, and words in a colour that rests on its ground."""
    yield from findings(subject, measure)


def measure(capture: Capture) -> Measured | None:
    """How well the colours of grounds, words and controls go together; pictures are not looked at. None without words."""
    page = content(capture)
    if not page.texts:
        return None
    area = float(capture.width * max(1.0, page.bottom - page.top))
    grounds: dict[str, float] = {page.ground: area}
    for card in sorted(page.cards, key=lambda card: -card.width * card.height):
        if card.background and card.background != page.ground:
            size = card.width * card.height
            grounds[card.background] = grounds.get(card.background, 0) + size
    for control in page.controls:
        if control.background and control.background not in grounds:
            grounds[control.background] = control.width * control.height
    strong = sum(min(1.0, size / area) for colour, size in grounds.items() if lch(colour)[1] >= STRONG)
    spread = _hues(
        [(colour, size / area) for colour, size in grounds.items() if size / area > 0.0015]
        + [(text.color, text.width * text.height / area * 0.5) for text in page.texts if text.color]
    )
    fights = _fights(page)
    found = [
        (
            ramp(strong, 0.95, 0.5),
            "strong colours cover most of the page",
            "choose a calm background; keep strong colours for buttons",
        ),
        (ramp(spread, 6, 3.2), f"there are {spread:.0f} hues", "choose one primary and one accent colour"),
        (fights, "strong words stand on strong grounds", "choose a background without colour, or words without"),
    ]
    worst = min(found)
    share = 1.0
    for one, _, _ in found:
        share *= one
    return Measured(share, worst[1], worst[2])


def _hues(colours: list[tuple[str, float]]) -> float:
    """How many hues there are: those near each other are one, and one that hardly shows counts in part."""
    groups: list[tuple[float, float]] = []  # hue, weight
    for colour, weight in sorted(colours, key=lambda one: -one[1]):
        _lightness, chroma, hue = lch(colour)
        if chroma < COLOURED:
            continue
        for at, (middle, sum_of) in enumerate(groups):
            if abs((hue - middle + 180) % 360 - 180) <= NEAR:
                groups[at] = (middle, sum_of + weight)
                break
        else:
            groups.append((hue, weight))
    return sum(ramp(weight, 0, 0.004) for _, weight in groups)


def _fights(page: Content) -> float:
    """The share of words that rest: not strong on strong, with little difference in lightness."""
    total = resting = 0.0
    for text in page.texts:
        if not text.color or not text.background:
            continue
        size = text.width * text.height
        total += size
        ink, ground = lch(text.color), lch(text.background)
        both = min(ramp(ink[1], 0.05, 0.15), ramp(ground[1], 0.05, 0.15))
        apart = contrast(parse(text.color), parse(text.background))
        resting += size * (1 - both * ramp(apart, 7, 4))
    return ramp(resting / total, 0.3, 0.9) if total else 1.0


@lru_cache(maxsize=4096)
def lch(colour: str) -> Lch:
    return to_lch(parse(colour))
