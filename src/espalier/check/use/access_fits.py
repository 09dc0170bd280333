"""Do the access rules fit together: what somebody may change they see, what they made they find again?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..checks import check
from ..report import Finding, fine, wrong

if TYPE_CHECKING:
    from espalier.runtime.access import Visitor

    from ..subject import Subject
    from ..world import Row, View

WORDS = {"update": "change", "delete": "delete"}


@check("use", weight=2, order=-55)
def access_fits(subject: Subject) -> Iterator[Finding]:
    """Whoever may change, delete, own or make records can see them too."""
    for who in subject.cast.members:
        if who.is_admin:
            continue
        view = subject.world.of(who)
        for entity in subject.blueprint.data:
            if entity != "User":
                subject.in_time()
                yield from _fits(subject, view, entity, who)


def _fits(subject: Subject, view: View, entity: str, who: Visitor) -> Iterator[Finding]:
    where = f"access > {entity} as {subject.cast.named(who)}"
    advice = f"Let them read it: `{entity}: {{read: own or ...}}`."
    made = made_by(subject, entity, who)
    rows = [*view.world.rows[entity], *([made] if made is not None and view.may("create", entity, made) else [])]
    said = False
    for operation, word in WORDS.items():
        blind = [row for row in rows if view.may(operation, entity, row) and not view.may("read", entity, row)]
        if blind:
            said = True
            title = "their own" if blind[0]["id"] == 0 else f"record {blind[0]['id']}"
            yield wrong(where, f"they may {word} {title} but not read it, so that they cannot", advice)
    mine = [row for row in view.world.rows[entity] if _owns(view, entity, row) and not view.may("read", entity, row)]
    if mine:
        said = True
        yield wrong(where, f"record {mine[0]['id']} is their own, but they may not read it", advice)
    elif made is not None and _makes_blindly(subject, view, entity, made):
        said = True
        yield wrong(where, "they make records from a page that lists them, but may not read what they made", advice)
    if not said:
        yield fine(where)


def made_by(subject: Subject, entity: str, who: Visitor) -> Row | None:
    """A record as this person would make it: like one that is there, but theirs and with the defaults; id 0. None when there is
    nothing yet that it must refer to."""
    spec, world = subject.blueprint.entities[entity], subject.world
    found: dict[str, Any] = {**next(iter(world.rows[entity]), {})}
    for name, field in spec.fields.items():
        bound = subject.blueprint.meaning.defaults.get((entity, name))
        value = getattr(getattr(bound, "meaning", None), "value", None)
        if value is not None:
            found[name] = value
        elif field.is_owner:
            found[name] = [who.id] if field.many else who.id
        elif field.many or field.kind in ("marks", "tags"):
            found.setdefault(name, [])
        elif field.kind == "reference" and not field.computed:
            readable = world.of(who).readable(field.target)
            if found.get(name) is None and not readable and field.target != "User":
                return None
            if field.target != "User" and not world.of(who).reads(field.target, found.get(name)):
                found[name] = readable[0]["id"] if readable else None
        elif not field.computed:
            found.setdefault(name, None)
    return {**found, "id": 0, "created": world.now, "updated": world.now, "owner": who.id}


def _owns(view: View, entity: str, row: Row) -> bool:
    for name in view.world.owners(entity):
        held = view.value(entity, row, name)
        if view.who.id is not None and (view.who.id in held if isinstance(held, list) else held == view.who.id):
            return True
    return False


def _makes_blindly(subject: Subject, view: View, entity: str, made: Row) -> bool:
    """Do they make such records on a page that shows a list of them, without ever seeing their own in it?"""
    if not view.may("create", entity, made) or view.may("read", entity, made) or view.can("read", entity) is not False:
        return False
    kinds: dict[str, set[str]] = {}
    for page in subject.pages:
        if view.holds(page.who):
            of = {block.kind for block in page.blocks if _entity(block) == entity and view.holds(block.shown)}
            kinds.setdefault("form" if of & {"form", "wizard", "booking"} else "", set()).update(of)
    return any(kind not in ("form", "wizard", "booking") for kind in kinds.get("form", ()))


def _entity(block: Any) -> str:
    source = getattr(block, "source", None)
    return source.entity if source is not None else ""
