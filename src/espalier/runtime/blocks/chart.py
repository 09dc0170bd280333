"""Numbers drawn: bars, lines, areas, shares. The same numbers stand in a table below, which is all there is without scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.condition import Expression
from espalier.blueprint.expression import meaning as m
from espalier.blueprint.field import Field
from espalier.blueprint.names import label, plural
from espalier.blueprint.names import words as words_of

from ..look.words import tone
from ..records import Point, Series
from .frame import DataFrame, words
from .stats import field_of

if TYPE_CHECKING:
    from espalier.blueprint.blocks.chart import Chart
    from espalier.blueprint.schema import Page

    from ..visit import Visit

SLICES = 7
BARS = 14
LINES = 8
FEWEST = {"day": 14, "week": 8, "month": 6, "quarter": 4, "year": 3}  # periods that a chart over time reaches back
PERIODS = tuple(FEWEST)
OTHERS = "Others"


@dataclass(frozen=True)
class Drawn:
    """A chart's numbers: a label for each group, and a line of values for each series."""

    labels: list[str]
    series: list[tuple[str, list[float | int | None]]]

    @property
    def empty(self) -> bool:
        return not any(value for _, values in self.series for value in values)


def render(block: Chart, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The chart with its table."""
    frame = ChartFrame(block, visit, page, this)
    drawing = block.of
    found = visit.records.series(drawing.what, drawing.by, series=block.series, **frame.limits)
    period, by_field = grouping(visit, drawing.by)
    additive = is_additive(visit, drawing.what)
    if period:
        found = with_today(found, period, visit.records.now.date(), additive, str(drawing.by))
    most = SLICES if drawing.shape in ("pie", "donut") else BARS
    drawn = gathered(found, None if period else min(block.limit or most, 60), additive)
    value_field = Field("int") if isinstance(drawing.what, str) else field_of(drawing.what, visit)
    head = frame.head(drawing.by) or label(period or "group")
    nothing = f"Without {frame.head(block.series).lower()}" if block.series else ""
    labels = [text or f"Without {head.lower()}" for text in drawn.labels]
    long_labels = not period and (len(labels) > 6 or max(map(len, labels), default=0) > 14)
    named = block.title or title_of(drawing)
    data = {
        "kind": drawing.shape, "labels": labels, "target": block.target,
        "series": [{"name": name or (nothing if block.series else named), "values": values} for name, values in drawn.series],
        "tones": tones(labels) if by_field and by_field.kind == "choice" and len(drawn.series) == 1 else [],
        "lineTones": tones([name for name, _ in drawn.series]) if block.series else [],
        "lying": drawing.shape == "bar" and long_labels and block.target is None, **affixes(frame, value_field),
    }  # fmt: skip
    rows = [
        (text, [frame.told(values[at], value_field) for _, values in drawn.series]) for at, text in enumerate(labels)
    ]
    total = (
        frame.told(sum(value or 0 for _, values in drawn.series for value in values), value_field) if additive else ""
    )
    return frame.draw(
        "chart.html", title=named, data=data, drawn=drawn, rows=rows, total=total, lying=data["lying"], nothing=nothing,
        head=head, value_head=named, filters=frame.filter_bar(frame.entity, 0, 1, search=False) if block.filter else "",
    )  # fmt: skip


class ChartFrame(DataFrame):
    """A chart names its entity by what it counts."""

    def __init__(self, block: Chart, visit: Visit, page: Page, this: Any = None) -> None:
        super().__init__(block, visit, page, this)
        bound = visit.records.access.bound(block.of.by)
        self.entity = bound.scope.entity or ""

    def head(self, path: Any) -> str:
        """What the groups of a path are called; "" of anything else than a path."""
        return self.display.label(self.entity, str(path)) if re.fullmatch(r"[\w.]+", str(path)) else ""

    def told(self, value: Any, field: Field) -> str:
        """A value of the chart in its table."""
        if value is None:
            return "–"
        if field.kind == "money":
            value = Decimal(str(value)).quantize(Decimal("0.01"))
        elif isinstance(value, float):
            value = int(value) if value == int(value) else round(value, 2)
            field = Field("number", parameter=field.parameter) if field.kind in ("int", "rating") else field
        return words(self.display, value, field)


def grouping(visit: Visit, by: Expression) -> tuple[str, Field | None]:
    """The period of time that a chart goes by ("" for none), and the field whose values are its groups."""
    part = visit.records.access.bound(by).meaning
    if isinstance(part, m.Function) and part.name in PERIODS:
        return part.name, None
    if isinstance(part, m.Value | m.Computed):
        field = visit.app.blueprint.entities[part.entity].fields.get(part.field)
        if part.type.kind in ("date", "datetime"):
            return "day", field
        return "", field
    return "", None


def is_additive(visit: Visit, what: Expression | str) -> bool:
    """May values be added up, so that nothing is 0 and small groups make one?"""
    if isinstance(what, str):
        return True
    part = visit.records.access.bound(what).meaning
    return isinstance(part, m.Aggregate) and part.function in ("count", "sum")


def with_today(found: Sequence[Series], period: str, today: date, additive: bool, by: str) -> list[Series]:
    """Lines over time up to now and over some periods at least, where nothing happened with 0. Only sums can be filled in."""
    points = [point for one in found for point in one.points if isinstance(point.key, date)]
    if not additive or not points or re.search(r"\b(due|closes|ends|until|starts|next)", by):
        return list(found)
    first, last = min(point.key for point in points), max(point.key for point in points)
    now = start_of(period, today)
    last = max(last, now) if step(period, last, 4) >= now else last
    while last > first and _between(period, first, last) > 400:
        last = step(period, last, -1)
    first = min(first, step(period, last, 1 - FEWEST[period]))
    keys: list[date] = []
    key = first
    while key <= last and len(keys) < 500:
        keys.append(key)
        key = step(period, key, 1)
    made = []
    for one in found:
        known = {point.key: point for point in one.points}
        made.append(Series(one.label, [known.get(key) or Point(key, said(period, key), 0) for key in keys]))
    return made


def start_of(period: str, day: date) -> date:
    """The first day of the period that the day is in."""
    match period:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, day.month - (day.month - 1) % 3, 1)
        case "year":
            return date(day.year, 1, 1)
    return day


def step(period: str, day: date, by: int) -> date:
    """That many periods later."""
    if period in ("day", "week"):
        return day + timedelta(days=by * (7 if period == "week" else 1))
    months = day.year * 12 + day.month - 1 + by * {"month": 1, "quarter": 3, "year": 12}[period]
    return date(months // 12, months % 12 + 1, 1)


def _between(period: str, first: date, last: date) -> int:
    return (last - first).days // {"day": 1, "week": 7, "month": 28, "quarter": 89, "year": 365}[period]


def said(period: str, day: date) -> str:
    """A period as Records says it."""
    match period:
        case "year":
            return str(day.year)
        case "quarter":
            return f"Q{(day.month + 2) // 3} {day.year}"
        case "month":
            return f"{day:%b} {day.year}"
    return f"{day.day} {day:%b} {day.year}"


def gathered(found: Sequence[Series], most: int | None, additive: bool) -> Drawn:
    """The groups as lines of numbers. Beyond `most` groups the smallest are one, when they can be added up; so are lines."""
    if not found:
        return Drawn([], [])
    labels = [point.label for point in found[0].points]
    rows = [(one.label, [point.value for point in one.points]) for one in found]
    if most is not None and len(labels) > most:
        if not additive:
            labels, rows = labels[:most], [(name, values[:most]) for name, values in rows]
        else:
            totals = [sum(values[at] or 0 for _, values in rows) for at in range(len(labels))]
            largest = sorted(range(len(labels)), key=lambda at: -totals[at])[: most - 1]
            kept = [at for at in range(len(labels)) if at in largest]
            rest = [at for at in range(len(labels)) if at not in largest]
            labels = [*(labels[at] for at in kept), OTHERS]
            rows = [
                (name, [*(values[at] for at in kept), sum(values[at] or 0 for at in rest)]) for name, values in rows
            ]
    if len(rows) > LINES and additive:
        rows.sort(key=lambda row: -sum(value or 0 for value in row[1]))
        rest_rows = rows[LINES - 1 :]
        others: list[float | int | None] = [
            sum(values[at] or 0 for _, values in rest_rows) for at in range(len(labels))
        ]
        rows = [*rows[: LINES - 1], (OTHERS, others)]
    return Drawn(labels, rows)


def tones(names: Sequence[str]) -> list[str]:
    """The tones of choices, when most of them have one of their own; otherwise the palette's colours tell them apart."""
    found = [tone(name) for name in names]
    telling = [one for one in found if one in ("success", "warning", "danger", "info", "neutral")]
    return found if len(telling) == len(found) and len(set(found)) == len(found) else []


def affixes(frame: ChartFrame, field: Field) -> dict[str, str]:
    """What stands before and behind a number on the axis: taken from how a value of the field is written."""
    example = frame.told(7, field)
    before, found, after = example.partition("7")
    after = re.sub(r"^[.,]0+", "", after)
    return {"before": before, "after": after} if found else {"before": "", "after": ""}


def title_of(drawing: Any) -> str:
    """`Tickets by status` of a chart without a title."""
    by = str(drawing.by)
    period = re.fullmatch(r"(day|week|month|quarter|year)\((.+)\)", by)
    behind = (
        period[1] if period else words_of(by.split(".")[-2] if by.endswith((".name", ".title")) else by.split(".")[-1])
    )
    if isinstance(drawing.what, str):
        return f"{label(plural(words_of(drawing.what)))} by {behind}"
    said_of = re.fullmatch(r"(\w+)\((\w+)(?:\.([\w.]+))?.*\)", str(drawing.what), re.DOTALL)
    if not said_of:
        return f"{drawing.what} by {behind}"
    function, entity, path = said_of.groups()
    noun = words_of(path.split(".")[-1]) if path else plural(words_of(entity))
    first = {"avg": f"Average {noun}", "min": f"Least {noun}", "max": f"Most {noun}", "latest": f"Latest {noun}"}.get(
        function, label(noun)
    )
    return f"{first} by {behind}"
