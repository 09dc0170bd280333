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
    "cream": "#fffdd0",
    "mint": "#98ff98",
    "navyblue": "navy",
    "rose": "#e11d48",
    "emerald": "#10b981",
    "charcoal": "#36454f",
    "burgundy": "#800020",
    "mustard": "#e1ad01",
    "sand": "#e6d5b8",
    "sage": "#9caf88",
    "terracotta": "#c66b4e",
    "rust": "#b7410e",
    "peach": "peachpuff",
    "offwhite": "#faf9f6",
    "forest": "forestgreen",
    "sky": "skyblue",
    "blush": "#f9dede",
    "plumpurple": "plum",
    "ochre": "#cc7722",
    "slate": "slategray",
    "copper": "#b87333",
    "lilac": "#c8a2c8",
    "ink": "#1b1f3b",
    "petrol": "#005f6a",
    "eggshell": "#f0ead6",
    "bordeaux": "#5c0120",
    "anthracite": "#383e42",
    "sapphire": "#0f52ba",
    "ruby": "#9b111e",
    "jade": "#00a86b",
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
    name = NEAREST.get(name, name)
    if name.startswith("#"):
        return name
    if name in NAMES:
        return NAMES[name]
    near = process.extractOne(name, list(NAMES), score_cutoff=60)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    raise ValueError(
        f"`{text[:40]}` is not a colour{hint or ': write a CSS colour name or a hex code such as #0f766e'}"
    )
