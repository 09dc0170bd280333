"""A wall of pictures. One of the record's own opens large in a dialog; a drawn one leads to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import DataFrame
from .portrait import Layout

if TYPE_CHECKING:
    from espalier.blueprint.blocks.gallery import Gallery
    from espalier.blueprint.schema import Page

    from ..visit import Visit

SIZE = 14  # two rounds of the mosaic
IN_A_ROW = 18


def sizes(count: int) -> list[str]:
    """The size of each picture so that the rows of a wall four wide are full: big (2 by 2), wide (2 by 1), half (wide, but
    not on a phone) or "" (1 by 1)."""
    made: list[str] = []
    turned = False
    while count:
        if count == 6:
            made += ["wide", "", "", "", "", "wide"]
            count = 0
        elif count >= 5:
            made += ["", "", "big-right", "", ""] if turned else ["big", "", "", "", ""]
            turned = not turned
            count -= 5
        else:
            made += {1: ["full"], 2: ["half", "half"], 3: ["wide", "", ""], 4: ["", "", "", ""]}[count]
            count = 0
    return made


def render(block: Gallery, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The wall, or a row that moves."""
    frame = DataFrame(block, visit, page, this)
    layout = Layout(frame, block.show, facts=2)
    if not layout.picture:
        # Somebody who asks for a wall of pictures means the field that holds them.
        layout.picture = next((name for name in frame.readable if frame.spec.fields[name].kind == "image"), "")
        if layout.picture:
            layout.fields[layout.picture] = frame.spec.fields[layout.picture]
    found, more = frame.page_of(IN_A_ROW if block.carousel else SIZE, layout.shown)
    layout.see(found)
    items = [layout.portrait(record) for record in found]
    return frame.draw(
        "gallery.html", items=items, sizes=sizes(len(items)), more="" if block.carousel else more, carousel=block.carousel,
        hint=frame.display.plural(frame.entity), filters=frame.filter_bar(frame.entity, found.total or 0, SIZE),
    )  # fmt: skip
