"""What the blocks that show records to look at share: their name on the page, filters, search, more of them, words for values.

`Frame` reads the state of one block (`b2-status=Open`, `b2-more=24`) from the address, so that it works without scripts and a
link to it can be sent. How records are drawn is left to each block; what a field looks like to ../display.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from espalier.blueprint.blocks import DataBlock
from espalier.blueprint.field import Field
from espalier.blueprint.meaning import anchor
from espalier.blueprint.steps import Button

from ..display import Display, display_of
from ..records import Found, Link, Record
from ..render import fragment

if TYPE_CHECKING:
    from espalier.blueprint.blocks import Block
    from espalier.blueprint.schema import Entity, Page

    from ..visit import Visit

LONGEST_SEARCH = 100
FEW = 8  # fewer records than this need no search
OPENING = re.compile(r"\s*<(?:section|div|figure|nav|footer)\b")


class Frame:
    """One block of one page, as one visitor sees it."""

    def __init__(self, block: Block, visit: Visit, page: Page, this: Record | None = None) -> None:
        self.block = block
        self.visit = visit
        self.page = page
        self.this = this
        self.number = next((at for at, one in enumerate(page.blocks) if one is block), 0)
        self.key = f"b{self.number}"
        self.display: Display = display_of(visit)

    # Where it is.

    @property
    def anchor(self) -> str:
        """Its name behind `#`; an earlier block of the same name keeps it to itself."""
        name = anchor(self.block)
        first = next((at for at, one in enumerate(self.page.blocks) if anchor(one) == name), self.number)
        return name if first == self.number else f"{name}-{self.number}"

    def address(self, **changes: Any) -> str:
        """This page with this block in another state (`more=24`; None takes it away); other blocks stay as they are."""
        query: dict[str, list[str]] = {}
        for name, value in self.visit.query.multi_items():
            query.setdefault(name, []).append(value)
        for name, value in changes.items():
            query[f"{self.key}-{name}"] = [] if value is None else [str(value)]
        return (
            self.visit.url(self.visit.path, **{name: values for name, values in query.items() if values})
            + f"#{self.anchor}"
        )

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
        """Labels with their addresses."""
        return [(button.label, self.target(button.to)) for button in buttons if button is not None]

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
class Filter:
    """One filter above records: its values, and the one that is set."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str
    kind: str  # "" for a list to choose from, "date" for a day


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
        """The heading: as written, else the plural of what is shown, unless the page says the same."""
        if self.block.title:
            return str(self.block.title)
        said = self.display.plural(self.entity)
        opened = any(one.kind == "hero" for one in self.page.blocks)
        return "" if said.lower() == self.page.name.lower() and not opened else said

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

    # Filters and search, kept in the address.

    @cached_property
    def filters(self) -> dict[str, list[str]]:
        """What is filtered by now: path -> texts."""
        said = {str(path): self.visit.query.getlist(f"{self.key}-{path}") for path in self.block.filter}
        return {path: [value for value in values if value] for path, values in said.items() if any(values)}

    @cached_property
    def search(self) -> str:
        return self.state("q").strip()[:LONGEST_SEARCH]

    @property
    def narrowed(self) -> bool:
        """Does the visitor see less than there is because they asked for less?"""
        return bool(self.filters or self.search)

    @cached_property
    def limits(self) -> dict[str, Any]:
        """What narrows every question that this block asks."""
        return {"where": self.block.where, "this": self.this, "filters": self.filters, "search": self.search}

    def filter_bar(self, entity: str, count: int, most: int, search: bool = True) -> Markup:
        """The filters that the block names, and a search box when there are many records; nothing when neither is of use."""
        made = [one for path in self.block.filter if (one := self._filter(entity, str(path)))]
        searches = search and (count > most or bool(self.search))
        if not made and not searches:
            return Markup()
        own = {f"{self.key}-{name}" for name in ("q", "more", *map(str, self.block.filter))}
        kept = [(name, value) for name, value in self.visit.query.multi_items() if name not in own]
        return fragment(
            self.visit, "blocks/filters.html", frame=self, filters=made, searches=searches, kept=kept,
            action=self.visit.url(self.visit.path) + f"#{self.anchor}", narrowed=self.narrowed,
        )  # fmt: skip

    def _filter(self, entity: str, path: str) -> Filter | None:
        found = self.display.field(entity, path)
        value = (self.filters.get(path) or [""])[0]
        label = self.display.label(entity, path)
        if found.kind in ("date", "datetime"):
            return Filter(f"{self.key}-{path}", label, [], value, "date")
        choices = self.records.choices(entity, path, **self.limits)
        if len(choices) < 2 and not value:
            return None
        if found.kind in ("int", "number", "money", "percent", "rating", "marks"):
            choices = sorted(choices, key=lambda one: float(one.value or 0))
        options = [(one.value, f"{one.label} ({one.count})") for one in choices]
        if value and value not in [one.value for one in choices]:
            options.append((value, f"{value} (0)"))
        return Filter(f"{self.key}-{path}", label, options, value, "")

    # Records, a few at first and more when asked.

    def page_of(self, size: int, show: Sequence[str], sort: Sequence[Any] = (), **more: Any) -> tuple[Found, str]:
        """The records to show now, and the address that shows more of them ("" when these are all). A `limit` of the block
        is how many there are at most."""
        most = self.block.limit
        asked = self.state("more")
        shown = min(int(asked), 600) if asked.isdecimal() and len(asked) < 5 else size
        shown = min(max(shown, size), most) if most else max(shown, size)
        found = self.records.query(
            self.entity, show=show, sort=sort or self.block.sort, limit=shown, **self.limits, **more
        )
        there = min(found.total or 0, most) if most else found.total or 0
        return found, self.address(more=shown + size) if there > shown else ""

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
