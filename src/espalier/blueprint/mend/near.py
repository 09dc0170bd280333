"""What was probably meant: the known name that a wrong one is like."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from ..names import plural, words

LEAST = 78  # of 100: from here on two names are taken for the same

LEAST_HINTED = 0.6  # of 1, for a name that the reader itself offers

SAID = re.compile(r"`([^`]+)`")
OFFERED = re.compile(r"(?:did you mean|write) `([^`]+)`")
NO_FIELD = re.compile(r"has no field `([^`]+)`")


def near(name: str, known: Iterable[str], least: float = LEAST) -> str | None:
    """The known name that is meant, or None: the same in other letters or number, or one that is very like it."""
    options = list(dict.fromkeys(known))
    plain = {_plain(option): option for option in reversed(options)}
    if _plain(name) in plain:
        return plain[_plain(name)]
    found = process.extractOne(_plain(name), list(plain), scorer=fuzz.ratio, score_cutoff=least)
    return plain[found[0]] if found else None


def hinted(message: str, suggestion: str, text: str = "") -> tuple[str, str] | None:
    """The wrong name in a fault's message and the one that it offers, when that is near enough to be meant."""
    offer = OFFERED.search(suggestion) or OFFERED.search(message)
    if offer is None:
        return None
    found = NO_FIELD.search(message) or SAID.search(message)
    wrong, right = (found[1] if found else text), offer[1]
    if wrong in message and text and text in message and not NO_FIELD.search(message):
        wrong = text
    if not wrong or wrong == right:
        return None
    like = DamerauLevenshtein.normalized_similarity(wrong.lower(), right.lower()) >= LEAST_HINTED
    return (wrong, right) if like or wrong in right or near(wrong, [right], 70) else None


def replaced(text: str, wrong: str, right: str) -> str:
    """The text with a name changed where it stands as a whole."""
    return re.sub(rf"(?<![\w.]){re.escape(wrong)}(?!\w)", lambda _: right, text)


def _plain(name: str) -> str:
    """A name without what does not count: case, spaces, number."""
    said = re.sub(r"[\W_]+", " ", words(name)).strip()
    first, _, last = said.rpartition(" ")
    singular = last if len(last) < 3 else next((s for s in (last[:-1], last[:-2]) if plural(s) == last), last)
    return f"{first} {singular}".strip()
