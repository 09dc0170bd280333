"""The blueprint's pages: who may open which, the navigation, and a page put together from its blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .blocks import render_block
from .errors import Forbidden, NotFound
from .render import fragment, render
from .routes import route

if TYPE_CHECKING:
    from starlette.responses import Response

    from espalier.blueprint.schema import Page

    from .visit import Visit


def may_open(visit: Visit, page: Page) -> bool:
    """May this visitor open the page? The records in it have their own rules."""
    if page.who is None or visit.visitor.is_admin:
        return True
    return visit.records.allows(page.who)


def pages_for(visit: Visit) -> list[Page]:
    """The pages of the navigation: those the visitor may open, without the pages of one record."""
    return [page for page in visit.app.blueprint.page_list if not page.each and may_open(visit, page)]


def address(visit: Visit, page: Page) -> str:
    """Where a page is; the first one is home."""
    first = next((one for one in visit.app.blueprint.page_list if not one.each), None)
    return visit.url("/" if page == first else f"/{page.slug}")


def show_page(visit: Visit, page: Page, this: Any = None, status: int = 200) -> Response:
    """A page with its blocks, for a visitor who may open it. `this` is the record of an `Each` page."""
    if not may_open(visit, page):
        raise Forbidden
    blocks: list[Markup] = [render_block(block, visit, page, this) for block in page.blocks if block.kind != "footer"]
    if not page.each and not any(block.kind == "hero" for block in page.blocks):
        # Every page has one heading above all others; a hero is one, and so is the record on a page of its own.
        notices = sum(1 for block in page.blocks[:1] if block.kind == "banner")
        blocks.insert(notices, fragment(visit, "page_head.html", page=page))
    return render(
        visit, "page.html", status=status, title=page.name, blocks=blocks, page=page, foot=foot(visit, page, this)
    )


def foot(visit: Visit, page: Page, this: Any = None) -> Markup:
    """The page's own footer, which stands outside of its main part; nothing when it has none."""
    return Markup().join(render_block(block, visit, page, this) for block in page.blocks if block.kind == "footer")


def home(visit: Visit) -> Response:
    """The first page; for somebody who may not open it, the first that they may."""
    pages = [page for page in visit.app.blueprint.page_list if not page.each]
    if not pages:
        raise NotFound
    open_to_them = pages_for(visit)
    return show_page(visit, pages[0] if pages[0] in open_to_them or not open_to_them else open_to_them[0])


def by_slug(visit: Visit, slug: str) -> Response:
    """`/{slug}`."""
    for page in visit.app.blueprint.page_list:
        if page.slug == slug and not page.each:
            return show_page(visit, page)
    raise NotFound


ROUTES = [
    route("GET", "/", home),
    route("GET", "/{slug}", by_slug),
]
