"""The app has the colours that were asked for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field, field_validator

from espalier.blueprint.colors import hex_of

from ..report import Finding, fine, wrong
from .base import Requirement
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject

Slot = Literal["primary", "background", "accent"]
SLOTS: tuple[Slot, ...] = ("primary", "background", "accent")


class Color(Requirement):
    """A colour in one of these places: this one, or one that is seen as it."""

    kind: ClassVar[str] = "color"
    color: str
    slots: tuple[Slot, ...] = Field(SLOTS, min_length=1)

    @field_validator("color")
    @classmethod
    def _is_color(cls, said: str) -> str:
        hex_of(said)
        return said

    def phrase(self) -> str:
        where = "somewhere" if len(self.slots) > 2 else f"as {' or '.join(self.slots)}"
        return f"The app shows {self.color} {where}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        theme = outline.blueprint.theme
        for slot in self.slots:
            said = getattr(theme, slot)
            if said is not None and near(self.color, said):
                return fine(f"theme > {slot}")
        return wrong(f"theme > {self.slots[0]}", f"is not {self.color}", f"write `{self.slots[0]}: {self.color}`")

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for slot in SLOTS:
            said = getattr(outline.blueprint.theme, slot)
            if said is not None and slot in outline.blueprint.theme.model_fields_set:
                yield cls(color=hex_of(said), slots=(slot,))


@lru_cache(maxsize=4096)
def oklab(color: str) -> tuple[float, float, float]:
    """Lightness (0 to 1) and the two axes of a colour, in which distance is what people see."""
    digits = hex_of(color)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (1, 3, 5))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@dataclass(frozen=True)
class Family:
    """All colours that people call by one plain word: a range of hue (degrees), of lightness and of strength."""

    hue: tuple[float, float] = (0, 360)
    light: tuple[float, float] = (0, 1.01)
    strength: tuple[float, float] = (0.035, 1)

    def holds(self, color: str) -> bool:
        light, one, two = oklab(color)
        turn = math.degrees(math.atan2(two, one)) % 360
        low, high = self.hue
        within = low <= turn <= high or low <= turn - 360 or turn + 360 <= high
        strength = math.hypot(one, two)
        return within and self.light[0] <= light <= self.light[1] and self.strength[0] <= strength <= self.strength[1]


# A person who says `green` means no code of a colour. The ranges overlap, as the words do.
PLAIN: dict[str, Family] = {
    "red": Family((5, 45), (0.25, 0.75), (0.08, 1)),
    "orange": Family((35, 78), (0.55, 1), (0.08, 1)),
    "yellow": Family((75, 118), (0.7, 1.01)),
    "green": Family((105, 178)),
    "blue": Family((205, 285)),
    "purple": Family((280, 340)),
    "violet": Family((280, 345)),
    "pink": Family((325, 390), (0.55, 0.99), (0.02, 1)),
    "brown": Family((20, 100), (0.2, 0.78), (0.02, 0.17)),
    "gray": Family(light=(0.25, 0.95), strength=(0, 0.035)),
    "darkgray": Family(light=(0.15, 0.75), strength=(0, 0.035)),
    "black": Family(light=(0, 0.3), strength=(0, 0.045)),
    "white": Family(light=(0.94, 1.01), strength=(0, 0.025)),
    # Words for things that have a colour, more or less.
    "sand": Family((50, 115), (0.72, 1), (0.008, 0.13)),
    "beige": Family((50, 115), (0.75, 1), (0.006, 0.1)),
    "cream": Family((45, 120), (0.9, 1.01), (0.003, 0.09)),
    "gold": Family((60, 108), (0.55, 0.96), (0.06, 1)),
    "mustard": Family((65, 110), (0.5, 0.9), (0.07, 1)),
    "amber": Family((45, 100), (0.55, 0.95), (0.08, 1)),
    "rose": Family((-30, 40), (0.4, 0.98), (0.02, 1)),
    "blush": Family((-30, 65), (0.7, 0.99), (0.01, 0.16)),
    "peach": Family((30, 85), (0.75, 0.99), (0.02, 0.17)),
    "coral": Family((5, 55), (0.55, 0.88), (0.08, 1)),
    "salmon": Family((5, 60), (0.55, 0.92), (0.05, 1)),
    "plum": Family((300, 375), (0.2, 0.78), (0.04, 1)),
    "lavender": Family((265, 330), (0.62, 0.99), (0.008, 0.17)),
    "burgundy": Family((-15, 40), (0.15, 0.48), (0.05, 1)),
    "maroon": Family((-15, 45), (0.15, 0.5), (0.05, 1)),
    "rust": Family((20, 62), (0.35, 0.68), (0.07, 1)),
    "terracotta": Family((20, 65), (0.4, 0.75), (0.06, 1)),
    "teal": Family((165, 225), (0.25, 0.75)),
    "turquoise": Family((165, 220), (0.55, 0.95)),
    "mint": Family((135, 190), (0.72, 1), (0.008, 1)),
    "sage": Family((100, 170), (0.45, 0.95), (0.01, 0.12)),
    "olive": Family((90, 135), (0.3, 0.75)),
    "forest": Family((120, 175), (0.2, 0.6)),
    "navy": Family((235, 295), (0.1, 0.45), (0.02, 1)),
    "slate": Family((190, 300), (0.2, 0.75), (0, 0.09)),
    "charcoal": Family(light=(0.12, 0.5), strength=(0, 0.04)),
    "copper": Family((25, 70), (0.4, 0.75), (0.05, 1)),
}


def _family(asked: str, said: str) -> bool:
    """Is it one of the colours that a plain word means: `green`, `light blue`, `dark red`?"""
    name = re.sub(r"[\s-]", "", asked.lower()).replace("grey", "gray")
    if name in PLAIN:
        return PLAIN[name].holds(said)
    shade = re.match(r"(light|pale|soft|dark|deep)(\w+)", name)
    if shade is None or shade[2] not in PLAIN:
        return False
    light = oklab(said)[0]
    return PLAIN[shade[2]].holds(said) and (light >= 0.7 if shade[1] in ("light", "pale", "soft") else light <= 0.5)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def near(asked: str, said: str) -> bool:
    """Would a person call the second colour by the name of the first? Close outright, or the same hue, not much lighter."""
    if hex_of(asked) == hex_of(said):
        return True
    if _family(asked, said):
        return True
    one, other = oklab(asked), oklab(said)
    strength, strength_said = math.hypot(*one[1:]), math.hypot(*other[1:])
    if one[0] < 0.05:  # black
        return other[0] <= 0.27 and strength_said <= 0.045
    if strength < 0.008:  # white and the greys have no hue
        return math.dist(one, other) <= 0.04 and strength_said <= 0.012
    turn = math.degrees(math.atan2(one[2], one[1]) - math.atan2(other[2], other[1]))
    hue = abs((turn + 180) % 360 - 180)
    if strength < 0.03:  # ivory, lavender: nearly white, with a breath of hue
        return math.dist(one, other) <= 0.05 and strength_said >= 0.006 and hue <= 40
    lighter = 0.16 if one[0] < 0.35 else 0.22
    same_hue = strength_said >= max(0.035, 0.3 * strength) and hue <= 20 and abs(one[0] - other[0]) <= lighter
    return math.dist(one, other) <= 0.05 or same_hue
