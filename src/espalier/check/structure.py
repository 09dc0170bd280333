"""What a blueprint says of people, read for checks: who there is, what each may do, which pages and records they meet.

Everything is worked out from the document alone, apart from the runtime, so that checks have something to compare it with.
Who may do what is in rights.py, with the same three answers. What is good or bad is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from espalier.blueprint.blocks import Block, DataBlock
from espalier.blueprint.blocks.chart import Chart
from espalier.blueprint.blocks.custom import Custom
from espalier.blueprint.blocks.newsletter import Newsletter
from espalier.blueprint.blocks.search import Search
from espalier.blueprint.blocks.stats import Stats
from espalier.blueprint.condition import Expression, Who
from espalier.blueprint.expression import nodes, walk
from espalier.blueprint.schema import Blueprint, Page
from espalier.blueprint.steps import Create, Step

from .rights import ADMIN, Rights

FORMS = frozenset({"form", "wizard", "booking"})
# Kinds with a button for a new record, those that stand in for them among them.
ADDING = frozenset({"table", "compare", "list", "poll", "rating", "feed", "chat", "board", "calendar"})


@dataclass(frozen=True)
class Placed:
    """A block in its place. where is the way to it, as findings say it."""

    page: Page
    at: int
    block: Block

    @property
    def where(self) -> str:
        return f"pages > {self.page.key} > {self.at + 1} {self.block.kind}"


class Structure(Rights):
    """One blueprint. Ask it once and for all: answers are kept."""

    def __init__(self, blueprint: Blueprint) -> None:
        super().__init__(blueprint)
        self._texts: dict[int, tuple[str, ...]] = {}

    @cached_property
    def everybody(self) -> tuple[str, ...]:
        return (*self.people, ADMIN)

    def rule(self, operation: str, entity: str) -> Who | None:
        """What is written for the operation: the entity's own entry, else the default's."""
        for name in (entity, "default"):
            entry = self.blueprint.access.get(name)
            who = entry.rule(operation) if entry else None
            if who is not None and not (name == "default" and self.meaning.parent(entity)):
                return who
        return None

    # --- pages --------------------------------------------------------------------------------------------------------

    @cached_property
    def blocks(self) -> tuple[Placed, ...]:
        """Every block of every page."""
        return tuple(
            Placed(page, at, block) for page in self.blueprint.page_list for at, block in enumerate(page.blocks)
        )

    @cached_property
    def first_of_its_kind(self) -> dict[int, Placed]:
        """For every block (by its id) the first block of the document that says the same; itself when none does before."""
        found: dict[int, Placed] = {}
        known: dict[str, Placed] = {}
        for placed in self.blocks:
            said = f"{placed.block.kind} {placed.block.model_dump_json(exclude_defaults=True)}"
            found[id(placed.block)] = known.setdefault(said, placed)
        return found

    def texts(self, block: Block) -> tuple[str, ...]:
        """The author's words on a block: its title, text, lines and labels."""
        known = self._texts.get(id(block))
        if known is None:
            known = self._texts[id(block)] = tuple(_texts(block))
        return known

    def audience(self, placed: Placed) -> tuple[str, ...]:
        """Who may meet the block: without the admin, except where nobody else does."""
        return self._audience[id(placed.block), placed.page.key]

    @cached_property
    def _audience(self) -> dict[tuple[int, str], tuple[str, ...]]:
        return {(id(placed.block), placed.page.key): self._who_meets(placed) for placed in self.blocks}

    def _who_meets(self, placed: Placed) -> tuple[str, ...]:
        shown = placed.block.shown
        found = [
            person
            for person in self.everybody
            if self.opens(placed.page, person) is not False
            and (shown is None or self.holds(shown, person, placed.page.each) is not False)
        ]
        return tuple(person for person in found if person != ADMIN or len(found) == 1)

    def readers(self, page: Page) -> tuple[str, ...]:
        """Who may open the page: without the admin, except where nobody else does."""
        found = [person for person in self.everybody if self.opens(page, person) is not False]
        return tuple(person for person in found if person != ADMIN or len(found) == 1)

    # --- records on pages ---------------------------------------------------------------------------------------------

    def shows(self, block: Block) -> tuple[str, ...]:
        """The entities whose records the block shows."""
        if isinstance(block, DataBlock):
            return () if block.kind in FORMS else (block.source.entity,)
        if isinstance(block, Search):
            return tuple(source.entity for source in block.of)
        return tuple(block.data) if isinstance(block, Custom) else ()

    def counts(self, block: Block) -> tuple[str, ...]:
        """The entities over which a chart or figures of the block go."""
        if isinstance(block, Chart):
            what = block.of.what
            return (what,) if isinstance(what, str) else tuple(counted(what))
        if isinstance(block, Stats):
            return tuple(name for expression in block.of.values() for name in counted(expression))
        return ()

    def makes(self, block: Block) -> tuple[str, ...]:
        """The entities of which the block makes records, by a form or a button for a new one."""
        if isinstance(block, DataBlock):
            return (block.source.entity,) if block.kind in FORMS or block.kind in ADDING else ()
        if isinstance(block, Newsletter):
            return ("Subscriber",) if "Subscriber" in self.blueprint.data else ()
        return tuple(block.data) if isinstance(block, Custom) and block.js else ()

    @cached_property
    def met(self) -> frozenset[str]:
        """Entities whose records somebody meets: on a page, on the page of a record that leads there, or as a name that a
        record shows. Figures over them alone do not count."""
        start = {
            entity
            for placed in self.blocks
            if not placed.page.each
            for entity in self.shows(placed.block)
            if self.seen_by(placed, entity)
        }
        found: set[str] = set()
        while start:
            found |= start
            start = {entity for one in start for entity in self._beside(one)} - found
        return frozenset(found)

    def seen_by(self, placed: Placed, entity: str) -> list[str]:
        """Who meets the block and may read the entity."""
        return [person for person in self.audience(placed) if self.may("read", entity, person) is not False]

    def _beside(self, entity: str) -> Iterator[str]:
        """What the page of a record of the entity shows beside it, to those who may read the record."""
        readers = [person for person in self.people if self.may("read", entity, person) is not False] or [ADMIN]

        def read(other: str) -> bool:
            return any(self.may("read", other, person) is not False for person in readers)

        for field in self.blueprint.entities[entity].fields.values():
            if field.target and read(field.target):
                yield field.target
        pages = [page for page in self.blueprint.page_list if page.each == entity]
        for page in pages:
            for at, block in enumerate(page.blocks):
                yield from (one for one in self.shows(block) if self.seen_by(Placed(page, at, block), one))
        detailed = not pages or any(block.kind == "detail" for page in pages for block in page.blocks)
        for child, by in self.meaning.children(entity):
            if child in self.blueprint.data and (detailed or by.part) and read(child):
                yield child

    @cached_property
    def made(self) -> dict[str, frozenset[str]]:
        """Who can make records of an entity from some page, a record's page, a form that refers to it, or a step."""
        found: dict[str, set[str]] = {}
        for placed in self.blocks:
            for entity in self.makes(placed.block):
                makers = {person for person in self.audience(placed) if self.may("create", entity, person) is not False}
                if placed.block.kind == "newsletter":
                    makers = set(self.audience(placed))
                found.setdefault(entity, set()).update(makers)
        for entity in self.met:
            # The page of a record has a form for its parts and a button for what belongs to it.
            for child, _ in self.meaning.children(entity):
                if child in self.blueprint.data:
                    found.setdefault(child, set()).update(self._makers(child))
        for entity in list(found):
            # A form has a button for a new one of what it refers to.
            for field in self.blueprint.entities[entity].fields.values():
                if field.target in self.blueprint.data and not field.many:
                    makers = {one for one in found[entity] if self.may("create", field.target, one) is not False}
                    found.setdefault(field.target, set()).update(makers)
        for steps in self.step_lists:
            for step in steps:
                if isinstance(step, Create):
                    found.setdefault(step.entity, set()).update(self.members)
        return {entity: frozenset(makers) for entity, makers in found.items()}

    def _makers(self, entity: str) -> Iterator[str]:
        for person in self.members:
            if self.may("create", entity, person) is not False:
                yield person

    @cached_property
    def step_lists(self) -> tuple[tuple[Step, ...], ...]:
        """The steps of every action and automation."""
        return (
            *(action.steps for entity in self.blueprint.data.values() for action in entity.action_list),
            *(tuple(steps) for steps in self.blueprint.automations.values()),
        )

    @cached_property
    def expressions(self) -> tuple[nodes.Node, ...]:
        """Every expression of the document, bound where it can be, so that choice values stand out."""
        return tuple(_expressions(self.blueprint))


def counted(expression: Expression) -> Iterator[str]:
    """The entities over which an expression goes."""
    for node in walk(expression.node):
        if isinstance(node, nodes.Aggregate):
            yield node.entity


def node_of(expression: Expression) -> nodes.Node:
    return expression.bound.node if expression.bound is not None else expression.node


def _expressions(blueprint: Blueprint) -> Iterator[nodes.Node]:
    for name, entity in blueprint.data.items():
        for field in entity.fields.values():
            bound = blueprint.meaning.computed.get((name, field.name)) or blueprint.meaning.defaults.get(
                (name, field.name)
            )
            if bound is not None:
                yield bound.node
        yield from map(node_of, entity.rules.values())
        for action in entity.action_list:
            if action.who is not None:
                yield node_of(action.who)
    for access in blueprint.access.values():
        for who in (access.read, access.create, access.update, access.delete, access.write):
            if who is not None:
                yield node_of(who)
        for entry in access.fields.values():
            yield from (node_of(who) for who in (entry.read, entry.write) if who is not None)
    for page in blueprint.page_list:
        if page.who is not None:
            yield node_of(page.who)
        for block in page.blocks:
            yield from _of_block(block)
    for trigger, steps in blueprint.automations.items():
        if trigger.condition is not None:
            yield node_of(trigger.condition)
        yield from _of_steps(steps)
    for entity in blueprint.data.values():
        for action in entity.action_list:
            yield from _of_steps(action.steps)


def _of_block(block: Block) -> Iterator[nodes.Node]:
    for expression in (block.shown, getattr(block, "where", None)):
        if isinstance(expression, Expression):
            yield node_of(expression)
    if isinstance(block, Stats):
        yield from map(node_of, block.of.values())
    if isinstance(block, Chart):
        yield node_of(block.of.by)
        if isinstance(block.of.what, Expression):
            yield node_of(block.of.what)
    yield from _of_steps(getattr(block, "set", ()))


def _of_steps(steps: object) -> Iterator[nodes.Node]:
    for step in steps:  # type: ignore[attr-defined]
        for expression in (getattr(step, "condition", None), getattr(step, "value", None)):
            if isinstance(expression, Expression):
                yield node_of(expression)


def _texts(block: Block) -> Iterator[str]:
    main = getattr(block, "of", "")
    if isinstance(main, str):
        yield main
    elif isinstance(main, dict):
        for words, text in main.items():
            yield words
            if isinstance(text, str):
                yield text
    for option in ("title", "text", "empty", "done", "image", "address", "hours"):
        said = getattr(block, option, "")
        if isinstance(said, str) and said:
            yield said
    button = getattr(block, "button", "")
    if button:
        yield button if isinstance(button, str) else button.label
