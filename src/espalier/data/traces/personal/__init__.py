"""Where personal data and secrets stand in a text: one file for each way to know them.

presidio.py asks Presidio's recognisers, secrets.py knows keys and passwords, names.py the names of people. What is put in their place is
redaction.py's to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .found import KINDS, Found, Kind, same
from .names import names
from .secrets import secrets

__all__ = ["KINDS", "Found", "Kind", "find", "same"]


@lru_cache(maxsize=256)
def find(text: str, people: bool = True) -> tuple[Found, ...]:
    """All that is found in a text, in order, none over another. people: look for names too.

    What was asked lately is remembered: the same instructions go before every question.
    """
    from .presidio import recognised  # here: it takes a second to load, and only those who keep texts need it

    found = [*secrets(text), *recognised(text)]
    if people:
        found += names(text, [one for one in found if one.kind in ("EMAIL", "PHONE")])
    return tuple(_apart(found))


def _apart(found: Iterable[Found]) -> list[Found]:
    """Those that count where some overlap, in the order of the text."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (KINDS.index(one.kind), one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept)
