"""One search box over several entities; what is found stands in a group for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.meaning import anchor

from ..display import display_of
from ..markdown import plain
from ..records.record import Record
from ..render import fragment
from .frame import place_of, within
from .list import item_of

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page

    from ..visit import Visit

MOST = 8
LIKELY = ("choice", "date", "datetime", "money", "reference", "location", "marks")


@dataclass(frozen=True)
class Group:
    title: str
    items: list[dict[str, Any]]
    total: int


def render(block: Any, visit: Visit, page: Page, this: Record | None = None) -> Markup:
    """The box, and below it what was found."""
    key = f"b{place_of(block, page)}"
    words = visit.query.get(f"{key}-q", "").strip()[:200]
    groups = _groups(block, visit, words, this) if words else []
    return fragment(
        visit, "blocks/search.html", block=block, key=key, id=anchor(block), words=words, groups=groups,
        names=" and ".join(display_of(visit).plural(source.entity).lower() for source in block.of),
        others=[(name, value) for name, value in visit.query.multi_items() if name != f"{key}-q"],
    )  # fmt: skip


def _groups(block: Any, visit: Visit, words: str, this: Record | None) -> list[Group]:
    display, records = display_of(visit), visit.records
    found = []
    for at, source in enumerate(block.of):
        entity = source.entity
        if not records.can("read", entity):
            continue
        fields = visit.app.blueprint.entities[entity].fields
        readable = records.readable_fields(entity)
        paths = (
            [str(path) for path in block.show]
            if at == 0 and block.show
            else [name for name in readable if fields[name].kind in LIKELY and not fields[name].many][:3]
        )
        text = next((name for name in readable if fields[name].kind == "long"), "")
        where = within(visit.app.blueprint, entity, block.where if at == 0 else None, this)
        some = records.query(
            entity, search=words, where=where, this=this, show=[*paths, *([text] if text else [])], limit=MOST
        )
        items = []
        for record in some:
            item = item_of(display, record, [path for path in paths if path in record])
            if text and text not in paths and record.get(text):
                item["text"] = plain(record[text], 140)
            items.append(item)
        if items:
            found.append(Group(display.plural(entity), items, some.total or 0))
    return found
