"""The buttons of a record: its actions, marks, editing, deleting. One way to draw them, for rows, lines, cards and record pages.

Which of them this person may press is records/'s answer; what happens then is records_pages/'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from espalier.blueprint.schema import Action
from espalier.blueprint.steps import Ask, Confirm

from ..display import display_of
from ..records.record import Record
from ..render import fragment

if TYPE_CHECKING:
    from ..visit import Visit


@dataclass(frozen=True)
class Deed:
    """One button. asks: it needs a page (or a dialog) of its own first, because it asks or wants to be confirmed."""

    label: str
    url: str
    asks: bool = False
    icon: str = ""
    tone: str = ""


def actions_of(visit: Visit, record: Record) -> list[Action]:
    """The actions of the blueprint that this person may press on the record now."""
    known = display_of(visit).actions.get((record.entity, record.id))
    return known if known is not None else list(visit.records.actions(record))


def look_ahead(visit: Visit, records: Iterable[Record]) -> None:
    """Ask for the actions of many records in one question, before they are drawn one by one."""
    by_entity: dict[str, list[int]] = {}
    for record in records:
        by_entity.setdefault(record.entity, []).append(record.id)
    for entity, ids in by_entity.items():
        found = visit.records.actions_of(entity, ids)
        display_of(visit).actions.update({(entity, id): found.get(id, []) for id in ids})


def asks(action: Action) -> bool:
    """Must the person be asked something before it is done?"""
    return any(isinstance(step, Ask | Confirm) for step in action.steps)


def deeds(visit: Visit, record: Record) -> list[Deed]:
    """The record's actions as buttons, in the order of the blueprint."""
    display = display_of(visit)
    return [
        Deed(action.label, display.record_url(record.entity, record.id, "do", action.slug), asks(action))
        for action in actions_of(visit, record)
    ]


def buttons(visit: Visit, record: Record, *, most: int = 2, menu: bool = True, small: bool = True) -> Markup:
    """Actions as buttons, the rest with Edit and Delete behind a menu. The record must have been asked for with
    `may=("update", "delete")`. "" when there is nothing to press."""
    found = deeds(visit, record)
    display = display_of(visit)
    more: list[Deed] = list(found[most:])
    if menu and record.may("update"):
        more.append(Deed("Edit", display.record_url(record.entity, record.id, "edit"), False, "pencil", "link"))
    if menu and record.may("delete") and record.entity != "User":
        more.append(Deed("Delete", display.record_url(record.entity, record.id, "delete"), True, "trash-2", "danger"))
    if not found and not more:
        return Markup()
    return fragment(
        visit,
        "blocks/actions.html",
        shown=found[:most],
        more=more,
        small=small,
        title=record.title,
        next=display.back_here,
    )


def dialog(visit: Visit) -> Markup:
    """The page's one dialog, into which forms are fetched; drawn the first time only."""
    display = display_of(visit)
    if display.dialog_drawn:
        return Markup()
    display.dialog_drawn = True
    return fragment(visit, "blocks/dialog.html")
