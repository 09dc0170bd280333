"""How sure a figure is: bootstrap confidence intervals of means, of quantiles, and of paired differences.

Cases are drawn again with replacement, RESAMPLES times, always the same draws for the same number of cases. Paired: both sides of a
difference are drawn together, so what makes a prompt hard for everybody does not blur the difference between two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

RESAMPLES = 10_000
SURE = 0.95
SEED = 20261122

Numbers = npt.NDArray[np.float64]
Statistic = Callable[[Numbers], Numbers]  # over the last axis


@dataclass(frozen=True)
class Interval:
    """A figure and between what it lies with 95 % confidence; count: of cases it is from. All are nan without any."""

    value: float
    low: float
    high: float
    count: int

    @property
    def is_clear(self) -> bool:
        """Does it lie on one side of zero?"""
        return self.low > 0 or self.high < 0


def mean(values: Numbers) -> Numbers:
    return np.asarray(values.mean(axis=-1))


def median(values: Numbers) -> Numbers:
    return np.asarray(np.median(values, axis=-1))


def late(values: Numbers) -> Numbers:
    """The 95th percentile."""
    return np.asarray(np.quantile(values, 0.95, axis=-1))


def interval(values: Sequence[float], statistic: Statistic = mean) -> Interval:
    """A statistic of one number for each case."""
    return _interval(np.asarray(values, dtype=float), statistic)


def difference(ours: Sequence[float], theirs: Sequence[float], statistic: Statistic = mean) -> Interval:
    """A statistic of ours less that of theirs, which are numbers for the same cases in the same order. Raises ValueError when not."""
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} and {len(theirs)} numbers are no pairs")
    both = np.stack([np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)])
    if statistic is mean:
        return _interval(both[0] - both[1], mean)
    return _bounds(lambda drawn: statistic(both[0][drawn]) - statistic(both[1][drawn]), both.shape[1])


def ratio(ours: Sequence[float], theirs: Sequence[float], statistic: Statistic = median) -> Interval:
    """A statistic of theirs divided by that of ours: how many times as fast we are. Raises ValueError when they are no pairs."""
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} and {len(theirs)} numbers are no pairs")
    both = np.stack([np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)])
    with np.errstate(divide="ignore", invalid="ignore"):
        return _bounds(lambda drawn: statistic(both[1][drawn]) / statistic(both[0][drawn]), both.shape[1])


def _interval(values: Numbers, statistic: Statistic) -> Interval:
    return _bounds(lambda drawn: statistic(values[drawn]), len(values))


def _bounds(figure: Callable[[npt.NDArray[np.int64]], Numbers], count: int) -> Interval:
    if not count:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    value = float(figure(np.arange(count)))
    tail = (1 - SURE) / 2
    low, high = np.quantile(figure(_draws(count)), (tail, 1 - tail))
    return Interval(value, float(low), float(high), count)


@lru_cache(maxsize=8)
def _draws(count: int) -> npt.NDArray[np.int64]:
    """Which cases are drawn in each resample: RESAMPLES rows of `count` numbers."""
    return np.random.default_rng(SEED).integers(0, count, (RESAMPLES, count))
