"""How alike two texts are, by what they are written with: words, runs of words, runs of letters, as sets of hashes.

Hashes and not text, so that a set can be compared without being told. What is too alike is decided elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

RUN = 8  # words
LETTERS = 8
SHORT = 12  # words; a shorter text is compared by its words and letters as a whole


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Small letters, no signs, single spaces."""
    return " ".join(re.findall(r"\w+", text.lower()))


@lru_cache(maxsize=65536)
def hashed(text: str) -> int:
    """48 bits: few enough to be stored, enough not to meet by chance."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")


def words(text: str) -> frozenset[int]:
    return frozenset(hashed(word) for word in normal(text).split())


def runs(text: str, size: int = RUN) -> frozenset[int]:
    """Runs of words; of a shorter text there are none."""
    said = normal(text).split()
    return frozenset(hashed(" ".join(said[at : at + size])) for at in range(len(said) - size + 1))


def letters(text: str, size: int = LETTERS) -> frozenset[int]:
    """Runs of letters, across words."""
    said = normal(text)
    return frozenset(hashed(said[at : at + size]) for at in range(max(1, len(said) - size + 1)))


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of what either has that both have."""
    return len(one & other) / len(one | other) if one or other else 0.0
