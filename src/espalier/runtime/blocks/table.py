"""Rows and columns: search, filters, order, pages, editing in place, deeds on several rows, CSV."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from ..display import Box, texts_of
from ..errors import AppError, Invalid
from ..fields import kind
from ..records.record import Found, Link, Record
from ..records.values import NOT_LISTED
from ..render import fragment
from ..render import render as whole_page
from .actions import actions_of, asks, buttons, dialog, look_ahead
from .frame import DataFrame

if TYPE_CHECKING:
    from espalier.blueprint.schema import Action, Page

    from ..visit import Visit

ROWS = 25
NUMBERS = ("int", "number", "money", "percent")
UNSORTABLE = ("json", "image", "file", "tags")
IN_PLACE = ("text", "choice", "bool", "date", "datetime", "time", "int", "number", "money", "percent", "rating", "reference", "email", "phone", "url", "location", "long", "tags")  # fmt: skip
MOST_AT_ONCE = 200
MANY = 6  # columns
ON_A_LINE = ("date", "datetime", "time", "serial", "phone", "choice", "rating", "bool")
SHORT = 24  # letters that a line of a cell has room for; in tables of many columns less
SHORT_OF_MANY = 16


def render(block: Any, visit: Visit, page: Page, this: Record | None = None) -> Markup:
    """The table as markup."""
    return fragment(visit, "blocks/table.html", table=Table(block, visit, page, this))


def submit(block: Any, visit: Visit, page: Page, this: Record | None = None) -> Response | None:
    """What was posted to the table: a cell that was edited, or a deed on the rows that were chosen."""
    table = Table(block, visit, page, this)
    deed = visit.form.get("do")
    if deed == "edit":
        return table.edit_cell()
    if deed == "bulk":
        return table.do_to_chosen()
    return RedirectResponse(table.address(), 303)


@dataclass(frozen=True)
class Column:
    """The head of a column, as the look's table wants it. unseen: the label is for those who cannot see what is below it."""

    path: str
    label: Markup | str
    kind: str = ""
    sort: str = ""
    sorted: str = ""
    unseen: bool = False


@dataclass(frozen=True)
class Row:
    url: str
    cells: list[Any]
    actions: Markup
    short: tuple[bool, ...] = ()  # the cells that stay on one line


class Table(DataFrame):
    """What the template draws."""

    def __init__(self, block: Any, visit: Visit, page: Page, this: Record | None = None) -> None:
        super().__init__(block, visit, page, this)
        self.size = min(block.limit or ROWS, 100)
        self.error: str = self.display.given.get(self.key, "")
        self.edits = [str(path) for path in getattr(block, "edit", ()) if self._may_edit(str(path))]
        self.totals = [str(path) for path in getattr(block, "total", ())]

    def _may_edit(self, path: str) -> bool:
        field = self.spec.fields.get(path)
        if field is None or field.kind not in IN_PLACE or field.many or not self.records.can("update", self.entity):
            return False
        return path in self.records.writable_fields(self.entity, "update")

    # Reading.

    @cached_property
    def paths(self) -> list[str]:
        """The columns that are shown: pictures only where there is one."""
        asked = self.columns()
        if not self.found.records:
            return asked
        return [
            path
            for path in asked
            if self.display.field(self.entity, path).kind != "image" or any(one.get(path) for one in self.found)
        ]

    @cached_property
    def found(self) -> Found:
        may, asked = ("update", "delete"), self.columns()
        found = self.ask(asked, limit=self.size, offset=(self.page_number - 1) * self.size, may=may)
        if not found.records and found.total and self.page_number > 1:
            found = self.ask(asked, limit=self.size, offset=(self.last_of(found) - 1) * self.size, may=may)
        return found

    def last_of(self, found: Found) -> int:
        return max(1, -(-(found.total or 0) // self.size))

    @property
    def last(self) -> int:
        return self.last_of(self.found)

    @property
    def number(self) -> int:
        return min(self.page_number, self.last)

    @property
    def counted(self) -> str:
        total, first = self.found.total or 0, (self.number - 1) * self.size + 1
        return f"{first:,} to {first + len(self.found) - 1:,} of {total:,}" if total else ""

    @cached_property
    def heads(self) -> list[Column]:
        heads = []
        if self.bulk:
            heads.append(Column("", "Choose", "tick", unseen=True))
        for path in self.paths:
            field = self.display.field(self.entity, path)
            shape = (
                "number"
                if field.kind in NUMBERS
                else "long"
                if field.kind == "long"
                else "main"
                if path == self.main
                else ""
            )
            sorted_now = next((("down" if one.descending else "up") for one in self.sort[:1] if one.path == path), "")
            sort = ""
            if field.kind not in UNSORTABLE and not field.many:
                sort = self.address(sort=f"-{path}" if sorted_now == "up" else path, page=None)
            heads.append(Column(path, self.display.label(self.entity, path), shape, sort, sorted_now))
        return heads

    @cached_property
    def main(self) -> str:
        """The column that leads to the record: its title, else the first that is plain words."""
        title = self.spec.title_field
        if title in self.paths and self.spec.fields[title].kind not in ("reference", "email", "url", "phone"):
            return title
        linked = ("reference", "email", "url", "phone", "image", "file", "marks", "rating")
        return next(
            (
                path
                for path in self.paths
                if self.display.field(self.entity, path).kind not in linked and path not in self.edits
            ),
            "",
        )

    @property
    def rows(self) -> list[Row]:
        look_ahead(self.visit, self.found)
        self.display.dense = len(self.paths) > MANY
        try:
            return [self._row(record) for record in self.found]
        finally:
            self.display.dense = False

    def _row(self, record: Record) -> Row:
        cells: list[Any] = []
        if self.bulk:
            tick = Markup(" checked") if self.visit.query.get(f"{self.key}-all") else ""
            box = '<input class="check-box" type="checkbox" name="ids" value="{}" form="{}-bulk" aria-label="Choose {}"{}>'
            cells.append(Markup(box).format(record.id, self.key, record.title, tick))  # noqa: S704 - the text above
        for path in self.paths:
            if path in self.edits and record.may("update"):
                cells.append(self._cell(record, path))
            elif path == self.main:
                field = self.display.field(self.entity, path)
                cells.append(
                    self.display.show(record, path) or (record.title if field.kind in ("text", "serial") else "")
                )
            else:
                cells.append(self.display.show(record, path))
        url = self.display.record_url(self.entity, record.id)
        first = (False,) if self.bulk else ()
        short = (*first, *(self._is_short(record, path) for path in self.paths))
        return Row(url, cells, buttons(self.visit, record, most=2), short)

    def _is_short(self, record: Record, path: str) -> bool:
        """Does the value stay on one line? Codes and names do not break at a hyphen or a space when there is room for them."""
        field, value = self.display.field(self.entity, path), record.get(path)
        if path in self.edits or field.many:
            return False
        if field.kind in ON_A_LINE:
            return True
        most = SHORT_OF_MANY if len(self.paths) > MANY else SHORT
        said = value.title if isinstance(value, Link) else record.title if path == self.main and not value else value
        return isinstance(said, str) and field.kind in ("text", "reference", "email") and len(said) <= most

    def _cell(self, record: Record, path: str) -> Markup:
        """A cell that is a small form of its own."""
        field = self.spec.fields[path]
        options: list[tuple[str, str]] = []
        if field.kind == "choice":
            options = [(choice, choice) for choice in field.choices]
        elif field.kind == "reference":
            options = [(str(one.id), one.title) for one in self.records.options(self.entity, path, limit=300)]
        texts = texts_of(record.get(path), field)
        box = Box(self.display, self.entity, field, "value", f"{self.key}-{path}-{record.id}", texts)
        return fragment(
            self.visit, "blocks/cell.html", table=self, box=box, field=field, options=options, record=record
        )

    @property
    def foot(self) -> list[Any] | None:
        """The columns that are added up, over all that the visitor narrowed the table down to."""
        if not self.totals or not self.found.records:
            return None
        sums = self._sums()
        cells: list[Any] = [Markup("")] if self.bulk else []
        for path in self.paths:
            if path in sums:
                cells.append(self.display.value(sums[path], self.display.field(self.entity, path)))
            else:
                cells.append("")
        if cells and not cells[int(bool(self.bulk))]:
            cells[int(bool(self.bulk))] = "Total"
        return cells

    def _sums(self) -> dict[str, Any]:
        return self.records.totals(
            self.entity,
            [path for path in self.totals if path in self.paths],
            where=self.where,
            this=self.this,
            filters=self.filters,
            search=self.search,
        )

    # What stands around the rows.

    @cached_property
    def bulk(self) -> list[tuple[str, str]]:
        """(value, words) of what can be done to several rows at once."""
        if self.visit.visitor.id is None or not self.found.records:
            return []
        records = self.visit.records
        found: list[tuple[str, str]] = []
        if any(record.may("update") for record in self.found):
            writable = records.writable_fields(self.entity, "update")
            for name in writable:
                field = self.spec.fields[name]
                if field.kind == "choice" and not field.many and name in self.paths:
                    found += [(f"set:{name}:{choice}", f"{field.label}: {choice}") for choice in field.choices]
        for action in self.spec.action_list:
            if not asks(action) and self._anyone_may(action):
                found.append((f"act:{action.slug}", action.label))
        if any(record.may("delete") for record in self.found):
            found.append(("delete", "Delete"))
        return found if len(found) > 0 else []

    def _anyone_may(self, action: Action) -> bool:
        """Is there a row on which this person may press the button? Known from the rows that are shown."""
        look_ahead(self.visit, self.found)
        return any(action in actions_of(self.visit, record) for record in self.found)

    @property
    def export_url(self) -> str:
        query: dict[str, Any] = {
            "page": self.page.slug,
            "block": self.at,
            "this": self.this.id if self.this is not None else None,
        }
        for name, value in self.query:
            query[name] = [*query.get(name, []), value] if isinstance(query.get(name), list) else [value]
        return self.display.record_url(self.entity, "export.csv", **query)

    @property
    def import_url(self) -> str:
        if self.visit.visitor.id is None or not self.add_url():
            return ""
        return self.display.record_url(self.entity, "import", next=self.visit.here)

    @property
    def dialog(self) -> Markup:
        return dialog(self.visit)

    # Writing.

    def _wrong(self, words: str) -> None:
        self.display.given[self.key] = words

    def edit_cell(self) -> Response | None:
        form = self.visit.form
        path, id = form.get("field"), form.get("id")
        if path not in self.edits or not id.isascii() or not id.isdigit() or len(id) > 18:
            raise Invalid({"": NOT_LISTED})
        field = self.spec.fields[path]
        given = kind(field).given(form, "value", field) or []
        try:
            self.records.update(self.entity, int(id), {path: given[-1] if given else None}, show=())
        except Invalid as error:
            self._wrong(
                " ".join(
                    f"{self.display.label(self.entity, name)}: {words}" if name else words
                    for name, words in error.errors.items()
                )
            )
            return None
        return RedirectResponse(self.address(), 303)

    def do_to_chosen(self) -> Response | None:
        """All of the chosen rows, or none of them."""
        form, records = self.visit.form, self.visit.records
        ids = [
            int(text) for text in dict.fromkeys(form.all("ids")) if text.isascii() and text.isdigit() and len(text) < 19
        ][:MOST_AT_ONCE]
        deed = form.get("deed")
        if not ids or not deed:
            self._wrong("Choose rows first, and what to do with them.")
            return None
        if deed == "delete" and not form.get("sure"):
            return self._ask_to_delete(ids)
        try:
            with records.transaction():
                for id in ids:
                    if deed == "delete":
                        records.delete(self.entity, id)
                    elif deed.startswith("set:"):
                        _, name, choice = deed.split(":", 2)
                        records.update(self.entity, id, {name: choice}, show=())
                    elif deed.startswith("act:"):
                        self._act(id, deed.removeprefix("act:"))
                    else:
                        raise Invalid({"": NOT_LISTED})
        except AppError as error:
            words = " ".join(error.errors.values()) if isinstance(error, Invalid) else error.words
            self._wrong(f"Nothing was changed. {words}")
            return None
        what = self.display.counted(len(ids), self.entity)
        self.visit.flash(f"{what} {'deleted' if deed == 'delete' else 'changed'}.")
        return RedirectResponse(self.address(), 303)

    def _act(self, id: int, slug: str) -> None:
        # Asked anew: one row's action may change what the next row's is allowed.
        record = self.records.get(self.entity, id)
        action = next((one for one in self.records.actions(record) if one.slug == slug), None)
        if action is None:
            raise Invalid({"": f"This cannot be done to {record.title} now."})
        self.records.act(self.entity, id, action, {}, show=())

    def _ask_to_delete(self, ids: list[int]) -> Response:
        titles = []
        for id in ids:
            titles.append(self.records.get(self.entity, id, show=()).title)
        return whole_page(
            self.visit,
            "blocks/delete_chosen.html",
            title=f"Delete {self.display.counted(len(ids), self.entity)}?",
            table=self,
            ids=ids,
            titles=titles,
        )
