"""New names for entities and fields, everywhere they are meant: in types, conditions, blocks, steps, seeds and words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .blocks import Block, DataBlock, Sort, Source
from .blocks.chart import Chart
from .blocks.custom import Custom
from .blocks.search import Search
from .blocks.stats import Stats
from .blocks.wizard import Wizard
from .condition import Expression
from .expression import Bound, renamed, to_text
from .field import spell
from .meaning import TEMPLATE, Meaning
from .problems import BlueprintError, Problem
from .reader import read_tree
from .schema import OPERATIONS, Blueprint, Named
from .steps import Ask, Create, Email, Notify, Set, Step, Trigger


def rename(blueprint: Blueprint, renames: dict[str, str]) -> Blueprint:
    """The blueprint with new names: `{"Client": "Customer", "Client.phone": "mobile"}`. Keys are the old names.

    Raises BlueprintError when an old name is not there or a new one is taken or cannot be a name.
    """
    names = Names(blueprint.meaning, renames)
    return read_tree(Renamer(blueprint, names).tree())


class Names:
    """Old names to new ones, checked."""

    def __init__(self, meaning: Meaning, renames: dict[str, str]) -> None:
        self.meaning = meaning
        self.entities: dict[str, str] = {}
        self.fields: dict[tuple[str, str], str] = {}
        data = meaning.blueprint.data
        for old, new in renames.items():
            entity, _, field = old.partition(".")
            new = new.rpartition(".")[2]
            if entity not in data or (field and field not in data[entity].fields):
                raise BlueprintError(
                    [
                        Problem(
                            f"`{old}` cannot be renamed: it is not there",
                            suggestion="name it as `Entity` or `Entity.field`",
                        )
                    ]
                )
            if field:
                self.fields[entity, field] = new
            elif entity == "User":
                raise BlueprintError([Problem("`User` cannot be renamed: every app has it")])
            else:
                self.entities[entity] = new
        self._check_free(data)

    def _check_free(self, data: dict[str, Any]) -> None:
        after = [self.entity(name) for name in data]
        for name in self.entities.values():
            if after.count(name) > 1 or name == "User":
                raise BlueprintError(
                    [Problem(f"there is an entity `{name}` already", suggestion="choose another name")]
                )
        for entity, field in self.fields:
            names = [self.field(entity, name) for name in data[entity].fields]
            if len(set(names)) < len(names):
                raise BlueprintError(
                    [
                        Problem(
                            f"`{entity}` has a field `{self.fields[entity, field]}` already",
                            suggestion="choose another name",
                        )
                    ]
                )

    def entity(self, name: str) -> str:
        return self.entities.get(name, name)

    def field(self, entity: str, name: str) -> str:
        return self.fields.get((entity, name), name)

    def path(self, entity: str, path: str) -> str:
        """A dotted path that starts in this entity."""
        try:
            place = self.meaning.place(entity, path)
        except ValueError:
            return path
        names, at = [], entity
        for hop in place.hops:
            names.append(self.field(at, hop.name))
            at = hop.target
        return ".".join([*names, self.field(at, place.field.name)])

    def expression(self, bound: Bound | None, written: str) -> str:
        return to_text(renamed(bound, self.entities, self.fields)) if bound is not None else written

    def say(self, expression: Expression) -> str:
        return self.expression(expression.bound, str(expression))


class Renamer:
    """Writes a blueprint's tree with new names. One method for each part of the document."""

    def __init__(self, blueprint: Blueprint, names: Names) -> None:
        self.blueprint = blueprint
        self.names = names

    def tree(self) -> dict[str, Any]:
        blueprint, names = self.blueprint, self.names
        tree = blueprint.model_dump()
        if blueprint.data:
            tree["data"] = {names.entity(name): self.entity(name) for name in blueprint.data}
        if blueprint.access:
            tree["access"] = {names.entity(name): self.access(name) for name in blueprint.access}
        tree["pages"] = {}
        for page in blueprint.page_list:
            named = Named.parse(page.key)
            label = f"Each {names.entity(page.each)}" if page.each else named.label
            key = f"{label} ({page.who})" if page.who else label
            tree["pages"][key] = [self.block(block) for block in page.blocks]
        if blueprint.seed:
            tree["seed"] = {names.entity(name): rows for name, rows in tree["seed"].items()}
        if blueprint.automations:
            tree["automations"] = {
                str(self.trigger(trigger)): self.steps(steps, trigger.entity)
                for trigger, steps in blueprint.automations.items()
            }
        return tree

    def entity(self, name: str) -> dict[str, Any]:
        entity, names = self.blueprint.data[name], self.names
        meaning = self.blueprint.meaning
        said: dict[str, Any] = {}
        for field in entity.fields.values():
            bound = meaning.computed.get((name, field.name)) or meaning.defaults.get((name, field.name))
            node = renamed(bound, names.entities, names.fields) if bound is not None else field.expression
            said[names.field(name, field.name)] = spell(
                replace(field, target=names.entity(field.target), expression=node)
            )
        if entity.unique:
            said["unique"] = [names.field(name, field) for field in entity.unique]
        if entity.rules:
            said["rules"] = {words: names.say(rule) for words, rule in entity.rules.items()}
        if entity.actions:
            said["actions"] = {
                f"{action.label} ({names.say(action.who)})" if action.who else action.label: self.steps(
                    action.steps, name
                )
                for action in entity.action_list
            }
        return said

    def access(self, name: str) -> dict[str, Any]:
        access, names = self.blueprint.access[name], self.names
        said: dict[str, Any] = {
            word: names.say(who) for word in (*OPERATIONS, "write") if (who := getattr(access, word)) is not None
        }
        for field, entry in access.fields.items():
            parts = {part: names.say(who) for part in ("read", "write") if (who := getattr(entry, part)) is not None}
            both = len(parts) == 2 and parts["read"] == parts["write"]
            said[names.field(name, field)] = parts["read"] if both else parts
        return said

    def block(self, block: Block) -> dict[str, Any]:
        from .schema import _spell_block

        names = self.names
        said = _spell_block(block)
        if block.shown is not None:
            said["if"] = names.say(block.shown)
        where = getattr(block, "where", None)
        if where is not None:
            said["where"] = names.say(where)
        match block:
            case DataBlock():
                self.data_block(said, block)
            case Search():
                sources = [str(self.source(source)) for source in block.of]
                said[block.kind] = sources if len(sources) > 1 else sources[0]
            case Stats():
                said[block.kind] = {words: names.say(expression) for words, expression in block.of.items()}
            case Chart():
                drawing = block.of
                what = names.entity(drawing.what) if isinstance(drawing.what, str) else names.say(drawing.what)
                entity = drawing.what if isinstance(drawing.what, str) else getattr(drawing.what.node, "entity", "")
                said[block.kind] = f"{drawing.shape} {what} by {names.say(drawing.by)}"
                if block.series:
                    said["series"] = names.path(entity, block.series)
            case Custom() if block.data:
                said["data"] = [names.entity(name) for name in block.data]
        return said

    def data_block(self, said: dict[str, Any], block: DataBlock) -> None:
        names, entity = self.names, block.source.entity
        said[block.kind] = str(self.source(block.source))
        for option in ("show", "filter", "edit", "total", "ask"):
            if getattr(block, option, None):
                said[option] = [names.path(entity, path) for path in getattr(block, option)]
        if block.sort:
            order = [str(Sort(names.path(entity, sort.path), sort.descending)) for sort in block.sort]
            said["sort"] = order if len(order) > 1 else order[0]
        for option, key in (
            ("until", "until"),
            ("per", "per"),
            ("inside", "in"),
            ("capacity", "capacity"),
            ("target", "target"),
        ):
            path = getattr(block, option, None)
            if isinstance(path, str) and path:
                said[key] = names.path(entity, path)
        if getattr(block, "set", None):
            steps = [f"{names.path(entity, step.path)} = {names.say(step.value)}" for step in block.set]  # type: ignore[attr-defined]
            said["set"] = steps if len(steps) > 1 else steps[0]
        if isinstance(block, Wizard) and block.steps:
            said["steps"] = {
                words: [names.path(entity, path) for path in paths] for words, paths in block.steps.items()
            }

    def source(self, source: Source) -> Source:
        by = self.names.path(source.entity, source.by) if source.by else ""
        return Source(self.names.entity(source.entity), by)

    def trigger(self, trigger: Trigger) -> str:
        names = self.names
        field = names.field(trigger.entity, trigger.field) if trigger.field else ""
        condition = (
            Expression(renamed(trigger.condition.bound, names.entities, names.fields))
            if trigger.condition and trigger.condition.bound
            else trigger.condition
        )
        return str(
            replace(
                trigger, entity=names.entity(trigger.entity) if trigger.entity else "", field=field, condition=condition
            )
        )

    def steps(self, steps: Any, entity: str) -> Any:
        said = [self.step(step, entity) for step in steps]
        return said[0] if len(said) == 1 else said

    def step(self, step: Step, entity: str) -> str:
        names = self.names
        match step:
            case Set():
                return f"{self.target(step.path, entity)} = {names.say(step.value)}"
            case Ask():
                return str(Ask(self.target(step.path, entity)))
            case Create():
                return str(Create(names.entity(step.entity)))
            case Email() | Notify():
                words = (
                    TEMPLATE.sub(lambda found: "{" + names.path(entity, found[1].strip()) + "}", step.text)
                    if entity
                    else step.text
                )
                return str(type(step)(self.target(step.who, entity), words))
        condition = getattr(step, "condition", None)
        return f"if {names.say(condition)}" if condition is not None else str(step)

    def target(self, path: str, entity: str) -> str:
        first, _, rest = path.partition(".")
        if first in self.blueprint.entities:
            return f"{self.names.entity(first)}.{self.names.path(first, rest)}" if rest else self.names.entity(first)
        if path in self.blueprint.meaning.roles or path in ("user", "me") or not entity:
            return path
        return self.names.path(entity, path)
