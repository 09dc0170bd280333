"""Colours: reading what a person wrote and the arithmetic of OKLCH and of WCAG contrast.

A colour is a tuple of three numbers: `Rgb` is sRGB, 0..255 a channel; `Lch` is OKLCH (lightness 0..1, chroma, hue in
degrees). Plain arithmetic instead of a colour library, because a palette is made while an app starts. What the colours
are for is left to `palette`.
"""

import math
import re
from bisect import bisect
from difflib import get_close_matches
from functools import lru_cache

Rgb = tuple[int, int, int]
Lch = tuple[float, float, float]

# The CSS named colours.
_CSS_NAMES = """
aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc bisque:ffe4c4
black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a burlywood:deb887 cadetblue:5f9ea0
chartreuse:7fff00 chocolate:d2691e coral:ff7f50 cornflowerblue:6495ed cornsilk:fff8dc crimson:dc143c cyan:00ffff
darkblue:00008b darkcyan:008b8b darkgoldenrod:b8860b darkgray:a9a9a9 darkgrey:a9a9a9 darkgreen:006400
darkkhaki:bdb76b darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc darkred:8b0000
darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f darkslategrey:2f4f4f
darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff dimgray:696969 dimgrey:696969
dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0 forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc
ghostwhite:f8f8ff gold:ffd700 goldenrod:daa520 gray:808080 grey:808080 green:008000 greenyellow:adff2f
honeydew:f0fff0 hotpink:ff69b4 indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa
lavenderblush:fff0f5 lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080 lightcyan:e0ffff
lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgrey:d3d3d3 lightgreen:90ee90 lightpink:ffb6c1
lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa lightslategray:778899 lightslategrey:778899
lightsteelblue:b0c4de lightyellow:ffffe0 lime:00ff00 limegreen:32cd32 linen:faf0e6 magenta:ff00ff maroon:800000
mediumaquamarine:66cdaa mediumblue:0000cd mediumorchid:ba55d3 mediumpurple:9370d8 mediumseagreen:3cb371
mediumslateblue:7b68ee mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585
midnightblue:191970 mintcream:f5fffa mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead navy:000080
oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 orange:ffa500 orangered:ff4500 orchid:da70d6 palegoldenrod:eee8aa
palegreen:98fb98 paleturquoise:afeeee palevioletred:d87093 papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f
pink:ffc0cb plum:dda0dd powderblue:b0e0e6 purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f
royalblue:4169e1 saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee
sienna:a0522d silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd slategray:708090 slategrey:708090 snow:fffafa
springgreen:00ff7f steelblue:4682b4 tan:d2b48c teal:008080 thistle:d8bfd8 tomato:ff6347 turquoise:40e0d0
violet:ee82ee wheat:f5deb3 white:ffffff whitesmoke:f5f5f5 yellow:ffff00 yellowgreen:9acd32
"""

# Words people use for colours that CSS has no name for.
_EVERYDAY_NAMES = """
amber:ffbf00 apricot:fbceb1 blush:f4c9c5 bone:e9e2d0 brick:9c3b2e bronze:a9712f burgundy:6d1a2d burntorange:c8581d
butter:f9e8a2 camel:c19a6b caramel:b5713a champagne:f3e3c3 charcoal:36393d cherry:b3123b clay:b66a50 cobalt:1547a8
coffee:5b3f2e copper:b46a3c cream:fff8e4 emerald:0f8a5f espresso:3c2a21 evergreen:1e4d3a graphite:3f4247 ink:1c2331
jade:1a8a6b lemon:f7e03c lilac:bda3d3 mahogany:6e2f22 marigold:eba41c mauve:b588a8 midnight:161d33 mint:b5e5cf
moss:6f7c3e mustard:d3a021 ochre:c4822b offwhite:faf8f3 olivegreen:6b7a2c peach:ffcba4 pearl:f3efe6 petrol:12545f
pine:1f4d3d plumpurple:6b2c5c rose:d8637c rosegold:c08579 ruby:9b1238 rust:a9491f saffron:eea526 sage:9caf88
sand:e0cfac sapphire:1c479e scarlet:d3201f seafoam:9fdcc2 sepia:704a2c sky:8cc7ec slate:5b6874 stone:b8b0a2
strawberry:d94a5a tangerine:f0861f taupe:8f8072 terracotta:c1623f vanilla:f6ead0 walnut:5e4432 wine:6f1d33
"""

_NAMES = dict(pair.split(":") for pair in (_CSS_NAMES + _EVERYDAY_NAMES).split())
_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")


@lru_cache(maxsize=1024)
def parse(text: str) -> Rgb:
    """Read a colour: a name in any spelling ("misty rose"), hex with three to eight digits, or a CSS function.

    Transparency is ignored. Raises ValueError that names a close match for words that are no colour.
    """
    spoken = text.strip().lower()
    name = re.sub(r"[\s_-]+", "", spoken)
    if name in _NAMES:
        return _from_hex(_NAMES[name])
    if match := _HEX.fullmatch(name):
        return _from_hex(match[1])
    if "(" in spoken:
        return _from_function(spoken)
    extended = [known for known in _NAMES if known.startswith(name)] if len(name) > 4 else []
    if extended:
        return _from_hex(_NAMES[min(extended, key=len)])
    # "azure mist" and "deep teal" hold a colour among their words; the last one names it in English.
    for word in reversed(re.split(r"[\s_-]+", spoken)):
        if word in _NAMES:
            return _from_hex(_NAMES[word])
    close = get_close_matches(name, _NAMES, n=1, cutoff=0.5)
    advice = (
        f"did you mean {close[0]!r}?" if close else "use a CSS colour name such as 'teal', or hex such as '#0f766e'."
    )
    raise ValueError(f"{text!r} is not a colour; {advice}")


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
