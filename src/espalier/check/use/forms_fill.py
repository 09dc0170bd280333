"""Can every form be filled in? Worked out from the blueprint and its seed alone, for all forms and all people, without a visit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from espalier.runtime.access import Visitor

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, Values, seeded
from .forms import Place, fill_in, imagined, places

if TYPE_CHECKING:
    from ..subject import Subject

QUICK = 8
MOST_LIKE = 8  # others who are asked when it depends on what somebody has


@check("use", weight=5)
def forms_fill(subject: Subject) -> Iterator[Finding]:
    """Every form can be filled in by the people it is for: there is something to choose, and no rule forbids every answer."""
    stored = seeded(subject)
    pairs = [(place, who) for place, people in places(subject) for who in people]
    for place, who in subject.some(pairs, QUICK):
        sheet = imagined(stored, place, who)
        where = place.where(subject, who)
        if _waits(subject, stored, place, sheet.fields):
            continue
        filled = fill_in(stored, place, sheet, who)
        depends = filled.kind == "access" and stored.view(who).can("create", place.entity) is None
        if depends and any(_can(stored, place, one) for one in _like(stored, who)):
            continue  # it depends on what is theirs already, and somebody else of the same role has it
        yield wrong(where, filled.problem, filled.suggestion) if filled.problem else fine(where)


def _like(stored: Stored, who: Visitor) -> list[Visitor]:
    """Others of that role."""
    rows = [
        row
        for row in stored["User"].values()
        if row["id"] != who.id and (row["role"] == who.role or who.role == "user")
    ]
    return [Visitor(row["id"], row["name"], row["email"], row["role"]) for row in rows[:MOST_LIKE]]


def _can(stored: Stored, place: Place, who: Visitor) -> bool:
    records: list[Values | None] = [place.record]
    if place.page is not None and place.page.each:
        records = [*stored.view(who).readable(place.page.each)[:MOST_LIKE]]
    for record in records:
        there = replace(place, record=record)
        if not fill_in(stored, there, imagined(stored, there, who), who).problem:
            return True
    return False


def _waits(subject: Subject, stored: Stored, place: Place, fields: list[str]) -> bool:
    """Does the form need records of a kind of which there are none yet, but which somebody can make?"""
    for name in fields:
        spec = stored.blueprint.entities[place.entity].fields[name]
        if (
            spec.kind == "reference"
            and spec.required
            and not stored[spec.target]
            and _makers(subject, stored, spec.target)
        ):
            return True
    return False


def _makers(subject: Subject, stored: Stored, entity: str) -> list[Visitor]:
    return [who for who in subject.cast.members if stored.view(who).can("create", entity) is not False]
