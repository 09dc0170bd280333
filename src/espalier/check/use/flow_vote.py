"""Votes and the like: one person, one vote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, seeded
from .flows import could_be_made, makers, parts_of_name, references

if TYPE_CHECKING:
    from espalier.blueprint.field import Field

    from ..subject import Subject

VOTES = {"vote", "ballot", "like", "upvote", "favourite", "favorite", "rsvp", "follow", "bookmark"}


@check("use", weight=2)
def flow_vote(subject: Subject) -> Iterator[Finding]:
    """A person votes once: a second vote of the same person for the same is refused."""
    stored = seeded(subject)
    for entity in subject.blueprint.data:
        if not parts_of_name(entity) & VOTES:
            continue
        if stored.view(subject.cast.stranger).can("create", entity) is not False:
            continue  # of people without an account nobody knows who they are
        for by in references(subject.blueprint, entity):
            if by.target in ("User", entity) or by.is_owner or not by.typed_in:
                continue
            finding = _one(subject, stored, entity, by)
            if finding is not None:
                yield finding
            break


def _one(subject: Subject, stored: Stored, entity: str, by: Field) -> Finding | None:
    where = f"data > {entity} > {by.name}"
    for who in makers(subject, stored, entity)[:3]:
        made = could_be_made(stored, entity, who, {})
        if made is None or made.record.get(by.name) is None:
            continue
        voted = stored.with_record(entity, made.record)
        if could_be_made(voted, entity, who, {by.name: made.record[by.name]}) is None:
            return fine(where)
        return wrong(
            where,
            f"the same person can make a {entity} for the same {by.name} again and again",
            f"say `unique: [{by.name}, owner]` in {entity}, or use a field of `marks` in {by.target}",
        )
    return None
