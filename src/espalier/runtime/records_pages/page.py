"""The page of one record, and forms that are sent to blocks of any page."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from espalier.blueprint.blocks import KINDS, Block, Source
from espalier.blueprint.blocks.detail import Detail
from espalier.blueprint.schema import Page

from ..blocks import render_block
from ..blocks.actions import buttons, dialog
from ..blocks.detail import head_chips, head_marks
from ..display import display_of
from ..errors import Forbidden, NotFound
from ..pages import address, foot, may_open, pages_for, show_page
from ..records.record import Link, Record
from ..render import render
from ..routes import Function

if TYPE_CHECKING:
    from starlette.responses import Response

    from ..visit import Visit


def show(visit: Visit, entity: str, id: int) -> Response:
    """`/{entity}/{id}`."""
    record = record_of(visit, entity, id)
    return show_record(visit, page_of(visit, record.entity), record)


def record_of(visit: Visit, slug: str, id: int, show: Sequence[str] | None = None) -> Record:
    """The record of an address, with what its page's head needs. Raises NotFound."""
    return visit.records.get(visit.app.entity(slug), id, show, may=("update", "delete"))


def page_of(visit: Visit, entity: str) -> Page:
    """The blueprint's own page for one record of the entity, else one that shows it in full."""
    found = [page for page in visit.app.blueprint.page_list if page.each == entity]
    if found:
        return next((page for page in found if may_open(visit, page)), found[0])
    block = Detail(of=Source(entity))
    return Page(f"Each {entity}", f"Each {entity}", None, entity, (block,), visit.app.entity_slugs[entity])


def show_record(visit: Visit, page: Page, record: Record, status: int = 200) -> Response:
    """The record's title and buttons, and below them the blocks of the page."""
    if not may_open(visit, page):
        raise Forbidden()
    display = display_of(visit)
    drawn = [(block.kind, render_block(block, visit, page, record)) for block in page.blocks if block.kind != "footer"]
    blocks = beside(drawn)
    return render(
        visit, "records_pages/show.html", status=status, title=record.title, record=record, blocks=blocks,
        crumbs=crumbs(visit, record), buttons=buttons(visit, record, most=3, small=False), dialog=dialog(visit),
        chips=[display.show(record, name) for name in head_chips(visit, record)], marks=head_marks(visit, record),
        foot=foot(visit, page, record),
    )  # fmt: skip


def beside(drawn: list[tuple[str, Markup]]) -> list[Markup]:
    """The blocks of a page, with forms that follow each other side by side where there is room."""
    made: list[Markup] = []
    for kind, run in groupby((one for one in drawn if one[1]), key=lambda one: one[0]):
        blocks = [block for _, block in run]
        together = kind == "form" and len(blocks) > 1
        made += [Markup('<div class="beside">{}</div>').format(Markup("\n").join(blocks))] if together else blocks
    return made


def crumbs(visit: Visit, record: Record) -> list[tuple[str, str]]:
    """The way to the record: what it is part of, or the page that lists its kind; itself last, without an address."""
    display = display_of(visit)
    by = visit.app.blueprint.meaning.parent(record.entity)
    above = record.get(by.name) if by is not None else None
    if isinstance(above, Link):
        return [(above.title, display.record_url(above.entity, above.id)), (record.title, "")]
    listed = list_page(visit, record.entity)
    return [(listed.name, address(visit, listed)), (record.title, "")] if listed is not None else []


def list_page(visit: Visit, entity: str) -> Page | None:
    """The first page of the navigation that shows records of the entity."""
    for kinds in (
        ("table", "board", "shop"),
        ("cards", "gallery", "feed"),
        ("list", "calendar", "timeline", "map"),
        tuple(KINDS),
    ):
        for page in pages_for(visit):
            if any(
                block.kind in kinds and getattr(getattr(block, "of", None), "entity", "") == entity
                for block in page.blocks
            ):
                return page
    return None


def list_url(visit: Visit, entity: str) -> str:
    """Where somebody goes whose record is gone."""
    page = list_page(visit, entity)
    return address(visit, page) if page is not None else visit.url("/")


# What is sent to a block.


def post_home(visit: Visit) -> Response:
    pages = [page for page in visit.app.blueprint.page_list if not page.each]
    if not pages:
        raise NotFound()
    open_to_them = pages_for(visit)
    return post(visit, pages[0] if pages[0] in open_to_them or not open_to_them else open_to_them[0])


def post_slug(visit: Visit, slug: str) -> Response:
    for page in visit.app.blueprint.page_list:
        if page.slug == slug and not page.each:
            return post(visit, page)
    raise NotFound()


def post_record(visit: Visit, entity: str, id: int) -> Response:
    record = record_of(visit, entity, id)
    return post(visit, page_of(visit, record.entity), record)


def post(visit: Visit, page: Page, this: Record | None = None) -> Response:
    """Give what was sent to the block it was sent to; draw the page again when the block is not content with it."""
    if not may_open(visit, page):
        raise Forbidden()
    said = visit.form.get("to-block") or visit.form.get("block")
    if not said.isascii() or not said.isdigit() or len(said) > 3 or int(said) >= len(page.blocks):
        raise NotFound()
    block = page.blocks[int(said)]
    if block.shown is not None and not visit.records.allows(
        block.shown, page.each or None, this.id if this is not None else None
    ):
        raise NotFound()
    submit = submit_of(block)
    if submit is None:
        raise NotFound()
    answer: Response | None = submit(block, visit, page, this)
    if answer is not None:
        return answer
    return show_page(visit, page, None, 422) if this is None else show_record(visit, page, this, 422)


def submit_of(block: Block) -> Function | None:
    """The function that takes what is sent to a kind of block: `submit` in its file, or in that of its stand-in."""
    kind: str | None = type(block).kind
    while kind:
        name = f"{__package__.rpartition('.')[0]}.blocks.{kind}"
        if find_spec(name):
            found: Function | None = getattr(import_module(name), "submit", None)
            return found
        kind = KINDS[kind].stands_in
    return None
