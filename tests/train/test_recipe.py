"""From a budget to a plan."""

from __future__ import annotations

import pytest

from espalier.train.recipe import MOST_EPOCHS, BadBudget, plan, rate_at, seconds_of


@pytest.mark.parametrize(
    ("said", "seconds"), [("2h", 7200), ("90m", 5400), ("1h30m", 5400), ("45 min", 2700), ("1.5h", 5400), ("30s", 30)]
)
def test_budgets(said, seconds):
    assert seconds_of(said) == seconds


@pytest.mark.parametrize("said", ["", "soon", "2", "2h or so", "h2"])
def test_what_is_no_budget_says_how_to_write_one(said):
    with pytest.raises(BadBudget, match="1h30m"):
        seconds_of(said)


def test_what_people_wrote_comes_first_but_not_by_heart():
    short = plan(100_000, 400_000, 1_000_000, share=0.3)
    assert short.epochs == pytest.approx(0.175)
    assert short.passes == pytest.approx(0.03)
    long = plan(10_000_000, 400_000, 1_000_000, share=0.3)
    assert long.epochs == MOST_EPOCHS
    assert long.passes == pytest.approx(MOST_EPOCHS)
    assert plan(50_000, 0, 20_000).passes == pytest.approx(2.5)
    assert plan(50_000, 20_000, 0).epochs == pytest.approx(2.5)


def test_the_rate_rises_then_falls():
    rates = [rate_at(share / 100) for share in range(101)]
    assert max(rates) == pytest.approx(1, abs=0.01)
    assert rates.index(max(rates)) in (3, 4)
    assert rates[-1] == pytest.approx(0.05)
    assert rate_at(2) == pytest.approx(0.05)
