"""Automations: what they do can be done, reaches somebody, and happens once when the time or the change has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from espalier.blueprint.steps import Email, If, Notify, Step, Trigger
from espalier.runtime.access import AUTHOR, Visitor
from espalier.runtime.automations import moved, tick

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, Values, bound_of, depends_on, now, seeded
from ..values import Choice, Condition, Search, choices_of
from .actions_do import store
from .effects import ANY, Image, Told, heard, touched_by
from .forms import UPLOADS, make
from .turn import in_turn

if TYPE_CHECKING:
    from ..subject import Subject

QUICK = 6  # that are worked out
TIMED = ("before", "after", "every")
MOST_ROWS = 10
LATER = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=32)}


@check("use", weight=3)
def automations_run(subject: Subject) -> Iterator[Finding]:
    """Every automation writes to somebody, breaks no rule, and does its steps once when its moment comes."""
    stored = seeded(subject)
    automations = list(subject.blueprint.automations.items())
    looked_at = subject.some(automations, QUICK)
    real = [
        one for one in looked_at if in_turn(subject, "automations_tick" if one[0].kind in TIMED else "automations_run")
    ]
    real = subject.some(real, 1)
    for trigger, steps in looked_at:
        where = f"automations > {trigger}"
        problem, suggestion = _problem(subject, stored, trigger, steps)
        if problem:
            yield wrong(where, problem, suggestion)
        elif (trigger, steps) in real:
            yield from _happens(subject, trigger, steps, where)
            subject.restore()
        else:
            yield fine(where)


# --- worked out -------------------------------------------------------------------------------------------------------


def _problem(subject: Subject, stored: Stored, trigger: Trigger, steps: Sequence[Step]) -> tuple[str, str]:
    """Why nothing can ever come of it, and what to do; ("", "") when there is no reason."""
    nobody = [
        step.who
        for step in steps
        if isinstance(step, Email | Notify) and not _anybody(subject, stored, trigger, step.who, steps)
    ]
    if nobody:
        return (
            f"it writes to nobody: `{nobody[0]}` can never be anybody here",
            "write to somebody who is known then: a role, a field that is filled in, an email field of the form",
        )
    return "", ""


def _anybody(subject: Subject, stored: Stored, trigger: Trigger, who: str, steps: Sequence[Step]) -> bool:
    """Can there be somebody at the end of the path?"""
    blueprint = subject.blueprint
    if who == "me":
        return trigger.kind not in TIMED
    if who in (*blueprint.roles, "admin", "user"):
        return True
    first, _, rest = who.partition(".")
    start, path = (first, rest or "email") if first in blueprint.entities else (trigger.entity, who)
    if not start:
        return False
    try:
        place = blueprint.meaning.place(start, path)
    except ValueError:
        return True  # the reader has said so
    spec, entity = place.field, place.entity
    if entity == "User" or spec.computed or spec.kind == "marks":
        return True
    if any(stored.value(entity, row, spec.name) not in (None, [], "") for row in stored[entity].values()):
        return True
    made_by_people = any(
        stored.view(one).can("create", entity) is not False for one in subject.cast.members if not one.is_admin
    )
    if spec.name not in blueprint.entities[entity].fields or spec.is_me:
        made_by_steps = any(
            (entity, ANY) in touched_by(blueprint, name, action.steps)
            for name, one in blueprint.entities.items()
            for action in one.action_list
        )
        return made_by_people or made_by_steps
    filled_in = any(stored.view(one).sets(entity, spec.name) is not False for one in subject.cast.members)
    return spec.typed_in and filled_in


# --- done -------------------------------------------------------------------------------------------------------------


def _happens(subject: Subject, trigger: Trigger, steps: Sequence[Step], where: str) -> Iterator[Finding]:
    if trigger.kind == "every":
        yield from _every(subject, trigger, steps, where)
    elif trigger.kind in TIMED:
        yield from _around(subject, trigger, steps, where)
    elif trigger.kind == "created":
        yield from _created(subject, trigger, steps, where)
    elif trigger.kind == "deleted":
        yield from _deleted(subject, trigger, steps, where)
    else:
        yield from _changed(subject, trigger, steps, where)


def _created(subject: Subject, trigger: Trigger, steps: Sequence[Step], where: str) -> Iterator[Finding]:
    stored = seeded(subject)
    for who in (subject.cast.usual, *subject.cast.members):
        if stored.view(who).can("create", trigger.entity) is False:
            continue
        id = make(subject, stored, trigger.entity, who)
        if id is None:
            continue
        after = now(subject)
        owner = after[trigger.entity][id]["owner"]
        maker = next((one for one in subject.cast.members if one.id == owner), who)
        yield from _compared(stored, after, trigger, steps, id, maker, where, made=True)
        return


def _deleted(subject: Subject, trigger: Trigger, steps: Sequence[Step], where: str) -> Iterator[Finding]:
    stored = seeded(subject)
    admin = subject.cast.admin
    for row in list(stored[trigger.entity].values())[:4]:
        image = Image.of(stored, admin)
        image.perform(trigger.entity, row["id"], steps, {})
        answer = subject.visit(admin, "DELETE", f"/api/{trigger.entity}/{row['id']}")
        if answer.status != 204:
            continue  # other records need it
        yield from _said(stored, now(subject), image.told, where)
        return


def _changed(subject: Subject, trigger: Trigger, steps: Sequence[Step], where: str) -> Iterator[Finding]:
    """An edit after which the condition holds, where it did not hold before; of another value for `changes`."""
    stored = seeded(subject)
    admin = subject.cast.admin
    fields = stored.blueprint.entities[trigger.entity].fields
    free = {
        name: [one for one in choices_of(stored, spec, admin, most=8) if one.texts]
        for name, spec in fields.items()
        if spec.typed_in and spec.kind not in (*UPLOADS, "bool") and not spec.many
    }
    for row in list(stored[trigger.entity].values())[:6]:
        for name, choice in _edits(stored, trigger, row, free):
            draft = {**row, name: choice.value}
            after = stored.with_record(trigger.entity, draft)
            if trigger.condition is not None and (
                stored.condition(trigger.condition, trigger.entity, row)
                or not after.condition(trigger.condition, trigger.entity, draft)
            ):
                continue
            answer = subject.visit(admin, "PATCH", f"/api/{trigger.entity}/{row['id']}", json={name: choice.texts[0]})
            if answer.status != 200:
                subject.restore()
                continue
            yield from _compared(stored, now(subject), trigger, steps, row["id"], admin, where)
            return


def _edits(
    stored: Stored, trigger: Trigger, row: Values, free: dict[str, list[Choice]]
) -> Iterator[tuple[str, Choice]]:
    names = list(free)
    if trigger.kind == "changes":
        names = [trigger.field]
    elif trigger.condition is not None:
        wanted = depends_on(bound_of(trigger.condition, stored.blueprint).meaning, stored.blueprint)
        names = [name for name in names if name in wanted]
    for name in names:
        for choice in free.get(name, []):
            if choice.value != row.get(name):
                yield name, choice


def _compared(
    before: Stored,
    after: Stored,
    trigger: Trigger,
    steps: Sequence[Step],
    id: int,
    who: Visitor,
    where: str,
    made: bool = False,
) -> Iterator[Finding]:
    """What was said and set by the steps, against what ought to be: worked out on the data as it stands after the change."""
    image = Image.of(after, who)
    if not made and any(isinstance(step, If) for step in steps):
        # The steps themselves may have changed what their `if` asks.
        image = Image.of(before, who)
        own = touched_by(before.blueprint, trigger.entity, steps)
        row = image.stored.writable(trigger.entity)[id]
        row.update({name: after[trigger.entity][id][name] for name in row if (trigger.entity, name) not in own})
        image.stored.changed()
    image.perform(trigger.entity, id, steps, {})
    yield from _said(before, after, image.told, where)


def _said(before: Stored, after: Stored, told: Sequence[Told], where: str) -> Iterator[Finding]:
    missing = [one for one in told if not heard(one, before, after)]
    if missing:
        yield wrong(where, f"{missing[0].kind} to {missing[0].to} was not written: {missing[0].text[:80]}")
    else:
        yield fine(where)


# --- by the clock -----------------------------------------------------------------------------------------------------


def _at(subject: Subject, moment: datetime) -> None:
    """Set the app's clock. The clock is put back by `_clocked`."""
    subject.now = moment


class _Clocked:
    """The clock of the app goes back to where it was at the end."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.before = subject.now

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        self.subject.now = self.before


def _every(subject: Subject, trigger: Trigger, steps: Sequence[Step], where: str) -> Iterator[Finding]:
    subject.touch()
    with _Clocked(subject):
        tick(subject.app)  # what is due when the app starts is passed over
        _at(subject, subject.now + LATER[trigger.unit])
        before = now(subject)
        image = Image.of(before, AUTHOR)
        ids: list[int | None] = [None]
        if trigger.entity:
            ids = [
                row["id"]
                for row in before[trigger.entity].values()
                if trigger.condition is None or before.condition(trigger.condition, trigger.entity, row)
            ]
        others = [one for one in subject.blueprint.automations if one.kind in TIMED and one != trigger]
        for id in ids:
            image.stopped = False
            image.perform(trigger.entity, id, steps, {})
        yield from _ticked(subject, before, image.told if not others else image.told[:1], where)


def _around(subject: Subject, trigger: Trigger, steps: Sequence[Step], where: str) -> Iterator[Finding]:
    """A date of a record is put where it is due in an hour, and the clock is moved on."""
    stored = seeded(subject)
    fields = stored.blueprint.entities[trigger.entity].fields
    spec = fields.get(trigger.field)
    if spec is None or spec.computed or not stored[trigger.entity]:
        return
    found = _fitting_row(stored, trigger, steps)
    if found is None:
        return
    row, changes = found
    subject.touch()
    with _Clocked(subject):
        tick(subject.app)
        start = subject.now
        sign = -1 if trigger.kind == "before" else 1
        due = start + timedelta(days=40)
        date: Any = due.date() if spec.kind == "date" else due
        if not store(subject, trigger.entity, row["id"], {**changes, trigger.field: date}):
            return
        midnight = datetime(due.year, due.month, due.day) if spec.kind == "date" else due
        _at(subject, moved(midnight, sign * trigger.number, trigger.unit) + timedelta(minutes=20))
        before = now(subject)
        image = Image.of(before, AUTHOR)
        holds = trigger.condition is None or before.condition(
            trigger.condition, trigger.entity, before[trigger.entity][row["id"]]
        )
        if holds:
            image.perform(trigger.entity, row["id"], steps, {})
        if image.told:
            yield from _ticked(subject, before, image.told, where)


def _fitting_row(stored: Stored, trigger: Trigger, steps: Sequence[Step]) -> tuple[Values, Values] | None:
    """A record for which the condition and the leading `if` hold, with what must be changed in it for that."""
    expressions = [trigger.condition] if trigger.condition is not None else []
    for step in steps:
        if not isinstance(step, If):
            break
        expressions.append(step.condition)
    conditions = []
    for expression in expressions:
        bound = bound_of(expression, stored.blueprint)
        names = frozenset(depends_on(bound.meaning, stored.blueprint))

        def holds(record: Values, expression: Any = expression) -> bool:
            return stored.with_record(trigger.entity, record).condition(expression, trigger.entity, record)

        conditions.append(Condition(str(expression), "if", names, holds, (bound,)))
    for row in list(stored[trigger.entity].values())[:MOST_ROWS]:
        free = {
            name: [Choice(("as it is",), row.get(name)), *choices_of(stored, spec, AUTHOR, most=8)]
            for name, spec in stored.blueprint.entities[trigger.entity].fields.items()
            if spec.seeded
            and spec.kind not in UPLOADS
            and not spec.many
            and any(name in one.names for one in conditions)
        }
        found = Search(stored, trigger.entity, row, free, conditions).meet_all()
        if found.broken is None:
            return row, {name: one.value for name, one in found.given.items() if one.value != row.get(name)}
    return None


def _ticked(subject: Subject, before: Stored, told: Sequence[Told], where: str) -> Iterator[Finding]:
    """One tick does it, the next does nothing."""
    tick(subject.app)
    after = now(subject)
    missing = [one for one in told if not heard(one, before, after)]
    if missing:
        yield wrong(where, f"{missing[0].kind} to {missing[0].to} was not written: {missing[0].text[:80]}")
        return
    tick(subject.app)
    again = now(subject)
    if len(again.letters) != len(after.letters) or len(again.notices) != len(after.notices):
        yield wrong(where, "it happens again at the next tick, though nothing has changed")
        return
    yield fine(where)
