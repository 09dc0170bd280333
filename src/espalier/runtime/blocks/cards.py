"""Cards: a picture of the record's own or one drawn for its words, its name, a few facts, and what can be done with it.

Also stands in for `map`. What goes where on a card is portrait.py's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .actions import buttons, dialog, look_ahead
from .frame import DataFrame
from .portrait import Layout, drawn_for

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page

    from ..visit import Visit

SIZE = 12
IN_A_ROW = 18  # of a carousel


def render(block: Any, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The cards of an entity; a row that moves when the block says so."""
    frame = DataFrame(block, visit, page, this)
    layout = Layout(frame, block.show)
    carousel = bool(getattr(block, "carousel", False))
    found, more = frame.page_of(IN_A_ROW if carousel else SIZE, layout.shown)
    layout.see(found)
    cards = [layout.portrait(record) for record in found]
    look_ahead(visit, found)
    for card in cards:
        card.actions = buttons(visit, card.record, menu=False)
    pictures = drawn_for(layout, cards)
    # A card of little more than a name and a number needs no great width.
    small = not pictures and not any(card.text for card in cards)
    made = frame.draw(
        "cards.html", cards=cards, more="" if carousel else more, carousel=carousel, pictures=pictures, small=small,
        people=layout.is_person, hint=frame.display.plural(frame.entity), filters=frame.filter_bar(frame.entity, found.total or 0, SIZE),
    )  # fmt: skip
    return made + dialog(visit) if any(card.actions for card in cards) else made
