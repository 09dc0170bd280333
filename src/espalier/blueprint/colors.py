"""Colour names: the CSS ones, and what people write for them."""

from __future__ import annotations

import re
from functools import lru_cache

from PIL.ImageColor import colormap
from rapidfuzz import process

# The CSS named colours, each as #rrggbb.
NAMES: dict[str, str] = {name: value for name, value in colormap.items() if isinstance(value, str)}

# Names people use that CSS does not have, each with the CSS name nearest to it.
NEAREST = {
    "lightgoldenrod": "lightgoldenrodyellow",
    "azuremist": "azure",
    "amber": "#ffbf00",
    "cream": "#fff8e4",
    "mint": "#b5e5cf",
    "navyblue": "navy",
    "rose": "#d8637c",
    "emerald": "#0f8a5f",
    "charcoal": "#36393d",
    "burgundy": "#6d1a2d",
    "mustard": "#d3a021",
    "sand": "#e0cfac",
    "sage": "#9caf88",
    "terracotta": "#c1623f",
    "rust": "#a9491f",
    "peach": "#ffcba4",
    "offwhite": "#faf8f3",
    "forest": "forestgreen",
    "sky": "#8cc7ec",
    "blush": "#f4c9c5",
    "plumpurple": "#6b2c5c",
    "ochre": "#c4822b",
    "slate": "#5b6874",
    "copper": "#b46a3c",
    "lilac": "#bda3d3",
    "ink": "#1c2331",
    "petrol": "#12545f",
    "eggshell": "#f0ead6",
    "bordeaux": "#5c0120",
    "anthracite": "#383e42",
    "sapphire": "#1c479e",
    "ruby": "#9b1238",
    "jade": "#1a8a6b",
}
# More of them, which are also names of things (coffee, wine): a colour where one is expected, and nowhere else.
EVERYDAY = {
    "apricot": "#fbceb1",
    "bone": "#e9e2d0",
    "brick": "#9c3b2e",
    "bronze": "#a9712f",
    "burntorange": "#c8581d",
    "butter": "#f9e8a2",
    "camel": "#c19a6b",
    "caramel": "#b5713a",
    "champagne": "#f3e3c3",
    "cherry": "#b3123b",
    "clay": "#b66a50",
    "cobalt": "#1547a8",
    "coffee": "#5b3f2e",
    "espresso": "#3c2a21",
    "evergreen": "#1e4d3a",
    "graphite": "#3f4247",
    "lemon": "#f7e03c",
    "mahogany": "#6e2f22",
    "marigold": "#eba41c",
    "mauve": "#b588a8",
    "midnight": "#161d33",
    "moss": "#6f7c3e",
    "olivegreen": "#6b7a2c",
    "pearl": "#f3efe6",
    "pine": "#1f4d3d",
    "rosegold": "#c08579",
    "saffron": "#eea526",
    "scarlet": "#d3201f",
    "seafoam": "#9fdcc2",
    "sepia": "#704a2c",
    "stone": "#b8b0a2",
    "strawberry": "#d94a5a",
    "tangerine": "#f0861f",
    "taupe": "#8f8072",
    "vanilla": "#f6ead0",
    "walnut": "#5e4432",
    "wine": "#6f1d33",
}
HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*\)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def hex_of(text: str) -> str:
    """A colour as people write it (`teal`, `Misty Rose`, `#0aF`, `rgb(1, 2, 3)`) as `#rrggbb`.

    Raises ValueError with the nearest known name when it is no colour.
    """
    text = text.strip()
    if HEX.fullmatch(text):
        digits = text[1:].lower()
        return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)
    if (match := RGB.fullmatch(text)) and all(int(part) < 256 for part in match.groups()):
        return "#" + "".join(f"{int(part):02x}" for part in match.groups())
    name = re.sub(r"[^a-z]", "", text.lower()).replace("grey", "gray")
    name = NEAREST.get(name) or EVERYDAY.get(name, name)
    if name.startswith("#"):
        return name
    if name in NAMES:
        return NAMES[name]
    near = process.extractOne(name, list(NAMES), score_cutoff=60)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    raise ValueError(
        f"`{text[:40]}` is not a colour{hint or ': write a CSS colour name or a hex code such as #0f766e'}"
    )
