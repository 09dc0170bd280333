"""A blueprint as requirements look at it: entities, fields, blocks with what they show, words, rights. Made once for an app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from espalier.blueprint.blocks import Block, DataBlock
from espalier.blueprint.blocks.chart import Chart
from espalier.blueprint.blocks.custom import Custom
from espalier.blueprint.blocks.search import Search
from espalier.blueprint.blocks.stats import Stats
from espalier.blueprint.expression.nodes import Aggregate, Node, Path, walk
from espalier.blueprint.field import Field
from espalier.blueprint.schema import Blueprint, Entity, Page

from ..rights import Rights
from ..words import Like

# Blocks that show records one by one: any of them shows what was asked to be listed.
RECORDS = frozenset(
    "table cards list gallery feed board calendar timeline map leaderboard progress rating detail search shop booking compare chat quiz poll".split()
)


@dataclass(frozen=True)
class Spot:
    """A field in its entity."""

    entity: str
    field: Field

    @property
    def where(self) -> str:
        return f"data > {self.entity} > {self.field.name}"


@dataclass(frozen=True)
class Sight:
    """A block on its page, with the entities it shows (the first is the main one) and the field it is arranged by."""

    page: Page
    block: Block
    entities: tuple[str, ...]
    by: str = ""

    @property
    def kind(self) -> str:
        return self.block.kind

    @property
    def where(self) -> str:
        return f"pages > {self.page.key} > {self.block.kind}"


class Outline:
    """See the module. Nothing here changes."""

    _last: ClassVar[tuple[Blueprint, Outline] | None] = None

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint

    @classmethod
    def of(cls, blueprint: Blueprint) -> Outline:
        """The outline of a blueprint; that of the last one asked for is kept."""
        last = cls._last
        if last is not None and last[0] is blueprint:
            return last[1]
        outline = cls(blueprint)
        cls._last = (blueprint, outline)
        return outline

    @cached_property
    def rights(self) -> Rights:
        return Rights(self.blueprint)

    @property
    def roles(self) -> list[str]:
        return list(self.blueprint.roles)

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Those that the blueprint itself writes (User only when it gives people more fields)."""
        return {name: self.blueprint.entities[name] for name in self.blueprint.data}

    def entities_like(self, like: Like | None) -> list[str]:
        """The entities of such a name, the best first; all when no name is given."""
        return list(self.entities) if like is None else like.among(self.entities)

    @cached_property
    def spots(self) -> list[Spot]:
        """Every field that the blueprint writes."""
        return [
            Spot(name, field) for name in self.blueprint.data for field in self.blueprint.data[name].fields.values()
        ]

    def spots_of(self, entities: list[str] | None) -> list[Spot]:
        return self.spots if entities is None else [spot for spot in self.spots if spot.entity in entities]

    @cached_property
    def sights(self) -> list[Sight]:
        """Every block of every page."""
        return list(self._sights())

    def _sights(self) -> Iterator[Sight]:
        for page in self.blueprint.page_list:
            for block in page.blocks:
                if isinstance(block, DataBlock):
                    yield Sight(page, block, (block.source.entity,), self.blueprint.meaning.by(block))
                elif isinstance(block, Search):
                    yield Sight(page, block, tuple(source.entity for source in block.of))
                elif isinstance(block, Chart):
                    what = block.of.what
                    yield Sight(page, block, (what,) if isinstance(what, str) else _named(what.node), str(block.of.by))
                elif isinstance(block, Stats):
                    named = [entity for value in block.of.values() for entity in _named(value.node)]
                    yield Sight(page, block, tuple(dict.fromkeys(named)))
                elif isinstance(block, Custom):
                    yield Sight(page, block, tuple(block.data))
                else:
                    yield Sight(page, block, ())

    @cached_property
    def seen(self) -> frozenset[str]:
        """The entities that stand on a page, are chosen in a form, or are parts of such: those that a person ever meets."""
        found = {entity for sight in self.sights for entity in sight.entities}
        found |= {sight.page.each for sight in self.sights if sight.page.each}
        for _ in range(3):
            more = {spot.field.target for spot in self.spots if spot.entity in found and spot.field.target}
            more |= {spot.entity for spot in self.spots if spot.field.target in found}
            if more <= found:
                break
            found |= more
        return frozenset(found)

    @cached_property
    def said(self) -> list[str]:
        """Every text that a person may read in the app, but for the app's own name and the sentence about it."""
        tree = self.blueprint.model_dump()
        return list(_texts({key: value for key, value in tree.items() if key not in ("app", "about", "theme")}))

    @cached_property
    def has_accounts(self) -> bool:
        """Does anybody but a stranger matter to the app?"""
        return bool(
            self.blueprint.roles
            or self.blueprint.signup
            or any(spot.field.target == "User" for spot in self.spots)
            or not all(self.rights.reach("read", entity, "anyone") == "all" for entity in self.entities)
        )


def _named(node: Node) -> tuple[str, ...]:
    """The entities that an expression counts or sums over."""
    found = [part.entity for part in walk(node) if isinstance(part, Aggregate)]
    return tuple(dict.fromkeys(found))


def paths_in(node: Node) -> list[str]:
    """The dotted paths in an expression."""
    found = [".".join(part.names) for part in walk(node) if isinstance(part, Path)]
    found += [".".join(part.path) for part in walk(node) if isinstance(part, Aggregate) and part.path]
    return list(dict.fromkeys(found))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
