"""What runs out (stock, places, seats): taking the last one is possible, taking one more is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from espalier.blueprint.expression import meaning as m

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, Values, everything_in, now, seeded
from ..values import Solution
from .effects import Image, touched_by
from .flows import could_be_made, makers, parts_of_name, references
from .forms import as_json

if TYPE_CHECKING:
    from espalier.blueprint.field import Field
    from espalier.runtime.access import Visitor

    from ..subject import Subject

LEFT = {"stock", "left", "available", "remaining", "hand", "inventory", "free", "places", "seats", "spots", "slots"}
NOT_THINGS = {
    "day",
    "time",
    "hour",
    "minute",
    "budget",
    "money",
    "week",
    "month",
    "balance",
    "amount",
    "point",
    "credit",
    "vote",
    "goal",
}
NUMBERS = ("int", "number")
MOST_ROWS = 3


@check("use", weight=3)
def flow_stock(subject: Subject) -> Iterator[Finding]:
    """What runs out, such as stock or places, cannot be taken below nothing."""
    stored = seeded(subject)
    for taker, by, spec in _shapes(subject):
        where = f"data > {by.target} > {spec.name}, taken by {taker}"
        finding = _one(subject, stored, taker, by, spec, where)
        if finding is not None:
            yield finding


def _shapes(subject: Subject) -> Iterator[tuple[str, Field, Field]]:
    """(entity that takes, its reference to what it takes from, the number of what is left there)."""
    blueprint = subject.blueprint
    for taker in blueprint.entities:
        for by in references(blueprint, taker):
            if by.target in ("User", taker):
                continue
            for spec in blueprint.entities[by.target].fields.values():
                names = parts_of_name(spec.name)
                if spec.kind not in NUMBERS or spec.many or not names & LEFT or names & NOT_THINGS:
                    continue
                if _moves(subject, taker, by.target, spec.name):
                    yield taker, by, spec


def _moves(subject: Subject, taker: str, entity: str, name: str) -> bool:
    """Does the number change when such a record is made: is it worked out from them, or set by an automation?"""
    bound = subject.blueprint.meaning.computed.get((entity, name))
    if bound is not None:
        return any(isinstance(part, m.Aggregate) and part.entity == taker for part in everything_in(bound.meaning))
    return any(
        trigger.kind == "created"
        and trigger.entity == taker
        and (entity, name) in touched_by(subject.blueprint, taker, steps)
        for trigger, steps in subject.blueprint.automations.items()
    )


def _one(subject: Subject, stored: Stored, taker: str, by: Field, spec: Field, where: str) -> Finding | None:
    for who in makers(subject, stored, taker)[:4]:
        for row in stored.view(who).readable(by.target)[:MOST_ROWS]:
            before = stored.value(by.target, row, spec.name)
            if not isinstance(before, int | float) or before < 0:
                continue
            made = could_be_made(stored, taker, who, {by.name: row["id"]})
            after = _after(stored, taker, made, by, spec, row, who) if made is not None else None
            if after is None or after >= before:
                continue  # making one takes nothing
            return _at_the_end(subject, stored, taker, by, spec, row, who, where)
    return None


def _after(
    stored: Stored, taker: str, made: Solution, by: Field, spec: Field, row: Values, who: Visitor
) -> float | None:
    """What is left after the record is made, automations that follow it done."""
    image = Image.of(stored, who)
    id = made.record["id"]
    image.stored.writable(taker)[id] = made.record
    image.stored.changed()
    for trigger, steps in stored.blueprint.automations.items():
        if trigger.kind == "created" and trigger.entity == taker:
            image.perform(taker, id, steps, {})
    found = image.stored.value(by.target, image.stored[by.target][row["id"]], spec.name)
    return found if isinstance(found, int | float) else None


def _at_the_end(
    subject: Subject, stored: Stored, taker: str, by: Field, spec: Field, row: Values, who: Visitor, where: str
) -> Finding | None:
    empty = _emptied(stored, by.target, spec, row)
    if empty is None:
        return None
    made = could_be_made(empty, taker, who, {by.name: row["id"]})
    left = _after(empty, taker, made, by, spec, row, who) if made is not None else None
    if made is not None and left is not None and left < 0:
        return wrong(
            where,
            f"when nothing is left, one more {taker} can still be made, and {spec.name} becomes {left:g}",
            f"add a rule to {taker}: `None are left: {by.name}.{spec.name} > 0` (or `quantity <= {by.name}.{spec.name}`)",
        )
    if subject.thorough:
        return _for_real(subject, empty, taker, by, spec, row, who, where)
    return fine(where)


def _emptied(stored: Stored, entity: str, spec: Field, row: Values) -> Stored | None:
    """The data with nothing left of this record: by a change of the number itself, or of one that it is worked out from."""
    left = stored.value(entity, row, spec.name)
    if left == 0:
        return stored
    for name, one in stored.blueprint.entities[entity].fields.items():
        if one.kind in NUMBERS and not one.computed and isinstance(row.get(name), int | float):
            changed = stored.with_record(entity, {**row, name: row[name] - left})
            if changed.value(entity, changed[entity][row["id"]], spec.name) == 0:
                return changed
    return None


def _for_real(
    subject: Subject, empty: Stored, taker: str, by: Field, spec: Field, row: Values, who: Visitor, where: str
) -> Finding:
    """The same in the app: the record is brought to nothing left, and one more is asked for."""
    from .actions_do import store

    entity = by.target
    values = {name: value for name, value in empty[entity][row["id"]].items() if value != row.get(name)}
    made = could_be_made(seeded(subject), taker, who, {by.name: row["id"]})
    if made is None:
        return fine(where)
    if not store(subject, entity, row["id"], values):
        return fine(where)  # its own range keeps it from being empty
    sent = {**as_json(made.given, empty, taker), by.name: str(row["id"])}
    answer = subject.visit(who, "POST", f"/api/{taker}", json=sent)
    after = now(subject)
    left = after.value(entity, after[entity][row["id"]], spec.name)
    subject.restore()
    if answer.status == 201 and isinstance(left, int | float) and left < 0:
        return wrong(where, f"one more was taken in the app when nothing was left: {spec.name} is {left:g}")
    return fine(where)
