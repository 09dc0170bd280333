"""What is counted of outcomes: each metric a small function of one outcome, and how a set of them becomes a figure.

A metric gives a number for an outcome, or None when it says nothing of it (an edit has no rubric). An endpoint that gave no answer has
nothing met and nothing done, so silence never helps. How sure a figure is, bootstrap.py says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from . import bootstrap
from .bootstrap import Interval, Statistic
from .outcome import Outcome
from .prices import Price


@dataclass(frozen=True)
class Metric:
    """name: of the function; label, says: for people. unit: `share` (shown as percent), `s`, `tokens`, `dollars`. statistic: what
    stands for a set of numbers. better: higher or lower."""

    name: str
    label: str
    says: str
    unit: str
    better: str
    of: Callable[[Outcome], float | None]
    statistic: Statistic = bootstrap.mean

    def numbers(self, outcomes: Iterable[Outcome]) -> list[float]:
        """One for each outcome that it says something of."""
        return [number for outcome in outcomes if (number := self.of(outcome)) is not None]

    def figure(self, outcomes: Iterable[Outcome]) -> Interval:
        return bootstrap.interval(self.numbers(outcomes), self.statistic)

    def compare(self, ours: Iterable[Outcome], theirs: Iterable[Outcome]) -> Interval:
        """Ours less theirs, over the cases that both were asked."""
        one, other = paired(ours, theirs)
        pairs = [(self.of(mine), self.of(other)) for mine, other in zip(one, other, strict=True)]
        both = [(mine, other) for mine, other in pairs if mine is not None and other is not None]
        return bootstrap.difference([mine for mine, _ in both], [other for _, other in both], self.statistic)


def paired(ours: Iterable[Outcome], theirs: Iterable[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes of the cases that both have, in the same order."""
    one, other = {outcome.key: outcome for outcome in ours}, {outcome.key: outcome for outcome in theirs}
    keys = [key for key in one if key in other]
    return [one[key] for key in keys], [other[key] for key in keys]


def reads(outcome: Outcome) -> float:
    return float(outcome.reads)


def score(outcome: Outcome) -> float | None:
    return None if outcome.is_edit else outcome.score


def met(outcome: Outcome) -> float | None:
    """The share of the rubric's requirements that are met, by their weight."""
    if outcome.is_edit:
        return None
    total = sum(outcome.weights)
    return (
        sum(weight for weight, is_met in zip(outcome.weights, outcome.met, strict=True) if is_met) / total
        if total
        else 1.0
    )


def all_met(outcome: Outcome) -> float | None:
    return None if outcome.is_edit else float(outcome.reads and all(outcome.met))


def done(outcome: Outcome) -> float | None:
    return None if outcome.done is None else float(outcome.done)


def exact(outcome: Outcome) -> float | None:
    return None if outcome.done is None else float(outcome.done and bool(outcome.clean))


def tokens_in(outcome: Outcome) -> float | None:
    return None if outcome.error else outcome.tokens_in


def tokens_out(outcome: Outcome) -> float | None:
    return None if outcome.error else outcome.tokens_out


def seconds(outcome: Outcome) -> float | None:
    return outcome.seconds.get("total")


def first(outcome: Outcome) -> float | None:
    return outcome.seconds.get("section")


APPS: tuple[Metric, ...] = (
    Metric("met", "Rubric met", "share of what was demanded that is there, by weight", "share", "higher", met),
    Metric("all_met", "All met", "share of apps with everything that was demanded", "share", "higher", all_met),
    Metric("score", "Check score", "the score of the check: gates x works x asked", "share", "higher", score),
    Metric("reads", "Reads", "share of answers that are blueprints that can be read", "share", "higher", reads),
)
EDITS: tuple[Metric, ...] = (
    Metric("exact", "Exact", "share of edits in which just what was asked was done", "share", "higher", exact),
    Metric(
        "done",
        "Done",
        "share of edits in which what was asked was done, whatever else changed",
        "share",
        "higher",
        done,
    ),
    Metric(
        "reads", "Reads", "share of answers that are patches that can be read and applied", "share", "higher", reads
    ),
)
COSTS: tuple[Metric, ...] = (
    Metric("seconds", "Seconds", "from asking to the app, half take less", "s", "lower", seconds, bootstrap.median),
    Metric("late", "95th", "from asking to the app, 95 of 100 take less", "s", "lower", seconds, bootstrap.late),
    Metric("first", "First section", "until the first section is there, half take less", "s", "lower", first, bootstrap.median),
    Metric("tokens_in", "Tokens in", "of the prompt, with what was known from before", "tokens", "lower", tokens_in),
    Metric("tokens_out", "Tokens out", "of all answers that were tried", "tokens", "lower", tokens_out),
)  # fmt: skip


def cost(price: Price) -> Metric:
    """The metric of what a thousand cost at a price."""

    def dollars(outcome: Outcome) -> float | None:
        taken = outcome.seconds.get("total")
        return None if taken is None else 1000 * price.of(taken, outcome.tokens_in, outcome.tokens_out)

    return Metric("cost", "Dollars for 1,000", price.words, "dollars", "lower", dollars)


def metrics(outcomes: Sequence[Outcome]) -> tuple[Metric, ...]:
    """Those that say something of these outcomes, cost apart."""
    edits = any(outcome.is_edit for outcome in outcomes)
    return (*(EDITS if edits else APPS), *COSTS)


def spell(unit: str, value: float) -> str:
    """A number as people read it."""
    if value != value:
        return "–"
    match unit:
        case "share":
            return f"{100 * value:.1f} %"
        case "s":
            return f"{value:.2f} s" if abs(value) < 10 else f"{value:.1f} s"
        case "dollars":
            return f"${value:.3f}" if abs(value) < 1 else f"${value:.2f}"
        case _:
            return f"{value:,.0f}"
