"""Numbers that matter, each written as what it is: money, a share, a day; set against the period before when asked."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.condition import Expression
from espalier.blueprint.expression import meaning as m
from espalier.blueprint.field import Field

from .frame import Frame, words

if TYPE_CHECKING:
    from espalier.blueprint.blocks.stats import Stats
    from espalier.blueprint.schema import Page

    from ..display import Display
    from ..visit import Visit

PERIODS = {"week": "last week", "month": "last month", "year": "last year"}
# Of these more is worse.
BAD = re.compile(
    r"\b(late|overdue|lost|losses|missed|missing|cancell?ed|unpaid|owed|debt|costs?|spent|expenses?|complaints?|faults?|errors?|bugs?|"
    r"at risk|low|out of stock|absent|no.?shows?|sick|refunds?|standing still)\b",
    re.IGNORECASE,
)
# Of these more is worse when they are counted; money that is open is money to come.
WAITING = re.compile(
    r"\b(open|waiting|to do|to answer|quiet|nobody|unassigned|still|returns?|overdue)\b", re.IGNORECASE
)


def render(block: Stats, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The tiles."""
    frame = Frame(block, visit, page, this)
    records = visit.records
    tiles = []
    for name, expression in block.of.items():
        value = records.value(expression, this)
        field = field_of(expression, visit)
        tile: dict[str, Any] = {
            "label": name,
            "value": shown(frame.display, value, field),
            "small": small(value, field),
        }
        tile["long"] = len(tile["value"]) > 5
        if block.compare and visit.app.blueprint.entities:
            before = records.value(expression, this, at=earlier(records.now, block.compare))
            tile |= change(frame.display, name, value, before, field, block.compare)
        tiles.append(tile)
    return frame.draw("stats.html", tiles=tiles, words=PERIODS.get(block.compare or "", ""))


def shown(display: Display, value: Any, field: Field) -> str:
    """The number as it stands on a tile."""
    if value is None:
        return "–"
    if field.kind in ("number", "rating") and isinstance(value, float | int):
        field = Field("number", parameter=field.parameter)
        value = float(round(value, 1 if abs(value) < 1000 else 0))
    if isinstance(value, Decimal) and abs(value) >= 1000:
        value = value.quantize(Decimal(1)).quantize(Decimal("0.01"))
    if isinstance(value, str) and field.kind == "datetime":
        value = datetime.fromisoformat(value)
    if isinstance(value, str) and field.kind == "date":
        value = date.fromisoformat(value[:10])
    return words(display, value, field)


def small(value: Any, field: Field) -> bool:
    """Is it words rather than a number?"""
    return field.kind in ("date", "datetime", "text", "long", "choice", "reference")


def change(display: Display, name: str, value: Any, before: Any, field: Field, period: str) -> dict[str, Any]:
    """The change since the period before, as words with an arrow and a tone."""
    numbers = (int, float, Decimal)
    if not isinstance(value, numbers) or isinstance(value, bool) or not isinstance(before, (*numbers, type(None))):
        return {}
    old, new = float(before or 0), float(value)
    since = f"than {PERIODS[period]}"
    if abs(new - old) < 0.005:
        return {"change": "Same", "text": f"as {PERIODS[period]}", "direction": "", "tone": ""}
    up = new > old
    bad = bool(BAD.search(name) or (field.kind != "money" and WAITING.search(name)))
    by = abs(new - old)
    if old and (field.kind == "money" or old >= 100):
        percent = by / abs(old) * 100
        said = f"{percent:.0f} %" if percent >= 1 else "under 1 %"
    else:
        whole = field.kind != "money" and by == int(by)
        difference: Any = int(by) if whole else Decimal(str(by)) if field.kind == "money" else round(by, 1)
        said = words(display, difference, Field("int") if whole else field)
    return {
        "change": said, "text": f"{'more' if up else 'less'} {since}", "direction": "up" if up else "down",
        "tone": "success" if up != bad else "danger",
    }  # fmt: skip


def earlier(now: datetime, period: str) -> datetime:
    """The same moment one week, month or year before."""
    if period == "week":
        return now - timedelta(days=7)
    months = now.year * 12 + now.month - 1 - (1 if period == "month" else 12)
    year, month = divmod(months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return datetime.combine(date(year, month + 1, day), time(now.hour, now.minute, now.second))


def field_of(expression: Expression, visit: Visit) -> Field:
    """A field that says how the value of an expression is written: its type, and the currency or unit of what it adds up."""
    bound = visit.records.access.bound(expression)
    kind_of = bound.type.kind
    if kind_of not in (
        "money",
        "int",
        "number",
        "percent",
        "rating",
        "bool",
        "date",
        "datetime",
        "time",
        "text",
        "choice",
    ):
        return Field("text")
    declared = next(_fields(bound.meaning, visit), None)
    same = declared is not None and declared.kind == kind_of
    if declared is not None and (same or (declared.kind == "int" and kind_of == "number")):
        parameter = declared.parameter if ".." not in (declared.parameter or "") else None
        if isinstance(bound.meaning, m.Aggregate) and bound.meaning.function == "count":
            parameter = None
        return Field(kind_of, parameter=parameter)
    if kind_of == "money":
        return Field(
            "money",
            parameter=next((one.parameter for one in _fields(bound.meaning, visit) if one.kind == "money"), None),
        )
    return Field(kind_of)


def _fields(part: m.Meaning, visit: Visit) -> Iterator[Field]:
    """The fields whose values the meaning gives, the outermost first."""
    if isinstance(part, m.Aggregate):
        if part.value is not None:
            yield from _fields(part.value, visit)
        return
    if isinstance(part, m.Value | m.Computed):
        found = (
            visit.app.blueprint.entities[part.entity].fields.get(part.field)
            if part.entity in visit.app.blueprint.entities
            else None
        )
        if found is not None:
            yield found
        return
    for one in fields(part):
        held = getattr(part, one.name)
        for inner in held if isinstance(held, tuple) else (held,):
            if isinstance(inner, m.Meaning):
                yield from _fields(inner, visit)


__all__ = ["change", "earlier", "field_of", "render", "shown"]
