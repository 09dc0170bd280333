"""Editing: cells of tables and the pages of records save what is changed, and what is worked out from it follows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..checks import check
from ..report import Finding, fine, wrong
from ..sheet import record_sheet
from ..stored import Stored, now, seeded
from ..values import same
from .edits import Change, changes_of, faults_of, outsider
from .turn import in_turn

if TYPE_CHECKING:
    from espalier.blueprint.blocks.table import Table
    from espalier.blueprint.schema import Page

    from ..subject import Subject

QUICK = 1
COMPARED = ("int", "number", "percent", "bool", "text", "choice", "date")


@check("use", weight=3)
def edits_save(subject: Subject) -> Iterator[Finding]:
    """What is edited, in a table's cell or on a record's page, is saved, and computed fields follow."""
    if not in_turn(subject, "edits_save"):
        return
    stored = seeded(subject)
    cells = [
        (page, at, block)
        for page in subject.pages
        for at, block in enumerate(page.blocks)
        if block.kind == "table" and getattr(block, "edit", None)
    ]
    for page, at, block in subject.some(cells, QUICK):
        yield from _cell(subject, stored, page, at, block)  # type: ignore[arg-type]
    if cells and not subject.thorough:
        return
    entities = [name for name, spec in subject.blueprint.entities.items() if name != "User" and stored[name]]
    for entity in subject.some(entities, QUICK):
        yield from _page(subject, stored, entity)


def _cell(subject: Subject, stored: Stored, page: Page, at: int, block: Table) -> Iterator[Finding]:
    entity = block.source.entity
    where = f"pages > {page.key} > {at + 1} table > edit"
    named = [str(path) for path in block.edit]
    shown = {}
    change = None
    for one in changes_of(subject, stored, entity, named):
        view = stored.view(one.who)
        if view.certain(page.who) is True and view.certain(block.shown) is True:
            shown = {row["id"]: row for row in view.select(entity, block.where)}
            if one.row["id"] in shown:
                change = one
                break
    if change is None or (change.who.is_admin and _for_others(subject, stored, page)):
        yield wrong(
            where,
            f"nobody who may open this page may change {', '.join(named)} of a {entity} in it",
            f"let them (`access: {entity}: {{update: ...}}`), or drop `edit`",
        )
        return
    value = change.choice.texts[0] if change.choice.value is not False else ""
    form = {"to-block": str(at), "do": "edit", "id": str(change.row["id"]), "field": change.name, "value": value}
    answer = subject.visit(change.who, "POST", subject.url(page), form=form)
    yield from _judged(subject, stored, change, answer, f"{where} {change.name} as {subject.cast.named(change.who)}")


def _for_others(subject: Subject, stored: Stored, page: Page) -> bool:
    return any(stored.view(who).certain(page.who) is True for who in subject.cast.members if not who.is_admin)


def _page(subject: Subject, stored: Stored, entity: str) -> Iterator[Finding]:
    fields = subject.blueprint.entities[entity].fields
    feeding = _feeding(subject, entity)
    names = sorted(fields, key=lambda name: name not in feeding)
    change = next(changes_of(subject, stored, entity, names), None)
    if change is None:
        return
    where = f"data > {entity}, edited as {subject.cast.named(change.who)}"
    url = subject.record_url(entity, change.row["id"], "/edit")
    texts: Any = list(change.choice.texts)
    if subject.thorough:
        shown = subject.get(change.who, url)
        sheet = record_sheet(shown) if shown.status == 200 else None
        if sheet is None or not sheet.has(change.name):
            yield wrong(where, f"`{change.name}` may be changed, but its page has no input for it ({shown.status})")
            return
        form = sheet.filled({change.name: texts})
    else:
        form = {"all-of": change.name, change.name: texts}
    answer = subject.visit(change.who, "POST", url, form=form)
    yield from _judged(subject, stored, change, answer, f"{where} > {change.name}")
    other = outsider(subject, stored, change) if subject.thorough else None
    if other is not None:
        answer = subject.visit(other, "POST", url, form={"all-of": change.name, change.name: texts})
        if not answer.refused and answer.status != 422:
            yield wrong(where, f"{subject.cast.named(other)} may not change it, but the answer is {answer.status}")
        elif any(
            name == change.name
            for one in stored.changes(now(subject)).values()
            for names in one.changed.values()
            for name in names
        ):
            yield wrong(where, f"{subject.cast.named(other)} may not change it, but does")
        subject.restore()


def _judged(subject: Subject, stored: Stored, change: Change, answer: Any, where: str) -> Iterator[Finding]:
    said = ", ".join(change.choice.texts)[:60] or "nothing"
    if answer.status != 303 or answer.to_login:
        yield wrong(where, f"set to `{said}`, which fits, the answer was {answer.status}")
        subject.restore()
        return
    after = now(subject)
    faults = [*faults_of(stored, after, change), *_computed(subject, after, change)]
    yield wrong(where, f"set to `{said}`: {'; '.join(faults[:3])}") if faults else fine(where)
    subject.restore()


def _feeding(subject: Subject, entity: str) -> set[str]:
    """The fields from which others of the record are worked out."""
    from ..stored import depends_on

    found: set[str] = set()
    for (name, _), bound in subject.blueprint.meaning.computed.items():
        if name == entity:
            found |= depends_on(bound.meaning, subject.blueprint)
    return found


def _computed(subject: Subject, after: Stored, change: Change) -> Iterator[str]:
    """Computed fields of the record as the app gives them now, against what they come to."""
    fields = subject.blueprint.entities[change.entity].fields
    computed = [name for name, spec in fields.items() if spec.computed and spec.kind in COMPARED]
    row = after[change.entity][change.row["id"]]
    view = after.view(change.who)
    if not computed or not view.reaches("read", change.entity, row):
        return
    answer = subject.get(change.who, f"/api/{change.entity}/{row['id']}")
    if answer.status != 200:
        return
    given = json.loads(answer.text)
    for name in computed:
        if not view.sees(change.entity, name, row):
            continue
        wanted = view.value(change.entity, row, name)
        wanted = wanted.isoformat() if hasattr(wanted, "isoformat") else wanted
        if not same(given.get(name), wanted):
            yield f"`{name}` is {given.get(name)!r:.40} and should be {wanted!r:.40}"
