"""The words of names, for checks that go by what things are called."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from ..words import split


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """`JobApplications` and `job_application` as `job`, `application`: words as they are written, but not their plural."""
    return tuple(_singular(word) for word in split(name))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")) else word


def any_of(name: str, known: frozenset[str]) -> bool:
    """Is one of the name's words known, or two that follow each other (`medical_record`)?"""
    words = words_of(name)
    return not known.isdisjoint(words) or any(f"{one}_{other}" in known for one, other in pairwise(words))
