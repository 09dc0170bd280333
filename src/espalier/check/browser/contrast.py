"""Can all words be read against what is behind them?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PIL import Image

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import Box, Capture, captures

if TYPE_CHECKING:
    from ..subject import Subject

NORMAL, LARGE = 4.5, 3.0  # the least of WCAG 2.2 AA
LARGE_SIZE, LARGE_BOLD = 24.0, 18.66  # px
SLACK = 0.05  # what mixing and rounding of colours takes
MOST_GROUND = 0.25  # this part of a picture behind words may be too like them


@check("browser", weight=2)
def contrast(subject: Subject) -> Iterator[Finding]:
    """Words stand out from what is behind them, pictures too, as much as WCAG asks."""
    for seen in captures(subject):
        where = f"{seen.page} as {seen.who} at {seen.width} px"
        faint = [(box, told) for box in seen.boxes if box.kind == "text" and (told := _faint(box, seen))]
        if not faint:
            yield fine(where)
            continue
        box, told = faint[0]
        more = f", and {len(faint) - 1} more" if len(faint) > 1 else ""
        yield wrong(where, f'"{box.text}" {told}{more}', "choose colours that are further apart")


def ratio(one: str, other: str) -> float:
    """The contrast of two colours `#rrggbb` as WCAG defines it, 1 to 21."""
    light, dark = sorted((_luminance(_parts(one)), _luminance(_parts(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _faint(box: Box, seen: Capture) -> str:
    """What is wrong with the contrast of a text; empty when nothing is."""
    if box.disabled or not any(letter.isalnum() for letter in box.text):
        return ""
    least = LARGE if box.font_size >= LARGE_SIZE or (box.font_size >= LARGE_BOLD and box.font_weight >= 700) else NORMAL
    if box.background:
        found = ratio(box.color, box.background)
        if found >= least - SLACK:
            return ""
        return f"has a contrast of {found:.1f} ({box.color} on {box.background}); {least:g} is the least"
    part = _ground(box, seen, least)
    return f"stands on a picture that is too like it in {part:.0%} of its place" if part > MOST_GROUND else ""


def _ground(box: Box, seen: Capture, least: float) -> float:
    """The part of the picture around the words with too little contrast to them, of what is not the words themselves."""
    if not seen.screenshot:
        return 0
    picture = seen.picture
    place = (
        max(0, int(box.x)),
        max(0, int(box.y)),
        min(picture.width, int(box.x + box.width) + 1),
        min(picture.height, int(box.y + box.height) + 1),
    )
    if place[2] - place[0] < 2 or place[3] - place[1] < 2:
        return 0
    crop = picture.crop(place)
    crop.thumbnail((60, 60), Image.Resampling.NEAREST)
    ink = _parts(box.color)
    light = _luminance(ink)
    counted = poor = 0
    for count, color in crop.getcolors(3600) or []:
        assert isinstance(color, tuple)  # the picture is in RGB
        pixel = color[:3]
        if sum(abs(one - other) for one, other in zip(pixel, ink, strict=True)) < 24:
            continue  # the letters themselves
        counted += count
        above, below = sorted((light, _luminance(pixel)), reverse=True)
        # Letters' soft edges lie between both colours: only what is clearly ground counts, hence the half.
        poor += count if (above + 0.05) / (below + 0.05) < 1 + (least - 1) / 2 else 0
    return poor / counted if counted else 0


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(parts: tuple[int, ...]) -> float:
    red, green, blue = (part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
