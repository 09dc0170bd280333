"""What all blocks share: their name on the page, and their state in the address (search, filters, order, page, month).

Each block has its own names in the query (`b2-q`, `b2-sort`, `b2-month`; filters `b2.status`, `b2.price.from`), so that several
on one page keep apart, everything works without scripts, and a link to what is seen can be sent. Links made here change one
of them and keep the rest. `Frame` is any block, `DataFrame` one that shows records. Reading the records is records/'s, drawing
them the block's own; what a field looks like is ../display.py's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from espalier.blueprint.blocks.base import DataBlock, Sort
from espalier.blueprint.condition import Expression
from espalier.blueprint.expression import Scope, bind_condition, nodes, walk
from espalier.blueprint.field import Field
from espalier.blueprint.meaning import anchor
from espalier.blueprint.steps import Button

from ..display import Display, display_of
from ..errors import Invalid
from ..records.record import Choice, Found, Link, Record
from ..records.rows import UnknownPath
from ..render import fragment

if TYPE_CHECKING:
    from espalier.blueprint.blocks import Block
    from espalier.blueprint.schema import Blueprint, Entity, Page

    from ..visit import Visit

LONGEST_SEARCH = 200
LEFT_OUT = ("long", "json", "file")  # of columns that nobody asked for
ORDERED = ("int", "number", "money", "percent", "rating")
MOST_PAGES = 10_000
FORMS = ("form", "wizard", "booking")
OPENING = re.compile(r"\s*<(?:section|div|figure|nav|footer)\b")


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


class Frame:
    """One block of one page, as one visitor sees it."""

    def __init__(self, block: Block, visit: Visit, page: Page, this: Record | None = None) -> None:
        self.block = block
        self.visit = visit
        self.page = page
        self.this = this
        self.at = place_of(block, page)
        self.key = f"b{self.at}"
        self.display: Display = display_of(visit)

    # Where it is.

    @property
    def anchor(self) -> str:
        """Its name behind `#`; an earlier block of the same name keeps it to itself."""
        name = anchor(self.block)
        first = next((at for at, one in enumerate(self.page.blocks) if anchor(one) == name), self.at)
        return name if first == self.at else f"{name}-{self.at}"

    @property
    def page_url(self) -> str:
        return self.visit.url(self.visit.path)

    def address(self, **changes: Any) -> str:
        """This page with this block in another state (`sort="-due"`, `more=24`; None takes it away); other blocks stay as they
        are."""
        changed = {f"{self.key}-{name}": value for name, value in changes.items()}
        query: dict[str, list[str]] = {}
        for name, value in self.visit.query.multi_items():
            if name not in changed and not name.endswith("-done"):
                query.setdefault(name, []).append(value)
        query |= {name: [str(value)] for name, value in changed.items() if value is not None}
        return self.visit.url(self.visit.path, **query) + f"#{self.anchor}"

    def state(self, name: str, default: str = "") -> str:
        """What the address says of this block: `b2-month=2026-11`."""
        return self.visit.query.get(f"{self.key}-{name}", default)

    def target(self, text: str) -> str:
        """The address that a button or link of the blueprint leads to."""
        meaning = self.visit.app.blueprint.meaning
        if self.page.each and not re.match(r"(?:https?://|mailto:|tel:|/)", text, re.IGNORECASE):
            # What stands on a record's own page is there and not at the page's slug.
            found = meaning.target_of(text, self.page)
        else:
            found = meaning.target_of(text, self.page)
        if found is None:
            return self.visit.url("/")
        if found.startswith("/") and not found.startswith("//"):
            path, mark, name = found.partition("#")
            home = self.visit.app.blueprint.page_list[0]
            path = "/" if path == f"/{home.slug}" and not home.each else path
            return self.visit.url(path) + mark + name
        return found

    def buttons(self, *buttons: Button | None) -> list[tuple[str, str]]:
        """Labels with their addresses; without those of pages that are closed to this person. A stranger keeps them: they lead
        to the log-in."""
        given = [button for button in buttons if button is not None]
        return [(button.label, self.target(button.to)) for button in given if self._leads_somewhere(button)]

    def _leads_somewhere(self, button: Button) -> bool:
        from ..pages import may_open

        if self.visit.visitor.id is None:
            return True
        slug = (self.visit.app.blueprint.meaning.target_of(button.to, self.page) or "").partition("#")[0]
        page = next((one for one in self.visit.app.blueprint.page_list if slug == f"/{one.slug}"), None)
        return page is None or page is self.page or bool(page.each) or may_open(self.visit, page)

    # How it is drawn.

    def draw(self, template: str, **more: Any) -> Markup:
        """The template beside the block, with `frame` and `block`; the result carries the block's anchor."""
        made = fragment(
            self.visit, f"blocks/{template}", frame=self, block=self.block, display=self.display, this=self.this, **more
        )
        return self.placed(made)

    def placed(self, made: Markup) -> Markup:
        """The markup with the block's anchor on its first element."""
        plain = str(made)
        found = OPENING.match(plain)
        if not found or " id=" in plain[found.end() : plain.find(">", found.end())]:
            return made
        return Markup(f'{plain[: found.end()]} id="{escape(self.anchor)}"{plain[found.end() :]}')  # noqa: S704 - both are markup

    def macros(self, template: str) -> Any:
        """The macros of one of the look's templates."""
        return self.display._macros(template)

    @property
    def text(self) -> Markup | str:
        """The block's text: a few words of Markdown."""
        from ..markdown import safe_html

        return inline(safe_html(self.block.text)) if self.block.text else ""


def inline(made: Markup) -> Markup:
    """Markup of one paragraph without the paragraph around it, to stand in one of ours."""
    bare = made.strip()
    if bare.startswith("<p>") and bare.endswith("</p>") and bare.count("<p>") == 1:
        return Markup(str(bare)[3:-4])  # noqa: S704 - taken from clean markup
    return made


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


class DataFrame(Frame):
    """A block that shows records of one entity."""

    block: Any

    def __init__(self, block: Any, visit: Visit, page: Page, this: Record | None = None) -> None:
        super().__init__(block, visit, page, this)
        self.source = block.source if isinstance(block, DataBlock) else None
        self.entity: str = self.source.entity if self.source else ""
        self.records = visit.records

    @property
    def spec(self) -> Entity:
        found: Entity = self.visit.app.blueprint.entities[self.entity]
        return found

    @cached_property
    def by(self) -> str:
        """The field that the block is arranged by; "" when there is none."""
        return str(self.visit.app.blueprint.meaning.by(self.block) or "")

    @property
    def title(self) -> str:
        """The heading: as written, else the plural of what is shown, unless the page says the same right above."""
        if self.block.title:
            return str(self.block.title)
        said = self.display.plural(self.entity)
        opened = any(one.kind == "hero" for one in self.page.blocks)
        same = said.casefold() == self.page.name.casefold() and not opened and not self.page.each
        return "" if same else said

    @property
    def called(self) -> str:
        """What stands in it, for those who cannot see its heading."""
        return self.title or self.display.plural(self.entity)

    @cached_property
    def where(self) -> Expression | None:
        """Which records it covers: its own condition, and on the page of one record those that refer to it."""
        if not self.entity:
            return self.block.where
        return within(self.visit.app.blueprint, self.entity, self.block.where, self.this)

    @property
    def empty(self) -> str:
        return self.block.empty or f"No {self.display.plural(self.entity).lower()} yet"

    def field(self, path: str) -> Field | None:
        """The field at the end of a path, None when there is none."""
        try:
            return self.display.field(self.entity, path)
        except (LookupError, ValueError):
            return None

    @cached_property
    def readable(self) -> list[str]:
        return self.records.readable_fields(self.entity)

    def sees(self, path: str) -> bool:
        """May the visitor see what the path leads to, in some record at least?"""
        try:
            self.records.rows(self.entity).place(path)
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

    # Filters, search and order, kept in the address.

    @cached_property
    def search(self) -> str:
        return self.state("q").strip()[:LONGEST_SEARCH]

    @property
    def narrowed(self) -> bool:
        """Does the visitor see less than there is because they asked for less?"""
        return bool(self.filters or self.search)

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
    def clear_url(self) -> str:
        """This page without this block's search and filters."""
        query = [
            (name, value) for name, value in self.visit.query.multi_items()
            if not name.startswith(f"{self.key}.") and name not in (f"{self.key}-q", f"{self.key}-page", f"{self.key}-more")
        ]  # fmt: skip
        return self.page_url + (f"?{urlencode(query)}" if query else "")

    @property
    def others(self) -> list[tuple[str, str]]:
        """The rest of the query, which a form of filters carries along."""
        own = (f"{self.key}.", f"{self.key}-q", f"{self.key}-page", f"{self.key}-more")
        return [(name, value) for name, value in self.visit.query.multi_items() if not name.startswith(own)]

    @property
    def query(self) -> list[tuple[str, str]]:
        """What of the query is this block's own."""
        return [
            (name, value)
            for name, value in self.visit.query.multi_items()
            if name.startswith((f"{self.key}.", f"{self.key}-"))
        ]

    @cached_property
    def limits(self) -> dict[str, Any]:
        """What narrows every question that this block asks."""
        return {"where": self.where, "this": self.this, "filters": self.filters, "search": self.search}

    def filter_bar(self, entity: str, count: int, most: int, search: bool = True) -> Markup:
        """The filters that the block names, and a search box when there are many records; nothing when neither is of use."""
        made = [one for one in self.shown_filters() if one.values or one.kind != "choice" or len(one.options) > 1]
        searches = search and (count > most or bool(self.search))
        if not made and not searches:
            return Markup()
        drawn: Markup = self.macros("blocks/bar.html").bar(self, made, searches)
        return drawn

    # Records, a few at first and more when asked.

    def page_of(self, size: int, show: Sequence[str], sort: Sequence[Any] = (), **more: Any) -> tuple[Found, str]:
        """The records to show now, and the address that shows more of them ("" when these are all). A `limit` of the block
        is how many there are at most."""
        most = self.block.limit
        asked = self.state("more")
        shown = min(int(asked), 600) if asked.isdecimal() and len(asked) < 5 else size
        shown = min(max(shown, size), most) if most else max(shown, size)
        try:
            found = self.records.query(
                self.entity, show=show, sort=sort or self.block.sort, limit=shown, **self.limits, **more
            )
        except Invalid:
            found = Found([], 0)  # a filter that fits nothing
        there = min(found.total or 0, most) if most else found.total or 0
        return found, self.address(more=shown + size) if there > shown else ""

    def ask(
        self, show: Sequence[str], *, limit: int, offset: int = 0, count: bool = True, may: Sequence[str] = ()
    ) -> Found:
        """The block's records as the visitor narrowed them down. A filter that fits nothing finds nothing."""
        try:
            return self.records.query(
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
            options = self.records.choices(
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
        if not self.records.can("create", self.entity) or self.entity == "User":
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

    # Values as words.

    def words(self, value: Any, field: Field) -> str:
        return words(self.display, value, field)

    def url(self, record: Record | Link) -> str:
        return self.display.record_url(record.entity, record.id)

    def picture_of(self, value: Any, width: int = 720) -> str:
        """The address of the first picture among the values of an image field; "" when there is none."""
        name = value[0] if isinstance(value, list) and value else value
        return self.display.file_url(name, width) if isinstance(name, str) and name else ""


def words(display: Display, value: Any, field: Field) -> str:
    """A value as plain words, without links and pictures: `€1,250`, `24 Nov`, `Yes`."""
    if value is None or value == "" or value == []:
        return ""
    if field.kind in ("choice", "tags", "reference", "text"):
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if field.kind == "marks":
        return f"{value:,}"
    if field.kind == "bool":
        return "Yes" if value else "No"
    if field.kind == "rating":
        return f"{value:g} of {most_of(field):g}"
    drawn = display.value(value, field)
    said = (drawn.striptags() if isinstance(drawn, Markup) else drawn).replace("\xa0", " ")
    # A whole amount needs no cents where room is scarce.
    return re.sub(r"(?<=\d)\.00(?!\d)", "", said) if field.kind == "money" else said


def most_of(field: Field) -> float:
    """The largest number that a rating or a field with a range holds; 5 and 100 when it says nothing."""
    from espalier.blueprint.fields import read_range

    high = read_range(field.parameter).high
    return high if high is not None else 5 if field.kind == "rating" else 100
