"""Records by day: a month on a desk, an agenda on a phone. The month stands in the address (`b0-month=2026-12`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.blocks import Sort

from ..look.words import tone
from ..records import Record
from .frame import DataFrame
from .portrait import Layout

if TYPE_CHECKING:
    from espalier.blueprint.blocks.calendar import Calendar
    from espalier.blueprint.schema import Page

    from ..visit import Visit

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST = 1000  # records in a month
MOST_UNDATED = 12
LONGEST_SPAN = 370  # days that one record is drawn over


@dataclass
class Event:
    """A record on one day. part is "" for a single day, else start, middle or end of several."""

    title: str
    url: str
    time: str = ""
    tone: str = "primary"
    part: str = ""
    words: str = ""
    key: int = 0
    since: date | None = None  # when a record of several days begins


@dataclass
class Day:
    """One square of the month."""

    date: date
    outside: bool
    today: bool
    add: str = ""
    events: list[Event] = field(default_factory=list)


def month_of(text: str, today: date) -> date:
    """The first day of the month that the address says, this month when it says none."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if found and 1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) <= 2200:
        return date(int(found[1]), int(found[2]), 1)
    return today.replace(day=1)


def weeks_of(month: date) -> list[list[date]]:
    """The weeks, Monday to Sunday, that the days of the month stand in."""
    day = month - timedelta(days=month.weekday())
    weeks = []
    while day < later(month, 1):
        weeks.append([day + timedelta(days=at) for at in range(7)])
        day += timedelta(days=7)
    return weeks


def later(month: date, by: int) -> date:
    """That many months later."""
    at = month.year * 12 + month.month - 1 + by
    return date(at // 12, at % 12 + 1, 1)


def render(block: Calendar, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The month."""
    frame = DataFrame(block, visit, page, this)
    spec = frame.field(frame.by)
    if spec is None or ("." not in frame.by and frame.by not in (*frame.readable, "created", "updated")):
        return Markup()
    today = frame.display.today
    month = month_of(frame.state("month"), today)
    weeks = weeks_of(month)
    first, last = weeks[0][0], weeks[-1][-1]
    until = str(block.until) if block.until else ""
    layout = Layout(
        frame,
        [str(path) for path in block.show if str(path) not in (frame.by, until)],
        leave_out=[frame.by, until],
        facts=2,
    )
    marking = _marking(frame)
    records = _records(frame, layout, until, marking, first, last)
    add_to = _add(frame)
    days = {
        day: Day(day, day.month != month.month, day == today, _new_url(frame, spec.kind, day) if add_to else "")
        for week in weeks for day in week
    }  # fmt: skip
    for record in records:
        _put(frame, layout, record, until, marking, days)
    for week in weeks:
        _in_lanes([days[day] for day in week])
    undated = frame.records.query(
        frame.entity,
        show=layout.shown,
        sort=block.sort,
        limit=MOST_UNDATED,
        **{**frame.limits, "filters": {**frame.filters, frame.by: ["-"]}},
    )
    busy = any(day.events for day in days.values() if not day.outside)
    return frame.draw(
        "calendar.html", month=month, title_of_month=f"{month:%B} {month.year}", weeks=[[days[day] for day in week] for week in weeks],
        weekdays=WEEKDAYS, busy=busy, new=frame.display.new_url(frame.entity) if add_to else "",
        previous=frame.address(month=f"{later(month, -1):%Y-%m}"), following=frame.address(month=f"{later(month, 1):%Y-%m}"),
        back=frame.address(month=None) if month != today.replace(day=1) else "",
        undated=[layout.portrait(record) for record in undated], undated_more=max(0, (undated.total or 0) - len(undated)),
        nearest="" if busy else _nearest(frame, month), filters=frame.filter_bar(frame.entity, 0, 1, search=False),
    )  # fmt: skip


def _records(frame: DataFrame, layout: Layout, until: str, marking: str, first: date, last: date) -> list[Record]:
    """Those that begin in these days, and those that began before and are not over."""
    show = [*layout.shown, frame.by, *([until] if until else []), *([marking] if marking else [])]
    sort = [Sort(frame.by)]

    def between(**paths: str) -> list[Record]:
        narrowed = {**frame.limits, "filters": {**frame.filters, **{path: [text] for path, text in paths.items()}}}
        return list(frame.records.query(frame.entity, show=show, sort=sort, limit=MOST, count=False, **narrowed))

    found = between(**{frame.by: f"{first.isoformat()}..{last.isoformat()}"})
    if until:
        before = (first - timedelta(days=1)).isoformat()
        found += between(**{frame.by: f"..{before}", until: f"{first.isoformat()}.."})
    return found


def _put(frame: DataFrame, layout: Layout, record: Record, until: str, marking: str, days: dict[date, Day]) -> None:
    starts, ends = record.get(frame.by), record.get(until) if until else None
    if starts is None:
        return
    begins, over = _day(starts), _day(ends) if ends is not None else _day(starts)
    if isinstance(ends, datetime) and ends.time() == datetime.min.time() and over > begins:
        over -= timedelta(days=1)  # until midnight is until the evening before
    over = min(max(begins, over), begins + timedelta(days=LONGEST_SPAN))
    each = layout.portrait(record)
    time = f"{starts:%H:%M}" if isinstance(starts, datetime) and (starts.hour or starts.minute) else ""
    said = (
        [one for one, _ in each.chips]
        + [one.striptags() if isinstance(one, Markup) else one for one in each.facts]
        + each.people
    )
    for day in (begins + timedelta(days=at) for at in range((over - begins).days + 1)):
        if day in days:
            part = "" if over == begins else "start" if day == begins else "end" if day == over else "middle"
            shown = time if day == begins else ""
            mark = str(record.get(marking) or "")
            days[day].events.append(
                Event(
                    each.title,
                    each.url,
                    shown,
                    tone(mark) if mark else "primary",
                    part,
                    " · ".join(said[:3]),
                    record.id,
                    begins if part else None,
                )
            )


def _in_lanes(week: list[Day]) -> None:
    """Put the records of several days at the same height on each day of the week, with gaps where there is none; those of one
    day below them, by time."""
    spans = {event.key: event for day in week for event in day.events if event.part}
    lanes: list[set[int]] = []  # of each lane the days that are taken
    lane_of: dict[int, int] = {}
    for key, _ in sorted(spans.items(), key=lambda pair: (pair[1].since, pair[0])):
        taken = {at for at, day in enumerate(week) if any(event.key == key and event.part for event in day.events)}
        lane = next((at for at, lane in enumerate(lanes) if not lane & taken), len(lanes))
        if lane == len(lanes):
            lanes.append(set())
        lanes[lane] |= taken
        lane_of[key] = lane
    for day in week:
        placed = {lane_of[event.key]: event for event in day.events if event.part}
        rows = [placed.get(lane) or Event("", "") for lane in range(max(placed, default=-1) + 1)]
        day.events = rows + sorted((event for event in day.events if not event.part), key=lambda event: event.time)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _marking(frame: DataFrame) -> str:
    """The choice that colours the records, if there is one."""
    choices = [
        name for name in frame.readable if frame.spec.fields[name].kind == "choice" and not frame.spec.fields[name].many
    ]
    named = [name for name in choices if name.split("_")[-1] in ("status", "state", "stage")]
    return next(iter([*named, *choices]), "")


def _add(frame: DataFrame) -> bool:
    """May this person make a record and say its day?"""
    if "." in frame.by or not frame.records.can("create", frame.entity) or frame.visit.visitor.id is None:
        return False
    return frame.by in frame.records.writable_fields(frame.entity, "create")


def _new_url(frame: DataFrame, kind: str, day: date) -> str:
    return frame.display.new_url(
        frame.entity, **{frame.by: f"{day.isoformat()}T09:00" if kind == "datetime" else day.isoformat()}
    )


def _nearest(frame: DataFrame, month: date) -> tuple[str, str] | str:
    """The month with records that comes next, or else the one before: its name and address."""
    for text, sort in (
        (f"{later(month, 1).isoformat()}..", Sort(frame.by)),
        (f"..{month.isoformat()}", Sort(frame.by, True)),
    ):
        narrowed = {**frame.limits, "filters": {**frame.filters, frame.by: [text]}}
        found = frame.records.query(
            frame.entity, show=[frame.by], sort=[sort], limit=1, count=False, **narrowed
        ).records
        if found and found[0].get(frame.by) is not None:
            day = _day(found[0][frame.by])
            return f"{day:%B} {day.year}", frame.address(month=f"{day:%Y-%m}")
    return ""
