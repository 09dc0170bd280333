"""From the time there is to what is done with it: how many tokens, which samples how often, how fast to learn.

One dial, the budget; the rest follows from the machine's measured speed and the size of the dataset. The values are what small runs
found (docs/log.md).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from math import cos, pi
from typing import Any

UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
MOST_EPOCHS = 5.0  # more teach a small model its examples by heart
GENERATED = 0.35  # of the tokens come from the generator, while there are enough that people wrote
WARMUP, LAST = 0.03, 0.05  # share of the run while the rate rises; what is left of it at the end


@dataclass(frozen=True)
class Recipe:
    """How a run learns. rate: the highest learning rate; row: tokens of a row; rows: of a step; others: see loss.Vocabulary."""

    rank: int = 32
    alpha: int = 64
    rate: float = 1e-3
    row: int = 2048
    rows: int = 1
    others: int = 2048
    generated: float = GENERATED
    seed: int = 1
    compiled: bool = True
    clip: float = 1.0

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


RECIPES = {"small": Recipe(rate=2e-3, row=1536), "standard": Recipe(rank=16, alpha=32, rate=1e-3, row=1536)}


class BadBudget(ValueError):
    """The budget cannot be read; says how to write one."""


def seconds_of(budget: str) -> float:
    """`2h`, `90m`, `1h30m` in seconds. Raises BadBudget."""
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(d|h|min|m|s)", budget.strip().lower())
    if not parts or re.sub(r"(\d+(?:\.\d+)?)\s*(d|h|min|m|s)|\s", "", budget.strip().lower()):
        raise BadBudget(f"`{budget}` is no length of time: write it as 30m, 2h or 1h30m.")
    return sum(float(number) * UNITS[unit] for number, unit in parts)


@dataclass(frozen=True)
class Plan:
    """How often the samples are gone through: `epochs` those that people wrote, `passes` the generator's."""

    tokens: int
    epochs: float
    passes: float
    seconds: float = field(default=0, compare=False)


def plan(tokens: float, written: int, generated: int, share: float = GENERATED) -> Plan:
    """What to do with `tokens`, given how many tokens there are of each kind. Never more than MOST_EPOCHS of anything."""
    wanted = min(generated * MOST_EPOCHS, tokens * share) if written else min(generated * MOST_EPOCHS, tokens)
    passes = wanted / generated if generated else 0.0
    epochs = min(MOST_EPOCHS, (tokens - wanted) / written) if written else 0.0
    left = tokens - wanted - epochs * written
    if generated and left > 0:
        passes = min(MOST_EPOCHS, passes + left / generated)
    return Plan(round(epochs * written + passes * generated), epochs, passes)


def rate_at(share: float) -> float:
    """The learning rate as a share of the highest, at a share of the run: a short rise, then down along a cosine."""
    if share < WARMUP:
        return max(share, 0.001) / WARMUP
    gone = min(1.0, (share - WARMUP) / (1 - WARMUP))
    return LAST + (1 - LAST) * 0.5 * (1 + cos(pi * gone))
