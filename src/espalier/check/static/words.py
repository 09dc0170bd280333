"""The words of names, for checks that go by what things are called."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """`JobApplication` and `job_application` as `job`, `application`; plurals in -s as singulars."""
    return tuple(_singular(part.lower()) for part in PART.findall(name))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")) else word


def any_of(name: str, known: frozenset[str]) -> bool:
    """Is one of the name's words known, or two that follow each other (`medical_record`)?"""
    words = words_of(name)
    pairs = {f"{one}_{other}" for one, other in pairwise(words)}
    return not known.isdisjoint(words) or not known.isdisjoint(pairs)
