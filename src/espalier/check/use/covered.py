"""Which records a block of a page covers for somebody, and whether it has anything to show: worked out from the world, without
drawing it. What the runtime makes of a block is compared with this by the checks beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.blueprint.blocks.base import Block, DataBlock
from espalier.blueprint.blocks.chart import Chart
from espalier.blueprint.blocks.search import Search
from espalier.blueprint.blocks.stats import Stats
from espalier.blueprint.condition import Expression
from espalier.blueprint.expression import nodes, walk

if TYPE_CHECKING:
    from espalier.blueprint.schema import Blueprint

    from ..world import Row, View

This = tuple[str, "Row"]
MAKING = ("form", "wizard", "booking")
DECORATION = ("footer", "button", "banner")  # what no page is opened for


def entity_of(view: View, block: Block) -> str:
    """The entity whose records the block shows; "" when it shows none."""
    if isinstance(block, DataBlock):
        return block.source.entity
    if isinstance(block, Chart):
        return view.world.bound(block.of.by).scope.entity or ""
    return ""


def covered(view: View, block: Any, entity: str, this: This | None = None) -> list[Row]:
    """The records that a block covers for this person, by id: its own condition, and on the page of one record those that
    refer to it, unless its condition speaks of `this` itself."""
    where: Expression | None = getattr(block, "where", None)
    rows = view.select(entity, where, this)
    if this is None or (where is not None and _says_this(where)):
        return rows
    names = ties(view.blueprint, entity, this[0])
    if not names:
        return rows
    id = this[1]["id"]
    return [row for row in rows if any(_refers(view, entity, row, name, id) for name in names)]


def ties(blueprint: Blueprint, entity: str, to: str) -> list[str]:
    """The fields by which records of an entity belong to one of another."""
    fields = blueprint.entities[entity].fields.values() if entity != to else ()
    return [field.name for field in fields if field.kind == "reference" and field.target == to and not field.computed]


def has_something(view: View, block: Block, entity: str = "", this: This | None = None) -> bool | None:
    """Has the block anything to show to this person? None where there is nothing yet but something may come: nobody has made
    such a record yet, or they are the one who may."""
    if block.shown is not None and not view.holds(block.shown, entity, this[1] if this else None):
        return False
    if block.kind in DECORATION:
        return False
    if isinstance(block, Stats):
        return any(view.page_value(expression, this) for expression in block.of.values()) or None
    if isinstance(block, Search):
        return any(view.readable(source.entity) for source in block.of)
    of = entity_of(view, block)
    if not of:
        return True
    if block.kind in MAKING:
        # A stranger is told there to log in.
        return view.can("create", of) is not False or (None if view.who.id is None else False)
    if covered(view, block, of, this):
        return True
    if view.can("read", of) is False:
        return False
    # What nobody has made yet is still to come; what is there must be seen.
    return None if not view.world.rows[of] or view.can("create", of) is not False else False


def _refers(view: View, entity: str, row: Row, name: str, id: int) -> bool:
    if not view.sees(entity, name, row):
        return False
    held = row.get(name)
    return id in held if isinstance(held, list) else held == id


def _says_this(where: Expression) -> bool:
    return any(isinstance(node, nodes.Path) and node.names[0] == "this" for node in walk(where.node))
