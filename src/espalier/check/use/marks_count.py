"""Marks: each person counts once, and can take theirs back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, Values, now, seeded
from .turn import in_turn

if TYPE_CHECKING:
    from espalier.runtime.access import Visitor

    from ..subject import Subject

QUICK = 1


@check("use", weight=2)
def marks_count(subject: Subject) -> Iterator[Finding]:
    """A mark (like, vote, follow, sign-up) counts once for each person, and can be taken back."""
    stored = seeded(subject)
    marks = [
        (entity, name)
        for entity, spec in subject.blueprint.entities.items()
        for name, field in spec.fields.items()
        if field.kind == "marks"
    ]
    tried = subject.some(marks, QUICK) if in_turn(subject, "marks_count") else []
    for entity, name in marks:
        where = f"data > {entity} > {name}"
        found = _who_may(subject, stored, entity, name)
        if found is None:
            if stored[entity] and not _anybody(subject, stored, entity, name):
                yield wrong(
                    where,
                    "nobody who can read it may mark it",
                    f"let people with an account read {entity}, or open `{name}: {{write: ...}}`",
                )
            continue
        if (entity, name) in tried:
            yield from _one(subject, stored, entity, name, *found)
        else:
            yield fine(where)


def _anybody(subject: Subject, stored: Stored, entity: str, name: str) -> bool:
    return any(
        stored.view(who).can("read", entity) is not False and _sets(stored, entity, name, None, who) is not False
        for who in subject.cast.members
        if not who.is_admin
    )


def _who_may(subject: Subject, stored: Stored, entity: str, name: str) -> tuple[Visitor, Values] | None:
    """Somebody with an account who may mark a record that is not marked by them."""
    for who in subject.cast.members:
        if who.is_admin:
            continue
        for row in stored.view(who).readable(entity):
            if who.id not in row[name] and _sets(stored, entity, name, row, who):
                return who, row
    return None


def _sets(stored: Stored, entity: str, name: str, row: Values | None, who: Visitor) -> bool | None:
    entry = stored.blueprint.access.get(entity)
    said = entry.fields.get(name) if entry else None
    view = stored.view(who)
    if said is None or said.write is None:
        return True
    return view.certain(said.write) if row is None else view.holds(said.write, entity, row)


def _one(subject: Subject, stored: Stored, entity: str, name: str, who: Visitor, row: Values) -> Iterator[Finding]:
    where = f"data > {entity} > {name} as {subject.cast.named(who)}"
    url = f"/api/{entity}/{row['id']}/marks/{name}"
    before = list(row[name])

    def marks() -> list[int]:
        return list(now(subject)[entity][row["id"]][name])

    steps = [("PUT", [*before, who.id], "once"), ("PUT", [*before, who.id], "twice"), ("DELETE", before, "taken back")]
    for method, wanted, said in steps:
        answer = subject.visit(who, method, url)
        if answer.status != 200 or sorted(marks()) != sorted(wanted):
            yield wrong(where, f"marked {said}, it counts {len(marks())} instead of {len(wanted)} ({answer.status})")
            return
    answer = subject.visit(who, "POST", subject.record_url(entity, row["id"], f"/mark/{name}"))
    if answer.status != 303 or len(marks()) != len(before) + 1:
        yield wrong(where, f"its button is pressed, and it counts {len(marks())} ({answer.status})")
        return
    stranger = subject.visit(subject.cast.stranger, "PUT", url)
    if stranger.status == 200:
        yield wrong(where, "somebody without an account marks it")
        return
    yield fine(where)
