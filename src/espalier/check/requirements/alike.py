"""Do two expressions say the same, names apart? Signs, numbers and their order must agree; names need only be alike."""

from __future__ import annotations

import re
from functools import lru_cache

from ..words import alike

PART = re.compile(r'"[^"]*"|[^\W\d]\w*|\d+(?:\.\d+)?|[<>!]=|[^\w\s]')


@lru_cache(maxsize=8192)
def _parts(text: str) -> tuple[str, ...]:
    return tuple(PART.findall(text))


def same_words(asked: str, said: str) -> bool:
    """Is `sum(Payment.amount)` what `sum(Transaction.value)` says?"""
    one, other = _parts(asked), _parts(said)
    if one == other:
        return True
    if len(one) != len(other):
        return False
    return all(
        left == right or (left[0].isalpha() and right[0].isalpha() and alike(left, right))
        for left, right in zip(one, other, strict=True)
    )
