"""Records ranked by a number: rank with ties, a bar, and the visitor's own place when it is further down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.blocks import Sort

from ..records import Link, Record
from .frame import DataFrame
from .portrait import Layout

if TYPE_CHECKING:
    from espalier.blueprint.blocks.leaderboard import Leaderboard
    from espalier.blueprint.schema import Page

    from ..visit import Visit

SIZE = 10
MOST = 1000  # records that are ranked


@dataclass(frozen=True)
class Place:
    """One line: equal values share a rank, and the next one counts all before it."""

    rank: int
    record: Record
    value: Any
    mine: bool
    share: float  # of the best, 0 to 100; -1 without a bar


def places(frame: DataFrame, records: list[Record], lowest: bool) -> list[Place]:
    """The records, best first, as ranked lines; those without a value are not ranked."""
    values = [record.get(frame.by) for record in records]
    ranked = [(record, value) for record, value in zip(records, values, strict=True) if value is not None]
    numbers = [float(value) for _, value in ranked if isinstance(value, int | float) or hasattr(value, "quantize")]
    top = max(numbers, default=0.0)
    drawn = len(numbers) == len(ranked) and top > 0 and min(numbers, default=0.0) >= 0 and not lowest
    mine = {record.id for record, _ in ranked if is_mine(frame, record)}
    if frame.entity != "User" and len(mine) * 3 > len(ranked):
        mine = set()  # where most things are one's own, none stands out
    made: list[Place] = []
    for at, (record, value) in enumerate(ranked):
        rank = made[-1].rank if made and made[-1].value == value else at + 1
        made.append(Place(rank, record, value, record.id in mine, round(float(value) / top * 100, 1) if drawn else -1))
    return made


def is_mine(frame: DataFrame, record: Record) -> bool:
    """Is this the visitor, or something of theirs?"""
    me = frame.visit.visitor.id
    if me is None:
        return False
    if record.entity == "User":
        return record.id == me
    owners = [record.get(name) for name in frame.visit.app.blueprint.meaning.owners(record.entity)]
    return any(isinstance(one, Link) and one.id == me for one in owners)


def render(block: Leaderboard, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The ranking."""
    frame = DataFrame(block, visit, page, this)
    field = frame.field(frame.by)
    assert field is not None
    if "." not in frame.by and frame.by not in (*frame.readable, "id", "created", "updated"):
        return Markup()
    lowest = block.best == "lowest"
    show = [str(path) for path in block.show if str(path) != frame.by]
    layout = Layout(frame, show or [frame.spec.title_field], leave_out=[frame.by])
    owners = visit.app.blueprint.meaning.owners(frame.entity) if frame.entity != "User" else []
    found = frame.records.query(
        frame.entity,
        show=[*layout.shown, frame.by, *owners],
        sort=[Sort(frame.by, not lowest)],
        limit=MOST,
        **frame.limits,
    )
    ranked = places(frame, list(found), lowest)
    shown = ranked[: block.limit or SIZE]
    mine = (
        next((place for place in ranked if place.mine and place not in shown), None) if frame.entity == "User" else None
    )
    return frame.draw(
        "leaderboard.html",
        lines=[(place, layout.portrait(place.record), frame.words(place.value, field)) for place in shown],
        mine=(mine, layout.portrait(mine.record), frame.words(mine.value, field)) if mine else None,
        person=layout.is_person, label=frame.display.label(frame.entity, frame.by),
        filters=frame.filter_bar(frame.entity, len(ranked), SIZE, search=False),
    )  # fmt: skip
