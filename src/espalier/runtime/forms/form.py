"""One form for one record, and the rows for its parts inside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.field import Field

from ..display import Box, Display, display_of, texts_of
from ..errors import Conflict, Forbidden, Invalid, NotFound
from ..fields import kind
from ..files import keep
from ..records.record import Record
from ..records.values import MISSING, missing, read_value

if TYPE_CHECKING:
    from ..visit import Visit

EMPTY_LINES = 3  # for those without scripts
MOST_LINES = 200
MOST_FILES = 10  # in one field
UPLOADS = ("file", "image")
WIDE = ("long", "json", "image", "file")

Texts = dict[str, list[str]]


class RecordForm:
    """The form of a new record, or of `record`.

    names: the fields it asks for, in order; those that the visitor may not set are left out. None asks for all of them.
    preset: Python values that are set without asking. start: texts that stand in a new form, by field. prefix: stands
    before the names of inputs, for rows of parts. key: stands before ids, for several forms on one page. lines: offer
    rows for the parts of the record.
    """

    def __init__(
        self,
        visit: Visit,
        entity: str,
        names: Sequence[str] | None = None,
        *,
        record: Record | None = None,
        preset: Mapping[str, Any] | None = None,
        start: Mapping[str, str] | None = None,
        prefix: str = "",
        key: str = "f",
        lines: bool = False,
        bare: bool = False,
    ) -> None:
        self.visit = visit
        self.entity = entity
        self.record = record
        self.preset = dict(preset or {})
        self.prefix = prefix
        self.key = key
        self.bare = bare
        self.errors: dict[str, str] = {}
        self.conflict = False
        self.kept: Texts = {}
        self.spec = visit.app.blueprint.entities[entity]
        operation = "update" if record else "create"
        writable = visit.records.writable_fields(entity, operation, record, self.preset)
        wanted = [str(name) for name in names] if names else writable
        if record is None:
            # What is needed cannot be left out, or nobody could ever send the form.
            wanted += [
                name
                for name in writable
                if self.spec.fields[name].required and name not in wanted and not self._has_default(name)
            ]
        self.names = [name for name in dict.fromkeys(wanted) if name in writable and name not in self.preset]
        self._start = {name: text for name, text in (start or {}).items() if name in self.names}
        self.values: Texts = self._texts_at_first()
        self.lines: list[Lines] = []
        if lines and not prefix:
            self.lines = [
                made for made in (Lines.of(self, child, by) for child, by in self._parts()) if made is not None
            ]

    def _has_default(self, name: str) -> bool:
        return self.spec.fields[name].default is not None or self.spec.fields[name].kind == "bool"

    def _parts(self) -> list[tuple[str, Field]]:
        found = list(self.visit.app.blueprint.meaning.children(self.entity))
        # What people say about a record in their own name (answers, comments) is written on its page, not in its form.
        entities = self.visit.app.blueprint.entities
        spoken = {child for child, _ in found if any(field.is_me for field in entities[child].fields.values())}
        return [(child, by) for child, by in found if by.part and not by.many and child not in spoken]

    @cached_property
    def display(self) -> Display:
        return display_of(self.visit)

    def _texts_at_first(self) -> Texts:
        found: Texts = {}
        for name in self.names:
            spec = self.spec.fields[name]
            if self.record is not None:
                found[name] = texts_of(self.record.get(name), spec)
            elif name in self._start:
                found[name] = self._start[name].split(",") if spec.many else [self._start[name]]
            elif spec.default is not None:
                found[name] = texts_of(self._default(name), spec)
            else:
                found[name] = []
        return found

    def _default(self, name: str) -> Any:
        value = self.visit.records.default(self.entity, name)
        # Nobody means the second at which the page was opened.
        return value.replace(second=0) if isinstance(value, datetime) else value

    # What was sent.

    def read(self) -> RecordForm:
        """Take what the visit's form says."""
        form = self.visit.form
        # A box that is not ticked sends nothing: what the form showed is said beside it. Somebody who sends a single field
        # means only that one.
        shown = set(form.get(f"{self.prefix}all-of").split())
        sent = {one.removesuffix("-kept").removesuffix("-search") for one in form}
        for name in self.names:
            if name not in shown and self.prefix + name not in sent:
                continue
            spec = self.spec.fields[name]
            given = kind(spec).given(form, self.prefix + name, spec)
            searched = form.get(f"{self.prefix}{name}-search").strip()
            if spec.kind == "reference" and not given and searched:
                given = self._named(name, searched)
            if spec.kind in UPLOADS:
                self._take_uploads(name, spec, given)
            elif given is not None:
                self.values[name] = given
        for lines in self.lines:
            lines.read()
        return self

    def _named(self, name: str, words: str) -> list[str]:
        """The record of that name, for those who cannot search in a list."""
        found = self.visit.records.options(self.entity, name, words, limit=20)
        exact = [one for one in found if one.title.casefold() == words.casefold()] or found
        if len(exact) == 1:
            return [str(exact[0].id)]
        self.errors[name] = (
            "There is none of that name." if not exact else "There are several of that name; choose one from the list."
        )
        return []

    def _take_uploads(self, name: str, spec: Field, staying: list[str] | None) -> None:
        """Uploads are kept at once, so that they need not be chosen again when something else is wrong."""
        if staying is not None:
            self.values[name] = staying
        fresh = []
        for upload in self.visit.form.files(self.prefix + name)[:MOST_FILES]:
            if not upload.size:
                continue
            try:
                fresh.append(keep(self.visit, upload, picture=spec.kind == "image"))
            except Invalid as error:
                self.errors[name] = error.errors[""]
        if fresh:
            self.values[name] = [*self.values.get(name, []), *fresh] if spec.many else fresh[-1:]

    @property
    def is_empty(self) -> bool:
        """Is there nothing but what stood in it at first?"""
        first = self._texts_at_first()
        return all(_said(self.values.get(name, [])) == _said(first[name]) for name in self.names)

    def given(self) -> dict[str, Any]:
        """What records/ is given: texts, lists of texts, None for nothing."""
        found: dict[str, Any] = {}
        for name in self.names:
            spec, texts = self.spec.fields[name], self.values.get(name, [])
            found[name] = list(texts) if spec.many else (texts[-1] if texts else None)
        return found

    def new_values(self) -> dict[str, Any]:
        """The same for a new record, without what this person may not be allowed to set and left as it was."""
        given = self.given()
        doubtful = [name for name in given if not self.visit.records.always_settable(self.entity, name)]
        if doubtful:
            first = self._texts_at_first()
            for name in doubtful:
                if name not in self._start and _said(self.values.get(name, [])) == _said(first[name]):
                    del given[name]
        return given

    # Slips.

    def check(self, only: str | None = None) -> bool:
        """Look at what was typed in without saving it; the slips stand in `errors`."""
        for name, value in self.given().items():
            if (only is not None and name != only) or name in self.errors:
                continue
            spec = self.spec.fields[name]
            try:
                found = read_value(value, spec) if value is not None else None
            except ValueError as error:
                self.errors[name] = str(error)
                continue
            if spec.required and missing(found, spec):
                self.errors[name] = MISSING
        return not self.errors

    def save(self) -> Record | None:
        """Save the record with its parts, all or nothing; None when something does not fit (see `errors`)."""
        records = self.visit.records
        if self.errors:
            self.check()
            return None
        expected = self.visit.form.get("updated") or None
        try:
            with records.transaction():
                if self.record is None:
                    saved = records.create(self.entity, self.new_values(), preset=self.preset, show=())
                else:
                    saved = records.update(self.entity, self.record.id, self.given(), expected, show=())
                for lines in self.lines:
                    lines.save(saved)
        except Invalid as error:
            self._take_errors(error)
            return None
        except Conflict:
            self.conflict = True
            return None
        return saved

    def _take_errors(self, error: Invalid) -> None:
        for name, said in error.errors.items():
            if name in self.names or name == "" or "." in name:
                self.errors.setdefault(name, said)
            else:
                self.errors[""] = (
                    f"{self.display.label(self.entity, name)}: {said}" if name in self.spec.fields else said
                )
        self.check()

    # Drawing.

    def box(self, name: str) -> Box:
        spec = self.spec.fields[name]
        return Box(
            self.display,
            self.entity,
            spec,
            self.prefix + name,
            f"{self.key}-{self.prefix}{name}".replace(".", "-"),
            self.values.get(name, []),
            self.errors.get(name, ""),
            # An empty row need not be filled in at all.
            required=False if self.prefix and self.record is None else None,
            bare=self.bare,
            more=self._more(name, spec),
        )

    def _more(self, name: str, spec: Field) -> dict[str, Any]:
        if spec.kind in (*UPLOADS, "bool", "rating") or spec.many or self.prefix:
            return {}
        # Looked at by the server as soon as it is filled in; without scripts when the form is sent.
        return {
            "hx-post": self.visit.url(f"/{self.visit.app.entity_slugs[self.entity]}/check/{name}", key=self.key),
            "hx-trigger": "change",
            "hx-target": f"#{self.key}-{name}-slot",
            "hx-swap": "innerHTML",
            "hx-include": "this",
        }

    def input(self, name: str) -> Markup:
        spec = self.spec.fields[name]
        return kind(spec).input(spec, self.box(name))

    @property
    def inputs(self) -> list[tuple[str, Markup, bool]]:
        """The name, the input, and whether it takes the whole width."""
        return [
            (name, self.input(name), self.spec.fields[name].kind in WIDE or self.spec.fields[name].many)
            for name in self.names
        ]

    @property
    def has_files(self) -> bool:
        return any(self.spec.fields[name].kind in UPLOADS for name in self.names) or any(
            lines.has_files for lines in self.lines
        )

    @property
    def slips(self) -> list[tuple[str, str, str]]:
        """(id of the input, its label, words), for the list above the form; "" twice for the record as a whole."""
        found = [("", "", self.errors[""])] if "" in self.errors else []
        found += [
            (self.box(name).id, self.spec.fields[name].label, said)
            for name, said in self.errors.items()
            if name in self.names
        ]
        for lines in self.lines:
            found += [slip for row in lines.rows for slip in row.form.slips]
        return found

    @property
    def updated(self) -> str:
        moment = self.record.get("updated") if self.record is not None else None
        return moment.isoformat() if isinstance(moment, datetime) else ""


def _said(texts: Sequence[str]) -> list[str]:
    """What somebody filled in: a box without a tick says as little as an empty line."""
    return [text for text in texts if text not in ("", "false")]


@dataclass
class Line:
    """One row: a part of the record, kept or to be taken away."""

    form: RecordForm
    at: int
    gone: bool = False

    @property
    def id(self) -> int | None:
        return self.form.record.id if self.form.record is not None else None


@dataclass
class Lines:
    """The rows for one kind of part: those there are, and empty ones to fill in."""

    parent: RecordForm
    entity: str
    by: Field
    may_add: bool
    rows: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, parent: RecordForm, entity: str, by: Field) -> Lines | None:
        """None when the visitor has nothing to do with these parts."""
        records = parent.visit.records
        may_add = records.can("create", entity) and bool(records.writable_fields(entity, "create"))
        made = cls(parent, entity, by, may_add)
        if parent.record is not None:
            found = records.query(
                entity, filters={by.name: [str(parent.record.id)]}, limit=MOST_LINES, count=False, may=("update",)
            )
            for record in found:
                if record.may("update"):
                    made.rows.append(Line(made.form(len(made.rows), record), len(made.rows)))
        if may_add:
            made.rows += [Line(made.form(at), at) for at in range(len(made.rows), len(made.rows) + EMPTY_LINES)]
        return made if made.rows else None

    def form(self, at: int, record: Record | None = None) -> RecordForm:
        names = [name for name in self.columns if name != self.by.name]
        return RecordForm(
            self.parent.visit, self.entity, names or None, record=record, prefix=f"{self.entity}.{at}.", key=self.parent.key, bare=True,
            preset={self.by.name: 0} if record is None else None,
        )  # fmt: skip

    @property
    def columns(self) -> list[str]:
        records = self.parent.visit.records
        fields = self.parent.visit.app.blueprint.entities[self.entity].fields
        return [name for name in records.writable_fields(self.entity, "create") if fields[name].kind != "json"]

    @property
    def labels(self) -> list[str]:
        return [self.parent.display.label(self.entity, name) for name in (self.rows[0].form.names if self.rows else [])]

    @property
    def title(self) -> str:
        return self.parent.display.plural(self.entity)

    @property
    def words(self) -> str:
        return self.parent.display.singular(self.entity)

    @property
    def has_files(self) -> bool:
        return any(row.form.has_files for row in self.rows[:1])

    @property
    def add_url(self) -> str:
        visit = self.parent.visit
        return visit.url(f"/{visit.app.entity_slugs[self.entity]}/line", key=self.parent.key)

    def read(self) -> None:
        form = self.parent.visit.form
        sent = {
            int(name.split(".")[1])
            for name in form
            if name.startswith(f"{self.entity}.") and name.split(".")[1].isdigit() and len(name.split(".")[1]) < 5
        }
        known = {row.at for row in self.rows}
        if self.may_add:
            for at in sorted(sent - known)[: MOST_LINES - len(self.rows)]:
                self.rows.append(Line(self.form(at), at))
        for row in self.rows:
            if row.at in sent:
                row.form.read()
            row.gone = bool(form.get(f"{self.entity}.{row.at}.gone"))

    def save(self, parent: Record) -> None:
        """Save the rows as parts of the record. Raises Invalid when one does not fit."""
        records = self.parent.visit.records
        wrong = False
        for row in self.rows:
            if row.id is None and (row.gone or row.form.is_empty):
                continue
            try:
                if row.id is None:
                    records.create(self.entity, row.form.new_values() | {self.by.name: str(parent.id)}, show=())
                elif row.gone:
                    records.delete(self.entity, row.id)
                else:
                    records.update(self.entity, row.id, row.form.given(), show=())
            except Invalid as error:
                row.form._take_errors(error)
                wrong = True
            except (Forbidden, NotFound) as error:
                row.form.errors[""] = error.words
                wrong = True
        if wrong:
            raise Invalid({})

    def blank(self, at: int) -> Line:
        """One more empty row."""
        return Line(self.form(at), at)
