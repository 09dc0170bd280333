"""Do the numbers on pages say what the data says?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from espalier.blueprint.blocks.stats import Stats
from espalier.blueprint.expression import meaning as m

from ..checks import check
from ..report import Finding, fine, wrong
from ..world import inside
from .drawn import drawn, openers
from .told import says_number

if TYPE_CHECKING:
    from espalier.blueprint.condition import Expression

    from ..subject import Subject
    from ..world import View

NOTHING = "–"


@check("use", weight=3, order=-40)
def stats_count(subject: Subject) -> Iterator[Finding]:
    """Every number on a page is what the data says, for the person who looks at it."""
    for one in drawn(subject):
        if one.page is None or one.answer.status != 200:
            continue
        view = subject.world.of(one.who)
        wanted = [
            block
            for block in one.page.blocks
            if isinstance(block, Stats) and view.holds(block.shown, one.page.each, one.this and one.this[1])
        ]
        nodes = one.answer.tree.css("section.block-stats") if wanted else []
        if len(nodes) != len(wanted):
            yield wrong(one.where, f"{len(wanted)} blocks of numbers should stand there, {len(nodes)} do")
            continue
        for node, block in zip(nodes, wanted, strict=True):
            tiles = {_text(each, "dt"): _text(each, "dd.stat-value") for each in node.css(".stat")}
            for label, expression in block.of.items():
                value = view.page_value(expression, one.this)
                where = f"{one.where} > {label}"
                said = tiles.get(label)
                if said is None:
                    yield wrong(where, "the number is not there")
                elif says(said, value, expression):
                    yield fine(where)
                else:
                    yield wrong(where, f"says {said!r}, the data says {value!r}")
    for page in subject.pages:
        subject.in_time()
        views = [subject.world.of(who) for who in openers(subject, page)]
        for placed in page.blocks:
            if isinstance(placed, Stats):
                yield from _of_use(views, placed, f"pages > {page.key} > stats")


def _text(node: Any, selector: str) -> str:
    found = node.css_first(selector)
    return found.text().strip() if found is not None else ""


def says(text: str, value: Any, expression: Expression) -> bool:
    """Does a tile say this value?"""
    if value is None:
        return text == NOTHING
    kind = expression.bound.type.kind if expression.bound is not None else ""
    if isinstance(value, bool):
        return text == ("Yes" if value else "No")
    if isinstance(value, int | float):
        return says_number(text, value / 100 if kind == "money" else value) or _rough(text, value, kind)
    if isinstance(value, datetime.date):
        return text.startswith(("Today", "Tomorrow", "Yesterday")) or f"{value.day} {value:%b}" in text
    return str(value) in text or isinstance(value, datetime.time)


def _rough(text: str, value: float, kind: str) -> bool:
    """Large amounts stand without cents, averages with one digit."""
    return says_number(text, float(round(value / 100 if kind == "money" else value)))


def _of_use(views: list[View], block: Stats, where: str) -> Iterator[Finding]:
    """Numbers that are nothing for everybody, though there are records, tell nothing. One alone may well be 0 today."""
    told = 0
    for label, expression in block.of.items():
        if any(view.page_value(expression) for view in views):
            told += 1
            yield fine(f"{where} > {label}")
        elif view := next((view for view in views if _over_nothing(view, expression)), None):
            yield wrong(f"{where} > {label}", f"`{expression}` adds up what no record has, for {view.who.role or 'anyone'}",
                        "Add up a field that records have, or seed it.")  # fmt: skip
    there = [view for view in views if any(view.readable(entity) for entity in _entities(view, block))]
    if there and not told and len(block.of) > 1 and not any(map(_is_moving, block.of.values())):
        yield wrong(where, "every number is nothing for everybody, though there are records",
                    "Count what there is, or seed records that count.")  # fmt: skip


def _entities(view: View, block: Stats) -> list[str]:
    parts = [part for one in block.of.values() for part in inside(view.world.bound(one).meaning)]
    return [part.entity for part in parts if isinstance(part, m.Aggregate)]


def _over_nothing(view: View, expression: Expression) -> bool:
    """Is it a sum, average or the like over records of which none has the value?"""
    bound = view.world.bound(expression)
    part = bound.meaning
    while isinstance(part, m.Round):
        part = part.operand
    if not isinstance(part, m.Aggregate) or part.value is None or part.function == "streak":
        return False
    records = replace(bound, meaning=replace(part, function="count", value=None))
    valued = replace(bound, meaning=replace(part, function="count"))
    return bool(view.page_meaning(records)) and not view.page_meaning(valued)


def _is_moving(expression: Expression) -> bool:
    """Does it depend on the day, or on who looks?"""
    parts = inside(expression.bound.meaning) if expression.bound is not None else ()
    return any(
        isinstance(part, m.Clock | m.HasRole | m.SignedIn) or (isinstance(part, m.Value) and part.anchor == "me")
        for part in parts
    )
