"""Records as lines: a title, two or three facts, a chip, and what can be done."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ..display import Display
from ..records.record import Found, Link, Record
from ..render import fragment
from .actions import buttons, dialog, look_ahead
from .frame import DataFrame

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page

    from ..visit import Visit

LINES = 20
MOST_FACTS = 4
SHORT_FACT = 24  # letters


def render(block: Any, visit: Visit, page: Page, this: Record | None = None) -> Markup:
    """The list as markup."""
    return fragment(visit, "blocks/list.html", list=List(block, visit, page, this))


class List(DataFrame):
    """What the template draws."""

    def __init__(self, block: Any, visit: Visit, page: Page, this: Record | None = None) -> None:
        super().__init__(block, visit, page, this)
        self.size = min(block.limit or LINES, 100)

    @cached_property
    def paths(self) -> list[str]:
        return self.columns(4)

    @cached_property
    def found(self) -> Found:
        offset = 0 if self.block.limit else (self.page_number - 1) * self.size
        return self.ask(self.paths, limit=self.size, offset=offset, may=("update", "delete"))

    @property
    def last(self) -> int:
        return 1 if self.block.limit else max(1, -(-(self.found.total or 0) // self.size))

    @property
    def items(self) -> list[dict[str, Any]]:
        look_ahead(self.visit, self.found)
        return [item_of(self.display, record, self.paths, acts=True) for record in self.found]

    @property
    def pictures(self) -> bool:
        return any(self.display.field(self.entity, path).kind == "image" for path in self.paths)

    @property
    def dialog(self) -> Markup:
        return dialog(self.visit)


def fact_of(said: Markup) -> Markup:
    """One fact of a line; a short one stays in one piece."""
    whole = " fact-short" if len(said.striptags()) <= SHORT_FACT else ""
    return Markup('<span class="fact{}">{}</span>').format(whole, said)


def item_of(display: Display, record: Record, paths: list[str], *, acts: bool = False) -> dict[str, Any]:
    """A record as an item of the look's list: its title, then the paths, choices as chips at the end."""
    spec = display.visit.app.blueprint.entities[record.entity]
    title: str = record.title
    chips: list[Any] = []
    facts: list[Markup] = []
    ends: list[Any] = []
    picture = ""
    for path in paths:
        field, value = display.field(record.entity, path), record.get(path)
        if path == spec.title_field or value is None or value == [] or value == "":
            continue
        if isinstance(value, Link) and value.title == title:
            continue
        if field.kind == "image":
            name = value[0] if isinstance(value, list) else value
            picture = picture or display.file_url(name, 96)
        elif field.kind == "choice" and not field.many:
            chips.append(value)
        elif field.kind in ("money", "marks", "rating"):
            ends.append(display.show(record, path))
        elif field.kind == "bool":
            if value:
                facts.append(Markup("{}").format(display.label(record.entity, path)))
        else:
            shown = display.show(record, path)
            if shown and field.kind in ("int", "number", "percent", "date", "datetime") and path != "created":
                shown = Markup("{} {}").format(display.label(record.entity, path), shown)
            facts.append(Markup("{}").format(shown))
    pressed = buttons(display.visit, record, most=1, menu=False) if acts else Markup()
    return {
        "title": title,
        "url": display.record_url(record.entity, record.id),
        "text": Markup(" ").join(fact_of(fact) for fact in facts[:MOST_FACTS]),
        "picture": picture,
        "end": Markup(" ").join(ends) if ends else "",
        "chips": Markup(" ").join(display.ui.chip(chip) for chip in chips) if chips else "",
        "actions": pressed,
    }
