"""Does everybody get what they may have, and nothing else? Decisions of the world against what the app does, on every way to it.

A decision is: may this person read, make, change or delete records of this entity, or set this field, or press this button. Each
has several ways: the API, the record's page, forms, files of rows. A quick look takes a few decisions, each on one way, others for
another app; a thorough one takes all. Nothing hidden may stand in any answer either way.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from ..checks import check
from ..report import Finding, fine, wrong
from .drawn import drawn
from .hidden import hidden_from, leaked

if TYPE_CHECKING:
    from espalier.blueprint.field import Field
    from espalier.runtime.access import Visitor

    from ..subject import Answer, Subject
    from ..world import Row, View

DECISIONS = 3  # in a quick look
RECORDS = 2  # of one entity for one decision: one that is allowed, one that is not
SCRIPT = {"hx-request": "true"}
Judge = Callable[["Answer"], str]


@dataclass(frozen=True)
class Attempt:
    """Something that somebody tries. allowed: may they? judge: what is wrong with the answer ("" when nothing is), where the
    status alone does not tell."""

    what: str
    who: Visitor
    method: str
    url: str
    allowed: bool
    form: Any = None
    json: Any = None
    headers: dict[str, str] | None = None
    judge: Judge | None = None
    cheap: bool = True  # is the answer small when it is not refused?


@check("use", weight=4, strict=True, order=-60)
def access_holds(subject: Subject) -> Iterator[Finding]:
    """What the access rules allow works, what they do not is refused, and nothing hidden is shown."""
    hidden: dict[int | None, list[str]] = {}

    def unseen(who: Visitor) -> list[str]:
        if who.id not in hidden:
            hidden[who.id] = hidden_from(subject, subject.world.of(who))
        return hidden[who.id]

    for one in drawn(subject):
        if one.answer.status == 200:
            yield _shown(one.where, leaked(unseen(one.who), one.answer.text))
    people = [*subject.cast.everybody, *subject.cast.others.values()]
    decisions = [(entity, what, who) for entity in subject.blueprint.entities for who in people for what in DECIDED]
    for entity, what, who in decisions if subject.thorough else _chosen(subject, decisions):
        attempts = list(DECIDED[what](subject, entity, who))
        if not subject.thorough:
            attempts = [one for one in attempts if one.cheap or not one.allowed]
            attempts = [subject.chance.choice(attempts)] if attempts else []
        for attempt in attempts:
            yield _tried(subject, attempt, unseen(who))


def _chosen(subject: Subject, decisions: list[Any]) -> list[Any]:
    """Some of them, by chance of their own, so that another app has others."""
    return subject.chance.sample(decisions, min(DECISIONS, len(decisions)))


def _shown(where: str, text: str) -> Finding:
    return wrong(where, f"shows `{text}`, which is hidden from them") if text else fine(where)


def _tried(subject: Subject, attempt: Attempt, unseen: list[str]) -> Finding:
    """What came of an attempt; the data is put back."""
    who = "another " * (attempt.who in subject.cast.others.values()) + subject.cast.named(attempt.who)
    where = f"{attempt.method} {attempt.url} as {who}"
    before = subject.writes
    answer = subject.visit(
        attempt.who, attempt.method, attempt.url, form=attempt.form, json=attempt.json, headers=attempt.headers
    )
    try:
        if answer.status >= 500:
            return wrong(where, f"answers {answer.status}")
        if text := leaked(unseen, answer.text):
            return _shown(where, text)
        if attempt.judge is not None:
            said = attempt.judge(answer)
            return wrong(where, said) if said else fine(where)
        if not attempt.allowed:
            if answer.status < 400 and not answer.to_login:
                return wrong(where, f"they may not {attempt.what}, but the answer is {answer.status}")
            if subject.writes != before and _changed(subject):
                return wrong(where, f"they may not {attempt.what}, and still something was changed")
        elif answer.status in (401, 403, 404) or answer.to_login:
            return wrong(where, f"they may {attempt.what}, but the answer is {answer.status}")
        return fine(where)
    finally:
        subject.restore()


def _changed(subject: Subject) -> bool:
    return subject.world_now().rows != subject.world.rows


# --- the ways ---------------------------------------------------------------------------------------------------------


def _rows(view: View, entity: str, holds: Callable[[Row], bool]) -> list[tuple[Row, bool]]:
    """A record for which it holds and one for which it does not, where there are such."""
    rows = view.world.rows[entity]
    found = [next(((row, right) for row in rows if holds(row) == right), None) for right in (True, False)]
    return [one for one in found if one is not None]


def reading(subject: Subject, entity: str, who: Visitor) -> Iterator[Attempt]:
    """Records one by one, as a list, as a file of rows."""
    view, world = subject.world.of(who), subject.world
    slug = subject.app.entity_slugs[entity]
    readable = [row["id"] for row in view.readable(entity)]
    for row, right in _rows(view, entity, lambda row: view.may("read", entity, row)):
        url = f"/api/{entity}/{row['id']}"
        yield Attempt(f"read this {entity}", who, "GET", url, right, judge=_same(view, entity) if right else None)
        pages = [page for page in subject.blueprint.page_list if page.each == entity]
        opens = not pages or any(view.holds(page.who, entity, row) for page in pages)
        url = f"/{slug}/{row['id']}"
        yield Attempt(f"read this {entity}", who, "GET", url, right and opens, cheap=False)

    def listed(answer: Answer) -> str:
        if view.can("read", entity) is False and answer.status in (401, 403, 404):
            return ""
        if answer.status == 404 and not readable:
            return ""
        said = json.loads(answer.text) if answer.status == 200 else {}
        ids = sorted(item["id"] for item in said.get("items", ()))
        if len(readable) <= 200 and (ids != readable or said.get("total") != len(readable)):
            return f"lists {said.get('total')} records ({answer.status}), they may read {len(readable)}"
        return next((said for item in said["items"] if (said := _differs(view, entity, item))), "")

    yield Attempt(f"list {entity} records", who, "GET", f"/api/{entity}?limit=200", True, judge=listed)

    def exported(answer: Answer) -> str:
        if not readable and answer.refused:
            return ""
        lines = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))) if answer.status == 200 else []
        ids = sorted(int(line[0]) for line in lines[1:] if line and line[0].isdigit())
        return "" if ids == readable else f"holds {len(ids)} records ({answer.status}), they may read {len(readable)}"

    yield Attempt(f"take out {entity} records", who, "GET", f"/{slug}/export.csv", True, judge=exported)
    for other, spec in subject.blueprint.entities.items():
        name = next((name for name, field in spec.fields.items() if field.target == entity and field.typed_in), "")
        if name and len(world.rows[entity]) <= 40:
            url = f"/{subject.app.entity_slugs[other]}/options/{name}"
            # Whatever the answer is, nothing hidden may stand in it.
            yield Attempt(f"choose a {entity}", who, "GET", url, True, judge=lambda answer: "")
            break


def making(subject: Subject, entity: str, who: Visitor) -> Iterator[Attempt]:
    """By the API, a form of its own, a file of rows."""
    view = subject.world.of(who)
    slug = subject.app.entity_slugs[entity]
    can = view.can("create", entity)
    what = f"make {entity} records"
    rows = subject.world.rows[entity]
    values = _as_it_is(subject, entity, rows[0]) if rows else {}
    if can is False or entity == "User":
        if can is False:
            yield Attempt(what, who, "POST", f"/api/{entity}", False, json=values)
        yield Attempt(what, who, "POST", f"/{slug}/new", False, form={})
        if who.id is not None and subject.world.rule("create", entity) != "parts":
            # A form that depends on the record around may be shown, and refused when it is sent.
            yield Attempt(what, who, "GET", f"/{slug}/new", False)
            yield Attempt(what, who, "GET", f"/{slug}/import", False)
        return
    if can:
        yield Attempt(what, who, "POST", f"/api/{entity}", True, json={})
        yield Attempt(what, who, "GET", f"/{slug}/new", True, cheap=False)
        if who.id is not None:
            yield Attempt(what, who, "GET", f"/{slug}/import", True, cheap=False)
    for row in subject.world.rows[entity][:RECORDS]:
        given = {name: value for name, value in _as_it_is(subject, entity, row).items() if value not in (None, "", [])}
        made = _as_made(subject, entity, {name: row.get(name) for name in given}, who)
        if not view.may("create", entity, made) or any(view.sets(entity, name, made) is False for name in given):
            yield Attempt(what, who, "POST", f"/api/{entity}", False, json=given)


def _as_made(subject: Subject, entity: str, given: dict[str, Any], who: Visitor) -> Row:
    """The record that comes of these values."""
    made: Row = {"id": 0, "created": subject.now, "updated": subject.now, "owner": who.id}
    for name, field in subject.blueprint.entities[entity].fields.items():
        default = subject.blueprint.meaning.defaults.get((entity, name))
        value = default.meaning.value if default is not None and hasattr(default.meaning, "value") else None
        made[name] = given.get(name, who.id if field.is_me else [] if field.many or field.kind == "marks" else value)
        if field.computed:
            del made[name]
    return made


def changing(subject: Subject, entity: str, who: Visitor) -> Iterator[Attempt]:
    """By the API, the record's form, the columns of a board."""
    view = subject.world.of(who)
    slug, what = subject.app.entity_slugs[entity], f"change this {entity}"
    fields = subject.blueprint.entities[entity].fields
    moved = next((name for name, one in fields.items() if one.kind in ("choice", "bool") and not one.many), "")
    for row, right in _rows(view, entity, lambda row: view.reaches("update", entity, row)):
        id = row["id"]
        yield Attempt(what, who, "PATCH", f"/api/{entity}/{id}", right, json={})
        yield Attempt(what, who, "GET", f"/{slug}/{id}/edit", right, cheap=False)
        if not right:
            yield Attempt(what, who, "PATCH", f"/api/{entity}/{id}", False, json=_given(subject, entity, row))
            yield Attempt(what, who, "POST", f"/{slug}/{id}/edit", False, form=_texts(subject, entity, row))
            if moved:
                form = {moved: str(_other(fields[moved], row.get(moved)))}
                yield Attempt(what, who, "POST", f"/{slug}/{id}/move/{moved}", False, form=form, headers=SCRIPT)


def removing(subject: Subject, entity: str, who: Visitor) -> Iterator[Attempt]:
    """By the API, and by the record's page."""
    view = subject.world.of(who)
    slug, what = subject.app.entity_slugs[entity], f"delete this {entity}"
    for row, right in _rows(view, entity, lambda row: view.reaches("delete", entity, row)):
        id = row["id"]
        yield Attempt(what, who, "DELETE", f"/api/{entity}/{id}", right)
        right = right and entity != "User"
        yield Attempt(what, who, "GET", f"/{slug}/{id}/delete", right, cheap=False)
        yield Attempt(what, who, "POST", f"/{slug}/{id}/delete", right, form={"sure": "1"}, cheap=not right)


def setting(subject: Subject, entity: str, who: Visitor) -> Iterator[Attempt]:
    """Fields with an entry of their own, on records that may be changed otherwise."""
    view = subject.world.of(who)
    entry = subject.blueprint.access.get(entity)
    for name, said in (entry.fields if entry else {}).items():
        field = subject.blueprint.entities[entity].fields.get(name)
        if said.write is None or field is None or not field.typed_in:
            continue
        for row in [row for row in view.readable(entity) if view.may("update", entity, row)][:RECORDS]:
            if view.sets(entity, name, row) and view.sees(entity, name, row):
                continue
            value = _other(field, row.get(name))
            if value is not None:
                yield Attempt(f"set {name}", who, "PATCH", f"/api/{entity}/{row['id']}", False, json={name: value})


def pressing(subject: Subject, entity: str, who: Visitor) -> Iterator[Attempt]:
    """Buttons that are for others; what they do for those whom they are for is another check's."""
    view = subject.world.of(who)
    slug = subject.app.entity_slugs[entity]
    readable = view.readable(entity)
    for action in subject.blueprint.entities[entity].action_list:
        # Best on a record that they see: there the button alone is refused.
        for row in [*readable, *view.world.rows[entity]]:
            may = view.may("update", entity, row) if action.who is None else view.holds(action.who, entity, row)
            if not may or not view.may("read", entity, row):
                what = f"press {action.label}"
                yield Attempt(what, who, "POST", f"/api/{entity}/{row['id']}/actions/{action.slug}", False, json={})
                yield Attempt(what, who, "POST", f"/{slug}/{row['id']}/do/{action.slug}", False, form={})
                break


DECIDED = {
    "read": reading, "create": making, "update": changing, "delete": removing, "set": setting, "press": pressing,
}  # fmt: skip


# --- what is sent and what comes back -----------------------------------------------------------------------------------


def _same(view: View, entity: str) -> Judge:
    def judge(answer: Answer) -> str:
        if answer.status != 200:
            return f"they may read this {entity}, but the answer is {answer.status}"
        return _differs(view, entity, json.loads(answer.text))

    return judge


def _differs(view: View, entity: str, item: dict[str, Any]) -> str:
    """Where a record of the API is not what this person may see of it."""
    row = view.world.row(entity, item["id"]) or {}
    for name, field in view.blueprint.entities[entity].fields.items():
        right = plain(view.at(entity, row, name), field) if view.sees(entity, name, row) else None
        if not alike(item.get(name), right):
            return f"{name} of {entity} {item['id']} is {item.get(name)!r} for them, not {right!r}"
    return ""


def plain(value: Any, field: Field) -> Any:
    """A value as JSON has it."""
    if isinstance(value, list):
        return [plain(one, field) for one in value]
    if field.kind == "money" and value is not None:
        return round(value / 100, 2)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def alike(one: Any, other: Any) -> bool:
    """Are two values the same, as far as numbers with fractions ever are? Nothing and an empty list are."""
    if isinstance(one, float) or isinstance(other, float):
        return one == other or (one is not None and other is not None and abs(one - other) < 1e-6 * max(1, abs(other)))
    return one == other or (not one and not other and one in (None, []) and other in (None, []))


def _as_it_is(subject: Subject, entity: str, row: Row) -> dict[str, Any]:
    """The typed-in values of a record as JSON."""
    fields = subject.blueprint.entities[entity].fields
    return {name: plain(row.get(name), field) for name, field in fields.items() if field.typed_in}


def _given(subject: Subject, entity: str, row: Row) -> dict[str, Any]:
    """What somebody who wants to change all of a record sends."""
    fields = subject.blueprint.entities[entity].fields
    return {name: _other(field, row.get(name)) for name, field in fields.items() if field.typed_in and row.get(name)}


def _texts(subject: Subject, entity: str, row: Row) -> dict[str, Any]:
    return {
        name: [str(one) for one in value] if isinstance(value, list) else str(value)
        for name, value in _given(subject, entity, row).items()
        if value is not None
    }


def _other(field: Field, value: Any) -> Any:
    """Another value of the field than this one, as JSON; None when none comes to mind."""
    if field.kind == "choice" and not field.many:
        return next((choice for choice in field.choices if choice != value), None)
    if field.kind == "bool":
        return not value
    if field.kind in ("text", "long"):
        return f"{value or ''} changed".strip()
    if field.kind in ("int", "number", "money", "percent") and not isinstance(value, list):
        return plain(value, field) + 1 if value is not None else 1
    return plain(value, field)


__all__ = ["access_holds", "alike", "plain"]
