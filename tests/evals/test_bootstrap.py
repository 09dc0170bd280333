"""How sure a figure is."""

import math

import numpy as np
import pytest

from espalier.evals.bootstrap import difference, interval, late, median, ratio

DRAWN = np.random.default_rng(7)
HARD = DRAWN.normal(0.5, 0.25, 80)  # what makes some prompts harder than others, for everybody


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    values = DRAWN.normal(10, 2, 400)
    found = interval(values.tolist())
    error = 1.96 * values.std() / math.sqrt(len(values))
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - error, abs=0.03)
    assert found.high == pytest.approx(values.mean() + error, abs=0.03)
    assert found.count == 400


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    held = 0
    for _ in range(120):
        found = interval(DRAWN.normal(0, 1, 60).tolist())
        held += found.low <= 0 <= found.high
    assert 0.88 <= held / 120 <= 1


def test_pairs_are_told_apart_where_means_are_not() -> None:
    """Two endpoints, one a little better on every prompt: only pairing shows it."""
    ours, theirs = HARD + 0.04 + DRAWN.normal(0, 0.02, 80), HARD
    apart = interval(ours.tolist()).low <= interval(theirs.tolist()).high
    paired = difference(ours.tolist(), theirs.tolist())
    assert apart and paired.is_clear and paired.low < 0.04 < paired.high


def test_no_difference_is_not_clear() -> None:
    assert not difference((HARD + DRAWN.normal(0, 0.3, 80)).tolist(), HARD.tolist()).is_clear
    same = difference([1.0, 0.0], [1.0, 0.0])
    assert (same.value, same.low, same.high) == (0, 0, 0) and not same.is_clear


def test_the_same_numbers_give_the_same_interval() -> None:
    assert interval(HARD.tolist()) == interval(HARD.tolist())


def test_medians_and_the_95th() -> None:
    values = [float(number) for number in range(1, 101)]
    assert interval(values, median).value == 50.5
    found = interval(values, late)
    assert found.value == pytest.approx(95.05) and 88 < found.low < 95 < found.high <= 100


def test_how_many_times_as_fast() -> None:
    found = ratio([1.0, 2.0, 3.0], [4.0, 8.0, 12.0])
    assert (found.value, found.low, found.high) == (4, 4, 4)


def test_nothing_and_what_is_no_pair() -> None:
    nothing = interval([])
    assert nothing.count == 0 and math.isnan(nothing.value) and not nothing.is_clear
    with pytest.raises(ValueError, match="no pairs"):
        difference([1.0], [1.0, 2.0])
