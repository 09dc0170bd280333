"""Where people make records by forms, and filling these in: what the checks about forms share. No check itself."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from espalier.blueprint.blocks.base import DataBlock
from espalier.blueprint.names import words
from espalier.blueprint.steps import Set
from espalier.runtime.visit import Upload

from ..sheet import Input, Sheet, record_sheet, sheet_of_block
from ..stored import Stored, Values, bound_of, depends_on, seeded
from ..values import (
    Choice,
    Condition,
    Search,
    Solution,
    choices_of,
    conditions_of,
    fitting,
    new_record,
)

if TYPE_CHECKING:
    from espalier.blueprint.field import Field
    from espalier.blueprint.schema import Page
    from espalier.runtime.access import Visitor

    from ..subject import Answer, Subject

FORMS = ("form", "wizard", "booking")
UPLOADS = ("image", "file")
MOST = 24  # ways to fill in a field that a condition looks at
DEEPEST = 3  # how far what a reference needs is made first
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Place:
    """Where a form for new records of an entity stands: a block of a page, or (page None) the entity's own page for new ones.
    record: of the page, for `Each` pages."""

    entity: str
    page: Page | None = None
    at: int = 0
    record: Values | None = field(default=None, compare=False)

    @property
    def block(self) -> Any:
        return self.page.blocks[self.at] if self.page is not None else None

    def where(self, subject: Subject, who: Visitor) -> str:
        """The way to it, as findings say it."""
        person = subject.cast.named(who)
        if self.page is None:
            return f"data > {self.entity}, a new one as {person}"
        return f"pages > {self.page.key} > {self.at + 1} {self.block.kind} as {person}"

    def url(self, subject: Subject) -> str:
        """The address of the page."""
        if self.page is None:
            return f"/{subject.app.entity_slugs[self.entity]}/new"
        if self.page.each:
            assert self.record is not None
            return subject.record_url(self.page.each, self.record["id"])
        return subject.url(self.page)

    def opened(self, subject: Subject, who: Visitor, fresh: bool = False) -> tuple[Answer, Sheet | None]:
        """The page, with the form that stands on it. fresh: with the data as it is now, not as seeded."""
        if self.page is None or self.page.each or fresh:
            answer = subject.get(who, self.url(subject))
        else:
            answer = subject.page(self.page, who)
        if answer.status != 200:
            return answer, None
        return answer, record_sheet(answer) if self.page is None else sheet_of_block(answer, self.at)


_places: WeakKeyDictionary[Subject, list[tuple[Place, list[Visitor]]]] = WeakKeyDictionary()


def places(subject: Subject) -> list[tuple[Place, list[Visitor]]]:
    """Every form that makes records, with the people who ought to be able to send it as the app is seeded; those of pages
    first."""
    found = _places.get(subject)
    if found is None:
        found = _places[subject] = list(_all_places(subject, seeded(subject)))
    return found


def _all_places(subject: Subject, stored: Stored) -> Iterator[tuple[Place, list[Visitor]]]:
    cast = subject.cast
    people = [who for who in cast.everybody if not who.is_admin]
    seen: set[str] = set()
    for page in subject.blueprint.page_list:
        for at, block in enumerate(page.blocks):
            if block.kind not in FORMS or not isinstance(block, DataBlock) or block.source.entity == "User":
                continue
            entity = block.source.entity
            seen.add(entity)
            found = [who for who in people if stored.view(who).can("create", entity) is not False]
            if not page.each:
                yield (
                    Place(entity, page, at),
                    [
                        who
                        for who in found
                        if _opens(stored, page, who) and stored.view(who).certain(block.shown) is True
                    ],
                )
                continue
            with_record: dict[int, tuple[Values, list[Visitor]]] = {}
            for who in found:
                row = _record_for(stored, page, block, who)
                if row is not None:
                    with_record.setdefault(row["id"], (row, []))[1].append(who)
            for row, several in with_record.values():
                yield Place(entity, page, at, row), several
    for entity, spec in subject.blueprint.entities.items():
        if entity in seen or entity == "User" or not any(one.typed_in for one in spec.fields.values()):
            continue
        found = [who for who in people if stored.view(who).can("create", entity) is True]
        if found:
            yield Place(entity), found


def _opens(stored: Stored, page: Page, who: Visitor) -> bool:
    return stored.view(who).certain(page.who) is True


def _record_for(stored: Stored, page: Page, block: Any, who: Visitor) -> Values | None:
    view = stored.view(who)
    if view.certain(page.who) is not True:
        return None
    rows = [row for row in view.readable(page.each) if block.shown is None or view.holds(block.shown, page.each, row)]
    # Best one that is in this person's hands.
    return next((row for row in rows if view.may("update", page.each, row)), rows[0] if rows else None)


def imagined(stored: Stored, place: Place, who: Visitor) -> Sheet:
    """The form as the blueprint has it, without drawing the page: what it asks for and among what one chooses."""
    fields = stored.blueprint.entities[place.entity].fields
    view = stored.view(who)
    writable = [name for name in fields if view.sets(place.entity, name) is not False]
    block = place.block
    asked: list[str] = []
    if block is not None:
        steps = getattr(block, "steps", None) or {}
        asked = [str(path) for paths in steps.values() for path in paths] or [str(path) for path in block.show]
        if block.source.by and asked and block.source.by not in asked:
            asked.append(block.source.by)
    bare = Sheet("", {"all-of": Input("hidden", [" ".join(asked)])}, {}, None)
    preset = presets(stored, place, bare, who)
    names = asked or list(writable)
    for name in writable:
        spec = fields[name]
        if spec.required and name not in names and spec.default is None and spec.kind != "bool":
            names.append(name)
    names = [name for name in dict.fromkeys(names) if name in writable and name not in preset]
    inputs = {name: Input(fields[name].kind) for name in names}
    for name in names:
        spec = fields[name]
        if spec.kind == "reference":
            inputs[name].options = [str(row["id"]) for row in view.readable(spec.target)]
    return Sheet("", {"all-of": Input("hidden", [" ".join(names)]), **inputs}, {}, None)


# --- filling in -------------------------------------------------------------------------------------------------------


@dataclass
class Filled:
    """A form filled in. sent: what is posted; record: what ought to stand in the database then, as far as the form says it;
    problem and suggestion: why it cannot be filled in."""

    sent: dict[str, Any] = field(default_factory=dict)
    record: Values = field(default_factory=dict)
    given: dict[str, Choice] = field(default_factory=dict)
    search: Search | None = None
    parts: dict[str, Values] = field(default_factory=dict)  # a part of each kind that is filled in below it
    problem: str = ""
    suggestion: str = ""
    kind: str = ""  # of the condition that cannot be met


def presets(stored: Stored, place: Place, sheet: Sheet, who: Visitor) -> Values:
    """What the form's block sets without asking: its `set`, and the record of the page that the new one belongs to."""
    found: Values = {}
    if place.block is None:
        return found
    fields = stored.blueprint.entities[place.entity].fields
    this = (place.page.each, place.record) if place.page is not None and place.page.each and place.record else None
    for step in getattr(place.block, "set", ()):
        if isinstance(step, Set) and step.value.bound is not None:
            value = stored.work_out(step.value.bound, place.entity, None, who, this)
            found[step.path] = fitting(value, fields[step.path])
    if this is not None:
        tie = _tie(fields, this[0], place.entity)
        if tie is not None and tie.name not in found and tie.name not in sheet.fields:
            assert place.record is not None
            found[tie.name] = [place.record["id"]] if tie.many else place.record["id"]
    return found


def _tie(fields: Mapping[str, Field], to: str, entity: str) -> Field | None:
    """The field by which a new record belongs to the page's, when there is only one that could be meant."""
    ties = [one for one in fields.values() if one.target == to and not one.computed and entity != to]
    parts = [one for one in ties if one.part]
    chosen = parts or [one for one in ties if not one.many] or ties
    return chosen[0] if len(chosen) == 1 and chosen[0].typed_in else None


def fill_in(stored: Stored, place: Place, sheet: Sheet, who: Visitor) -> Filled:
    """Fill a form in with values that its entity's rules and this person's access allow."""
    fields = stored.blueprint.entities[place.entity].fields
    preset = presets(stored, place, sheet, who)
    base = {**new_record(stored, place.entity, who), **preset}
    free: dict[str, list[Choice]] = {}
    files: dict[str, Any] = {}
    conditions = conditions_of(stored, place.entity, who, access="create")
    conditions += _settable(stored, place.entity, sheet, who)
    asked = set().union(*(one.names for one in conditions))
    for name in sheet.fields:
        spec = fields.get(name)
        if spec is None or not sheet.has(name):
            return Filled(problem=f"`{name}` has no input in the form")
        if spec.kind in UPLOADS:
            if spec.required:
                files[name] = (
                    picture() if spec.kind == "image" else Upload.of("note.txt", b"A few words.", "text/plain")
                )
                base[name] = MISSING_NAME
            continue
        ways = choices_of(stored, spec, who, offered=sheet.options(name), most=MOST if name in asked else 1)
        standing = _standing(ways, sheet, name)
        free[name] = ways if standing is None else [standing, *(one for one in ways if one is not standing)]
        if not any(one.texts or spec.kind == "bool" for one in ways) and spec.required:
            return Filled(**_nothing_to_choose(spec, who, stored))
    for name, spec in fields.items():
        if not spec.required or not spec.seeded or name in sheet.fields or name in preset:
            continue
        if base.get(name) in (None, []) or (spec.kind == "bool" and not base.get(name)):
            return Filled(
                problem=f"`{name}` is required, but the form does not ask for it and it has no default",
                suggestion=f"give it a default (`{name}: {spec} = ...`), or let the person set it",
            )
    search = Search(stored, place.entity, base, free, conditions, who)
    found = search.meet_all()
    if found.broken is not None:
        return Filled(
            record=found.record, given=found.given, search=search, **_cannot(found.broken, found, place.entity)
        )
    if sheet.node is None:
        return Filled({}, found.record, found.given, search)
    below, parts = _rows_of_parts(stored, place.entity, sheet, found.record, who)
    return Filled(sheet.filled({**found.texts, **files, **below}), found.record, found.given, search, parts)


def _rows_of_parts(
    stored: Stored, entity: str, sheet: Sheet, parent: Values, who: Visitor
) -> tuple[dict[str, Any], dict[str, Values]]:
    """The first row of each kind of part that the form has, filled in: what is sent, and the records that it means. Parts that
    cannot be filled in are left empty; they need not be there."""
    sent: dict[str, Any] = {}
    parts: dict[str, Values] = {}
    with_parent = stored.with_record(entity, parent)
    for child, by in stored.blueprint.meaning.children(entity):
        row = sheet.inputs.get(f"{child}.0.all-of")
        if not by.part or by.many or row is None or child in parts or stored.view(who).can("create", child) is False:
            continue
        fields = stored.blueprint.entities[child].fields
        free: dict[str, list[Choice]] = {}
        for name in row.values[0].split():
            if fields[name].kind not in UPLOADS:
                options = sheet.options(f"{child}.0.{name}")
                free[name] = choices_of(with_parent, fields[name], who, offered=options)
        if any(one.required and one.kind in UPLOADS for one in fields.values()):
            continue
        if any(fields[name].required and not any(one.texts for one in ways) for name, ways in free.items()):
            continue
        base = {**new_record(with_parent, child, who), by.name: parent["id"]}
        conditions = conditions_of(with_parent, child, who, access="create")
        found = Search(with_parent, child, base, free, conditions, who).meet_all()
        if found.broken is None and any(one.texts for one in found.given.values()):
            parts[child] = {**found.record, "by": by.name}
            sent |= {f"{child}.0.{name}": list(choice.texts) for name, choice in found.given.items()}
    return sent, parts


MISSING_NAME = "an upload"


def _settable(stored: Stored, entity: str, sheet: Sheet, who: Visitor) -> list[Condition]:
    """Fields of the form that may be set in some records only: this must be one of them, or the form is turned away."""
    view = stored.view(who)
    access = stored.blueprint.access.get(entity)
    found = []
    for name in sheet.fields:
        if access is None or name not in access.fields or view.sets(entity, name) is not None:
            continue
        said = access.fields[name].write
        assert said is not None
        bound = bound_of(said, stored.blueprint)

        def may(record: Values, name: str = name) -> bool:
            return view.sets(entity, name, record) is True

        names = frozenset(depends_on(bound.meaning, stored.blueprint))
        found.append(Condition(f"`{name}` may be set", f"write {name}", names, may, (bound,)))
    return found


def picture() -> Upload:
    """A small picture, as somebody would send it."""
    return Upload.of("picture.png", PICTURE, "image/png")


def _standing(ways: Sequence[Choice], sheet: Sheet, name: str) -> Choice | None:
    """The reference that already stands in the form: it was chosen for the person (the record of the page)."""
    found = sheet.inputs.get(name)
    if found is None or found.kind != "select" or not found.values or not found.values[0]:
        return None
    return next((one for one in ways if one.texts == (found.values[0],)), None)


def _nothing_to_choose(spec: Field, who: Visitor, stored: Stored) -> dict[str, Any]:
    there_are = bool(stored[spec.target]) if spec.target else False
    if spec.target and there_are:
        return {
            "problem": f"`{spec.name}` is required, but this person may see no {words(spec.target)} to choose",
            "suggestion": f"let them read {spec.target} (`access: {spec.target}: {{read: ...}}`), or do not ask for it",
        }
    return {
        "problem": f"`{spec.name}` is required, but there is no {words(spec.target or spec.kind)} to choose",
        "suggestion": f"seed some, or let the people who need them make them (a form for {spec.target})",
    }


def _cannot(broken: Condition, found: Solution, entity: str) -> dict[str, Any]:
    if broken.kind == "access":
        return {
            "kind": "access",
            "problem": f"whatever is filled in, this person may not make that {words(entity)}",
            "suggestion": f"loosen `create` of {entity}, or ask for the field it depends on ({', '.join(sorted(broken.names))})",
        }
    if broken.kind.startswith("write "):
        name = broken.kind.removeprefix("write ")
        return {
            "kind": "access",
            "problem": f"the form asks for `{name}`, which this person may not set, so that it is turned away",
            "suggestion": f"leave `{name}` out of the form (`show`), or say `{name}: {{write: nobody}}` and set it by actions",
        }
    if broken.kind == "unique":
        return {
            "problem": f"nothing is left to fill in that is not there already ({broken.words})",
            "suggestion": f"ask for one of {', '.join(sorted(broken.names))} in the form, or drop `unique`",
        }
    return {
        "problem": f"whatever is filled in, it is refused: {broken.words}",
        "suggestion": "the rule can never be met by what this form asks: write it the other way round, or ask for more",
    }


# --- what a form needs before it can be filled in -----------------------------------------------------------------------


def provide(subject: Subject, stored: Stored, place: Place, sheet: Sheet, who: Visitor) -> bool:
    """Make records for required references that offer nothing, where somebody may; True when the data changed."""
    made = False
    for name in sheet.fields:
        spec = stored.blueprint.entities[place.entity].fields.get(name)
        if spec is None or spec.kind != "reference" or not spec.required or spec.target == "User":
            continue
        if sheet.options(name) == []:
            made = make(subject, stored, spec.target, who) is not None or made
    return made


def make(subject: Subject, stored: Stored, entity: str, who: Visitor, depth: int = 0) -> int | None:
    """A new record of an entity, made by this person where they may, else by somebody who may; its id."""
    if depth > DEEPEST or entity == "User":
        return None
    people = [who, *(one for one in subject.cast.members if one != who)]
    for person in people:
        if stored.view(person).can("create", entity) is False:
            continue
        values = _values_for(subject, stored, entity, person, depth)
        if values is None:
            continue
        answer = subject.visit(person, "POST", f"/api/{entity}", json=values)
        if answer.status == 201:
            return int(answer.location.rpartition("/")[2] or 0) or None
    return None


def _values_for(subject: Subject, stored: Stored, entity: str, who: Visitor, depth: int) -> dict[str, Any] | None:
    free: dict[str, list[Choice]] = {}
    conditions = conditions_of(stored, entity, who, access="create")
    for name, spec in stored.blueprint.entities[entity].fields.items():
        if not spec.typed_in or spec.kind in UPLOADS:
            if spec.required and spec.kind in UPLOADS:
                return None
            continue
        if not spec.required and not any(name in one.names for one in conditions):
            continue
        ways = choices_of(stored, spec, who)
        if spec.required and spec.kind == "reference" and not any(one.texts for one in ways):
            id = make(subject, stored, spec.target, who, depth + 1)
            if id is None:
                return None
            ways = [Choice((str(id),), [id] if spec.many else id)]
        free[name] = ways
    base = new_record(stored, entity, who)
    found = Search(stored, entity, base, free, conditions, who).meet_all()
    return None if found.broken is not None else as_json(found.given, stored, entity)


def whole_record(stored: Stored, entity: str, who: Visitor) -> Search | None:
    """The search for a new record with all its fields, past access; None when it needs records of which there are none."""
    free: dict[str, list[Choice]] = {}
    conditions = conditions_of(stored, entity, who)
    asked = set().union(*(one.names for one in conditions))
    for name, spec in stored.blueprint.entities[entity].fields.items():
        if not spec.typed_in:
            continue
        if spec.kind in UPLOADS:
            if spec.required:
                return None
            continue
        ways = choices_of(stored, spec, who, most=MOST if name in asked else 1)
        if spec.required and not any(one.texts or spec.kind == "bool" for one in ways):
            return None
        free[name] = ways
    base = new_record(stored, entity, who)
    return Search(stored, entity, base, free, conditions, who)


def errors_of(answer: Answer) -> dict[str, str]:
    """What the API said is wrong, by field."""
    try:
        said = json.loads(answer.text)
    except ValueError:
        return {}
    found = said.get("errors") if isinstance(said, dict) else None
    return found if isinstance(found, dict) else {}


def as_json(given: Mapping[str, Choice], stored: Stored, entity: str) -> dict[str, Any]:
    """What the API is sent for these values."""
    fields = stored.blueprint.entities[entity].fields
    said: dict[str, Any] = {}
    for name, choice in given.items():
        if fields[name].many:
            said[name] = list(choice.texts)
        elif fields[name].kind == "bool":
            said[name] = bool(choice.value)
        else:
            said[name] = choice.texts[0] if choice.texts else None
    return said
