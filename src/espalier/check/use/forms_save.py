"""Every form can be filled in by the people it is for, and what they sent is there afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from espalier.blueprint.blocks.base import DataBlock

from ..checks import check
from ..report import Finding, fine, wrong
from ..sheet import Sheet
from ..stored import Stored, Values, now, seeded
from ..values import same
from .drawn import drawn
from .effects import touched_by_automations
from .forms import MISSING_NAME, Filled, Place, fill_in, places, provide

if TYPE_CHECKING:
    from espalier.runtime.access import Visitor

    from ..subject import Answer, Subject

LISTS = ("table", "list", "cards", "gallery", "feed", "board", "shop")
MOST_LISTED = 12  # of more the new one may stand on a later page
QUICK = 1


@check("use", weight=5)
def forms_save(subject: Subject) -> Iterator[Finding]:
    """Every form can be filled in by the people it is for, and what they sent is saved as they sent it."""
    for place, who in subject.some(_pairs(subject), QUICK):
        subject.restore()
        where = place.where(subject, who)
        answer, sheet = place.opened(subject, who)
        if sheet is None:
            yield wrong(where, f"the form is not there for somebody who may send it (the page answers {answer.status})")
            continue
        yield from _send(subject, place, who, sheet, where)


def _pairs(subject: Subject) -> list[tuple[Place, Visitor]]:
    """The forms and those who send them. In a quick look only what costs little: forms on pages that are drawn in any case, and
    the page that every kind of record has for a new one."""
    found = places(subject)
    if subject.thorough:
        return [(place, who) for place, people in found for who in people]
    there = {(one.page.key, one.who.id) for one in drawn(subject) if one.page is not None and one.this is None}
    known = [
        (place, who)
        for place, people in found
        for who in people
        if place.page is not None and (place.page.key, who.id) in there
    ]
    if known:
        return known
    one_of = [(place.entity, subject.chance.choice(people)) for place, people in found if people]
    view = seeded(subject).view
    return [(Place(entity), who) for entity, who in one_of if view(who).can("create", entity) is True]


def _send(subject: Subject, place: Place, who: Visitor, sheet: Sheet, where: str) -> Iterator[Finding]:
    before = seeded(subject)
    filled = fill_in(before, place, sheet, who)
    if filled.problem and provide(subject, before, place, sheet, who):
        before = now(subject)
        _, fresh = place.opened(subject, who, fresh=True)
        if fresh is not None:
            sheet, filled = fresh, fill_in(before, place, fresh, who)
    if filled.problem:
        return  # forms_fill says so, after trying harder
    answer = subject.visit(who, "POST", place.url(subject), form=filled.sent)
    if answer.status != 303:
        yield wrong(where, f"sent with valid values, but {refusal(place, answer)}")
        return
    after = now(subject)
    changes = before.changes(after)
    added = changes[place.entity].added if place.entity in changes else []
    if not added:
        yield wrong(where, f"sent with valid values and accepted, but no {place.entity} was saved")
        return
    differences = list(_differences(after, place.entity, added[0], filled.record))
    differences += _parts(before, after, added[0], filled)
    if differences:
        yield wrong(where, f"what was saved is not what was sent: {'; '.join(differences)}")
        return
    yield fine(where)
    if subject.thorough:
        yield from _seen(subject, after, place, added[0], who)


def refusal(place: Place, answer: Answer) -> str:
    """What the app said instead of saving."""
    from ..sheet import record_sheet, sheet_of_block

    if answer.refused:
        return f"this person is turned away ({answer.status})"
    again = None
    if answer.status == 422:
        again = record_sheet(answer) if place.page is None else sheet_of_block(answer, place.at)
    said = "; ".join(f"{name}: {words}" if name else words for name, words in again.said.items()) if again else ""
    return f"it was refused: {said}" if said else f"the answer was {answer.status}"


def _parts(before: Stored, after: Stored, id: int, filled: Filled) -> Iterator[str]:
    """What is not as it should be of the parts that were filled in below the record."""
    for entity, part in filled.parts.items():
        added = [one for one in after[entity] if one not in before[entity]]
        if len(added) != 1:
            yield f"{len(added)} {entity} were saved with it instead of one"
            continue
        wanted = {**part, part["by"]: id}
        yield from (f"{entity}: {one}" for one in _differences(after, entity, added[0], wanted))


def _differences(after: Stored, entity: str, id: int, wanted_record: Values) -> Iterator[str]:
    row: Values = after[entity][id]
    fields = after.blueprint.entities[entity].fields
    followed = touched_by_automations(after.blueprint)
    for name, spec in fields.items():
        if spec.computed or spec.kind in ("marks", "serial") or (entity, name) in followed:
            continue
        wanted = wanted_record.get(name)
        if wanted == MISSING_NAME:
            if not row[name]:
                yield f"`{name}` has no file"
            continue
        if spec.kind in ("file", "image"):
            continue
        if not same(row[name], wanted):
            yield f"`{name}` is {_said(row[name])} instead of {_said(wanted)}"
    if "owner" not in fields and row.get("owner") != wanted_record["owner"]:
        yield "it belongs to somebody else"


def _said(value: Any) -> str:
    return "nothing" if value in (None, [], "") else str(value)[:60]


# --- where it appears ---------------------------------------------------------------------------------------------------


def _seen(subject: Subject, after: Stored, place: Place, id: int, who: Visitor) -> Iterator[Finding]:
    """Does the new record stand where it should, for somebody who may read it? Asked of its own address, and of
    a page that lists its kind."""
    row = after[place.entity][id]
    mark = _mark(after, place.entity, row)
    reader = next(
        (
            one
            for one in (who, *subject.cast.members)
            if after.view(one).reaches("read", place.entity, row)
            and (mark is None or after.view(one).sees(place.entity, mark[0], row))
        ),
        None,
    )
    if reader is None or mark is None:
        return
    where = f"a new {place.entity} as {subject.cast.named(reader)}"
    shown = subject.get(reader, f"/api/{place.entity}/{id}")
    if shown.status == 200 and mark[1] in shown.text:
        yield fine(where)
    else:
        yield wrong(where, f"it was saved, but somebody who may read it does not get it (the answer is {shown.status})")
        return
    view = after.view(reader)
    for page, block in _lists(subject, place, mark[0]):
        if view.certain(page.who) is not True or view.certain(block.shown) is not True:
            continue
        found = view.select(place.entity, block.where)
        if not any(one["id"] == id for one in found) or len(found) > MOST_LISTED:
            continue
        listed = subject.get(reader, subject.url(page))
        where = f"pages > {page.key} as {subject.cast.named(reader)}"
        if listed.status == 200 and mark[1] in listed.text:
            yield fine(where)
        else:
            yield wrong(where, f"a new {place.entity} was saved, but {block.kind} {place.entity} does not show it")
        return


def _mark(after: Stored, entity: str, row: Values) -> tuple[str, str] | None:
    """A field and a text in it by which the record is known on a page."""
    fields = after.blueprint.entities[entity].fields
    title = after.blueprint.entities[entity].title_field
    for name in dict.fromkeys([title, *fields]):
        spec = fields.get(name)
        if spec is not None and spec.kind in ("text", "serial", "email") and not spec.many and row.get(name):
            text = str(row[name])
            if text.replace(" ", "").isalnum() and "  " not in text and len(text) < 60:
                return name, text
    return None


def _lists(subject: Subject, place: Place, name: str) -> Iterator[tuple[Any, Any]]:
    """Blocks that show every record of the entity with that field; those on the form's own page first."""
    pages = sorted(subject.pages, key=lambda page: page is not place.page)
    for page in pages:
        for block in page.blocks:
            if not isinstance(block, DataBlock) or block.kind not in LISTS or block.source.entity != place.entity:
                continue
            if block.limit is None and (not block.show or name in map(str, block.show)):
                yield page, block
