"""Automations that the clock starts: `1 day before Booking.starts`, `every day for Task where ...`.

`tick(app)` does what is due, each occasion once: it is written down in `espalier_due` in the transaction of its steps, so
that a restart, or a second server, neither repeats nor forgets it. What follows a change is records/followers.py's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, func, insert, literal, or_, select, type_coerce

from espalier.blueprint.steps import Step, Trigger

from .access import AUTHOR
from .records import Records
from .storage import system

log = logging.getLogger(__name__)

# How long after its time an `after` is still made up for, when the app was not running.
GRACE = timedelta(days=7)
AT_ONCE = 500  # records of one automation in one tick
KEPT = timedelta(days=400)


@dataclass(frozen=True)
class Occasion:
    """Something that is due: an automation, and the record (None: none) it is for. key tells it from the next one."""

    trigger: Trigger
    steps: Sequence[Step]
    key: str
    record: int | None
    at: datetime

    @property
    def name(self) -> str:
        return str(self.trigger)


def tick(app: Any, now: datetime | None = None) -> int:
    """Do what is due now, each in a transaction of its own; how many occasions there were. Never raises for what an
    automation's steps run into: that is noted at the occasion."""
    if not app.blueprint.automations:
        return 0
    records = _records(app, now)
    if _just_seeded(records):
        pass_over(app, now)
        return 0
    done = 0
    for occasion in list(_due(records)):
        done += _do(records, occasion)
    _forget(records)
    return done


def pass_over(app: Any, now: datetime | None = None) -> None:
    """Count everything that is due now as done: after a seed, whose records nobody is waiting to be told about."""
    if not app.blueprint.automations:
        return
    records = _records(app, now)
    with records.transaction() as connection:
        for occasion in list(_due(records)):
            connection.execute(insert(system.due).values(_row(records, occasion)))


def _just_seeded(records: Records) -> bool:
    """Has the app been seeded since the last tick? Asked once: the answer turns to no."""
    setting = system.setting
    here = setting.c.name == "seeded"
    value = records.run(select(setting.c.value).where(here))
    if not value or value[0][0].get("announced", True):
        return False
    with records.transaction() as connection:
        connection.execute(setting.update().where(here).values(value={**value[0][0], "announced": True}))
    return True


def _records(app: Any, now: datetime | None) -> Records:
    records = Records(app, AUTHOR)
    if now is not None:
        records.now = now
    return records


def _due(records: Records) -> Iterator[Occasion]:
    for trigger, steps in records.blueprint.automations.items():
        match trigger.kind:
            case "before" | "after":
                yield from _around_dates(records, trigger, steps)
            case "every":
                yield from _every(records, trigger, steps)


def _do(records: Records, occasion: Occasion) -> bool:
    """Do an occasion unless somebody else has."""
    with records.transaction() as connection:
        due = system.due
        here = (due.c.automation == occasion.name) & (due.c.key == occasion.key)
        if connection.execute(select(due.c.id).where(here)).first() is not None:
            return False
        connection.execute(insert(due).values(_row(records, occasion)))
        followed = records.follow(
            occasion.trigger, list(occasion.steps), occasion.trigger.entity or None, occasion.record
        )
        if not followed:
            connection.execute(due.update().where(here).values(error="Its steps could not be done; see the log."))
    return True


def _row(records: Records, occasion: Occasion) -> dict[str, Any]:
    return {
        "automation": occasion.name,
        "key": occasion.key,
        "entity": occasion.trigger.entity or None,
        "record": occasion.record,
        "at": occasion.at,
        "done": records.now,
        "attempts": 1,
    }


def _not_done(trigger: Trigger, key: ColumnElement[str]) -> ColumnElement[bool]:
    due = system.due.alias()
    done = select(due.c.id).where(due.c.automation == str(trigger), due.c.key == key)
    return ~done.correlate_except(due).exists()


def _around_dates(records: Records, trigger: Trigger, steps: Sequence[Step]) -> Iterator[Occasion]:
    """Before a date: from that time on until the date itself. After one: from that time on, for a week at most. A date that
    is moved makes a new occasion."""
    place = records.blueprint.meaning.place(trigger.entity, trigger.field)
    row = records.tables[trigger.entity]
    is_day = place.field.kind == "date"
    if place.field.computed:
        value = records.access.computed(trigger.entity, trigger.field, row)
    else:
        value = row.c[trigger.field]
    now = records.now
    if trigger.kind == "before":
        low, high = now, moved(now, trigger.number, trigger.unit)
    else:
        high = moved(now, -trigger.number, trigger.unit)
        low = high - GRACE
    if is_day:
        # A day begins at its midnight.
        within = (value >= low.date(), value <= high.date())
    else:
        within = (value > low, value <= high)
    said = func.substr(cast(type_coerce(value, Text()), Text()), 1, 10 if is_day else 19)
    key = cast(row.c.id, Text()).concat(":").concat(said)
    conditions: list[ColumnElement[bool]] = [*within, _not_done(trigger, key)]
    if trigger.condition is not None:
        conditions.append(records.access.condition(trigger.condition, row))
    statement = select(row.c.id, key).where(*conditions).order_by(value, row.c.id).limit(AT_ONCE)
    for id, said_key in records.run(statement):
        yield Occasion(trigger, steps, said_key, id, now)


def _every(records: Records, trigger: Trigger, steps: Sequence[Step]) -> Iterator[Occasion]:
    """Once in every hour, day, week or month, for each record that fits at that time."""
    now = records.now
    period = period_key(now, trigger.unit)
    if not trigger.entity:
        if records.run(select(literal(1)).where(_not_done(trigger, literal(period)))):
            yield Occasion(trigger, steps, period, None, now)
        return
    row = records.tables[trigger.entity]
    key = literal(f"{period}:").concat(cast(row.c.id, Text()))
    # A record made since the period began waits for the next one.
    conditions: list[ColumnElement[bool]] = [_not_done(trigger, key), _not_done(trigger, literal(f"{period}:*"))]
    if trigger.condition is not None:
        conditions.append(records.access.condition(trigger.condition, row))
    found = records.run(select(row.c.id, key).where(*conditions).order_by(row.c.id).limit(AT_ONCE))
    for id, said_key in found:
        yield Occasion(trigger, steps, said_key, id, now)
    if len(found) < AT_ONCE:
        # The period is through: what comes to fit later in it waits for the next.
        yield Occasion(trigger, (), f"{period}:*", None, now)


def _forget(records: Records) -> None:
    """Occasions of long ago, which cannot come again."""
    due = system.due
    old = due.c.at < records.now - KEPT
    hours = due.c.automation.like("every %") & (due.c.at < records.now - timedelta(days=40))
    gone = or_(old, hours)
    if records.run(select(due.c.id).where(gone).limit(1)):
        with records.transaction() as connection:
            connection.execute(delete(due).where(gone))


def period_key(now: datetime, unit: str) -> str:
    """The hour, day, week or month of a moment, as text."""
    match unit:
        case "hour":
            return f"{now:%Y-%m-%d %H}"
        case "day":
            return f"{now:%Y-%m-%d}"
        case "week":
            return f"{now - timedelta(days=now.weekday()):%Y-%m-%d}"
    return f"{now:%Y-%m}"


def moved(moment: datetime, number: int, unit: str) -> datetime:
    """The moment so many units later (earlier when negative); months keep the day, or take the last of a shorter month."""
    if unit == "month":
        at = moment.year * 12 + moment.month - 1 + number
        first = moment.replace(year=at // 12, month=at % 12 + 1, day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        last = (following - timedelta(days=1)).day
        return first.replace(day=min(moment.day, last))
    return moment + timedelta(**{f"{unit}s": number})


__all__ = ["Occasion", "moved", "pass_over", "period_key", "tick"]
