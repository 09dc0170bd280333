"""Emails and notifications to people who cannot exist."""

from __future__ import annotations

from collections.abc import Iterator

from espalier.blueprint.steps import Email, Notify

from ..checks import check
from ..report import Finding, fine, wrong
from ..rights import STRANGER
from ..structure import Structure
from ..subject import Subject


@check("static")
def lost_mail(subject: Subject) -> Iterator[Finding]:
    """Every email and notification can reach somebody."""
    structure = subject.structure
    for trigger, steps in subject.blueprint.automations.items():
        for step in steps:
            if isinstance(step, Email | Notify):
                yield _judged(structure, f"automations > {trigger}", trigger.entity, step)
    for name, entity in subject.blueprint.data.items():
        for action in entity.action_list:
            for step in action.steps:
                if isinstance(step, Email | Notify):
                    yield _judged(structure, f"data > {name} > actions > {action.label}", name, step)


def _judged(structure: Structure, where: str, entity: str, step: Email | Notify) -> Finding:
    first, _, _ = step.who.partition(".")
    blueprint = structure.blueprint
    if first in blueprint.data and not blueprint.seed.get(first) and first not in structure.made:
        return wrong(
            where,
            f"`{step.who}` is nobody: there is no `{first}` and nobody can make one",
            f"put a form for `{first}` on a page",
        )
    if step.who == "owner" and entity and not _has_owner(structure, entity):
        address = next(
            (field.name for field in blueprint.entities[entity].fields.values() if field.kind == "email"), ""
        )
        said = (
            f'write `email {address} "..."`'
            if address
            else "give it an `email` field and write to that, or let only people with an account make it"
        )
        return wrong(where, f"`owner` is nobody: a `{entity}` is made without an account", said)
    return fine(where)


def _has_owner(structure: Structure, entity: str) -> bool:
    """Is there somebody with an account who makes such records, or a field that says whose they are?"""
    if any(field.is_owner for field in structure.blueprint.entities[entity].fields.values()):
        return True
    if structure.may("create", entity, STRANGER) is False:
        return True
    # Where anybody may make one, those with accounts do so only where accounts are for them.
    visitors = structure.blueprint.signup == "user" or not structure.blueprint.roles
    return (
        any(person in structure.joining for person in structure.made.get(entity, ()))
        and (visitors or len(structure.blueprint.roles) > 1)
        and structure.blueprint.signup != "invite"
    )
