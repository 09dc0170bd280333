"""What every block of records shares: which records it covers, and its state in the address (search, filters, order, page).

Each block has its own names in the query (`b2-q`, `b2-sort`, `b2.status`), so that several on one page keep apart; links made
here change one of them and keep the rest. Reading the records is records/'s, drawing them the block's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from espalier.blueprint.blocks.base import DataBlock, Sort
from espalier.blueprint.condition import Expression
from espalier.blueprint.expression import Scope, bind_condition, nodes, walk
from espalier.blueprint.meaning import anchor
from espalier.blueprint.names import label, plural, words

from ..display import Display, display_of
from ..errors import Invalid
from ..records.record import Choice, Found, Record
from ..records.rows import UnknownPath

if TYPE_CHECKING:
    from espalier.blueprint.blocks import Block
    from espalier.blueprint.schema import Blueprint, Page

    from ..visit import Visit

TITLES = ("text", "serial", "email", "url", "phone")
LEFT_OUT = ("long", "json", "file")  # of columns that nobody asked for
ORDERED = ("int", "number", "money", "percent", "rating")
MOST_PAGES = 10_000
FORMS = ("form", "wizard", "booking")


def ties(blueprint: Blueprint, entity: str, to: str) -> list[str]:
    """The fields by which records of an entity belong to one of another: `ticket` of Reply to Ticket."""
    if entity == to:
        return []
    fields = blueprint.entities[entity].fields.values()
    return [field.name for field in fields if field.kind == "reference" and field.target == to and not field.computed]


def within(blueprint: Blueprint, entity: str, where: Expression | None, this: Record | None) -> Expression | None:
    """The condition of a block: its own, and on the page of one record those that refer to it. A condition that speaks of
    `this` itself is taken as it stands."""
    if this is None or (where is not None and _says_this(where)):
        return where
    names = ties(blueprint, entity, this.entity)
    if not names:
        return where
    here = nodes.Path(("this",))
    fields = blueprint.entities[entity].fields
    tied: list[nodes.Node] = [
        nodes.In(here, nodes.Path((name,))) if fields[name].many else nodes.Binary("=", nodes.Path((name,)), here)
        for name in names
    ]
    node = tied[0]
    for other in tied[1:]:
        node = nodes.Binary("or", node, other)
    if where is not None:
        node = nodes.Binary("and", node, where.node)
    made = Expression(node)
    made.bound = bind_condition(node, Scope.record(blueprint.meaning, entity, this.entity))
    return made


def _says_this(where: Expression) -> bool:
    return any(isinstance(node, nodes.Path) and node.names[0] == "this" for node in walk(where.node))


def place_of(block: Block, page: Page) -> int:
    """Which block of the page it is; blocks that are equal are still different blocks."""
    return next((at for at, one in enumerate(page.blocks) if one is block), 0)


@dataclass(frozen=True)
class Shown:
    """A filter as it is drawn. kind is choice (a select), range (two ends) or bool."""

    name: str
    label: str
    kind: str
    values: tuple[str, ...]
    options: tuple[Choice, ...] = ()
    input: str = "text"  # of a range: date or number

    @property
    def low(self) -> str:
        return self.values[0].partition("..")[0] if self.values and ".." in self.values[0] else ""

    @property
    def high(self) -> str:
        return self.values[0].partition("..")[2] if self.values and ".." in self.values[0] else ""


class State:
    """One block of records for one visit."""

    def __init__(self, block: Any, visit: Visit, page: Page, this: Record | None = None) -> None:
        self.block = block
        self.visit = visit
        self.page = page
        self.this = this
        self.at = place_of(block, page)
        self.key = f"b{self.at}"
        self.entity: str = block.source.entity
        self.spec = visit.app.blueprint.entities[self.entity]

    @cached_property
    def display(self) -> Display:
        return display_of(self.visit)

    @property
    def id(self) -> str:
        """The block's name behind `#`: what buttons lead to; the second of the same name gets a number."""
        name = anchor(self.block)
        first = next(one for one in self.page.blocks if anchor(one) == name) if self.page.blocks else self.block
        return name if first is self.block else f"{name}-{self.at}"

    @property
    def title(self) -> str:
        """The block's title; what it shows when it has none, unless the page's own heading says so already."""
        said = label(plural(words(self.entity)))
        return self.block.title or ("" if self.at == 0 and said.casefold() == self.page.name.casefold() else said)

    @property
    def called(self) -> str:
        """What stands in it, for those who cannot see its heading."""
        return self.title or label(plural(words(self.entity)))

    @cached_property
    def where(self) -> Expression | None:
        return within(self.visit.app.blueprint, self.entity, self.block.where, self.this)

    @cached_property
    def readable(self) -> list[str]:
        return self.visit.records.readable_fields(self.entity)

    def sees(self, path: str) -> bool:
        """May the visitor see what the path leads to, in some record at least?"""
        try:
            self.visit.records.rows(self.entity).place(path)
        except UnknownPath:
            return False
        return True

    def columns(self, most: int = 6) -> list[str]:
        """The paths to show: those the block names, else the title and the first of the fields that fit in a line."""
        if self.block.show:
            return [str(path) for path in self.block.show if self.sees(str(path))]
        fields = self.spec.fields
        tied = set(ties(self.visit.app.blueprint, self.entity, self.this.entity)) if self.this is not None else set()
        found = [
            name
            for name in self.readable
            if fields[name].kind not in LEFT_OUT and name not in tied and not fields[name].many
        ]
        title = self.spec.title_field
        if title in self.readable:
            found = [title, *(name for name in found if name != title)]
        if self.entity == "User":
            found = [name for name in found if name != "avatar"]
        return found[:most] or list(self.readable[:1])

    # The state in the address.

    @property
    def search(self) -> str:
        return self.visit.query.get(f"{self.key}-q", "")[:200]

    @property
    def sort_given(self) -> str:
        return self.visit.query.get(f"{self.key}-sort", "")

    @cached_property
    def sort(self) -> list[Sort]:
        """The visitor's order, else the block's, else the newest first."""
        given = self.sort_given
        if given:
            try:
                chosen = Sort.parse(given)
                if self.sees(chosen.path):
                    return [chosen, *self.block.sort]
            except ValueError:
                pass
        return list(self.block.sort) or [Sort("created", True)]

    @property
    def page_number(self) -> int:
        text = self.visit.query.get(f"{self.key}-page", "1")
        return max(1, min(int(text), MOST_PAGES)) if text.isascii() and text.isdigit() and len(text) < 7 else 1

    @cached_property
    def filters(self) -> dict[str, list[str]]:
        """path -> texts, of the block's own filters only; ranges are put together from their two ends."""
        found: dict[str, list[str]] = {}
        for path in self.filter_paths:
            name = f"{self.key}.{path}"
            values = [text[:200] for text in self.visit.query.getlist(name) if text.strip()][:50]
            low, high = self.visit.query.get(f"{name}.from", "").strip(), self.visit.query.get(f"{name}.to", "").strip()
            if low or high:
                values = [f"{low[:40]}..{high[:40]}"]
            if values:
                found[path] = values
        return found

    @cached_property
    def filter_paths(self) -> list[str]:
        return [str(path) for path in self.block.filter if self.sees(str(path))]

    @property
    def narrowed(self) -> bool:
        return bool(self.search.strip() or self.filters)

    @property
    def page_url(self) -> str:
        return self.visit.url(self.visit.path)

    def url(self, **changes: str | None) -> str:
        """This page with parts of this block's state changed: `url(sort="-due", page=None)`; the rest stays."""
        query = [
            (name, value)
            for name, value in self.visit.query.multi_items()
            if name not in {f"{self.key}-{key}" for key in changes}
        ]
        query = [(name, value) for name, value in query if not name.endswith("-done")]
        query += [(f"{self.key}-{key}", value) for key, value in changes.items() if value is not None]
        return self.page_url + (f"?{urlencode(query)}" if query else "")

    @property
    def clear_url(self) -> str:
        """This page without this block's search and filters."""
        query = [
            (name, value) for name, value in self.visit.query.multi_items()
            if not name.startswith(f"{self.key}.") and name not in (f"{self.key}-q", f"{self.key}-page")
        ]  # fmt: skip
        return self.page_url + (f"?{urlencode(query)}" if query else "")

    @property
    def others(self) -> list[tuple[str, str]]:
        """The rest of the query, which a form of filters carries along."""
        own = (f"{self.key}.", f"{self.key}-q", f"{self.key}-page")
        return [(name, value) for name, value in self.visit.query.multi_items() if not name.startswith(own)]

    @property
    def query(self) -> list[tuple[str, str]]:
        """What of the query is this block's own."""
        return [
            (name, value)
            for name, value in self.visit.query.multi_items()
            if name.startswith((f"{self.key}.", f"{self.key}-"))
        ]

    # The records.

    def records(
        self, show: Sequence[str], *, limit: int, offset: int = 0, count: bool = True, may: Sequence[str] = ()
    ) -> Found:
        """The block's records as the visitor narrowed them down. A filter that fits nothing finds nothing."""
        try:
            return self.visit.records.query(
                self.entity, where=self.where, this=self.this, filters=self.filters, search=self.search, sort=self.sort,
                show=list(show), limit=limit, offset=offset, count=count, may=may,
            )  # fmt: skip
        except Invalid:
            return Found([], 0)

    def shown_filters(self) -> list[Shown]:
        """The filters of the block with what can be chosen, and how many records there are of each."""
        found = []
        for path in self.filter_paths:
            field = self.display.field(self.entity, path)
            name, words = f"{self.key}.{path}", self.display.label(self.entity, path)
            values = tuple(self.filters.get(path, ()))
            if field.kind in ("date", "datetime") or field.kind in ORDERED:
                kind = "date" if field.kind in ("date", "datetime") else "number"
                found.append(Shown(name, words, "range", values, (), kind))
                continue
            options = self.visit.records.choices(
                self.entity, path, where=self.where, this=self.this, filters=self.filters, search=self.search
            )
            known = {option.value for option in options}
            options += [
                Choice(value, value if not value.isdigit() else words, 0) for value in values if value not in known
            ]
            if options:
                found.append(Shown(name, words, "choice", values, tuple(options)))
        return found

    def add_url(self) -> str:
        """Where the visitor adds a record, tied to `this`; "" when they may not."""
        if not self.visit.records.can("create", self.entity) or self.entity == "User":
            return ""
        if any(
            one.kind in FORMS and isinstance(one, DataBlock) and one.source.entity == self.entity
            for one in self.page.blocks
        ):
            return ""  # the page has a form for it
        tied: dict[str, Any] = {}
        if self.this is not None:
            tied = dict.fromkeys(ties(self.visit.app.blueprint, self.entity, self.this.entity)[:1], self.this.id)
        return self.display.new_url(self.entity, **tied, **{"go-next": self.visit.here})
