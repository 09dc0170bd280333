"""Colours: reading what a person wrote and the arithmetic of OKLCH and of WCAG contrast.

A colour is a tuple of three numbers: `Rgb` is sRGB, 0..255 a channel; `Lch` is OKLCH (lightness 0..1, chroma, hue in
degrees). Plain arithmetic instead of a colour library, because a palette is made while an app starts. What the colours
are for is left to `palette`.
"""

import math
import re
from bisect import bisect
from contextlib import suppress
from functools import lru_cache

from espalier.blueprint.colors import hex_of

Rgb = tuple[int, int, int]
Lch = tuple[float, float, float]

_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")


@lru_cache(maxsize=1024)
def parse(text: str) -> Rgb:
    """Read a colour: a name in any spelling ("misty rose"), hex with three to eight digits, or a CSS function.

    Transparency is ignored. Raises ValueError that names a close match for words that are no colour.
    """
    spoken = text.strip().lower()
    if match := _HEX.fullmatch(spoken):
        return _from_hex(match[1])
    if "(" in spoken:
        return _from_function(spoken)
    try:
        return _from_hex(hex_of(spoken)[1:])
    except ValueError:
        # "azure mist" and "deep teal" hold a colour among their words; the last one names it in English.
        for word in reversed(re.split(r"[\s_-]+", spoken)):
            with suppress(ValueError):
                return _from_hex(hex_of(word)[1:])
        raise


def _from_hex(digits: str) -> Rgb:
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _from_function(text: str) -> Rgb:
    from coloraide import Color  # slow to import, and such colours are rare

    try:
        red, green, blue = Color(text).convert("srgb").fit().coords(nans=False)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a colour; write it as rgb(15 118 110) or as hex, '#0f766e'.") from error
    return round(red * 255), round(green * 255), round(blue * 255)


def to_hex(colour: Rgb) -> str:
    """`#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


# The light of each channel value, and where one value ends and the next begins.
_LINEAR = [_linear(value / 255) for value in range(256)]
_BOUNDARIES = [_linear((value + 0.5) / 255) for value in range(255)]


def luminance(colour: Rgb) -> float:
    """Relative luminance as WCAG 2 defines it, 0..1."""
    red, green, blue = colour
    return 0.2126 * _LINEAR[red] + 0.7152 * _LINEAR[green] + 0.0722 * _LINEAR[blue]


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG 2 contrast ratio, 1..21."""
    first, second = luminance(one), luminance(other)
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def to_lch(colour: Rgb) -> Lch:
    red, green, blue = (_LINEAR[channel] for channel in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_lch(lightness: float, chroma: float, hue: float) -> Rgb:
    """The sRGB colour nearest to an OKLCH one: chroma is lowered until it can be shown."""
    lightness = min(max(lightness, 0.0), 1.0)
    cosine, sine = math.cos(math.radians(hue)), math.sin(math.radians(hue))
    linear = _linear_from_lab(lightness, chroma * cosine, chroma * sine)
    if not _shown(linear):
        low, high = 0.0, chroma
        for _ in range(7):
            middle = (low + high) / 2
            if _shown(_linear_from_lab(lightness, middle * cosine, middle * sine)):
                low = middle
            else:
                high = middle
        linear = _linear_from_lab(lightness, low * cosine, low * sine)
    red, green, blue = linear
    return bisect(_BOUNDARIES, red), bisect(_BOUNDARIES, green), bisect(_BOUNDARIES, blue)


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """The colour between two, seen as a mixture: `share` of the other one, 0..1."""
    (first, chroma, hue), (second, other_chroma, other_hue) = to_lch(one), to_lch(other)
    a = chroma * math.cos(math.radians(hue)) * (1 - share) + other_chroma * math.cos(math.radians(other_hue)) * share
    b = chroma * math.sin(math.radians(hue)) * (1 - share) + other_chroma * math.sin(math.radians(other_hue)) * share
    return from_lch(first + (second - first) * share, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def _linear_from_lab(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _shown(linear: tuple[float, float, float]) -> bool:
    red, green, blue = linear
    return -0.0005 <= red <= 1.0005 and -0.0005 <= green <= 1.0005 and -0.0005 <= blue <= 1.0005
