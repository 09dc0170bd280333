"""The last line of a page, with the app's pages and how to reach us beside it. It takes the place of the plain footer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.blocks.contact import Contact

from ..render import shell_of
from .frame import Frame
from .lines import marked_up

if TYPE_CHECKING:
    from espalier.blueprint.blocks.footer import Footer
    from espalier.blueprint.schema import Page

    from ..visit import Visit

MOST_PAGES = 8


def render(block: Footer, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The footer."""
    frame = Frame(block, visit, page, this)
    shell = shell_of(visit)
    contact = next(
        (one for other in visit.app.blueprint.page_list for one in other.blocks if isinstance(one, Contact)), None
    )
    made = frame.draw("footer.html", words=marked_up(block.of), pages=shell.nav[:MOST_PAGES], contact=contact)
    visit.shell = replace(shell, footer=True)
    return made
