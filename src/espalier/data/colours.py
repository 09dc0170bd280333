"""Colours of themes by their names: what nobody asked for in digits is learnt as a word.

A small model knows what `seagreen` and `linen` are; of six digits it learns no more than that there are six. Half of the corpus was
written in digits, and a model trained on that gave every app the same greyish brown (docs/log.md).
"""

from __future__ import annotations

import re
from functools import lru_cache

from coloraide import Color

from espalier.blueprint.colors import EVERYDAY, NAMES, NEAREST

DIGITS = re.compile(r'"?(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\b"?')
THEME = re.compile(r"^theme:.*(?:\n[ ]+.*)*", re.MULTILINE)


def in_words(text: str, *said: str) -> str:
    """A blueprint's text, or a patch's, whose theme names each colour; digits that somebody said stay as they are."""
    heard = {digits.lower() for part in said for digits in re.findall(r"#[0-9a-fA-F]{3,6}\b", part)}

    def named(match: re.Match[str]) -> str:
        return match[0] if match[1].lower() in heard else nearest(match[1].lower())

    return THEME.sub(lambda theme: DIGITS.sub(named, theme[0]), text, count=1)


@lru_cache(maxsize=4096)
def nearest(digits: str) -> str:
    """The name of the colour that looks most like this one, by distance in Oklab."""
    wanted = _oklab(digits)
    return min(
        _known(), key=lambda known: sum((one - other) ** 2 for one, other in zip(wanted, known[1], strict=True))
    )[0]


@lru_cache(maxsize=1)
def _known() -> list[tuple[str, tuple[float, ...]]]:
    """Every name with its place in Oklab; of names for the same colour the first."""
    digits = {
        name: value for names in (NAMES, NEAREST, EVERYDAY) for name, value in names.items() if value.startswith("#")
    }
    first: dict[str, str] = {}
    for name, value in digits.items():
        first.setdefault(value, name)
    return [(name, _oklab(value)) for value, name in first.items()]


def _oklab(digits: str) -> tuple[float, ...]:
    return tuple(Color(digits).convert("oklab").coords())
