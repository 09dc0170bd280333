"""Do charts draw the groups and values that the data says? The numbers are read from the page, the groups made anew."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from espalier.blueprint.blocks.chart import Chart
from espalier.blueprint.expression import Bound, evaluate_aggregate
from espalier.blueprint.expression import meaning as m

from ..checks import check
from ..report import Finding, fine, wrong
from ..world import inside
from .covered import covered, entity_of
from .drawn import drawn, openers
from .told import section

if TYPE_CHECKING:
    from ..subject import Subject
    from ..world import Row, View
    from .covered import This

OTHERS = "Others"
MOST_LINES = 8
ENOUGH = 3  # records from which one group tells nothing
ENOUGH_IN_TIME = 8  # the same of a chart over time, which begins with one period
Group = tuple[Any, Any]  # the key, and the line


@check("use", weight=2, order=-30)
def charts_count(subject: Subject) -> Iterator[Finding]:
    """Every chart draws what the data says, and has something to draw."""
    for one in drawn(subject):
        if one.page is None or one.answer.status != 200:
            continue
        view = subject.world.of(one.who)
        for at, block in enumerate(one.page.blocks):
            if isinstance(block, Chart) and view.holds(block.shown, one.page.each, one.this and one.this[1]):
                where = f"{one.where} > {at + 1} chart"
                node = section(one, one.page, at)
                if node is None:
                    yield wrong(where, "the chart is not on the page")
                else:
                    yield _compared(view, block, one.this, node, where)
    for page in subject.pages:
        subject.in_time()
        for block in page.blocks:
            if isinstance(block, Chart):
                yield from _of_use(subject, [subject.world.of(who) for who in openers(subject, page)], block, page.key)


def _compared(view: View, block: Chart, this: This | None, node: Any, where: str) -> Finding:
    right = groups(view, block, this)
    values = sorted(round(value, 2) for value in right.values() if value)
    figure = node.css_first("figure[data-chart]")
    if figure is None:
        return wrong(where, f"draws nothing, though there are {len(values)} groups") if values else fine(where)
    data = json.loads(figure.attributes.get("data-chart") or "{}")
    said = sorted(round(value, 2) for line in data["series"] for value in line["values"] if value)
    if OTHERS in data["labels"] or len({line for _, line in right}) >= MOST_LINES:
        # Small groups were made one: only their sum is the same.
        if abs(sum(said) - sum(values)) > 0.01 * max(1, len(values)):
            return wrong(where, f"comes to {sum(said):g} in all, the data says {sum(values):g}")
        return fine(where)
    if len(said) != len(values) or any(abs(one - other) > 0.011 for one, other in zip(said, values, strict=True)):
        return wrong(where, f"draws {said[:8]}, the data says {values[:8]}")
    by = view.world.bound(block.of.by).meaning
    if isinstance(by, m.Value) and by.type.kind == "choice" and not by.type.many and block.series is None:
        drawn_values = dict(zip(data["labels"], data["series"][0]["values"], strict=False))
        for (key, _), value in right.items():
            if key is not None and value and abs((drawn_values.get(key) or 0) - value) > 0.011:
                return wrong(where, f"draws {drawn_values.get(key)} for {key}, the data says {value:g}")
    return fine(where)


def groups(view: View, block: Chart, this: This | None = None) -> dict[Group, float]:
    """The value of every group (and line) of a chart, over what this person may see."""
    entity = entity_of(view, block)
    by = view.world.bound(block.of.by)
    aggregate: m.Aggregate | None = None
    if not isinstance(block.of.what, str):
        part = view.world.bound(block.of.what).meaning
        while isinstance(part, m.Round):
            part = part.operand
        if not isinstance(part, m.Aggregate):
            return {}
        aggregate = part
    rows = covered(view, block, entity, this)
    if aggregate is not None and aggregate.tie is not None and this is not None:
        rows = [row for row in rows if row.get(aggregate.tie) == this[1]["id"]]
    gathered: dict[Group, list[Row]] = defaultdict(list)
    for row in rows:
        for key in _keys(view, by, entity, row, this):
            for line in _values(view, entity, row, str(block.series)) if block.series else [None]:
                gathered[key, line].append(row)
    found: dict[Group, float] = {}
    for group, some in gathered.items():
        value = len(some) if aggregate is None else _aggregated(view, aggregate, entity, some, this)
        if value is not None:
            found[group] = value
    return found


def _keys(view: View, bound: Bound, entity: str, row: Row, this: This | None) -> list[Any]:
    """The groups that a record is in; none where the person may not see what is grouped by."""
    by = bound.meaning
    if isinstance(by, m.Value) and by.anchor == "record":
        path = ".".join([*(hop.field for hop in by.hops), by.field])
        return _values(view, entity, row, path)
    for part in inside(by):
        if isinstance(part, m.Value) and part.anchor == "record":
            path = ".".join([*(hop.field for hop in part.hops), part.field])
            if not view.shown(entity, row, path):
                return []
    key = view.each(bound, entity, row, this)
    return [] if key is None and isinstance(by, m.Function) else [key]


def _values(view: View, entity: str, row: Row, path: str) -> list[Any]:
    if not view.shown(entity, row, path):
        return []
    value, field = view.at(entity, row, path), view.world.place(entity, path)
    if isinstance(value, list):
        return value or ([] if field is not None and field.kind == "reference" else [None])
    if field is not None and field.kind in ("date", "datetime"):
        return [] if value is None else [value.date() if isinstance(value, datetime) else value]
    return [value]


def _aggregated(view: View, aggregate: m.Aggregate, entity: str, rows: list[Row], this: This | None) -> float | None:
    bare = replace(aggregate, tie=None)
    environment = view.seeing(this)
    value = evaluate_aggregate(bare, view.sights(entity, rows), environment)
    if value is None or isinstance(value, date):
        return None
    return value / 100 if aggregate.type.kind == "money" and aggregate.function != "count" else float(value)


def _of_use(subject: Subject, views: list[View], block: Chart, page: str) -> Iterator[Finding]:
    """Has it anything to draw, and more than one group where there are records enough?"""
    where = f"pages > {page} > chart {block.of}"
    best = max(views, key=lambda view: len(covered(view, block, entity_of(view, block))), default=None)
    if best is None:
        return
    entity = entity_of(best, block)
    rows = covered(best, block, entity)
    if not rows:
        if len(best.readable(entity)) >= ENOUGH and block.where is not None:
            advice = "Loosen the `where`, or seed records that fit."
            yield wrong(where, f"no {entity} record fits its `where`: there is nothing to draw", advice)
        return
    found = groups(best, block)
    in_time = isinstance(best.world.bound(block.of.by).meaning, m.Function)
    enough = ENOUGH_IN_TIME if in_time else ENOUGH
    if not any(found.values()):
        yield wrong(where, "there is nothing to draw: every value is nothing", f"Seed what it adds up over {entity}.")
    elif len(rows) >= enough and len(Counter(key for key, _ in found)) < 2:
        yield wrong(where, f"all {len(rows)} records are in one group", f"Draw by what tells {entity} records apart.")
    else:
        yield fine(where)
