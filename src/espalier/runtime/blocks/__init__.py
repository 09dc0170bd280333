"""Drawing the blocks of a page: one file per kind, named like the kind in blueprint/blocks/.

A file holds `render(block, visit, page, this) -> Markup`; `this` is the record of an `Each` page, else None. Its template
lies beside it. Files are imported when a page first needs them. One broken block never takes the page down.
"""

from __future__ import annotations

import logging
import re
import secrets
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from markupsafe import Markup

from ..errors import AppError, Forbidden, NotFound

if TYPE_CHECKING:
    from espalier.blueprint.blocks import Block
    from espalier.blueprint.schema import Page

    from ..visit import Visit

log = logging.getLogger(__name__)


class Draws(Protocol):
    """What a kind's file offers."""

    def __call__(self, block: Any, visit: Visit, page: Page, this: Any = None) -> Markup: ...


def render_block(block: Block, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The block as HTML; when it fails, a few friendly words in its place and the rest in the log."""
    try:
        record = this.id if this is not None else None
        if block.shown is not None and not visit.records.allows(block.shown, page.each or None, record):
            return Markup()
        draw = drawing(type(block).kind)
        if draw is None:
            return _in_its_place(visit, block, "This part is not available yet.")
        drawn = draw(block, visit, page, this)
        return _marked(drawn, block, page) if visit.app.marks_blocks else drawn
    except (Forbidden, NotFound):
        # What the visitor may not see is not there for them.
        return Markup()
    except AppError as error:
        return _in_its_place(visit, block, error.words)
    except Exception:
        number = secrets.token_hex(4)
        log.exception("error %s: block %s of page %s in %s", number, type(block).kind, page.name, visit.app.name)
        return _in_its_place(visit, block, "This part cannot be shown right now.", number)


def _marked(drawn: Markup, block: Block, page: Page) -> Markup:
    """A block whose first tag says which it is."""
    at = next((at for at, one in enumerate(page.blocks) if one is block), -1)
    mark = Markup(' data-block="{}:{}"').format(page.key, at)
    # By a function: in a text, backslashes of a page's name would mean something.
    said = re.sub(r"^(\s*<[a-zA-Z][\w-]*)", lambda found: f"{found[1]}{mark}", str(drawn), count=1)
    return Markup(said)  # noqa: S704 - both are escaped


@cache
def drawing(kind: str) -> Draws | None:
    """The function that draws a kind, or the one that stands in for it; None when there is neither."""
    from espalier.blueprint.blocks import KINDS

    name = f"{__package__}.{kind}"
    if find_spec(name):
        found: Draws = import_module(name).render
        return found
    stand_in = KINDS[kind].stands_in if kind in KINDS else None
    return drawing(stand_in) if stand_in else None


def _in_its_place(visit: Visit, block: Block, words: str, number: str = "") -> Markup:
    from ..render import fragment

    return fragment(visit, "blocks/broken.html", block=block, words=words, number=number)
