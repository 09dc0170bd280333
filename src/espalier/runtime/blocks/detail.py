"""One record in full: its values, pictures and words, its parts, and what refers to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.blocks.base import DataBlock, Sort
from espalier.blueprint.field import Field

from ..display import display_of
from ..forms import RecordForm
from ..records.record import Record
from ..render import fragment
from .actions import buttons, dialog, look_ahead
from .frame import DataFrame, words
from .list import item_of
from .portrait import PEOPLE

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page

    from ..visit import Visit

MOST_RELATED = 8
MOST_PARTS = 100
STANDING = ("status", "state", "stage", "priority")
NUMBERS = ("int", "number", "money", "percent")
SHORT = 240  # letters of text that stand above the facts; more stand beside them
LONG = 44  # letters of a line that is a sentence rather than a fact
LEADS = ("summary", "tagline", "subtitle", "teaser", "intro", "headline", "excerpt", "motto", "strapline")
PRICES = ("price", "rent", "fee", "asking", "guide")
# Kinds of records that people want to see; one without a picture of its own gets one that is drawn for its words.
SEEN = frozenset(
    "home house property listing flat apartment cabin villa recipe dish meal exhibit piece artwork painting sculpture project product "
    "place venue destination tour trip hike route workshop course plant tree pet dog cat animal garden car bike boat toy".split()
)


def render(block: Any, visit: Visit, page: Page, this: Record | None = None) -> Markup:
    """The record of the page, or the first one that the block covers."""
    return fragment(visit, "blocks/detail.html", detail=Detail(block, visit, page, this))


@dataclass(frozen=True)
class Related:
    """Records that refer to this one."""

    title: str
    items: list[dict[str, Any]]
    total: int
    add_url: str
    words: str


@dataclass(frozen=True)
class Parts:
    """Records that are part of this one, as a small table with a row to fill in."""

    entity: str
    title: str
    words: str
    heads: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    form: RecordForm | None
    by: str


class Detail(DataFrame):
    """What the template draws."""

    @cached_property
    def record(self) -> Record | None:
        """The record that is shown; None when there is none."""
        if self.this is not None and self.this.entity == self.entity and self.block.where is None:
            return self.records.get(self.entity, self.this.id, may=("update", "delete"))
        found = self.ask([*self.readable, "updated"], limit=1, count=False, may=("update", "delete"))
        return found.records[0] if found.records else None

    @property
    def alone(self) -> bool:
        """Is it the record of the page, whose title and buttons stand in the page's head?"""
        return (
            self.this is not None
            and self.record is not None
            and (self.this.entity, self.this.id) == (self.entity, self.record.id)
        )

    @cached_property
    def paths(self) -> list[str]:
        if self.block.show:
            return self.columns()
        return [name for name in self.readable if self.spec.fields[name].kind != "json" or self.visit.visitor.is_admin]

    def kind(self, path: str) -> str:
        return self.display.field(self.entity, path).kind

    def holds(self, path: str) -> bool:
        assert self.record is not None
        return self.record.get(path) not in (None, "", [])

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """Labels with values that fit in a line; those with nothing to tell are left out."""
        assert self.record is not None
        skipped = {self.spec.title_field, *head_chips(self.visit, self.record)} if self.alone else set()
        skipped |= {self.lead_path, self.price_path}
        return [
            (self.display.label(self.entity, path), self.display.show(self.record, path, True))
            for path in self.paths
            if self.kind(path) not in ("long", "image", "marks") and path not in skipped and self.tells(path)
        ]

    def tells(self, path: str) -> bool:
        """Is the value worth a line? What is not the case is not; a zero only to those who can change it."""
        assert self.record is not None
        value = self.record.get(path)
        if value is False or (self.kind(path) == "color" and not self.block.show):
            return False
        if value == 0 and not self.record.may("update"):
            return self.kind(path) in ("percent", "money")
        return self.holds(path)

    @cached_property
    def lead_path(self) -> str:
        """The sentence that sums the record up; "" when there is none."""
        texts = [
            path
            for path in self.paths
            if self.kind(path) == "text" and path != self.spec.title_field and self.holds(path)
        ]
        assert self.record is not None
        long = (path for path in texts if len(str(self.record[path])) > LONG)
        return next((path for path in texts if path in LEADS), next(long, ""))

    @property
    def lead(self) -> Markup | str:
        return self.display.show(self.record, self.lead_path) if self.record is not None and self.lead_path else ""

    @cached_property
    def price_path(self) -> str:
        """What it costs, when that is what people look for first; "" when it is not."""
        if not self.pictured:
            return ""
        money = (path for path in self.paths if self.kind(path) == "money" and self.holds(path))
        return next((path for path in money if path.split("_")[-1] in PRICES), "")

    @property
    def price(self) -> str:
        if self.record is None or not self.price_path:
            return ""
        return words(self.display, self.record[self.price_path], self.display.field(self.entity, self.price_path))

    @cached_property
    def pictured(self) -> bool:
        """Does the record open with a picture, its own or one that is drawn?"""
        if self.pictures:
            return True
        return self.alone and self.is_seen

    @property
    def is_seen(self) -> bool:
        last = self.display.singular(self.entity).split()[-1]
        if last in PEOPLE or self.entity == "User":
            return False
        return last in SEEN

    @property
    def hint(self) -> str:
        """What a drawn picture may be about when the title does not tell."""
        assert self.record is not None
        said = [str(self.record[path]) for path in self.paths if self.kind(path) == "choice" and self.holds(path)]
        return ", ".join([*said, self.display.plural(self.entity)])

    @property
    def wide(self) -> bool:
        """Do the facts stand in columns of their own, since there is little beside which they could stand?"""
        assert self.record is not None
        long = sum(len(str(self.record[path])) for path in self.paths if self.kind(path) == "long" and self.holds(path))
        return not self.pictured and long < SHORT

    @property
    def texts(self) -> list[tuple[str, Any]]:
        assert self.record is not None
        return [
            (self.display.label(self.entity, path), self.display.show(self.record, path, True))
            for path in self.paths
            if self.kind(path) == "long" and self.holds(path)
        ]

    @property
    def pictures(self) -> list[str]:
        assert self.record is not None
        found: list[str] = []
        for path in self.paths:
            if self.kind(path) == "image" and self.holds(path):
                value = self.record[path]
                found += value if isinstance(value, list) else [value]
        return found

    @property
    def marks(self) -> list[Any]:
        """Likes and the like; on the record's own page they stand in its head."""
        assert self.record is not None
        if self.alone:
            return []
        return [
            self.display.show(self.record, path)
            for path in self.paths
            if self.kind(path) == "marks" and "." not in path
        ]

    @property
    def deeds(self) -> Markup:
        return (
            buttons(self.visit, self.record, most=4, small=False)
            if self.record is not None and not self.alone
            else Markup()
        )

    # What belongs to it.

    def _children(self) -> list[tuple[str, Field]]:
        """Entities that refer to this one, without those that the page shows in blocks of their own."""
        elsewhere = {one.source.entity for one in self.page.blocks if hasattr(one, "source") and one is not self.block}
        found = []
        for entity, by in self.visit.app.blueprint.meaning.children(self.entity):
            if entity in elsewhere or entity == "User" or by.name not in self.records.readable_fields(entity):
                continue
            if self.records.can("read", entity):
                found.append((entity, by))
        return found

    @property
    def parts(self) -> list[Parts]:
        if self.record is None:
            return []
        return [self._part(entity, by) for entity, by in self._children() if by.part and not by.many]

    def _part(self, entity: str, by: Field) -> Parts:
        assert self.record is not None
        display, records = self.display, self.visit.records
        spec = self.visit.app.blueprint.entities[entity]
        names = [
            name
            for name in records.readable_fields(entity)
            if name != by.name and spec.fields[name].kind not in ("json", "file")
        ][:7]
        found = records.query(
            entity, filters={by.name: [str(self.record.id)]}, show=names, sort=[Sort("created")], limit=MOST_PARTS, count=False,
            may=("update", "delete"),
        )  # fmt: skip
        heads = [
            {
                "label": display.label(entity, name),
                "kind": "number"
                if spec.fields[name].kind in NUMBERS
                else "long"
                if spec.fields[name].kind == "long"
                else "",
            }
            for name in names
        ]
        look_ahead(self.visit, found)
        rows = [
            {"cells": [display.show(record, name) for name in names], "actions": buttons(self.visit, record, most=2)}
            for record in found
        ]
        form = None
        if records.can("create", entity) and records.can("read", self.entity, self.record):
            form = RecordForm(self.visit, entity, preset={by.name: self.record.id}, key=f"{self.key}-{entity}")
            if not form.names or form.has_files or len(form.names) > 6:
                form = None
        return Parts(entity, display.plural(entity), display.singular(entity), heads, rows, form, by.name)

    @property
    def related(self) -> list[Related]:
        """Short lists of what refers to the record; those with nothing in them only where something can be added. A page
        that shows other records too has chosen itself what belongs there."""
        if self.record is None or any(isinstance(one, DataBlock) and one is not self.block for one in self.page.blocks):
            return []
        found = []
        for entity, by in self._children():
            if by.part and not by.many:
                continue
            records, display = self.visit.records, self.display
            spec = self.visit.app.blueprint.entities[entity]
            paths = [
                name for name in records.readable_fields(entity)
                if name != by.name and not spec.fields[name].many and spec.fields[name].kind in ("choice", "date", "datetime", "money", "reference", "rating")
            ][:3]  # fmt: skip
            some = records.query(
                entity,
                filters={by.name: [str(self.record.id)]},
                show=paths,
                sort=[Sort("created", True)],
                limit=MOST_RELATED,
            )
            add = (
                display.new_url(entity, **{by.name: self.record.id, "go-next": display.back_here})
                if records.can("create", entity)
                else ""
            )
            if some.records or add:
                several = sum(1 for other, _ in self._children() if other == entity) > 1
                title = display.plural(entity) + (f" ({by.label.lower()})" if several else "")
                items = [item_of(display, record, paths) for record in some]
                found.append(Related(title, items, some.total or 0, add, display.singular(entity)))
        return found

    @property
    def dialog(self) -> Markup:
        return dialog(self.visit)


def head_chips(visit: Visit, record: Record) -> list[str]:
    """The choices that say how things stand, shown beside the title of a record's page."""
    fields = visit.app.blueprint.entities[record.entity].fields
    wanted = [name for name in STANDING if name in fields and fields[name].kind == "choice" and not fields[name].many]
    return [name for name in wanted if record.get(name)][:2]


def head_marks(visit: Visit, record: Record) -> list[Any]:
    """The marks of a record, as buttons beside those of its actions."""
    display = display_of(visit)
    fields = visit.app.blueprint.entities[record.entity].fields
    readable = visit.records.readable_fields(record.entity)
    return [display.mark(record, name) for name in readable if fields[name].kind == "marks"]
