"""The figures of a report: everything that stands in it, worked out from the outcomes. How it looks is page.html's and plots.py's."""

from __future__ import annotations

import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, median
from typing import Any

from .. import bootstrap
from ..bootstrap import Interval
from ..metrics import APPS, COSTS, EDITS, Metric, cost, met, paired, seconds, spell
from ..outcome import Fault, Outcome
from ..prices import Price
from ..suites import Case, Suite

STAGES = ("Reading the prompt", "First section", "The rest", "Judging", "Repair", "Other")
FEWEST_IN_GROUP = 2
MOST_REASONS = 8
MOST_WORST = 10
KINDS = {
    "color": "a colour that was asked for",
    "style": "the look that was asked for",
    "text": "words about the subject",
    "block": "something shown as asked: a chart, a calendar, a form",
    "seed": "sample records",
    "private": "privacy of what is nobody else's business",
    "public": "something open to everybody",
    "flow": "something the app should see to by itself",
    "choice": "a state or kind with the values asked for",
    "reference": "a tie between two kinds of record",
    "permission": "who may do what",
    "automation": "an email or notice at the right moment",
    "rule": "a rule about what may be saved",
    "unique": "something that must exist only once",
}


@dataclass(frozen=True)
class Side:
    """An endpoint in a report: its name, its place among them (which has a colour), what it answered, what it costs."""

    name: str
    number: int
    outcomes: tuple[Outcome, ...]
    price: Price
    baseline: bool = False

    def by_case(self) -> dict[str, Outcome]:
        return {one.case: one for one in self.outcomes}


@dataclass(frozen=True)
class Cell:
    """A figure as it is spelled, with its range below; best: no other in its column is better; words: for who points at it."""

    text: str
    range: str = ""
    best: bool = False
    shade: float | None = None  # 0 to 1, for tables whose cells are coloured
    words: str = ""


@dataclass(frozen=True)
class Against:
    """An endpoint beside the baseline: its differences by metric, and how many times as fast it is."""

    side: Side
    differences: Mapping[str, Interval]
    faster: Interval


@dataclass(frozen=True)
class Reason:
    """Why answers fail: what is not there or does not hold, in how many of them."""

    words: str
    count: int
    share: float
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Failures:
    """The failures of one endpoint: reasons, the commonest first, and its worst answers."""

    side: Side
    reasons: tuple[Reason, ...]
    worst: tuple[tuple[Case, Outcome], ...]
    silent: int  # questions without any answer


@dataclass(frozen=True)
class Group:
    """Figures by domain or by style: a row a group, a cell for each endpoint."""

    title: str
    rows: tuple[tuple[str, int, tuple[Cell, ...]], ...]


@dataclass
class Section:
    """All that a report says of one suite."""

    suite: Suite
    sides: tuple[Side, ...]
    main: Metric
    columns: tuple[Metric, ...]
    rows: list[tuple[Side, list[Cell]]] = field(default_factory=list)
    against: list[Against] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    failures: list[Failures] = field(default_factory=list)
    stages: list[tuple[Side, list[float]]] = field(default_factory=list)
    asked: int = 0  # questions that all have been asked

    @property
    def baseline(self) -> Side | None:
        return next((side for side in self.sides if side.baseline), None)


def section(suite: Suite, sides: Sequence[Side]) -> Section:
    """The figures of one suite, over the questions that all have been asked. Endpoints that have not been asked any are left out."""
    there = tuple(side for side in sides if side.outcomes)
    main = (EDITS if suite.edits else APPS)[0]
    common = set.intersection(*({one.case for one in side.outcomes} for side in there)) if there else set()
    there = tuple(
        replace(side, outcomes=tuple(one for one in side.outcomes if one.case in common)) for side in there if common
    )
    found = Section(suite, there, main, (*(EDITS if suite.edits else APPS), *COSTS), asked=len(common))
    found.rows = _rows(there, found.columns)
    base = found.baseline
    if base:
        found.against = [_against(side, base, found.columns) for side in there if side is not base]
    cases = [case for case in suite.cases if case.id in common]
    for title, part in (("domain", "domain"), ("style", "style"), ("language", "language")):
        group = _group(f"By {title}", cases, there, main, part)
        if len(group.rows) > 1:
            found.groups.append(group)
    found.failures = [_failures(side, suite) for side in there]
    found.stages = [(side, _stages(side.outcomes)) for side in there]
    return found


def _rows(sides: Sequence[Side], columns: Sequence[Metric]) -> list[tuple[Side, list[Cell]]]:
    table: list[tuple[Side, list[Cell]]] = [(side, []) for side in sides]
    for metric in columns:
        figures = [metric.figure(side.outcomes) for side in sides]
        for cells, cell in zip(table, _cells(metric, figures), strict=True):
            cells[1].append(cell)
    dearest = [cost(side.price) for side in sides]
    figures = [metric.figure(side.outcomes) for metric, side in zip(dearest, sides, strict=True)]
    for cells, cell in zip(table, _cells(dearest[0], figures) if dearest else (), strict=True):
        cells[1].append(Cell(cell.text, cell.range, cell.best, words=cells[0].price.words))
    return table


def _cells(metric: Metric, figures: Sequence[Interval]) -> list[Cell]:
    known = [figure.value for figure in figures if figure.value == figure.value]
    best = (max if metric.better == "higher" else min)(known) if len(known) > 1 else None
    return [
        Cell(
            spell(metric.unit, figure.value),
            "" if metric.unit == "tokens" else between(metric.unit, figure),
            best is not None and figure.value == best,
        )
        for figure in figures
    ]


def between(unit: str, figure: Interval) -> str:
    """The range of a figure: `71.2–80.4`."""
    if figure.value != figure.value:
        return ""
    low, high = (
        spell(unit, end).removesuffix(" %").removesuffix(" s").removeprefix("$") for end in (figure.low, figure.high)
    )
    return f"{low}–{high}"


def _against(side: Side, base: Side, columns: Sequence[Metric]) -> Against:
    found = {metric.name: metric.compare(side.outcomes, base.outcomes) for metric in columns}
    ours, theirs = paired(side.outcomes, base.outcomes)
    pairs = [(seconds(mine), seconds(other)) for mine, other in zip(ours, theirs, strict=True)]
    both = [(mine, other) for mine, other in pairs if mine and other]
    faster = bootstrap.ratio([mine for mine, _ in both], [other for _, other in both])
    return Against(side, found, faster)


def _group(title: str, cases: Sequence[Case], sides: Sequence[Side], metric: Metric, part: str) -> Group:
    by: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        if value := getattr(case, part):
            by[value].append(case.id)
    few = [name for name, ids in by.items() if len(ids) < FEWEST_IN_GROUP]
    if len(few) > 1:  # too few of each to say anything
        by["others"] = [id_ for name in few for id_ in by.pop(name)]
    rows = []
    known = [side.by_case() for side in sides]
    for name in sorted(by, key=lambda name: (name == "others", name)):
        figures = [metric.figure(outcomes[id_] for id_ in by[name]) for outcomes in known]
        cells = _cells(metric, figures)
        shaded = (
            Cell(cell.text, cell.range, cell.best, figure.value) for cell, figure in zip(cells, figures, strict=True)
        )
        rows.append((name, len(by[name]), tuple(shaded)))
    return Group(title, tuple(rows))


def _failures(side: Side, suite: Suite) -> Failures:
    cases = {case.id: case for case in suite.cases}
    counted: Counter[str] = Counter()
    where: dict[str, list[str]] = defaultdict(list)
    for outcome in side.outcomes:
        for words in dict.fromkeys(_words(outcome)):
            counted[words] += 1
            where[words].append(outcome.case)
    total = max(1, len(side.outcomes))
    reasons = tuple(
        Reason(words, count, count / total, tuple(where[words][:6]))
        for words, count in counted.most_common(MOST_REASONS)
    )
    ordered = sorted(side.outcomes, key=_rank)
    worst = [(cases[one.case], one) for one in ordered if one.case in cases and list(_words(one))][:MOST_WORST]
    return Failures(side, reasons, tuple(worst), sum(bool(one.error) for one in side.outcomes))


def _rank(outcome: Outcome) -> tuple[float, float]:
    if outcome.is_edit:
        return float(outcome.reads) + float(bool(outcome.done)) + float(bool(outcome.clean)), 0
    return met(outcome) or 0.0, outcome.score


def _words(outcome: Outcome) -> Iterable[str]:
    """What was wrong with an answer, in words that many can share."""
    if outcome.error:
        yield "no answer: " + outcome.error[:120]
    elif outcome.problems:
        yield "cannot be read or started"
    elif outcome.is_edit:
        if not outcome.done:
            yield "what was asked is not done"
        if not outcome.clean:
            yield "something else was touched"
    for fault in outcome.faults:
        yield reason(fault)


def reason(fault: Fault) -> str:
    """A failed check; requirements are put together by their kind."""
    kind = fault.name.rpartition("_")[0]
    if is_demand(fault):
        return "lacks " + KINDS.get(kind, f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} that was asked for")
    return f"does not hold: {fault.says}"


def is_demand(fault: Fault) -> bool:
    """Is it a requirement of the rubric, and not a check that every app should pass?"""
    return fault.name.rpartition("_")[2].isdigit()


def _stages(outcomes: Iterable[Outcome]) -> list[float]:
    """Seconds by stage of the answers in the middle, whose parts add up to about the median."""
    timed = [one.seconds for one in outcomes if one.seconds.get("total")]
    if not timed:
        return [0.0] * len(STAGES)
    middle = median(one["total"] for one in timed)
    near = sorted(timed, key=lambda one: abs(one["total"] - middle))[: max(3, len(timed) // 4)]
    parts = [_parts(one) for one in near]
    return [fmean(column) for column in zip(*parts, strict=True)]


def _parts(said: Mapping[str, float]) -> list[float]:
    prompt, first = said.get("prompt", 0), said.get("section", 0)
    writing = said.get("writing", 0)
    first = min(max(first, prompt), max(writing, prompt))
    parts = [prompt, first - prompt, max(0.0, writing - first), said.get("judging", 0), said.get("repair", 0)]
    return [*parts, max(0.0, said.get("total", 0) - sum(parts))]


def command(plan: Mapping[str, Any], suites: Iterable[str], endpoints: Iterable[str], baseline: str, out: str) -> str:
    """The command line that makes a run anew."""
    words = ["espalier", "eval"]
    words += [part for suite in suites for part in ("--suite", suite)]
    words += [part for endpoint in endpoints for part in ("--endpoint", endpoint)]
    words += ["--baseline", baseline] if baseline else []
    how = plan.get("how", {})
    words += ["--samples", str(how["samples"])] if "samples" in how else []
    words += [f"--no-{name}" for name in ("grammar", "repair", "mend") if how.get(name) is False]
    words += ["--limit", str(plan["limit"])] if plan.get("limit") else []
    words += ["--seed", str(plan["seed"])] if plan.get("seed") else []
    return shlex.join([*words, "--out", out])


def in_short(text: str, most: int = 140) -> str:
    """The beginning of a text, on one line."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + " …"
