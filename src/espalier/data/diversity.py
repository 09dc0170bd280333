"""How varied rows are, in figures: distinct runs of words, how entities, fields and blocks are spread, how near prompts are to each other."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import mean, median
from typing import Any

from espalier.blueprint.blocks import KINDS

from .pairs import Pair
from .similar import normal

MOST_TOLD = 12
SAMPLE = 400  # prompts whose meanings are compared


def diversity(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Figures of a set of pairs; shares in [0, 1] are rounded to three places."""
    prompts = [normal(pair.prompt).split() for pair in pairs]
    kinds = _blocks(pairs)
    entities = Counter(name for pair in pairs for name in _entities(pair.blueprint))
    fields = Counter(
        name
        for pair in pairs
        for name in re.findall(r"^    (\w+): ", pair.blueprint.partition("\naccess:")[0], re.MULTILINE)
    )
    return {
        "rows": len(pairs),
        "words in a prompt": _spread([len(words) for words in prompts]),
        "entities in an app": _spread([len(list(_entities(pair.blueprint))) for pair in pairs]),
        "lines of a blueprint": _spread([pair.blueprint.count("\n") for pair in pairs]),
        "distinct words": _distinct(prompts, 1),
        "distinct runs of 2": _distinct(prompts, 2),
        "distinct runs of 3": _distinct(prompts, 3),
        "distinct runs of 4": _distinct(prompts, 4),
        "names of entities": len(entities),
        "names of fields": len(fields),
        "evenness of entities": _evenness(entities),
        "evenness of blocks": _evenness(kinds),
        "blocks": _shares(kinds),
    }


def spread_of_meaning(pairs: Sequence[Pair]) -> dict[str, float]:
    """How near prompts are to each other and to their nearest, by cosine, in a sample taken evenly. Needs the embedding model."""
    from .decontaminate import embed

    if len(pairs) < 2:
        return {}
    step = max(1, len(pairs) // SAMPLE)
    vectors = embed([pair.prompt for pair in pairs[::step]])
    near = vectors @ vectors.T
    count = len(near)
    off = [float(near[row][column]) for row in range(count) for column in range(row)]
    nearest = [max(float(near[row][column]) for column in range(count) if column != row) for row in range(count)]
    return {"mean": round(mean(off), 3), "mean of the nearest": round(mean(nearest), 3), "sample": count}


def apart(one: Sequence[Pair], other: Sequence[Pair]) -> dict[str, float]:
    """How far two sets are from each other in what they are made of: the Jensen-Shannon distance in [0, 1] of blocks and of entities."""
    types = [
        Counter(word for pair in pairs for word in re.findall(r"^    \w+: (\w+)", pair.blueprint, re.MULTILINE))
        for pairs in (one, other)
    ]
    return {
        "blocks": round(_distance(_blocks(one), _blocks(other)), 3),
        "types of fields": round(_distance(*types), 3),
    }


def _blocks(pairs: Sequence[Pair]) -> Counter[str]:
    """How often each kind of block stands on a page."""
    found = Counter(word for pair in pairs for word in re.findall(r"^    - (\w+):?", pair.blueprint, re.MULTILINE))
    return Counter({word: count for word, count in found.items() if word in KINDS})


def _entities(blueprint: str) -> Iterable[str]:
    return re.findall(
        r"^  (\w+):$",
        blueprint.partition("\ndata:\n")[2].partition("\npages:\n")[0].partition("\naccess:\n")[0],
        re.MULTILINE,
    )


def _distinct(texts: Sequence[Sequence[str]], size: int) -> float:
    """Distinct runs of so many words, as a share of all."""
    found = Counter(tuple(words[at : at + size]) for words in texts for at in range(len(words) - size + 1))
    return round(len(found) / max(1, found.total()), 3)


def _spread(values: Sequence[int]) -> dict[str, float]:
    return {"least": min(values), "median": median(values), "most": max(values)} if values else {}


def _evenness(counts: Counter[str]) -> float:
    """Entropy as a share of what it could be: 1 when all are equally frequent."""
    total = counts.total()
    if len(counts) < 2:
        return 0.0
    return round(-sum(count / total * math.log(count / total) for count in counts.values()) / math.log(len(counts)), 3)


def _shares(counts: Counter[str]) -> dict[str, float]:
    return {name: round(count / counts.total(), 3) for name, count in counts.most_common(MOST_TOLD)}


def _distance(one: Counter[str], other: Counter[str]) -> float:
    names = sorted(one.keys() | other.keys())
    left = [one[name] / max(1, one.total()) for name in names]
    right = [other[name] / max(1, other.total()) for name in names]
    middle = [(a + b) / 2 for a, b in zip(left, right, strict=True)]

    def away(part: list[float]) -> float:
        return sum(a * math.log2(a / b) for a, b in zip(part, middle, strict=True) if a)

    return math.sqrt(max(0.0, (away(left) + away(right)) / 2))
