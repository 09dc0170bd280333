"""Approvals: what only some people may decide, nobody decides for themselves by writing it into the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.steps import Set

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, bound_of, seeded
from .flows import could_be_made, makers, parts_of_name

if TYPE_CHECKING:
    from espalier.blueprint.schema import Action
    from espalier.runtime.access import Visitor

    from ..subject import Subject

DECISIONS = {
    "approve", "approved", "accept", "accepted", "confirm", "confirmed", "grant", "granted", "publish", "published", "pay",
    "paid", "verify", "verified", "award", "awarded", "hire", "hired", "pass", "passed", "certify", "certified",
}  # fmt: skip


@check("use", weight=3)
def flow_approval(subject: Subject) -> Iterator[Finding]:
    """What only some people may approve by an action, others cannot approve by writing it into the record."""
    stored = seeded(subject)
    for entity, spec in subject.blueprint.entities.items():
        for action in spec.action_list:
            if entity == "User" or action.who is None:
                continue
            for name, value in _decided(subject, entity, action):
                yield from _one(subject, stored, entity, action, name, value)


def _decided(subject: Subject, entity: str, action: Action) -> Iterator[tuple[str, str]]:
    """The choices that the action sets and that mean a decision, as (field, choice)."""
    fields = subject.blueprint.entities[entity].fields
    for step in action.steps:
        if not isinstance(step, Set) or step.path not in fields or fields[step.path].kind != "choice":
            continue
        meaning = bound_of(step.value, subject.blueprint).meaning
        if isinstance(meaning, m.Constant) and isinstance(meaning.value, str):
            said = {one.lower() for one in meaning.value.split()} | parts_of_name(action.label.replace(" ", "_"))
            if said & DECISIONS:
                yield step.path, meaning.value


def _one(subject: Subject, stored: Stored, entity: str, action: Action, name: str, value: str) -> Iterator[Finding]:
    where = f"data > {entity} > {name} > {value}"
    entry = subject.blueprint.access.get(entity)
    if entry is not None and name in entry.fields and entry.fields[name].write is not None:
        yield fine(where)  # the author has said who may
        return
    for who in makers(subject, stored, entity):
        view = stored.view(who)
        if view.certain(action.who) is not False:
            continue  # they may press it themselves
        if could_be_made(stored, entity, who, {name: value}) is not None or _may_change(
            stored, entity, who, name, value
        ):
            yield wrong(
                where,
                f"only {action.who} may press {action.label}, but {subject.cast.named(who)} may write `{value}` into {name}",
                f"say `access: {entity}: {{{name}: {{write: nobody}}}}`, so that {name} changes by actions only",
            )
            return
    yield fine(where)


def _may_change(stored: Stored, entity: str, who: Visitor, name: str, value: str) -> bool:
    view = stored.view(who)
    return any(
        row[name] != value and view.reaches("update", entity, row) and view.sets(entity, name, row)
        for row in list(stored[entity].values())[:10]
    )
