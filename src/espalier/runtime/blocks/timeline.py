"""Records along time, under the months or years they fall in: newest first, or next first when most are still to come."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.blocks import Sort

from .frame import DataFrame
from .portrait import Layout

if TYPE_CHECKING:
    from espalier.blueprint.blocks.timeline import Timeline
    from espalier.blueprint.schema import Page

    from ..visit import Visit

SIZE = 20


def render(block: Timeline, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The line."""
    frame = DataFrame(block, visit, page, this)
    by = frame.by or "created"
    field = frame.field(by)
    if field is None or ("." not in by and by not in (*frame.readable, "created", "updated", "id")):
        return Markup()
    leave_out = [
        by,
        *([name for name in frame.readable if this is not None and frame.spec.fields[name].target == this.entity]),
    ]
    layout = Layout(frame, [str(path) for path in block.show if str(path) != by], leave_out=leave_out, facts=3)
    is_time = field.kind in ("date", "datetime")
    now = frame.display.now
    found, more = frame.page_of(
        SIZE, [*layout.shown, by], sort=block.sort or [Sort(by, is_time and not _mostly_ahead(frame, by, now))]
    )
    layout.see(found)
    today = now.date()
    groups: list[tuple[str, list[dict[str, Any]]]] = []
    dated = [day for record in found if is_time and (day := _day(record.get(by))) is not None]
    by_year = bool(dated) and (max(dated) - min(dated)).days > 730
    for record in found:
        value = record.get(by)
        day = _day(value) if is_time else None
        if is_time:
            group = (str(day.year) if by_year else f"{day:%B %Y}") if day else "No date"
        else:
            group = ""
        if not groups or groups[-1][0] != group:
            groups.append((group, []))
        when = frame.words(value, field)
        if day is not None:
            when = f"{day.day} {day:%b}" + (
                f", {value:%H:%M}" if isinstance(value, datetime) and (value.hour or value.minute) else ""
            )
        groups[-1][1].append({
            "each": layout.portrait(record), "when": when, "iso": value.isoformat() if day and value is not None else "",
            "past": day is not None and day < today, "today": day == today,
        })  # fmt: skip
    return frame.draw(
        "timeline.html", groups=groups, more=more, filters=frame.filter_bar(frame.entity, found.total or 0, SIZE)
    )


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None


def _mostly_ahead(frame: DataFrame, by: str, now: datetime) -> bool:
    """Do most of the records lie in the future?"""
    ahead = frame.records.count(
        frame.entity, **{**frame.limits, "filters": {**frame.filters, by: [f"{now.date().isoformat()}.."]}}
    )
    return ahead * 2 > frame.records.count(frame.entity, **frame.limits)
