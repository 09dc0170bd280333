"""What may be there only once: a second one is refused at the field, for fields that are `unique` and for `unique: [...]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, now, seeded
from ..values import text_of, unique_groups
from .forms import as_json, errors_of, whole_record
from .turn import in_turn

if TYPE_CHECKING:
    from ..subject import Subject

QUICK = 6


@check("use", weight=2)
def unique_holds(subject: Subject) -> Iterator[Finding]:
    """What is unique can be saved once and not twice: the second is refused with words."""
    stored = seeded(subject)
    groups = [
        (entity, group)
        for entity, spec in subject.blueprint.entities.items()
        if entity != "User"
        for group in unique_groups(spec)
    ]
    looked_at = subject.some(groups, QUICK)
    tried = subject.some(looked_at, 1) if in_turn(subject, "unique_holds") else []
    for one in looked_at:
        yield from _one(subject, stored, *one, for_real=one in tried)


def _one(subject: Subject, stored: Stored, entity: str, group: tuple[str, ...], for_real: bool) -> Iterator[Finding]:
    where = f"data > {entity} > unique > {', '.join(group)}"
    admin = subject.cast.admin
    fields = subject.blueprint.entities[entity].fields
    search = whole_record(stored, entity, admin)
    if search is None or any(name in fields and not fields[name].typed_in and not fields[name].is_me for name in group):
        return
    # A place that is empty is never taken.
    for name in group:
        if name in search.free:
            search.free[name] = [one for one in search.free[name] if one.texts] or search.free[name]
    kept = search.meet_all()
    if kept.broken is not None or any(kept.record.get(name) in (None, []) for name in group):
        if kept.broken is not None and kept.broken.kind == "unique" and stored[entity]:
            yield wrong(where, "everything that it could be is taken already", "add a field to it, or drop it")
        return
    if not for_real:
        yield fine(where)
        return
    sent = as_json(kept.given, stored, entity)
    before = stored
    taken = _taken(stored, entity, group)
    if taken and not subject.thorough:
        sent |= taken
    else:
        first = subject.visit(admin, "POST", f"/api/{entity}", json=sent)
        if first.status != 201:
            yield wrong(where, f"a first one is refused: {first.text[:120]}")
            return
        before = now(subject)
    again = subject.visit(admin, "POST", f"/api/{entity}", json=sent)
    if again.status == 201:
        yield wrong(where, "the same is saved twice")
    elif again.status != 422 or not errors_of(again):
        yield wrong(where, f"the second is refused without words (the answer is {again.status})")
    elif before.changes(now(subject)):
        yield wrong(where, "the second is refused, yet something was saved")
    else:
        yield fine(where)
    subject.restore()


def _taken(stored: Stored, entity: str, group: tuple[str, ...]) -> dict[str, str]:
    """What a record that is there already has in these fields, as one types it; nothing when they cannot all be typed in."""
    fields = stored.blueprint.entities[entity].fields
    for row in stored[entity].values():
        if all(name in fields and fields[name].typed_in and row.get(name) is not None for name in group):
            return {name: text_of(row[name], fields[name]) for name in group}
    return {}
